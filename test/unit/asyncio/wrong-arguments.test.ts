/** What is no coroutine, no body and no context is refused where it is given, with advice. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import * as asyncio from "heddle/asyncio";

const { createTask, run, sleep } = asyncio;

/** As JavaScript calls: types are ignored. */
const untyped = asyncio as unknown as Readonly<Record<string, (...args: unknown[]) => unknown>>;

function call(name: string, ...args: unknown[]): unknown {
  return untyped[name]?.(...args);
}

const WRONG: readonly unknown[] = [undefined, null, 5, "sleep", {}, Symbol("s")];

const TAKERS: Readonly<Record<string, (value: unknown) => unknown>> = {
  createTask: (value) => call("createTask", value),
  waitFor: (value) => call("waitFor", value, 10),
  shield: (value) => call("shield", value),
  gather: (value) => call("gather", [value]),
  asCompleted: (value) => [...(call("asCompleted", [value]) as Iterable<unknown>)],
};

const BLOCKS: Readonly<Record<string, (value: unknown) => unknown>> = {
  timeout: (value) => call("timeout", 10, value),
  timeoutAt: (value) => call("timeoutAt", 1e9, value),
  taskGroup: (value) => call("taskGroup", value),
  each: (value) => call("each", [], value),
  "Lock.with": (value) => new asyncio.Lock().with(value as never),
  "Barrier.with": (value) => new asyncio.Barrier(1).with(value as never),
  "Condition.waitFor": (value) => new asyncio.Condition().waitFor(value as never),
};

describe("asyncio refuses", () => {
  for (const [name, take] of Object.entries(TAKERS)) {
    it(`what is no coroutine: ${name}`, async () => {
      await run(async () => {
        for (const value of WRONG) {
          assert.throws(() => take(value), {
            name: "TypeError",
            message: /: expected a coroutine, got /,
          });
        }
        assert.throws(() => take(Promise.resolve(1)), {
          name: "TypeError",
          message: /got a promise: what it stands for runs already; pass a function/,
        });
      });
    });
  }

  for (const [name, enter] of Object.entries(BLOCKS)) {
    it(`what is no function: ${name}`, async () => {
      await run(async () => {
        for (const value of [...WRONG, Promise.resolve(1)])
          assert.throws(() => enter(value), {
            name: "TypeError",
            message: /must be a function, got /,
          });
      });
    });
  }

  it("what is no context", async () => {
    await run(async () => {
      const operation = sleep(0);
      for (const context of [null, 5, {}, "context"]) {
        assert.throws(() => createTask(operation, { context: context as never }), {
          name: "TypeError",
          message: /expected a Context, got /,
        });
      }
      await operation;
    });
  });
});
