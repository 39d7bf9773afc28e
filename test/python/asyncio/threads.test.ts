/** asyncio and threads: toThread, runCoroutineThreadsafe, runInExecutor. */
import assert from "node:assert/strict";
import { availableParallelism } from "node:os";
import { describe, it } from "node:test";
import { CancelledError, NotShippableError } from "heddle";
import {
  allTasks,
  createTask,
  gather,
  getRunningLoop,
  Loop,
  type LoopHandle,
  run,
  runCoroutineThreadsafe,
  sleep,
  toThread,
  waitFor,
  wrapFuture,
} from "heddle/asyncio";
import { Future, ThreadPoolExecutor } from "heddle/concurrent/futures";
import { Queue } from "heddle/queue";
import { Barrier, Event, getIdent, Thread } from "heddle/threading";
import { errorOf, inStyle, STYLES } from "../../support/asyncio/both-styles.ts";
import * as there from "../../support/asyncio/threads.ts";
import { add, forEver, lend } from "../../support/asyncio/loop-side.ts";

for (const style of STYLES) {
  const { co } = inStyle(style);

  describe(`asyncio.toThread, ${style.name}`, () => {
    it("TT-001 toThread: gives what the function returns", async () => {
      const main = co(function* () {
        return yield toThread(there.twice, 21);
      });
      assert.equal(await run(main), 42);
    });

    it("TT-002 toThread: throws what the function throws", async () => {
      await run(
        co(function* () {
          const error = yield* errorOf(toThread(there.fail, "in the thread"));
          assert.ok(error instanceof SyntaxError);
          assert.equal(error.message, "in the thread");
        }),
      );
    });

    it("TT-004 toThread: ten calls at once all run", async () => {
      const numbers = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
      const main = co(function* () {
        return yield gather(numbers.map((n) => toThread(there.twice, n)));
      });
      assert.deepEqual(
        await run(main),
        numbers.map((n) => n * 2),
      );
    });

    it("TT-005 toThread: arguments reach the function, options as its last", async () => {
      const main = co(function* () {
        return yield toThread(there.described, "ab", { times: 2 });
      });
      assert.equal(await run(main), "abab");
    });

    it("takes values of context variables along", async () => {
      await run(
        co(function* () {
          there.user.set("ada");
          assert.equal(yield toThread(there.whoIsThere), "ada");
          there.user.set(new WeakMap() as never); // it cannot be copied
          assert.equal(yield toThread(there.whoIsThere), "nobody");
        }),
      );
    });

    it("refuses what cannot run in a thread", async () => {
      const local = performance.now(); // no constant, which Bun would write into the function
      await run(
        co(function* () {
          const error = yield* errorOf(toThread(() => local));
          assert.ok(error instanceof NotShippableError);
        }),
      );
      assert.throws(() => toThread("text" as never), TypeError);
    });

    it("a task that is cancelled stops waiting; the call goes on", async () => {
      await run(
        co(function* () {
          const event = new Event();
          const task = createTask(toThread(there.blockUntil, event));
          yield sleep(20);
          task.cancel();
          assert.ok((yield* errorOf(task)) instanceof CancelledError);
          event.set();
        }),
      );
    });

    it("and is asked to stop, as one of runInExecutor is", async () => {
      await run(
        co(function* () {
          for (const start of [
            (...args: [Event, Event]) => createTask(toThread(there.loopUntilAsked, ...args)),
            (...args: [Event, Event]) =>
              getRunningLoop().runInExecutor(null, there.loopUntilAsked, ...args),
          ]) {
            const [begun, asked] = [new Event(), new Event()];
            const call = start(begun, asked);
            yield begun.wait();
            call.cancel();
            assert.ok((yield* errorOf(call)) instanceof CancelledError);
            assert.equal(yield asked.wait(), true);
          }
        }),
      );
    });
  });
}

describe("asyncio.runCoroutineThreadsafe", () => {
  it("TK-113 runCoroutineThreadsafe: gives another thread a future with the coroutine's result", async () => {
    await run(async () => {
      assert.equal(await toThread(there.addThere, getRunningLoop(), 1, 2), 3);
      assert.equal(await toThread(there.addThereAsync, getRunningLoop(), 3, 4), 7);
      const thread = new Thread({ target: there.addThere, args: [getRunningLoop(), 5, 6] });
      thread.start();
      assert.equal(await thread, 11);
    });
  });

  it("TK-114 runCoroutineThreadsafe: an error in the coroutine is thrown by that future", async () => {
    await run(async () => {
      assert.equal(await toThread(there.failThere, getRunningLoop()), "RangeError too far");
    });
  });

  it("TK-115 runCoroutineThreadsafe: who gives up and cancels the future cancels the task", async () => {
    await run(async () => {
      const ended = new Event();
      const outcome = await toThread(there.giveUpThere, getRunningLoop(), ended, new Event());
      assert.deepEqual(outcome, ["TimeoutError", true, true]);
      assert.equal(await ended.wait({ timeout: 30_000 }), true);
    });
  });

  it("what is cancelled before its function is loaded does not begin", async () => {
    await run(async () => {
      const [begun, hasAsked] = [new Event(), new Event()];
      const thread = new Thread({
        target: there.askAndGiveUp,
        args: [getRunningLoop(), begun, hasAsked],
      });
      thread.start();
      // Both requests are there before the loop sees the first.
      hasAsked.waitSync();
      await thread.join();
      assert.equal(await toThread(there.addThere, getRunningLoop(), 1, 2), 3);
      assert.equal(begun.isSet(), false);
    });
  });

  it("TK-117 runCoroutineThreadsafe: a failing task factory is reported to the handler and the future", async () => {
    const loop = new Loop();
    const told: unknown[] = [];
    loop.setExceptionHandler((_loop, { exception }) => void told.push(exception));
    await run(
      async () => {
        const made = toThread(there.failThere, loop);
        const task = createTask(made);
        await sleep(0);
        loop.setTaskFactory(() => {
          throw new SyntaxError("no tasks today");
        });
        assert.equal(await task, "SyntaxError no tasks today");
        loop.setTaskFactory(null);
      },
      { loopFactory: () => loop },
    );
    assert.deepEqual(told.map(String), ["SyntaxError: no tasks today"]);
  });

  it("in the loop's own thread: cancels both ways, and does not block", async () => {
    await run(async () => {
      const loop = getRunningLoop();
      assert.equal(await runCoroutineThreadsafe(add, [1, 2], loop), 3);
      const ended = new Event();
      const future = runCoroutineThreadsafe(forEver, [ended], loop);
      assert.throws(() => future.resultSync(), { name: "CannotBlockError" });
      await sleep(1);
      assert.equal(future.cancel(), true);
      await sleep(1);
      assert.equal(ended.isSet(), true);
      const cancelled = runCoroutineThreadsafe(
        async () => {
          throw new CancelledError();
        },
        [],
        loop,
      );
      await sleep(1);
      assert.equal(cancelled.cancelled(), true);
      assert.throws(() => runCoroutineThreadsafe(add, [1, 2], {} as never), TypeError);
      assert.throws(() => runCoroutineThreadsafe(1 as never, [], loop), TypeError);
    });
  });

  it("EL-024 callSoonThreadsafe: from another thread, it wakes the loop; what the call throws goes to the loop's handler", async () => {
    const loop = new Loop();
    const told: unknown[] = [];
    loop.setExceptionHandler((_loop, { exception }) => void told.push(exception));
    await run(
      async () => {
        assert.equal(await toThread(there.callThere, loop, new Event()), true);
        await toThread(there.throwThere, loop);
        while (told.length === 0) await sleep(1);
      },
      { loopFactory: () => loop },
    );
    assert.deepEqual(told.map(String), ["SyntaxError: in the loop"]);
  });

  it("a closed loop refuses calls from other threads", async () => {
    const loop = new Loop();
    const pool = new ThreadPoolExecutor({ maxWorkers: 1 });
    await run(async () => await pool.submit(there.addThere, loop, 1, 2), {
      loopFactory: () => loop,
    });
    const [isClosed, ...errors] = await pool.submit(there.callClosed, loop);
    assert.equal(isClosed, "true");
    assert.equal(errors.length, 2);
    for (const error of errors) assert.match(error, /it is closed/);
    await pool.shutdown();
  });
});

describe("asyncio and threads that end", () => {
  for (const dies of [false, true]) {
    it(`a call to the loop of a thread that ${dies ? "dies" : "ends"} is settled`, async () => {
      const [loops, done] = [new Queue<LoopHandle>(), new Event()];
      const thread = new Thread({ target: lend, args: [loops, done, dies] });
      thread.start();
      const loop = await loops.get();
      assert.equal(await runCoroutineThreadsafe(add, [1, 2], loop), 3);
      const pending = runCoroutineThreadsafe(forEver, [new Event()], loop);
      done.set();
      await assert.rejects(pending.result({ timeout: 20_000 }), {
        name: dies ? "RuntimeError" : "CancelledError",
      });
      await thread.join().catch(() => undefined);
      if (dies)
        assert.throws(() => runCoroutineThreadsafe(add, [1, 2], loop), { name: "RuntimeError" });
      else
        assert.equal(
          await runCoroutineThreadsafe(add, [3, 4], loop).result({ timeout: 20_000 }),
          7,
        );
    });
  }

  it("what a thread asked for that died is given up", async () => {
    await run(async () => {
      const pool = new ThreadPoolExecutor({ maxWorkers: 1 });
      const asking = pool.submit(there.dieAsking, getRunningLoop(), new Event());
      await assert.rejects(asking.result(), { name: "BrokenThreadPool" });
      for (let turns = 0; turns < 1000 && allTasks().size > 1; turns++) await sleep(1);
      assert.equal(allTasks().size, 1);
    });
  });
});

describe("asyncio: executors", () => {
  it("the loop's own has four threads more than there are processors, at most 32, so that calls can wait for each other", async () => {
    const threads = Math.min(32, availableParallelism() + 4);
    await run(async () => {
      const barrier = new Barrier(threads);
      const indexes = await gather(
        Array.from({ length: threads }, () => toThread(there.meet, barrier)),
      );
      assert.deepEqual(
        [...indexes].sort((a, b) => a - b),
        Array.from({ length: threads }, (_, index) => index),
      );
    });
  });

  it("EL-021 setDefaultExecutor: takes an executor, and nothing else", async () => {
    const pool = new ThreadPoolExecutor({ maxWorkers: 1 });
    await run(async () => {
      const loop = getRunningLoop();
      for (const wrong of [{}, null, undefined, there.twice, { submit: 1 }])
        assert.throws(() => loop.setDefaultExecutor(wrong as never), TypeError);
      loop.setDefaultExecutor(pool);
      assert.equal(await loop.runInExecutor(null, there.twice, 6), 12);
      await loop.shutdownDefaultExecutor();
    });
    assert.throws(() => pool.submit(there.twice, 1), { name: "RuntimeError" });
  });

  it("EL-022 runInExecutor: runs in another thread, of a given pool or the loop's own; cancelled before its start, it does not start", async () => {
    const pool = new ThreadPoolExecutor({ maxWorkers: 1 });
    const [event, started] = [new Event(), new Event()];
    await run(async () => {
      const loop = getRunningLoop();
      assert.equal(await loop.runInExecutor(pool, there.twice, 4), 8);
      assert.equal(await loop.runInExecutor(null, there.twice, 5), 10);
      assert.notEqual(await loop.runInExecutor(pool, getIdent), getIdent());
      const running = loop.runInExecutor(pool, there.blockUntil, event);
      const queued = loop.runInExecutor(pool, there.setIt, started);
      assert.equal(queued.cancel(), true);
      event.set(); // the worker takes the next call as soon as it can
      await assert.rejects(Promise.resolve(queued), { name: "CancelledError" });
      assert.equal(await running, "went on");
      assert.equal(await loop.runInExecutor(pool, there.twice, 1), 2); // behind the cancelled one
    });
    assert.equal(started.isSet(), false);
    await pool.shutdown();
  });

  it("FU-016 wrapFuture: gives the result of a call of another thread", async () => {
    const pool = new ThreadPoolExecutor({ maxWorkers: 1 });
    await run(async () => {
      const ident = await wrapFuture(pool.submit(getIdent));
      assert.notEqual(ident, getIdent());
      await assert.rejects(Promise.resolve(wrapFuture(pool.submit(there.fail, "there"))), {
        name: "SyntaxError",
        message: "there",
      });
    });
    await pool.shutdown();
  });

  it("FU-017 wrapFuture: gives a future of asyncio back as it is", async () => {
    await run(async () => {
      const future = getRunningLoop().createFuture<number>();
      assert.equal(wrapFuture(future), future);
      future.cancel();
      const task = createTask(async () => 1);
      assert.equal(wrapFuture(task), task);
      await task;
    });
  });

  it("FU-013 wrapFuture: what is done already is so in the same way", async () => {
    const [finished, failed, cancelled] = [new Future(), new Future(), new Future()];
    const error = new SyntaxError("as it is");
    finished.setResult("value");
    failed.setException(error);
    cancelled.cancel();
    await run(async () => {
      assert.equal(await wrapFuture(finished), "value");
      await assert.rejects(Promise.resolve(wrapFuture(failed)), (caught) => caught === error);
      const wrapped = wrapFuture(cancelled);
      await assert.rejects(Promise.resolve(wrapped), { name: "CancelledError" });
      assert.equal(wrapped.cancelled(), true);
    });
  });

  it("FU-020 wrapFuture: cancelling it leaves a call that is done as it is", async () => {
    await run(async () => {
      const call = new Future<number>();
      const wrapped = wrapFuture(call);
      call.setResult(1);
      assert.equal(wrapped.cancel(), false);
      assert.equal(await wrapped, 1);
      assert.equal(call.cancelled(), false);
      assert.equal(call.resultSync(), 1);
    });
  });

  it("FU-021 wrapFuture: one that was cancelled stays cancelled when its call ends", async () => {
    await run(async () => {
      const call = new Future<number>();
      call.setRunningOrNotifyCancel(); // it runs, and cannot be cancelled any more
      const wrapped = wrapFuture(call);
      wrapped.cancel();
      await sleep(0);
      call.setResult(1);
      await sleep(0);
      assert.equal(wrapped.cancelled(), true);
      assert.equal(await call, 1);
    });
  });

  it("wrapFuture cancels both ways", async () => {
    await run(async () => {
      const first = new Future<number>();
      const wrapped = wrapFuture(first);
      wrapped.cancel();
      await sleep(0);
      assert.equal(first.cancelled(), true);
      const second = new Future<number>();
      const other = wrapFuture(second);
      second.cancel();
      await sleep(0);
      assert.equal(other.cancelled(), true);
      assert.throws(() => wrapFuture({} as never), TypeError);
    });
  });

  it("a call that has not started is cancelled with the task that waits for it", async () => {
    const pool = new ThreadPoolExecutor({ maxWorkers: 1 });
    const event = new Event();
    const running = pool.submit(there.blockUntil, event);
    await run(async () => {
      const queued = pool.submit(there.twice, 1);
      await assert.rejects(Promise.resolve(waitFor(async () => queued, 20)), {
        name: "TimeoutError",
      });
      await sleep(0);
      assert.equal(queued.cancelled(), true);
    });
    event.set();
    assert.equal(await running, "went on");
    await pool.shutdown();
  });
});
