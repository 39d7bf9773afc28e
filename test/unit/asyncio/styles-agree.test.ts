/** Random programs do the same, step by step, as generators and as async functions. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { STYLES } from "../../support/asyncio/both-styles.ts";
import { RandomProgram } from "../../support/asyncio/random-program.ts";

describe("programs of generators and of async functions", () => {
  it("do the same, in the same order, at the same time", async () => {
    for (let seed = 1; seed <= 300; seed++) {
      const logs: (readonly string[])[] = [];
      for (const style of STYLES) logs.push(await new RandomProgram(style, seed).run());
      const [generators, asyncFunctions] = logs;
      assert.ok((generators?.length ?? 0) > 8);
      assert.deepEqual(asyncFunctions, generators, `seed ${seed}`);
    }
  });
});
