/** What tasks have to do with promises, signals, contexts and locks that are not asyncio's. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { CancelledError } from "heddle";
import {
  type Coroutine,
  createTask,
  Future,
  currentTask,
  each,
  fromPromise,
  run,
  sleep,
  timeout,
} from "heddle/asyncio";
import { ContextVar, copyContext } from "heddle/contextvars";
import { RLock } from "heddle/threading";
import { errorOf, inStyle, STYLES } from "../../support/asyncio/both-styles.ts";

/** A promise that nobody settles. */
async function never(): Promise<never> {
  return new Promise<never>(() => {});
}

for (const style of STYLES) {
  const { spawn, main, co } = inStyle(style);

  describe(`fromPromise, ${style.name}`, () => {
    it("gives what the promise gives", async () => {
      await main(function* () {
        assert.equal(yield fromPromise(Promise.resolve(42)), 42);
        const error = new RangeError("no");
        assert.equal(yield* errorOf(fromPromise(Promise.reject(error))), error);
        assert.equal(yield fromPromise(async () => 42), 42);
      });
    });

    it("can be cancelled at once, and then aborts the signal with the CancelledError", async () => {
      await main(function* () {
        let signal: AbortSignal | undefined;
        const task = spawn(function* () {
          yield fromPromise((given) => {
            signal = given;
            return never();
          });
        });
        yield sleep(0);
        assert.equal(signal?.aborted, false);
        task.cancel("why");
        const error = yield* errorOf(task);
        assert.ok(error instanceof CancelledError);
        assert.equal(signal?.aborted, true);
        assert.equal((signal.reason as Error).message, "why");
      });
    });

    it("does not abort the signal of what was in time", async () => {
      await main(function* () {
        let signal: AbortSignal | undefined;
        yield timeout(
          1000,
          co(function* () {
            yield fromPromise(async (given) => {
              signal = given;
            });
          }),
        );
        assert.equal(signal?.aborted, false);
      });
    });

    it("calls the function in the task's context, and as no part of the task", async () => {
      const variable = new ContextVar("variable", { default: "none" });
      await main(function* () {
        variable.set("the task's");
        const seen = yield fromPromise(async () => {
          const before = variable.get();
          await Promise.resolve();
          return [before, variable.get(), currentTask()];
        });
        assert.deepEqual(seen, ["the task's", "the task's", null]);
      });
    });

    it("refuses what is no promise", async () => {
      await main(function* () {
        assert.throws(() => fromPromise(42 as never), TypeError);
        assert.ok((yield* errorOf(fromPromise((() => 42) as never))) instanceof TypeError);
      });
    });
  });

  describe(`each, ${style.name}`, () => {
    it("calls the body with each item, one after the other", async () => {
      await main(function* () {
        const seen: number[] = [];
        const body = (n: number) =>
          co(function* () {
            yield sleep(1);
            seen.push(n);
          })();
        yield each(
          (async function* () {
            yield 1;
            yield 2;
          })(),
          body,
        );
        yield each([sleep(2, 3), sleep(1, 4)], body);
        assert.deepEqual(seen, [1, 2, 3, 4]);
      });
    });

    it("ends the iteration when the body throws, and waits for that", async () => {
      await main(function* () {
        let isClosed = false;
        async function* items(): AsyncGenerator<number> {
          try {
            yield 1;
            yield 2;
          } finally {
            await Promise.resolve();
            isClosed = true;
          }
        }
        const error = yield* errorOf(
          each(items(), () => {
            throw new RangeError("no");
          }),
        );
        assert.ok(error instanceof RangeError);
        assert.ok(isClosed);
      });
    });

    it("can be cancelled while an item is being made", async () => {
      await main(function* () {
        async function* items(): AsyncGenerator<never> {
          yield await never();
        }
        const task = spawn(function* () {
          yield each(items(), () => undefined);
        });
        yield sleep(1);
        task.cancel();
        assert.ok((yield* errorOf(task)) instanceof CancelledError);
      });
    });
  });

  describe(`a task's surroundings, ${style.name}`, () => {
    it("signal is aborted by a cancellation, and replaced", async () => {
      await main(function* () {
        const task = spawn(function* () {
          yield* errorOf(sleep(1000));
          return currentTask()?.signal.aborted;
        });
        yield sleep(0);
        const { signal } = task;
        task.cancel("why");
        assert.ok(signal.aborted && signal.reason instanceof CancelledError);
        assert.equal(yield task, false);
      });
    });

    it("Context.run within a task keeps the task, and its own values", async () => {
      const variable = new ContextVar("variable", { default: "none" });
      await main(function* () {
        variable.set("the task's");
        const task = currentTask();
        const context = copyContext();
        context.run(() => {
          variable.set("within");
          assert.equal(currentTask(), task);
        });
        assert.equal(variable.get(), "the task's");
        yield sleep(1);
        assert.equal(variable.get(), "the task's");
        assert.equal(context.get(variable), "within");
      });
    });

    it("an RLock belongs to the task that holds it, not to the thread", async () => {
      await main(function* () {
        const lock = new RLock();
        const holder = spawn(function* () {
          assert.equal(lock.acquireSync(), true);
          yield sleep(10);
          assert.equal(lock.acquireSync({ timeout: 0 }), true);
          lock.release();
          lock.release();
        });
        yield sleep(1);
        assert.equal(lock.acquireSync({ timeout: 0 }), false);
        yield holder;
        assert.equal(lock.acquireSync({ timeout: 0 }), true);
        lock.release();
      });
    });
  });
}

describe("then(), called by a generator", () => {
  it("starts something that is no part of the task", async () => {
    await run(async () => {
      let promise: Promise<string> | undefined;
      const task = createTask(
        (function* (): Coroutine<void> {
          promise = Promise.resolve(sleep(5, "x").then((word) => `${word}!`));
          yield* sleep(1000);
        })(),
      );
      await sleep(1);
      task.cancel();
      assert.equal(await promise, "x!");
    });
  });
});

describe("async functions in tasks", () => {
  it("are not interrupted in a wait for something foreign, but at their next wait", async () => {
    await run(async () => {
      const log: string[] = [];
      let settle = (): void => {};
      const foreign = new Promise<void>((resolve) => (settle = resolve));
      const task = createTask(async () => {
        await foreign;
        log.push("went on");
        await sleep(1000);
      });
      await sleep(1);
      task.cancel();
      await sleep(1);
      assert.equal(task.done(), false);
      settle();
      await assert.rejects((async () => task)(), CancelledError);
      assert.deepEqual(log, ["went on"]);
    });
  });

  it("can wait for several things at once, which are all cancelled", async () => {
    await run(async () => {
      const task = createTask(async () => Promise.all([sleep(1000), sleep(2000)]));
      await sleep(1);
      task.cancel();
      await assert.rejects((async () => task)(), CancelledError);
      assert.ok(task.cancelled());
    });
  });

  it("can wait for several futures at once, which are all cancelled", async () => {
    await run(async () => {
      const task = createTask(async () => Promise.all([new Future(), new Future()]));
      await sleep(1);
      task.cancel();
      await assert.rejects((async () => task)(), CancelledError);
      assert.ok(task.cancelled());
    });
  });

  it("keep the context that they were called in, over their waits", async () => {
    const variable = new ContextVar("variable", { default: "none" });
    await run(async () => {
      const context = copyContext();
      const inner = context.run(async () => {
        variable.set("inner");
        await sleep(1);
        return variable.get();
      });
      assert.equal(variable.get(), "none");
      assert.equal(await inner, "inner");
      assert.equal(variable.get(), "none");
    });
  });

  it("of a function that returns a coroutine or an operation, tasks are made too", async () => {
    await run(async () => {
      function* square(n: number): Coroutine<number> {
        yield* sleep(1);
        assert.equal(currentTask()?.getName(), "square");
        return n * n;
      }
      assert.equal(await createTask(() => square(3), { name: "square" }), 9);
      assert.equal(await createTask(() => sleep(1, "x")), "x");
      const cancelled = createTask(() => square(3));
      await sleep(0);
      cancelled.cancel();
      await assert.rejects((async () => cancelled)(), CancelledError);
    });
  });

  it("keep the order of steps, also as the body of a generator's block", async () => {
    const order: string[] = [];
    function* withBody(): Coroutine<void> {
      yield* timeout(null, async () => {
        for (const step of [1, 2, 3]) {
          order.push(`a${step}`);
          await sleep(0);
        }
      });
      order.push("a4");
    }
    function* other(): Coroutine<void> {
      for (const step of [1, 2, 3, 4]) {
        order.push(`b${step}`);
        yield* sleep(0);
      }
    }
    await run(async () => Promise.all([createTask(withBody()), createTask(other())]));
    assert.equal(order.join(" "), "a1 b1 a2 b2 a3 b3 a4 b4");
  });

  it("that outlive their task belong to none", async () => {
    let later: Promise<unknown> | undefined;
    await run(async () => {
      later = (async () => {
        await Promise.resolve();
        await new Promise((resolve) => setTimeout(resolve, 20));
        await sleep(1);
        return currentTask();
      })();
    });
    assert.equal(await later, null);
  });
});
