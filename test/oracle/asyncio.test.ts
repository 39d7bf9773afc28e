/**
 * Random programs of asyncio do what they do in CPython 3.13: the same steps, in the same
 * order, at the same time, with the same counts of cancellations.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { STYLES } from "../support/asyncio/both-styles.ts";
import { RandomProgram } from "../support/asyncio/random-program.ts";

/** What record-asyncio.py has recorded, by seed. */
const recorded = JSON.parse(
  readFileSync(new URL("./asyncio-programs.json", import.meta.url), "utf8"),
) as Record<string, string>;

for (const style of STYLES) {
  describe(`programs of ${style.name}`, () => {
    it("do what CPython does", async () => {
      for (const [seed, log] of Object.entries(recorded)) {
        const steps = await new RandomProgram(style, Number(seed)).run();
        assert.deepEqual(steps, log.split("\n"), `seed ${seed}`);
      }
    });
  });
}
