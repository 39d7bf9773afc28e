/** wait, asCompleted, gather, shield, waitFor. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { CancelledError, RuntimeError, TimeoutError } from "heddle";
import {
  ALL_COMPLETED,
  asCompleted,
  currentTask,
  ensureFuture,
  FIRST_COMPLETED,
  FIRST_EXCEPTION,
  Future,
  gather,
  getRunningLoop,
  Loop,
  run,
  shield,
  sleep,
  type Task,
  wait,
  waitFor,
} from "heddle/asyncio";
import { VirtualClock } from "heddle/testing";
import {
  errorOf,
  inStyle,
  runVirtual,
  type Steps,
  STYLES,
} from "../../support/asyncio/both-styles.ts";

/** What only JavaScript can pass. */
function wrong(value: unknown): never {
  return value as never;
}

for (const style of STYLES) {
  const { co, spawn, main } = inStyle(style);

  /** A task that returns its delay after it. */
  function sleeper(ms: number): Task<number> {
    return spawn(function* () {
      return (yield sleep(ms, ms)) as number;
    });
  }

  /** A task that fails after the delay. */
  function failing(ms: number, error: Error = new RangeError(`after ${ms}`)): Task<never> {
    return spawn(function* () {
      yield sleep(ms);
      throw error;
    });
  }

  /** A task that ends some time after it was cancelled, and what it did. */
  function stubborn(cleanupMs: number, log: string[], result?: string): Task<string> {
    return spawn(function* () {
      try {
        yield sleep(100_000);
      } catch (error) {
        log.push("cancelled");
        yield sleep(cleanupMs);
        log.push("cleaned up");
        if (result === undefined) throw error;
      }
      return result as string;
    });
  }

  describe(`asyncio.wait, ${style.name}`, () => {
    it("TK-059 wait: returns when the slower is done; none is pending", async () => {
      const clock = new VirtualClock();
      await main(function* () {
        const tasks = [sleeper(100), sleeper(150)];
        const [done, pending] = yield wait(tasks);
        assert.deepEqual(done, new Set(tasks));
        assert.equal(pending.size, 0);
        assert.equal(clock.time(), 150);
        const again = yield wait(tasks);
        assert.deepEqual(again, [new Set(tasks), new Set()]);
      }, clock);
    });

    it("TK-061 wait: duplicates count once", async () => {
      await main(function* () {
        const task = sleeper(10);
        const [done] = yield wait([task, task, task]);
        assert.equal(done.size, 1);
      });
    });

    it("TK-066 wait: FIRST_COMPLETED returns after the first, and leaves the other running", async () => {
      const clock = new VirtualClock();
      await main(function* () {
        const [slow, fast] = [sleeper(1000), sleeper(10)];
        const [done, pending] = yield wait([slow, fast], { returnWhen: FIRST_COMPLETED });
        assert.deepEqual([done, pending], [new Set([fast]), new Set([slow])]);
        assert.equal(clock.time(), 10);
        assert.equal(yield slow, 1000);
      }, clock);
    });

    it("TK-067 wait: what is done by the time it goes on is reported, not just the first", async () => {
      await main(function* () {
        const [a, b] = [sleeper(0), sleeper(0)];
        const [done, pending] = yield wait([a, b], { returnWhen: FIRST_COMPLETED });
        assert.deepEqual([done, pending], [new Set([a, b]), new Set()]);
      });
    });

    it("TK-068 wait: FIRST_EXCEPTION returns when one has failed, or fails", async () => {
      const clock = new VirtualClock();
      await main(function* () {
        const [slow, bad] = [sleeper(1000), failing(50)];
        const [done, pending] = yield wait([slow, bad], { returnWhen: FIRST_EXCEPTION });
        assert.deepEqual([done, pending], [new Set([bad]), new Set([slow])]);
        assert.equal(clock.time(), 50);
        const [again] = yield wait([slow, bad], { returnWhen: FIRST_EXCEPTION });
        assert.deepEqual(again, new Set([bad]));
        assert.equal(clock.time(), 50);
        const cancelled = sleeper(10);
        cancelled.cancel();
        yield wait([cancelled, slow], { returnWhen: FIRST_EXCEPTION });
        assert.equal(clock.time(), 1000);
      }, clock);
    });

    it("TK-070 wait: with a timeout, cancels nothing", async () => {
      const clock = new VirtualClock();
      await main(function* () {
        const [fast, slow] = [sleeper(10), sleeper(1000)];
        const [done, pending] = yield wait([fast, slow], { timeout: 100 });
        assert.deepEqual([done, pending], [new Set([fast]), new Set([slow])]);
        assert.equal(clock.time(), 100);
        assert.equal(yield slow, 1000);
      }, clock);
    });

    it("TK-071 wait: what is done when the time is over counts as done", async () => {
      await main(function* () {
        const [a, b] = [sleeper(100), sleeper(150)];
        yield sleep(0);
        const [done, pending] = yield wait([a, b], { timeout: 100 });
        assert.deepEqual([done, pending], [new Set([a]), new Set([b])]);
      });
    });

    it("TK-073 wait: takes a generator that makes the tasks", async () => {
      await main(function* () {
        const [done] = yield wait(
          (function* () {
            for (let ms = 0; ms < 5; ms++) yield sleeper(ms);
          })(),
        );
        const results = [...(done as Set<Task<number>>)].map((task) => task.result());
        assert.deepEqual(new Set(results), new Set([0, 1, 2, 3, 4]));
      });
    });

    it("TK-074 wait: cancelling who waits does not cancel what is waited for", async () => {
      await main(function* () {
        const inner = sleeper(100);
        const waiting = spawn(function* () {
          yield wait([inner]);
        });
        yield sleep(10);
        waiting.cancel();
        yield* errorOf(waiting);
        assert.equal(inner.cancelled(), false);
        assert.equal(yield inner, 100);
      });
    });

    it("TK-062 wait: of nothing throws RangeError", async () => {
      await main(function* () {
        assert.ok((yield* errorOf(wait([]))) instanceof RangeError);
      });
    });

    it("TK-063 wait: an unknown returnWhen throws RangeError", async () => {
      await main(function* () {
        const error = yield* errorOf(wait([sleeper(1)], { returnWhen: wrong("SOME") }));
        assert.match(
          String(error),
          /^RangeError: .*"returnWhen" must be FIRST_COMPLETED, FIRST_EXCEPTION or ALL_COMPLETED, got "SOME"/,
        );
        yield wait([sleeper(1)], { returnWhen: ALL_COMPLETED });
      });
    });

    it("TK-064 wait: a single future or a coroutine throws TypeError", async () => {
      await main(function* () {
        for (const value of [new Future(), co(function* (): Steps<void> {}), [sleep(1)], 42])
          assert.ok((yield* errorOf(wait(wrong(value)))) instanceof TypeError);
      });
    });
  });

  describe(`asyncio.asCompleted, ${style.name}`, () => {
    it("TK-075 asCompleted: gives what is done first, first", async () => {
      await main(function* () {
        const order: unknown[] = [];
        for (const next of asCompleted([sleeper(30), sleep(10, 10), co(() => sleeping(20))]))
          order.push(yield next);
        assert.deepEqual(order, [10, 20, 30]);
        const tasks = [sleeper(30), sleeper(10)];
        const iterator = asCompleted(tasks)[Symbol.asyncIterator]();
        const seen: unknown[] = [];
        for (;;) {
          const { done, value } = yield iterator.next();
          if (done) break;
          seen.push(value);
        }
        assert.deepEqual(seen, [tasks[1], tasks[0]]);
      });
    });

    it("TK-077 asCompleted: gives what is done in time, then throws TimeoutError", async () => {
      const clock = new VirtualClock();
      await main(function* () {
        const order: unknown[] = [];
        const tasks = [sleeper(100), sleeper(150), sleeper(10)];
        for (const next of asCompleted(tasks, { timeout: 120 })) {
          try {
            order.push(yield next);
          } catch (error) {
            order.push((error as Error).name);
          }
        }
        assert.deepEqual(order, [10, 100, "TimeoutError"]);
        assert.equal(clock.time(), 120);
        const iterator = asCompleted([sleeper(100)], { timeout: 10 })[Symbol.asyncIterator]();
        assert.ok((yield* errorOf(iterator.next())) instanceof TimeoutError);
      }, clock);
    });

    it("TK-078 asCompleted: a timeout that is not needed does no harm", async () => {
      const clock = new VirtualClock();
      await main(function* () {
        for (const next of asCompleted([sleeper(10)], { timeout: 1000 })) yield next;
        yield sleep(1);
      }, clock);
      assert.equal(clock.time(), 11);
    });

    it("TK-079 asCompleted: the iteration can be left and taken up again", async () => {
      await main(function* () {
        const order: unknown[] = [];
        const completions = asCompleted([30, 10, 20].map((ms) => sleeper(ms)));
        for (const next of completions) {
          order.push(yield next);
          break;
        }
        for (const next of completions) order.push(yield next);
        assert.deepEqual(order, [10, 20, 30]);
      });
    });

    it("TK-081 asCompleted: several items can be waited for at the same time", async () => {
      await main(function* () {
        const items = [...asCompleted([sleeper(20), sleeper(10)])];
        const results = yield gather(items);
        assert.deepEqual(results, [10, 20]);
      });
    });

    it("asCompleted: what somebody was woken for who is cancelled is given to the next", async () => {
      await main(function* () {
        const [one, two] = [new Future<string>(), new Future<string>()];
        const [first, second] = [...asCompleted([one, two])].map((item) =>
          spawn(function* () {
            return (yield item) as string;
          }),
        );
        assert.ok(first && second);
        yield sleep(0);
        one.setResult("one");
        yield sleep(0);
        first.cancel();
        assert.ok((yield* errorOf(first)) instanceof CancelledError);
        assert.equal(yield second, "one");
        two.cancel();
      });
    });

    it("TK-082 asCompleted: something that is given twice is given back once", async () => {
      await main(function* () {
        const task = sleeper(10);
        const results: unknown[] = [];
        for (const next of asCompleted([task, task])) results.push(yield next);
        assert.deepEqual(results, [10]);
      });
    });

    it("TK-084 asCompleted: a single future or a coroutine throws TypeError", async () => {
      await main(function* () {
        for (const value of [new Future(), sleep(1), 42])
          assert.throws(() => asCompleted(wrong(value)), TypeError);
        yield sleep(0);
      });
    });

    function* sleeping(ms: number): Steps<number> {
      return (yield sleep(ms, ms)) as number;
    }
  });

  describe(`asyncio.gather, ${style.name}`, () => {
    it("TK-086 gather: gives the results in order, with returnExceptions or without", async () => {
      await main(function* () {
        for (const returnExceptions of [true, false]) {
          const results = yield gather([sleeper(20), sleeper(10)], { returnExceptions });
          assert.deepEqual(results, [20, 10]);
        }
        assert.deepEqual(yield gather([]), []);
      });
    });

    it("TK-087 gather: the first error is passed on at once; the others go on", async () => {
      const clock = new VirtualClock();
      await main(function* () {
        const error = new RangeError("first");
        const slow = sleeper(100);
        const gathering = gather([slow, failing(10, error), failing(20)]);
        assert.equal(yield* errorOf(gathering), error);
        assert.equal(clock.time(), 10);
        assert.equal(yield slow, 100);
      }, clock);
    });

    it("TK-088 gather: with returnExceptions, errors are in the list", async () => {
      await main(function* () {
        const error = new RangeError("no");
        const results = yield gather([sleeper(1), failing(10, error), sleeper(20)], {
          returnExceptions: true,
        });
        assert.deepEqual(results, [1, error, 20]);
        assert.equal(results[1], error);
      });
    });

    it("TK-093 gather: a child that is cancelled is its error, and it is not itself cancelled", async () => {
      await main(function* () {
        const [child, other] = [sleeper(100), sleeper(50)];
        const gathering = gather([child, other]);
        yield sleep(0);
        child.cancel();
        assert.ok((yield* errorOf(gathering)) instanceof CancelledError);
        assert.equal(gathering.cancelled(), false);
        assert.equal(other.done(), false);
        const again = sleeper(100);
        const listing = gather([again, sleeper(1)], { returnExceptions: true });
        again.cancel();
        const results = yield listing;
        assert.ok(results[0] instanceof CancelledError);
      });
    });

    it("TK-095 gather: something that is given several times runs once", async () => {
      await main(function* () {
        let runs = 0;
        const work = co(function* () {
          runs += 1;
          yield sleep(1);
          return "x";
        });
        const task = ensureFuture(work);
        assert.deepEqual(yield gather([task, task, sleeper(1), task]), ["x", "x", 1, "x"]);
        assert.equal(runs, 1);
      });
    });

    it("several in the place of a list are refused with the form that works", async () => {
      await main(function* () {
        const [a, b] = [sleeper(1), sleeper(1)];
        assert.throws(() => gather(wrong(a), wrong(b)), {
          name: "TypeError",
          message: "gather: expected an array: gather([a, b]), not gather(a, b)",
        });
        assert.throws(() => asCompleted(wrong(a), wrong(b)), {
          name: "TypeError",
          message: "asCompleted: awaitables must be an iterable of coroutines or futures",
        });
        yield gather([a, b]);
      });
    });

    it("gather: a function that is given several times is called each time", async () => {
      await main(function* () {
        let runs = 0;
        const work = co(function* () {
          yield sleep(1);
          return ++runs;
        });
        assert.deepEqual(yield gather([work, work]), [1, 2]);
      });
    });

    it("TK-096 gather: cancelling it cancels all its children", async () => {
      for (const returnExceptions of [false, true]) {
        await main(function* () {
          const log: string[] = [];
          const child = stubborn(10, log);
          const gathering = gather([child, sleeper(1000)], { returnExceptions });
          const waiting = spawn(function* () {
            yield gathering;
          });
          yield sleep(1);
          waiting.cancel();
          yield* errorOf(waiting);
          assert.ok(waiting.cancelled());
          assert.equal(gathering.cancelled(), false);
          // Where errors are results, all must be there.
          assert.equal(child.done(), returnExceptions);
          yield* errorOf(child);
          assert.deepEqual(log, ["cancelled", "cleaned up"]);
        });
      }
    });
  });

  describe(`asyncio.shield, ${style.name}`, () => {
    it("TK-099 shield: passes the result on", async () => {
      await main(function* () {
        assert.equal(yield shield(sleeper(10)), 10);
      });
    });

    it("TK-100 shield: passes the very error on", async () => {
      await main(function* () {
        const error = new RangeError("no");
        assert.equal(yield* errorOf(shield(failing(10, error))), error);
      });
    });

    it("TK-102 shield: cancelling it leaves the inner one running", async () => {
      await main(function* () {
        const inner = sleeper(10);
        const outer = shield(inner);
        outer.cancel();
        yield sleep(1);
        assert.ok(outer.cancelled());
        assert.equal(yield inner, 10);
        const cancelled = sleeper(10);
        const shielding = shield(cancelled);
        cancelled.cancel();
        yield* errorOf(shielding);
        assert.ok(shielding.cancelled());
      });
    });

    it("shield: an error that comes after it was cancelled goes to the exception handler", async () => {
      await main(function* () {
        const reports: string[] = [];
        getRunningLoop().setExceptionHandler((_, { message }) => reports.push(message));
        const inner = failing(10);
        shield(inner).cancel();
        yield sleep(20);
        assert.deepEqual(reports, ["Task exception in shielded future"]);
      });
    });

    it("TK-103 shield: what is done is returned", async () => {
      await main(function* () {
        const future = new Future<number>();
        future.setResult(42);
        assert.equal(shield(future), future);
        assert.equal(yield shield(future), 42);
      });
    });

    it("TK-104 shield: who waits for it can be cancelled while the inner one runs to its end", async () => {
      await main(function* () {
        let isOver = false;
        const inner = co(function* () {
          yield sleep(100);
          isOver = true;
        });
        const outer = spawn(function* () {
          yield shield(inner);
        });
        yield sleep(1);
        outer.cancel();
        yield* errorOf(outer);
        assert.ok(outer.cancelled());
        assert.equal(isOver, false);
        yield sleep(200);
        assert.equal(isOver, true);
      });
    });

    it("TK-105 shield: of a gathering; cancelling it leaves that to finish", async () => {
      await main(function* () {
        const inner = gather([sleeper(10), sleeper(20)]);
        const outer = shield(inner);
        yield sleep(1);
        outer.cancel();
        assert.deepEqual(yield inner, [10, 20]);
      });
    });

    it("TK-106 shield: gathering shields; cancelling that leaves what is shielded", async () => {
      await main(function* () {
        const children = [sleeper(10), sleeper(20)];
        const shields = children.map((child) => shield(child));
        const gathering = gather(shields);
        yield sleep(1);
        gathering.cancel();
        yield* errorOf(gathering);
        assert.ok(shields.every((each) => each.cancelled()));
        assert.deepEqual(yield gather(children), [10, 20]);
      });
    });
  });

  describe(`asyncio.waitFor, ${style.name}`, () => {
    it("WF-001 waitFor: cancelling it waits for a task that resists", async () => {
      await main(function* () {
        const log: string[] = [];
        const inner = stubborn(50, log);
        const waiting = spawn(function* () {
          yield waitFor(inner, 10_000);
        });
        yield sleep(1);
        waiting.cancel();
        yield* errorOf(waiting);
        assert.deepEqual(log, ["cancelled", "cleaned up"]);
        assert.ok(inner.cancelled() && waiting.cancelled());
      });
    });

    it("WF-002 waitFor: when the time is over, waits for a task that resists", async () => {
      const clock = new VirtualClock();
      await main(function* () {
        const log: string[] = [];
        const error = yield* errorOf(waitFor(stubborn(50, log), 10));
        assert.ok(error instanceof TimeoutError);
        assert.deepEqual(log, ["cancelled", "cleaned up"]);
        assert.equal(clock.time(), 60);
      }, clock);
    });

    it("WF-004 waitFor: of a coroutine with no time does not begin it", async () => {
      await main(function* () {
        let hasBegun = false;
        const work = co(function* () {
          hasBegun = true;
        });
        assert.ok((yield* errorOf(waitFor(work, 0))) instanceof TimeoutError);
        assert.equal(hasBegun, false);
      });
    });

    it("WF-005 waitFor: of a running task with no time cancels it, and waits for it", async () => {
      for (const timeoutMs of [0, -1]) {
        await main(function* () {
          const log: string[] = [];
          const inner = stubborn(10, log);
          yield sleep(1);
          assert.ok((yield* errorOf(waitFor(inner, timeoutMs))) instanceof TimeoutError);
          assert.ok(inner.cancelled());
          assert.deepEqual(log, ["cancelled", "cleaned up"]);
          const done = new Future<string>();
          done.setResult("done");
          assert.equal(yield waitFor(done, timeoutMs), "done");
        });
      }
    });

    it("WF-006 waitFor: throws TimeoutError when the task has been cancelled and cleaned up", async () => {
      await main(function* () {
        const log: string[] = [];
        const inner = stubborn(0, log);
        assert.ok((yield* errorOf(waitFor(inner, 100))) instanceof TimeoutError);
        assert.ok(inner.done() && inner.cancelled());
        assert.deepEqual(log, ["cancelled", "cleaned up"]);
        assert.equal(currentTask()?.cancelling(), 0);
      });
    });

    it("WF-009 waitFor: returns what is returned in spite of the cancellation", async () => {
      await main(function* () {
        const value = yield waitFor(
          co(function* () {
            yield* errorOf(sleep(1000));
            return "anyway";
          }),
          10,
        );
        assert.equal(value, "anyway");
      });
    });

    it("WF-010 waitFor: the TimeoutError has the CancelledError as its cause", async () => {
      await main(function* () {
        for (const timeoutMs of [10, 0]) {
          const error = yield* errorOf(waitFor(sleep(1000), timeoutMs));
          assert.ok((error as Error).cause instanceof CancelledError);
        }
      });
    });

    it("WF-011 waitFor: waits for a coroutine's cleanup, also with no time", async () => {
      await main(function* () {
        for (const timeoutMs of [10, 0]) {
          const log: string[] = [];
          const inner = stubborn(30, log);
          yield sleep(1);
          yield* errorOf(waitFor(inner, timeoutMs));
          assert.deepEqual(log, ["cancelled", "cleaned up"]);
        }
      });
    });

    it("WF-012 waitFor: an error in the cleanup takes the TimeoutError's place", async () => {
      await main(function* () {
        for (const timeoutMs of [10, 0]) {
          const inner = spawn(function* () {
            yield* errorOf(sleep(1000));
            throw new RangeError("in the cleanup");
          });
          yield sleep(1);
          const error = yield* errorOf(waitFor(inner, timeoutMs));
          assert.ok(error instanceof RangeError);
        }
      });
    });

    it("WF-013 waitFor: cancelling it cancels what is waited for", async () => {
      for (const timeoutMs of [10_000, null]) {
        await main(function* () {
          const inner = sleeper(100_000);
          const waiting = spawn(function* () {
            yield waitFor(inner, timeoutMs);
          });
          yield sleep(1);
          waiting.cancel();
          yield* errorOf(waiting);
          assert.ok(inner.cancelled());
        });
      }
    });

    it("WF-015 waitFor: of a shield with no time cancels the shield only", async () => {
      await main(function* () {
        const inner = sleeper(100);
        const shielding = shield(inner);
        assert.ok((yield* errorOf(waitFor(shielding, 0))) instanceof TimeoutError);
        assert.ok(shielding.cancelled());
        assert.equal(yield inner, 100);
      });
    });

    it("WF-017 waitFor: of a shield; the task goes on when the time is over", async () => {
      await main(function* () {
        const inner = sleeper(100);
        assert.ok((yield* errorOf(waitFor(shield(inner), 10))) instanceof TimeoutError);
        assert.equal(inner.done() || inner.cancelled(), false);
        assert.equal(yield inner, 100);
      });
    });
  });
}

describe("asyncio combinators", () => {
  it("TK-075 asCompleted: for await gives the futures, in the order in which they get done", async () => {
    await runVirtual(async () => {
      const order: number[] = [];
      for await (const future of asCompleted([sleep(30, 30), sleep(10, 10)]))
        order.push(future.result());
      assert.deepEqual(order, [10, 30]);
    });
  });

  it("TK-083 asCompleted: needs a loop", () => {
    assert.throws(() => asCompleted([sleep(1)]), RuntimeError);
  });

  it("TK-090 gather: of nothing needs a loop", () => {
    assert.throws(() => gather([]), RuntimeError);
  });

  it("TK-091 gather: futures of different loops throw RangeError", () => {
    const [one, two] = [new Loop(), new Loop()];
    assert.throws(() => gather([one.createFuture(), two.createFuture()]), RangeError);
  });

  it("TK-092 gather: belongs to the loop of its futures, or to the running one", async () => {
    const loop = new Loop();
    assert.equal(gather([loop.createFuture()]).getLoop(), loop);
    assert.throws(() => gather([sleep(1)]), RuntimeError);
    await run(async () => {
      const gathering = gather([sleep(1)]);
      assert.equal(gathering.getLoop(), getRunningLoop());
      await gathering;
    });
  });

  it("TK-098 gather: something wrong throws TypeError, and nothing is reported", async () => {
    await runVirtual(async () => {
      const reports: unknown[] = [];
      getRunningLoop().setExceptionHandler((_, context) => reports.push(context));
      assert.throws(() => gather([wrong(42)]), TypeError);
      assert.throws(() => gather(wrong(sleep(1))), TypeError);
      await sleep(1);
      assert.deepEqual(reports, []);
    });
  });
});
