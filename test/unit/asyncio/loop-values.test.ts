/** Functions and objects in what goes to another thread's loop, and comes from one: a loop cannot wait for a module. */
import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { getRunningLoop, run } from "heddle/asyncio";
import { Thread } from "heddle/threading";
import { ask, type Outcomes } from "./programs/asks-loop.ts";

describe("what another thread's loop is given", () => {
  let outcomes: Outcomes = {};
  before(async () => {
    outcomes = await run(async () => {
      const thread = new Thread({ target: ask, args: [getRunningLoop()] });
      thread.start();
      return thread;
    });
  });

  it("a function that is rebuilt from its text arrives", () => {
    assert.equal(outcomes["text"], 3);
  });

  it("one that its module has to be loaded for is refused where it is sent", () => {
    const text = (root: string): RegExp =>
      new RegExp(
        `^SendError: Cannot send ${root} to another thread: .* is the function \\(anonymous\\), which another thread's loop cannot load while it runs\\. Have the loop call a function that uses it$`,
      );
    assert.match(String(outcomes["argument"]), text("args"));
    assert.match(String(outcomes["result"]), text("result"));
  });

  it("an error keeps what can be had at once, and has text for the rest", () => {
    assert.deepEqual(outcomes["error"], ["RangeError", "function", "[function byModule]", "why"]);
  });

  it("an object of a class that takes waiting to load is refused, and what comes after it arrives", () => {
    assert.match(
      String(outcomes["instance"]),
      /^SendError: Cannot send args to another thread: args\[0\] is an instance of Late, which/,
    );
    assert.equal(outcomes["after"], 5);
  });
});
