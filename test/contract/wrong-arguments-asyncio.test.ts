/** The calls of `wrong-arguments.test.ts` for asyncio. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { callWithWrongValues } from "../support/api/wrong-calls.ts";

describe("a wrong value in the place of an argument or option of asyncio", () => {
  it("is refused by a clear error, or taken as documented, and breaks nothing", async (t) => {
    const count = await callWithWrongValues(/^asyncio /);
    t.diagnostic(`${count} calls`);
    assert.ok(count > 15_000, `only ${count} calls were made`);
  });
});
