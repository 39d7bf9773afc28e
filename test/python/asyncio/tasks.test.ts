/** Tasks: creating, describing and cancelling them, sleep, contexts. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { CancelledError, RuntimeError, SystemExit } from "heddle";
import {
  allTasks,
  type Coroutine,
  createTask,
  currentTask,
  ensureFuture,
  Future,
  gather,
  getRunningLoop,
  iscoroutinefunction,
  Loop,
  run,
  sleep,
  Task,
} from "heddle/asyncio";
import { Context, ContextVar, copyContext } from "heddle/contextvars";
import { VirtualClock } from "heddle/testing";
import { captureErrorOutput } from "../../support/error-output.ts";
import {
  errorOf,
  inStyle,
  runOnce,
  type Steps,
  STYLES,
} from "../../support/asyncio/both-styles.ts";

/** What only JavaScript can pass. */
function wrong(value: unknown): never {
  return value as never;
}

function* nothing(): Steps<void> {}

for (const style of STYLES) {
  const { co, spawn, main } = inStyle(style);

  describe(`asyncio tasks: creating them, ${style.name}`, () => {
    it("TK-002 Task: names are converted to strings", async () => {
      await main(function* () {
        const task = spawn(nothing, { name: wrong(123) });
        assert.equal(task.getName(), "123");
        task.setName({ toString: () => "an object" });
        assert.equal(task.getName(), "an object");
        yield task;
      });
    });

    it("TK-003 Task: createTask gives it the name", async () => {
      await main(function* () {
        const task = spawn(nothing, { name: "ada" });
        const other = spawn(nothing);
        assert.equal(task.getName(), "ada");
        assert.match(other.getName(), /^Task-\d+$/);
        yield gather([task, other]);
      });
    });

    it("TK-004 Task: the string form tells its state", async () => {
      await main(function* () {
        const task = spawn(
          function* () {
            yield sleep(1000);
          },
          { name: "ada" },
        );
        assert.equal(String(task), '<Task pending name="ada">');
        yield sleep(0);
        yield sleep(0);
        assert.equal(String(task), '<Task pending name="ada" wait_for=<Future pending>>');
        task.cancel();
        assert.equal(String(task), '<Task cancelling name="ada" wait_for=<Future cancelled>>');
        yield* errorOf(task);
        assert.equal(String(task), '<Task cancelled name="ada">');
        const done = spawn(
          function* () {
            return "abc";
          },
          { name: "bob" },
        );
        yield done;
        assert.equal(String(done), '<Task finished name="bob" result="abc">');
        const failed = spawn(
          function* () {
            throw new TypeError("no");
          },
          { name: "eve" },
        );
        yield* errorOf(failed);
        assert.equal(String(failed), '<Task finished name="eve" exception=TypeError("no")>');
      });
    });

    it("TK-006 Task: getLoop gives the loop that it was made on", async () => {
      await main(function* () {
        const task = spawn(nothing);
        assert.equal(task.getLoop(), getRunningLoop());
        yield task;
      });
    });

    it("TK-008 Task: getContext gives the context that was passed", async () => {
      await main(function* () {
        const context = copyContext();
        const task = spawn(nothing, { context });
        assert.equal(task.getContext(), context);
        assert.ok(spawn(nothing).getContext() instanceof Context);
        yield task;
      });
    });

    it("TK-013 ensureFuture: makes a task of a coroutine, on the loop that is given", async () => {
      await main(function* () {
        const task = ensureFuture(co(nothing));
        assert.ok(task instanceof Task);
        assert.equal(task.getLoop(), getRunningLoop());
        yield task;
      });
      const loop = new Loop();
      const task = ensureFuture(co(nothing), { loop });
      assert.equal(task.getLoop(), loop);
      await loop.runUntilComplete(task);
      loop.close();
    });

    it("TK-018 currentTask: is the task, also after awaits, and in between others", async () => {
      await main(function* () {
        const seen: (string | undefined)[] = [];
        const see = function* (): Steps<void> {
          seen.push(currentTask()?.getName());
          yield sleep(0);
          seen.push(currentTask()?.getName());
          yield sleep(10);
          seen.push(currentTask()?.getName());
        };
        const mine = currentTask();
        const tasks = ["a", "b"].map((name) => spawn(see, { name }));
        assert.equal(currentTask(), mine);
        yield gather(tasks);
        assert.equal(currentTask(), mine);
        assert.equal(seen.join(), "a,b,a,b,a,b");
        getRunningLoop().callSoon(() => seen.push(currentTask()?.getName()));
        yield sleep(0);
        assert.equal(seen.at(-1), undefined);
      });
      assert.equal(currentTask(), null);
    });

    it("TK-023 Task: one that waits for itself fails", async () => {
      await main(function* () {
        const task: Task<void> = spawn(function* () {
          yield task;
        });
        const error = yield* errorOf(task);
        assert.ok(error instanceof RuntimeError);
        assert.match(error.message, /would wait for itself/);
      });
    });
  });

  describe(`asyncio tasks: cancelling them, ${style.name}`, () => {
    /** A task that sleeps, and what it catches. */
    function sleeper(onCancelled: (error: unknown) => void = () => {}): Task<void> {
      return spawn(function* () {
        try {
          yield sleep(10_000);
        } catch (error) {
          onCancelled(error);
          throw error;
        }
      });
    }

    it("TK-031 cancel: delivers CancelledError with the message", async () => {
      for (const message of ["why", undefined, null, 42]) {
        await main(function* () {
          let caught: unknown;
          const task = sleeper((error) => (caught = error));
          yield sleep(0);
          task.cancel(message);
          yield* errorOf(task);
          assert.ok(caught instanceof CancelledError);
          assert.equal(caught.msg, message ?? undefined);
          assert.equal("msg" in caught, caught.msg !== undefined);
          if (caught.msg !== undefined) assert.equal(caught.message, String(message));
        });
      }
    });

    it("TK-032 cancel: result() and exception() then throw CancelledError with the message", async () => {
      await main(function* () {
        const task = sleeper();
        yield sleep(0);
        task.cancel("why");
        const error = yield* errorOf(task);
        assert.equal((error as CancelledError).message, "why");
        for (const ask of [() => task.result(), () => task.exception()]) {
          assert.throws(
            ask,
            (thrown) => thrown instanceof CancelledError && thrown.message === "why",
          );
        }
      });
    });

    it("TK-033 cancel: returns true until the task is done", async () => {
      await main(function* () {
        const task = sleeper();
        assert.equal(task.cancel(), true);
        yield* errorOf(task);
        assert.equal(task.cancel(), false);
      });
    });

    it("TK-034 cancel: a task that sleeps ends cancelled, and so does its timer", async () => {
      const clock = new VirtualClock();
      await main(function* () {
        const task = sleeper();
        yield sleep(0);
        task.cancel();
        yield* errorOf(task);
        assert.ok(task.cancelled());
      }, clock);
      assert.equal(clock.time(), 0);
    });

    it("TK-036 cancel: cancels the future that the task waits for, at once", async () => {
      await main(function* () {
        const future = new Future<void>();
        const task = spawn(function* () {
          yield future;
        });
        yield sleep(0);
        task.cancel();
        assert.ok(future.cancelled());
        assert.ok(!task.done());
        yield* errorOf(task);
        assert.ok(task.cancelled());
      });
    });

    it("TK-038 cancel: a task that catches the error and returns is finished", async () => {
      await main(function* () {
        const task = spawn(function* () {
          yield* errorOf(sleep(1000));
          return 42;
        });
        yield sleep(0);
        task.cancel();
        assert.equal(yield task, 42);
        assert.equal(task.cancelled(), false);
        assert.equal(task.cancelling(), 1);
      });
    });

    it("TK-039 cancel: a task that catches the error can wait again", async () => {
      await main(function* () {
        const task = spawn(function* () {
          yield* errorOf(sleep(1000));
          return (yield sleep(5, 42)) as number;
        });
        yield sleep(0);
        task.cancel();
        assert.equal(yield task, 42);
      });
    });

    it("TK-040 cancel: strikes a task that cancels itself at its next wait, even for what is ready", async () => {
      await main(function* () {
        let isReached = false;
        const task = spawn(function* () {
          currentTask()?.cancel();
          const ready = new Future<void>();
          getRunningLoop().callSoon(() => ready.done() || ready.setResult());
          yield ready;
          isReached = true;
        });
        yield* errorOf(task);
        assert.ok(task.cancelled());
        assert.equal(isReached, false);
        const sleepy = spawn(function* () {
          currentTask()?.cancel();
          yield sleep(0);
          isReached = true;
        });
        yield* errorOf(sleepy);
        assert.equal(isReached, false);
      });
    });

    it("TK-041 cancel: a task that cancels itself and returns ends cancelled", async () => {
      await main(function* () {
        const task = spawn(function* () {
          currentTask()?.cancel();
          return 1;
        });
        yield* errorOf(task);
        assert.ok(task.cancelled());
      });
    });

    it("TK-042 cancel: what a task waits for that has cancelled itself is cancelled too", async () => {
      await main(function* () {
        const future = new Future<void>();
        const inner = spawn(function* () {
          yield future;
        });
        yield sleep(0);
        const outer = spawn(function* () {
          currentTask()?.cancel();
          yield inner;
        });
        yield* errorOf(outer);
        assert.ok(future.cancelled() && inner.cancelled() && outer.cancelled());
      });
    });

    it("TK-044 cancel: SystemExit, thrown on a cancellation, is the task's and ends the run", async () => {
      let task: Task<void> | undefined;
      const running = main(function* () {
        task = spawn(function* () {
          try {
            yield sleep(10_000);
          } catch {
            throw new SystemExit("enough");
          }
        });
        yield sleep(0);
        task.cancel();
        yield sleep(10_000);
      });
      await assert.rejects(running, SystemExit);
      assert.ok(task?.exception() instanceof SystemExit);
    });

    it("TK-045 cancel: cancelling counts the requests that were not taken back", async () => {
      await main(function* () {
        const task = spawn(function* () {
          yield* errorOf(sleep(1000));
          yield sleep(1000);
        });
        yield sleep(0);
        assert.equal(task.cancelling(), 0);
        assert.doesNotMatch(String(task), /cancelling/);
        task.cancel();
        assert.equal(task.cancelling(), 1);
        assert.match(String(task), /cancelling/);
        yield sleep(0);
        task.cancel();
        assert.equal(task.cancelling(), 2);
        assert.equal(task.uncancel(), 1);
        assert.equal(task.uncancel(), 0);
        assert.equal(task.uncancel(), 0);
        yield* errorOf(task);
      });
    });

    it("TK-046 cancel: a second request before the first took effect returns true as well", async () => {
      await main(function* () {
        const task = sleeper();
        yield sleep(0);
        assert.equal(task.cancel(), true);
        assert.equal(task.cancel(), true);
        assert.equal(task.cancelling(), 2);
        yield* errorOf(task);
      });
    });

    it("cancel: the error that ended the task is thrown, as it is, to the first who asks", async () => {
      await main(function* () {
        const thrown = new CancelledError("of its own");
        const task = spawn(function* () {
          yield sleep(0);
          throw thrown;
        });
        assert.equal(yield* errorOf(task), thrown);
        assert.ok(task.cancelled());
        const again = yield* errorOf(task);
        assert.notEqual(again, thrown);
        assert.equal((again as Error).message, "of its own");
      });
    });

    it("cancel: of itself does not strike a task that waits for one that ignores it", async () => {
      await main(function* () {
        const stubborn = spawn(function* () {
          yield* errorOf(sleep(1000));
          return "anyway";
        });
        yield sleep(0);
        const task = spawn(function* () {
          currentTask()?.cancel();
          return (yield stubborn) as string;
        });
        assert.equal(yield task, "anyway");
        const direct = spawn(function* () {
          yield* errorOf(sleep(1000));
          return "anyway";
        });
        const waiting = spawn(function* () {
          return (yield direct) as string;
        });
        yield sleep(1);
        waiting.cancel();
        assert.equal(yield waiting, "anyway");
        assert.equal(waiting.cancelling(), 1);
      });
    });

    it("cancel: a second one interrupts the cleanup", async () => {
      await main(function* () {
        const log: string[] = [];
        const task = spawn(function* () {
          try {
            yield sleep(1000);
          } finally {
            log.push("cleaning up");
            yield sleep(1000);
            log.push("cleaned up");
          }
        });
        yield sleep(1);
        task.cancel();
        yield sleep(1);
        task.cancel();
        yield* errorOf(task);
        assert.deepEqual(log, ["cleaning up"]);
      });
    });

    it("TK-048 uncancel: leaves a cancelled task cancelled", async () => {
      await main(function* () {
        const task = sleeper();
        yield sleep(0);
        task.cancel();
        yield* errorOf(task);
        assert.equal(task.uncancel(), 0);
        assert.ok(task.cancelled());
      });
    });

    it("TK-049 uncancel: down to zero before the error was delivered, takes it back", async () => {
      await main(function* () {
        const task = spawn(function* () {
          yield sleep(0);
          return "undisturbed";
        });
        task.cancel();
        assert.equal(task.uncancel(), 0);
        assert.equal(yield task, "undisturbed");
      });
    });

    it("TK-051 cancel: another error keeps the CancelledError as its cause", async () => {
      await main(function* () {
        const task = spawn(function* () {
          try {
            yield sleep(1000);
          } catch (error) {
            throw new RangeError("other", { cause: error });
          }
        });
        yield sleep(0);
        task.cancel();
        const error = yield* errorOf(task);
        assert.ok((error as Error).cause instanceof CancelledError);
      });
    });

    it("TK-052 cancel: of a task that is waited for is an error that the waiter may catch", async () => {
      await main(function* () {
        const inner = sleeper();
        getRunningLoop().callLater(10, () => inner.cancel());
        const error = yield* errorOf(inner);
        assert.ok(error instanceof CancelledError);
        assert.equal(currentTask()?.cancelling(), 0);
        yield sleep(1);
      });
    });

    it("TK-053 gather: cancelling it when its children are done returns false", async () => {
      await main(function* () {
        const children = [1, 2].map((n) =>
          spawn(function* () {
            return n;
          }),
        );
        const gathering = gather(children);
        yield sleep(0);
        assert.ok(children.every((child) => child.done()));
        assert.equal(gathering.cancel(), false);
        assert.deepEqual(yield gathering, [1, 2]);
      });
    });
  });

  describe(`asyncio.sleep, ${style.name}`, () => {
    it("TK-055 sleep: returns the result after the delay", async () => {
      const clock = new VirtualClock();
      assert.equal(
        await main(function* () {
          return (yield sleep(5000, "yeah")) as string;
        }, clock),
        "yeah",
      );
      assert.equal(clock.time(), 5000);
    });

    it("TK-056 sleep(0): lets exactly what is scheduled run once", async () => {
      const order: string[] = [];
      await main(function* () {
        const loop = getRunningLoop();
        loop.callSoon(() => {
          order.push("first");
          loop.callSoon(() => order.push("second"));
        });
        yield sleep(0);
        order.push("slept");
        yield sleep(0);
        order.push("slept again");
      });
      assert.deepEqual(order, ["first", "slept", "second", "slept again"]);
    });

    it("TK-057 sleep: a negative delay is like none", async () => {
      const clock = new VirtualClock();
      await main(function* () {
        yield sleep(-10);
      }, clock);
      assert.equal(clock.time(), 0);
    });
  });

  describe(`contexts of asyncio tasks, ${style.name}`, () => {
    it("TK-109 context: a task runs in a copy of its creator's", async () => {
      const variable = new ContextVar<string>("variable");
      await main(function* () {
        variable.set("before");
        const task = spawn(function* () {
          const seen = [variable.get()];
          yield sleep(0);
          seen.push(variable.get());
          variable.set("in the task");
          yield sleep(1);
          seen.push(variable.get());
          return seen;
        });
        variable.set("after");
        assert.deepEqual(yield task, ["before", "before", "in the task"]);
        assert.equal(variable.get(), "after");
      });
      assert.equal(variable.get("none"), "none");
    });

    it("TK-110 context: a done callback changes a copy of its own, and tasks keep theirs", async () => {
      const variable = new ContextVar("variable", { default: 0 });
      await main(function* () {
        const task = spawn(function* () {
          variable.set(1);
          yield sleep(1);
          assert.equal(variable.get(), 1);
        });
        const context = copyContext();
        task.addDoneCallback(() => variable.set(10), { context });
        yield task;
        yield sleep(0);
        assert.equal(variable.get(), 0);
        assert.equal(context.get(variable), 10);
      });
    });

    it("TK-111 context: a hundred tasks see only their own values", async () => {
      const variable = new ContextVar("variable", { default: 0 });
      await main(function* () {
        const tasks = Array.from({ length: 100 }, (_, n) =>
          spawn(function* () {
            variable.set(n);
            for (let i = 0; i < 5; i++) {
              yield sleep((n * 7 + i) % 3);
              assert.equal(variable.get(), n);
              variable.set(variable.get());
            }
          }),
        );
        yield gather(tasks);
      });
    });
  });
}

describe("asyncio tasks", () => {
  it("TK-007 Task: getCoro gives the coroutine that it runs", async () => {
    await run(async () => {
      const generator = (function* (): Coroutine<void> {
        yield* sleep(0);
      })();
      const task = createTask(generator);
      assert.equal(task.getCoro(), generator);
      await task;
      const asyncFunction = async (): Promise<void> => {};
      assert.equal(createTask(asyncFunction).getCoro(), asyncFunction);
    });
  });

  it("TK-009 createTask: refuses what is no coroutine, and says what it was given", async () => {
    await run(async () => {
      for (const value of [42, null, undefined, {}, "text"])
        assert.throws(() => createTask(wrong(value)), TypeError);
      assert.throws(() => createTask(wrong(42)), /number: a coroutine or a function is needed/);
      assert.throws(() => createTask(wrong(Promise.resolve(1))), /a promise: .* runs already/);
      assert.throws(() => createTask(wrong(new Future())), /ensureFuture/);
      assert.equal(allTasks().size, 1);
    });
  });

  it("TK-010 createTask: takes an object with the methods of a coroutine", async () => {
    await run(async () => {
      const steps = [{ done: false }, { done: true, value: 42 }];
      const duck = {
        next: () => steps.shift(),
        throw: (error: unknown) => {
          throw error;
        },
      };
      assert.equal(await createTask<number>(wrong(duck)), 42);
    });
  });

  it("TK-012 Task: a coroutine that returns a future has that as its result", async () => {
    await run(async () => {
      const future = new Future<number>();
      const task = createTask(
        (function* (): Coroutine<Future<number>> {
          yield* sleep(0);
          return future;
        })(),
      );
      await sleep(0);
      await sleep(0);
      await sleep(0);
      assert.equal(task.result(), future);
    });
  });

  it("TK-014 ensureFuture: of a coroutine needs a loop", () => {
    assert.throws(() => ensureFuture(sleep(1)), RuntimeError);
  });

  it("TK-016 ensureFuture: makes a task of anything that can be waited for", async () => {
    await run(async () => {
      for (const awaitable of [sleep(1, "x"), Promise.resolve("x"), async () => "x"]) {
        const task = ensureFuture(awaitable);
        assert.ok(task instanceof Task);
        assert.equal(await task, "x");
      }
    });
  });

  it("TK-017 ensureFuture: refuses what cannot be waited for", async () => {
    await run(async () => {
      for (const value of [42, null, "text", {}])
        assert.throws(() => ensureFuture(wrong(value)), TypeError);
    });
  });

  it("TK-025 iscoroutinefunction: is true for generator functions and async functions", () => {
    assert.equal(
      iscoroutinefunction(async () => {}),
      true,
    );
    assert.equal(
      iscoroutinefunction(function* () {}),
      true,
    );
    assert.equal(
      iscoroutinefunction(() => {}),
      false,
    );
    assert.equal(
      iscoroutinefunction(async function* () {}),
      false,
    );
  });

  it("TK-027 getStack: names the functions in which a task waits", async () => {
    await run(async () => {
      function* inner(): Coroutine<void> {
        yield* sleep(1000);
      }
      function* outer(): Coroutine<void> {
        yield* inner();
      }
      const task = createTask(outer());
      assert.deepEqual(task.getStack(), []);
      await sleep(0);
      for (let i = 0; i < 2; i++) {
        const stack = task.getStack();
        assert.deepEqual(
          stack.map((frame) => frame.name),
          ["inner", "outer"],
        );
        assert.match(stack[0]?.file ?? "", /asyncio.tasks\.test/);
        assert.equal(task.getStack({ limit: 1 })[0]?.name, "outer");
      }
      const output = captureErrorOutput(() => task.printStack());
      assert.match(
        output,
        /^Stack for <Task pending .*>\n {2}File ".*", line \d+, in outer\n.* in inner\n$/,
      );
      task.cancel();
    });
  });

  it("TK-028 createTask: if the factory fails the error passes, and no task is listed", async () => {
    await run(async () => {
      const loop = getRunningLoop();
      loop.setTaskFactory(() => {
        throw new RangeError("no");
      });
      try {
        assert.throws(() => createTask(sleep(1)), RangeError);
      } finally {
        loop.setTaskFactory(null);
      }
      assert.equal(allTasks().size, 1);
    });
  });

  it("TK-118 loop: stop() ends runUntilComplete; the task can be gone on with later", async () => {
    const loop = new Loop({ clock: new VirtualClock() });
    const task = loop.createTask(sleep(1000, "done"));
    loop.callSoon(() => loop.stop());
    await assert.rejects(loop.runUntilComplete(task), /^RuntimeError: .*stopped before/);
    assert.equal(task.done(), false);
    await runOnce(loop);
    assert.equal(await loop.runUntilComplete(task), "done");
    loop.close();
  });
});
