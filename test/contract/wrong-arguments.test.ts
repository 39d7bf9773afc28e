/**
 * Every public function, constructor, method and setter is called with some 80 wrong values in the
 * place of each argument and option. The list is that of the public names: a type of parameter, or
 * a class, that the tests do not know makes them fail.
 *
 * A value that the type does not allow must be refused, by an error that heddle makes; nothing may
 * throw where no caller catches it, print, wait for ever, end the program or block it; and the
 * object must work afterwards. A value that the type allows must not lead to an error of the
 * engine's. What is excepted, and why, is in `wrong-arguments-cases.ts`.
 */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { callWithWrongValues } from "../support/api/wrong-calls.ts";

describe("a wrong value in the place of an argument or option", () => {
  it("is refused by a clear error, or taken as documented, and breaks nothing", async (t) => {
    const count = await callWithWrongValues(/^(?!asyncio )/);
    t.diagnostic(`${count} calls`);
    assert.ok(count > 30_000, `only ${count} calls were made`);
  });
});
