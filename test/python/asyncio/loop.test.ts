/** Loops, runs, and coroutines as such. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { CancelledError, RuntimeError, SystemExit } from "heddle";
import {
  allTasks,
  type Awaitable,
  coroutine,
  type Coroutine,
  createTask,
  type ExceptionContext,
  Future,
  gather,
  getEventLoop,
  getRunningLoop,
  iscoroutine,
  Loop,
  run,
  Runner,
  setEventLoop,
  sleep,
  type Task,
} from "heddle/asyncio";
import { ContextVar } from "heddle/contextvars";
import { VirtualClock } from "heddle/testing";
import { inStyle, runOnce, runVirtual, STYLES } from "../../support/asyncio/both-styles.ts";
import { captureErrorOutputWhile } from "../../support/error-output.ts";
import { runProgram } from "../../support/program.ts";

/** What only JavaScript can pass. */
function wrong(value: unknown): never {
  return value as never;
}

/** A loop that keeps what its exception handler is told. */
function listeningLoop(): { loop: Loop; reports: ExceptionContext[] } {
  const loop = new Loop({ clock: new VirtualClock() });
  const reports: ExceptionContext[] = [];
  loop.setExceptionHandler((_, context) => reports.push(context));
  return { loop, reports };
}

for (const style of STYLES) {
  const { co, spawn } = inStyle(style);

  describe(`asyncio.run, ${style.name}`, () => {
    it("RN-001 run: returns the result, or throws the error", async () => {
      const main = co(function* () {
        return (yield sleep(0, 42)) as number;
      });
      assert.equal(await run(main), 42);
      const failing = co(function* () {
        yield sleep(0);
        throw new RangeError("no");
      });
      await assert.rejects(run(failing), RangeError);
    });

    it("RN-004 run: within a loop throws RuntimeError", async () => {
      await run(
        co(function* () {
          const rejection = run(sleep(0)).then(
            () => undefined,
            (error: unknown) => error,
          );
          const future = new Future<unknown>();
          void rejection.then((error) => future.setResult(error));
          assert.ok((yield future) instanceof RuntimeError);
        }),
      );
    });

    it("RN-005 run: cancels and awaits what is left when the main task ends", async () => {
      let isCleanedUp = false;
      let left: Task<void> | undefined;
      await run(
        co(function* () {
          left = spawn(function* () {
            try {
              yield sleep(100_000);
            } finally {
              yield sleep(1);
              isCleanedUp = true;
            }
          });
          yield sleep(0);
        }),
      );
      assert.ok(left?.cancelled());
      assert.ok(isCleanedUp);
    });

    it("RN-015 Runner: what one run sets in the context, the next one sees", async () => {
      const variable = new ContextVar("variable", { default: 0 });
      const runner = new Runner();
      const add = co(function* () {
        yield sleep(0);
        variable.set(variable.get() + 1);
        return variable.get();
      });
      assert.deepEqual([await runner.run(add), await runner.run(add)], [1, 2]);
      await runner.close();
      assert.equal(variable.get(), 0);
    });

    it("RN-016 Runner: run within a loop throws RuntimeError", async () => {
      const runner = new Runner();
      await runner.run(
        co(function* () {
          const future = new Future<unknown>();
          void runner.run(sleep(0)).catch((error: unknown) => future.setResult(error));
          assert.ok((yield future) instanceof RuntimeError);
        }),
      );
      await runner.close();
    });

    it("PN-004 coroutines: one may wait for another that waits for a third", async () => {
      const third = coroutine(function* (): Coroutine<string> {
        return yield* sleep(1, "third");
      });
      const second = coroutine(function* (): Coroutine<string> {
        return `second, ${yield* third()}`;
      });
      assert.equal(
        await run(
          co(function* () {
            return `first, ${(yield second()) as string}`;
          }),
        ),
        "first, second, third",
      );
    });

    it("steps of tasks keep the order of the loop's iterations", async () => {
      const order: string[] = [];
      await runVirtual(
        co(function* () {
          const tasks = ["a", "b"].map((name) =>
            spawn(function* () {
              for (let i = 0; i < 3; i++) {
                order.push(`${name}${i}`);
                yield sleep(0);
              }
            }),
          );
          yield gather(tasks);
        }),
      );
      assert.equal(order.join(" "), "a0 b0 a1 b1 a2 b2");
    });
  });
}

describe("asyncio.run", () => {
  it("RN-002 run: of something else throws TypeError that says what was expected", async () => {
    for (const value of [42, null, {}, Promise.resolve(1)])
      await assert.rejects(
        run(wrong(value)),
        /^TypeError: Cannot create a task: expected a coroutine, got /,
      );
  });

  it("RN-003 run: debug sets the loop's debug mode", async () => {
    const loopFactory = (): Loop => new Loop();
    const isDebug = async (): Promise<boolean> => getRunningLoop().getDebug();
    assert.equal(await run(isDebug, { loopFactory, debug: true }), true);
    assert.equal(await run(isDebug, { loopFactory, debug: false }), false);
    assert.equal(await run(isDebug, { loopFactory }), false);
    assert.equal(await run(isDebug, { debug: true }), true);
    assert.equal(await run(isDebug), false);
  });

  it("RN-008 run: loopFactory is called once, without arguments; its loop is used, and closed", async () => {
    const calls: unknown[][] = [];
    const loop = new Loop();
    const loopFactory = (...args: unknown[]): Loop => {
      calls.push(args);
      return loop;
    };
    assert.equal(await run(async () => getRunningLoop(), { loopFactory }), loop);
    assert.deepEqual(calls, [[]]);
    assert.ok(loop.isClosed());
  });

  it("RN-012 Runner: run of something else throws TypeError", async () => {
    const loop = new Loop();
    const runner = new Runner({ loopFactory: () => loop });
    await assert.rejects(runner.run(wrong(123)), TypeError);
    await assert.rejects(runner.run(wrong(loop.createFuture())), TypeError);
    await runner.close();
  });

  it("RN-013 Runner: closing it twice does no harm", async () => {
    const runner = new Runner();
    await runner.run(sleep(0));
    await runner.close();
    await runner.close();
    await new Runner().close();
  });

  it("RN-014 Runner: a closed one runs nothing", async () => {
    const runner = new Runner();
    await runner.close();
    let hasRun = false;
    await assert.rejects(
      runner.run(async () => {
        hasRun = true;
      }),
      RuntimeError,
    );
    assert.throws(() => runner.getLoop(), RuntimeError);
    assert.equal(hasRun, false);
  });

  it("RN-017 Runner: has one loop for all its runs", async () => {
    let made = 0;
    const loopFactory = (): Loop => {
      made += 1;
      return new Loop();
    };
    const runner = new Runner({ loopFactory });
    const loops = [
      runner.getLoop(),
      await runner.run(async () => getRunningLoop()),
      await runner.run(async () => getRunningLoop()),
    ];
    assert.equal(new Set(loops).size, 1);
    assert.equal(made, 1);
    await runner.close();
  });

  it("RN-019 run: Ctrl-C cancels the main task; if that ends it, KeyboardInterrupt is thrown", () => {
    const program = new URL("../programs/asyncio-interrupts.ts", import.meta.url);
    assert.equal(
      runProgram(program, "once").stdout,
      "cleaned up\nKeyboardInterrupt CancelledError\n",
    );
    assert.equal(runProgram(program, "caught").stdout, "KeyboardInterrupt CancelledError\n");
    // Somebody else has cancelled it, too.
    assert.equal(runProgram(program, "both").stdout, "CancelledError undefined\n");
    const { stdout, status } = runProgram(program, "twice");
    assert.equal(stdout, "resists\n");
    assert.notEqual(status, 0);
  });

  it("runs at the same time share the loop, and have tasks of their own", async () => {
    let other: Task<void> | undefined;
    const first = run(async () => {
      other = createTask(() => sleep(60_000));
      await sleep(10);
      return getRunningLoop();
    });
    const second = run(async () => {
      await sleep(1);
      return getRunningLoop();
    });
    assert.equal(await second, await first);
    assert.ok(other?.cancelled());
  });

  it("a task belongs to the run of the task that made it, whichever run began last", async () => {
    let left: Task<void> | undefined;
    const first = run(async () => {
      await sleep(5);
      left = createTask(() => sleep(60_000));
      await sleep(1);
    });
    let others = 0;
    const second = run(async () => {
      await sleep(8);
      others = allTasks().size;
      await first;
    });
    await Promise.all([first, second]);
    assert.ok(left?.cancelled());
    assert.equal(others, 1);
  });

  it("what waits outside of all runs belongs to none, and outlives them", async () => {
    const outside = (async () => sleep(30, "slept"))();
    await run(async () => {
      const inside = (async () => sleep(0))();
      await inside;
    });
    assert.equal(await outside, "slept");
    const during = run(() => sleep(10));
    const meanwhile = (async () => sleep(30, "slept"))();
    await during;
    assert.equal(await meanwhile, "slept");
  });

  it("SystemExit of a task ends the run at once", async () => {
    for (const options of [{}, { loopFactory: () => new Loop() }]) {
      const ending = run(async () => {
        createTask(async () => {
          throw new SystemExit("enough");
        });
        await sleep(60_000);
      }, options);
      await assert.rejects(ending, SystemExit);
    }
  });

  it("a run that could never end throws DeadlockError rather than end without a word", () => {
    const { stdout } = runProgram(new URL("../programs/asyncio-stuck.ts", import.meta.url));
    assert.equal(stdout, "DeadlockError\n");
  });
});

describe("asyncio.Loop", () => {
  it("EL-001 close: can be repeated; a closed loop does not run", async () => {
    const loop = new Loop();
    assert.equal(loop.isClosed(), false);
    loop.close();
    loop.close();
    assert.ok(loop.isClosed());
    await assert.rejects(loop.runForever(), RuntimeError);
    await assert.rejects(loop.runUntilComplete(loop.createFuture()), RuntimeError);
    assert.throws(() => loop.callSoon(() => {}), RuntimeError);
    assert.throws(() => loop.callLater(1, () => {}), RuntimeError);
  });

  it("EL-003 callSoon: of something that is no function throws TypeError", () => {
    const loop = new Loop();
    assert.throws(() => loop.callSoon(wrong(42)), TypeError);
    assert.throws(() => loop.callLater(1, wrong(undefined)), TypeError);
  });

  it("EL-004 callLater: returns a timer's handle, and needs a number", async () => {
    const loop = new Loop({ clock: new VirtualClock() });
    const handle = loop.callLater(500, () => loop.stop());
    assert.equal(handle.when(), 500);
    assert.throws(() => loop.callLater(wrong(null), () => {}), TypeError);
    assert.throws(() => loop.callAt(wrong(null), () => {}), TypeError);
    assert.throws(() => loop.callLater(NaN, () => {}), RangeError);
    await loop.runForever();
    assert.equal(loop.time(), 500);
  });

  it("EL-006 callAt: calls when the loop's clock shows the time, which never goes back", async () => {
    const clock = new VirtualClock();
    const loop = new Loop({ clock });
    const times: number[] = [];
    loop.callAt(300, () => times.push(loop.time()));
    loop.callAt(100, () => times.push(loop.time()));
    loop.callAt(200, () => times.push(loop.time()));
    loop.callAt(300, () => loop.stop());
    await loop.runForever();
    assert.deepEqual(times, [100, 200, 300]);
    const real = new Loop();
    const startMs = real.time();
    await real.runUntilComplete(sleep(20));
    assert.ok(real.time() - startMs >= 19.9);
  });

  it("EL-008 Handle: a cancelled one is not called; cancelling can be repeated", async () => {
    const loop = new Loop();
    const called: string[] = [];
    const handle = loop.callSoon(() => called.push("cancelled"));
    loop.callSoon(() => called.push("called"));
    assert.equal(handle.cancelled(), false);
    handle.cancel();
    handle.cancel();
    assert.equal(handle.cancelled(), true);
    await runOnce(loop);
    assert.deepEqual(called, ["called"]);
  });

  it("EL-009 callLater: many cancelled timers disturb nobody", async () => {
    const clock = new VirtualClock();
    const loop = new Loop({ clock });
    const order: number[] = [];
    const handles = Array.from({ length: 1000 }, (_, n) => loop.callLater(n, () => order.push(n)));
    for (const [n, handle] of handles.entries()) if (n % 10 !== 0) handle.cancel();
    loop.callLater(1000, () => loop.stop());
    await loop.runForever();
    assert.deepEqual(
      order,
      Array.from({ length: 100 }, (_, n) => n * 10),
    );
  });

  it("EL-010 runUntilComplete: refuses what cannot be waited for, and futures of others", async () => {
    const [loop, other] = [new Loop(), new Loop()];
    await assert.rejects(loop.runUntilComplete(wrong(42)), TypeError);
    await assert.rejects(loop.runUntilComplete(other.createFuture()), RangeError);
    assert.equal(await loop.runUntilComplete(sleep(1, "x")), "x");
  });

  it("EL-012 stop: before runForever has it run exactly one iteration", async () => {
    const loop = new Loop();
    const order: string[] = [];
    loop.callSoon(() => {
      order.push("first");
      loop.callSoon(() => order.push("second"));
    });
    await runOnce(loop);
    assert.deepEqual(order, ["first"]);
    await runOnce(loop);
    assert.deepEqual(order, ["first", "second"]);
    await runOnce(loop);
  });

  it("EL-014 callSoon: an error goes to the exception handler, and the loop goes on", async () => {
    const { loop, reports } = listeningLoop();
    const error = new RangeError("no");
    const handle = loop.callSoon(function broken() {
      throw error;
    });
    let hasGoneOn = false;
    loop.callSoon(() => (hasGoneOn = true));
    await runOnce(loop);
    assert.ok(hasGoneOn);
    assert.deepEqual(reports, [
      { message: "Exception in callback broken", exception: error, handle },
    ]);
  });

  it("EL-015 setExceptionHandler: takes a function or null", () => {
    const loop = new Loop();
    assert.equal(loop.getExceptionHandler(), null);
    const handler = (): void => {};
    loop.setExceptionHandler(handler);
    assert.equal(loop.getExceptionHandler(), handler);
    loop.setExceptionHandler(null);
    assert.equal(loop.getExceptionHandler(), null);
    assert.throws(() => loop.setExceptionHandler(wrong("handler")), TypeError);
  });

  it("EL-016 setExceptionHandler: an error of the handler's is reported, and what it was told", async () => {
    const loop = new Loop();
    loop.setExceptionHandler(() => {
      throw new TypeError("of the handler");
    });
    loop.callSoon(() => {
      throw new RangeError("of the callback");
    });
    const output = await captureErrorOutputWhile(async () => runOnce(loop));
    assert.match(output, /Unhandled error in exception handler\nTypeError: of the handler/);
    assert.match(output, /RangeError: of the callback/);
  });

  it("EL-017 Task: a failure that nobody saw is reported", () => {
    const { stderr } = runProgram(new URL("../programs/asyncio-unread.ts", import.meta.url));
    assert.match(stderr, /Task exception was never retrieved\nRangeError: nobody asked/);
  });

  it("EL-019 createTask: names tasks also where the factory ignores its options", async () => {
    const loop = new Loop();
    const plain = new Loop();
    loop.setTaskFactory((_, work) => plain.createTask(work));
    assert.equal(loop.createTask(sleep(0), { name: "ada" }).getName(), "ada");
    loop.close();
    plain.close();
  });

  it("EL-020 createTask: a closed loop refuses, and closes the coroutine", () => {
    const loop = new Loop();
    loop.close();
    const work = (function* (): Coroutine<void> {
      yield* sleep(0);
    })();
    assert.throws(() => loop.createTask(work), RuntimeError);
    assert.deepEqual(work.next(), { done: true, value: undefined });
  });

  it("EL-025 debug mode: a slow callback is reported", async () => {
    const loop = new Loop();
    loop.slowCallbackDuration = 0;
    const output = await captureErrorOutputWhile(async () => {
      loop.callSoon(function slow() {});
      await runOnce(loop);
      loop.setDebug(true);
      loop.callSoon(function verySlow() {});
      await runOnce(loop);
    });
    assert.match(output, /^Executing <Handle verySlow> took \d+ ms\n {2}made at:\n/);
    assert.equal(output.match(/Executing/g)?.length, 1);
  });

  it("EL-028 getRunningLoop: throws RuntimeError outside of a loop", async () => {
    assert.throws(() => getRunningLoop(), RuntimeError);
    assert.throws(() => getEventLoop(), RuntimeError);
    const loop = new Loop();
    setEventLoop(loop);
    assert.throws(() => getRunningLoop(), RuntimeError);
    setEventLoop(null);
    await loop.runUntilComplete(async () => assert.equal(getRunningLoop(), loop));
  });

  it("a loop leaves timers of the runtime their turn while tasks never pause", async () => {
    const ticks: number[] = [];
    const timer = setInterval(() => ticks.push(performance.now()), 1);
    // Ends only if they have it.
    await run(async () => {
      await createTask(
        (function* (): Coroutine<void> {
          while (ticks.length < 2) yield* sleep(0);
        })(),
      );
    });
    clearInterval(timer);
  });
});

describe("asyncio coroutines", () => {
  const greet = coroutine(function* (name: string): Coroutine<string> {
    return `Hello, ${yield* sleep(1, name)}`;
  });

  it("PN-002 iscoroutine: is true for generators, not for promises", () => {
    function* generator(): Coroutine<void> {}
    assert.equal(iscoroutine(generator()), true);
    assert.equal(iscoroutine(greet("x")), true);
    for (const value of [Promise.resolve(), sleep, {}, null, new Future({ loop: new Loop() })])
      assert.equal(iscoroutine(value), false);
  });

  it("PN-003 runUntilComplete: takes functions, coroutines and operations", async () => {
    const loop = new Loop();
    assert.equal(await loop.runUntilComplete(async () => greet("ada")), "Hello, ada");
    assert.equal(await loop.runUntilComplete(greet("bob")), "Hello, bob");
    assert.equal(await loop.runUntilComplete(sleep(0, "x")), "x");
    loop.close();
  });

  it("run nothing until they are waited for", async () => {
    let hasRun = false;
    const work = coroutine(function* (): Coroutine<void> {
      hasRun = true;
    });
    const waiting: Awaitable<void> = work();
    assert.equal(hasRun, false);
    await run(async () => waiting);
    assert.equal(hasRun, true);
  });

  it("cancelled before their first step, run nothing at all", async () => {
    await run(async () => {
      let hasRun = false;
      const tasks = [
        createTask(async () => void (hasRun = true)),
        createTask(
          (function* (): Coroutine<void> {
            hasRun = true;
          })(),
        ),
      ];
      for (const task of tasks) task.cancel();
      for (const task of tasks)
        await assert.rejects((async () => task)(), (error) => error instanceof CancelledError);
      assert.equal(hasRun, false);
    });
  });
});
