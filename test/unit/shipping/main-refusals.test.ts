/**
 * The reasons for which only a program's main module has functions refused: a program that meets
 * each, and the program after its advice was followed.
 */
import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import process from "node:process";
import { after, describe, it } from "node:test";

import { inLanes, startProgram } from "../../support/program.ts";
import { OF_MAIN_MODULES } from "./main-refusals.ts";
import { writePrograms } from "./refusal-programs.ts";
import { isOwnProgram } from "./shared.ts";

/** Programs that run at once. */
const AT_ONCE = 3;

describe("a function that only a main module cannot ship is refused, with advice that works", () => {
  const folder = new URL(`../../../build/main-refusals-${process.pid}/`, import.meta.url);
  const runtime = ["bun", "deno"].find((name) => name in process.versions) ?? "node";
  const refusals = OF_MAIN_MODULES.filter(
    ({ title, where = [runtime] }) => where.some((each) => each === runtime) && isOwnProgram(title),
  );
  writePrograms(folder, refusals);
  after(() => rmSync(folder, { recursive: true }));

  const inLane = inLanes(AT_ONCE);
  /** What a program prints, without its place. */
  const printed = (path: string, place: string): Promise<string> =>
    inLane(async () => {
      const { stdout, stderr } = await startProgram(new URL(path, folder));
      return (stdout.trimEnd() || stderr).replaceAll(String(new URL(place, folder)), "");
    });

  refusals.forEach(({ title, says, fixed, value, extension = "mjs" }, i) => {
    const refused = printed(`${i}/refused.${extension}`, `${i}/`);
    const mended = [...fixed.keys()].map((n) => printed(`${i}/fixed-${n}.${extension}`, `${i}/`));
    it(title, async () => {
      assert.equal(await refused, says);
      for (const each of mended) assert.equal(await each, value);
    });
  });
});
