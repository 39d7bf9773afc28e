/**
 * Every reason for which a function is refused: a program that meets it, the message, and the
 * program after its advice was followed, which runs.
 */
import assert from "node:assert/strict";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import process from "node:process";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";

import { runProgram } from "../../support/program.ts";
import { OF_MAIN_MODULES, REFUSALS, type Refusal } from "./refusals.ts";

type Outcomes = Readonly<Record<string, unknown>>;

describe("a function that cannot be shipped is refused, with advice that works", () => {
  const folder = new URL(`../../../build/refusals-${process.pid}/`, import.meta.url);
  let outcomes: Outcomes = {};

  before(() => {
    write(folder, REFUSALS);
    const program = new URL("./programs/refusals.mjs", import.meta.url);
    const { status, stdout, stderr } = runProgram(program, fileURLToPath(folder));
    assert.equal(status, 0, stderr);
    const report = stdout.trimEnd().split("\n").at(-1) as string;
    // Where a file is, messages say with its URL.
    const place = new RegExp(`${String(folder).replace(/[.+]/g, "\\$&")}\\d+/`, "g");
    outcomes = JSON.parse(report.replace(place, "")) as Outcomes;
  });
  after(() => rmSync(folder, { recursive: true }));

  REFUSALS.forEach(({ title, says, isPlaceKnown = true, fixed, value }, i) => {
    it(title, () => {
      const message = outcomes[`${i}/refused`];
      if (isPlaceKnown) assert.equal(message, says);
      else assert.ok(message === says || message === says.replace(/ \(\S+:\d+\)(?=: )/, ""));
      for (const n of fixed.keys()) assert.deepEqual(outcomes[`${i}/fixed-${n}`], { value });
    });
  });
});

describe("a function that only a main module cannot ship is refused, with advice that works", () => {
  const folder = new URL(`../../../build/main-refusals-${process.pid}/`, import.meta.url);
  const refusals = OF_MAIN_MODULES.filter(
    ({ runtime }) => runtime === undefined || runtime in process.versions,
  );
  before(() => write(folder, refusals));
  after(() => rmSync(folder, { recursive: true }));

  refusals.forEach(({ title, says, fixed, value, extension = "mjs" }, i) => {
    it(title, () => {
      const printed = (file: string): string => {
        const { stdout, stderr } = runProgram(new URL(`${i}/${file}.${extension}`, folder));
        return stdout.trimEnd() || stderr;
      };
      assert.equal(printed("refused"), says);
      for (const n of fixed.keys()) assert.equal(printed(`fixed-${n}`), value);
    });
  });
});

/** Writes the programs, those of each refusal into a folder of its own. */
function write(folder: URL, refusals: readonly Refusal[]): void {
  refusals.forEach(({ refused, fixed, files, extension = "mjs" }, i) => {
    const file = (name: string): URL => new URL(`${i}/${name}`, folder);
    mkdirSync(file("."), { recursive: true });
    const texts = { [`refused.${extension}`]: refused, ...files };
    for (const [n, text] of fixed.entries()) texts[`fixed-${n}.${extension}`] = text;
    for (const [name, text] of Object.entries(texts)) writeFileSync(file(name), dedented(text));
  });
}

/** Without the line break at the front, and without what all lines are indented by. */
function dedented(text: string): string {
  const lines = text.replace(/^\n/, "").split("\n");
  const indent = /^ */.exec(lines[0] as string)?.[0].length ?? 0;
  return lines.map((line) => line.slice(indent)).join("\n");
}
