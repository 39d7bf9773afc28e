import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { run, toThread } from "heddle/asyncio";
import { ThreadPoolExecutor } from "heddle/concurrent/futures";
import { ContextVar } from "heddle/contextvars";
import { Thread } from "heddle/threading";
import { identity } from "../../support/tasks.ts";
import { Squarer, spell } from "../../support/threads/thread-targets.ts";

class Opaque {
  readonly #value: number = 1;
  get value(): number {
    return this.#value;
  }
}

describe("paths of refused parts, as the user counts them", () => {
  it("a pool: the message leads to the part and says what it is", async () => {
    const pool = new ThreadPoolExecutor({ maxWorkers: 1 });
    const error = await pool
      .submit(identity<unknown>, { user: { save: Symbol("save") } })
      .exception();
    await pool.shutdown();
    assert.equal(
      String(error),
      "SendError: Cannot send args to another thread: args[0].user.save is a symbol, Symbol(save)",
    );
  });

  it("asyncio.toThread: the first argument is args[0]", async () => {
    const call = run(async () => toThread(identity<unknown>, { save: Symbol("save") }));
    await assert.rejects(Promise.resolve(call), {
      name: "SendError",
      path: "args[0].save",
      message: /: args\[0\]\.save is a symbol, Symbol\(save\)$/,
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
    const thread = Object.assign(new Squarer(), { inner: { retry: Symbol("retry") } });
    assert.throws(() => thread.start(), {
      name: "SendError",
      path: "thread.inner.retry",
      message: /: thread\.inner\.retry is a symbol, Symbol\(retry\)$/,
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
