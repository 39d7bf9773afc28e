import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { run, toThread } from "heddle/asyncio";
import { ContextVar } from "heddle/contextvars";
import { Thread } from "heddle/threading";
import { identity } from "../../support/tasks.ts";
import { Squarer, spell } from "../../support/thread-targets.ts";

class Opaque {
  readonly #value: number = 1;
  get value(): number {
    return this.#value;
  }
}

describe("paths of refused parts, as the user counts them", () => {
  it("asyncio.toThread: the first argument is args[0]", async () => {
    const call = run(async () => toThread(identity<unknown>, { save: () => 1 }));
    await assert.rejects(Promise.resolve(call), {
      name: "SendError",
      path: "args[0].save",
      message: /: args\[0\]\.save is a function "save"$/,
    });
  });

  it("Thread: the first argument is args[0]", () => {
    const thread = new Thread({ target: spell, args: ["a", Symbol("b")] as never });
    assert.throws(() => thread.start(), {
      name: "SendError",
      path: "args[1]",
      message: /: args\[1\] is a symbol/,
    });
  });

  it("Thread: a field of the object is a field of the thread", () => {
    const thread = Object.assign(new Squarer(), { inner: { retry() {} } });
    assert.throws(() => thread.start(), {
      name: "SendError",
      path: "thread.inner.retry",
      message: /: thread\.inner\.retry is a function "retry"$/,
    });
  });

  it("a context variable whose value no other thread can have stays behind", async () => {
    const seen = await run(async () => {
      new ContextVar<unknown>("opaque").set(new Opaque());
      new ContextVar<unknown>("function").set(() => 1);
      return toThread(identity<number>, 3);
    });
    assert.equal(seen, 3);
  });
});
