/**
 * Every reason for which a function is refused: a program that meets it, the message, and the
 * program after its advice was followed, which runs.
 */
import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import process from "node:process";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";

import { runProgram } from "../../support/program.ts";
import { writePrograms } from "./refusal-programs.ts";
import { REFUSALS } from "./refusals.ts";
import { isOwnProgram } from "./shared.ts";

type Outcomes = Readonly<Record<string, unknown>>;

describe("a function that cannot be shipped is refused, with advice that works", () => {
  const folder = new URL(`../../../build/refusals-${process.pid}/`, import.meta.url);
  const refusals = REFUSALS.filter(({ title }) => isOwnProgram(title));
  let outcomes: Outcomes = {};

  before(() => {
    writePrograms(folder, refusals);
    const program = new URL("./programs/refusals.mjs", import.meta.url);
    const { status, stdout, stderr } = runProgram(program, fileURLToPath(folder));
    assert.equal(status, 0, stderr);
    const report = stdout.trimEnd().split("\n").at(-1) as string;
    // Where a file is, messages say with its URL.
    const place = new RegExp(`${String(folder).replace(/[.+]/g, "\\$&")}\\d+/`, "g");
    outcomes = JSON.parse(report.replace(place, "")) as Outcomes;
  });
  after(() => rmSync(folder, { recursive: true }));

  refusals.forEach(({ title, says, isPlaceKnown = true, fixed, value }, i) => {
    it(title, () => {
      const message = outcomes[`${i}/refused`];
      if (isPlaceKnown) assert.equal(message, says);
      else assert.ok(message === says || message === says.replace(/ \(\S+:\d+\)(?=: )/, ""));
      for (const n of fixed.keys()) assert.deepEqual(outcomes[`${i}/fixed-${n}`], { value });
    });
  });
});
