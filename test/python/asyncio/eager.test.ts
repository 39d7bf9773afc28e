/** Eager tasks. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  allTasks,
  type Coroutine,
  createTask,
  currentTask,
  eagerTaskFactory,
  Future,
  gather,
  getRunningLoop,
  Loop,
  run,
  sleep,
  type Spawnable,
  type Task,
  type TaskFactory,
  type TaskOptions,
} from "heddle/asyncio";
import { ContextVar } from "heddle/contextvars";
import { inStyle, STYLES } from "../../support/asyncio/both-styles.ts";

/** Runs a coroutine on a loop of its own, whose tasks are eager. */
async function runEagerly<T>(main: () => Coroutine<T> | Promise<T>): Promise<T> {
  const loopFactory = (): Loop => {
    const loop = new Loop();
    loop.setTaskFactory(eagerTaskFactory);
    return loop;
  };
  return run(main, { loopFactory });
}

for (const style of STYLES) {
  const { co, spawn } = inStyle(style);

  describe(`eager tasks, ${style.name}`, () => {
    it("EG-003 eager task: a future that its first step sets can be waited for at once", async () => {
      await runEagerly(
        co(function* () {
          const future = new Future<number>();
          spawn(function* () {
            future.setResult(42);
          });
          assert.equal(future.result(), 42);
          assert.equal(yield future, 42);
        }),
      );
    });

    it("EG-004 eager task: one that waits is pending, and finishes later", async () => {
      await runEagerly(
        co(function* () {
          let hasBegun = false;
          const task = spawn(function* () {
            hasBegun = true;
            yield sleep(1);
            return "x";
          });
          assert.ok(hasBegun && !task.done());
          assert.equal(yield task, "x");
        }),
      );
    });

    it("EG-007 eager task: it is the current task in its first step, and the creator afterwards", async () => {
      await runEagerly(
        co(function* () {
          const creator = currentTask();
          const seen: unknown[] = [];
          const task = spawn(function* () {
            seen.push(currentTask());
            yield sleep(1);
            seen.push(currentTask());
          });
          assert.equal(currentTask(), creator);
          yield task;
          assert.equal(currentTask(), creator);
          assert.deepEqual(seen, [task, task]);
        }),
      );
    });

    it("EG-008 eager task: it is among all tasks until it is done", async () => {
      await runEagerly(
        co(function* () {
          let wasListed = false;
          const task = spawn(function* () {
            wasListed = [...allTasks()].includes(currentTask() as Task<unknown>);
            yield sleep(1);
          });
          assert.ok(wasListed && allTasks().has(task));
          yield task;
          assert.equal(allTasks().has(task), false);
        }),
      );
    });

    it("EG-009 eager task: its first step runs in a copy of the creator's context", async () => {
      const variable = new ContextVar("variable", { default: 0 });
      await runEagerly(
        co(function* () {
          const task = spawn(function* () {
            variable.set(1);
            yield sleep(1);
            return variable.get();
          });
          assert.equal(variable.get(), 0);
          assert.equal(yield task, 1);
          assert.equal(variable.get(), 0);
        }),
      );
    });

    it("EG-014 eager task: eagerStart decides, whatever the factory", async () => {
      for (const runner of [run, runEagerly]) {
        await runner(
          co(function* () {
            for (const eagerStart of [true, false]) {
              let hasBegun = false;
              const task = spawn(
                function* () {
                  hasBegun = true;
                },
                { eagerStart },
              );
              assert.equal(hasBegun, eagerStart);
              yield task;
            }
          }),
        );
      }
    });
  });
}

describe("eager tasks", () => {
  /** Counts the tasks that are not done when they have been made. */
  function countingFactory(counts: { scheduled: number }, make: TaskFactory): TaskFactory {
    return <T>(loop: Loop, coroutine: Spawnable<T>, options?: TaskOptions): Task<T> => {
      const task = make(loop, coroutine, options);
      if (!task.done()) counts.scheduled += 1;
      return task;
    };
  }

  it("EG-001 eager task: getTaskFactory returns the factory that was set", () => {
    const loop = new Loop();
    assert.equal(loop.getTaskFactory(), null);
    loop.setTaskFactory(eagerTaskFactory);
    assert.equal(loop.getTaskFactory(), eagerTaskFactory);
    loop.setTaskFactory(null);
    assert.equal(loop.getTaskFactory(), null);
    assert.throws(() => loop.setTaskFactory(42 as never), TypeError);
  });

  it("EG-002 eager task: a coroutine that never waits is done at once", async () => {
    await runEagerly(function* () {
      const done = createTask(
        (function* (): Coroutine<number> {
          return 42;
        })(),
      );
      assert.ok(done.done());
      assert.equal(done.result(), 42);
      const failed = createTask(
        (function* (): Coroutine<number> {
          throw new RangeError("no");
        })(),
      );
      assert.ok(failed.exception() instanceof RangeError);
    });
  });

  it("EG-010 eager task: getCoro of one that is done is undefined", async () => {
    await runEagerly(function* () {
      const task = createTask(
        (function* (): Coroutine<void> {
          yield* doneAlready();
        })(),
      );
      assert.ok(task.done());
      assert.equal(task.getCoro(), undefined);
      function* doneAlready(): Coroutine<void> {}
    });
  });

  it("EG-011 eager task: a chain of waits needs no task of its own", async () => {
    function* chain(depth: number): Coroutine<number> {
      return depth === 0 ? 0 : 1 + (yield* chain(depth - 1));
    }
    const counts = { scheduled: 0 };
    await run(function* () {
      const loop = getRunningLoop();
      loop.setTaskFactory(countingFactory(counts, eagerTaskFactory));
      try {
        assert.equal(yield* createTask(chain(100)), 100);
      } finally {
        loop.setTaskFactory(null);
      }
    });
    assert.equal(counts.scheduled, 0);
  });

  it("EG-013 eager task: nested gatherings schedule no task", async () => {
    function* tree(depth: number): Coroutine<number> {
      if (depth === 0) return 1;
      const leaves = yield* gather(Array.from({ length: 5 }, () => tree(depth - 1)));
      return leaves.reduce((sum, n) => sum + n, 0);
    }
    const counts = { scheduled: 0 };
    await run(function* () {
      const loop = getRunningLoop();
      loop.setTaskFactory(countingFactory(counts, eagerTaskFactory));
      try {
        assert.equal(yield* createTask(tree(4)), 625);
        assert.equal(counts.scheduled, 0);
        loop.setTaskFactory(
          countingFactory(counts, (on, coroutine) =>
            eagerTaskFactory(on, coroutine, { eagerStart: false }),
          ),
        );
        yield* createTask(tree(4));
        assert.equal(counts.scheduled, 781);
      } finally {
        loop.setTaskFactory(null);
      }
    });
  });

  it("EG-015 eager task: the options of createTask reach the factory", async () => {
    await run(async () => {
      const seen: unknown[] = [];
      const loop = getRunningLoop();
      loop.setTaskFactory((on, coroutine, options) => {
        seen.push(options);
        return eagerTaskFactory(on, coroutine, options);
      });
      try {
        const options = { name: "ada", eagerStart: false };
        await createTask(sleep(0), options);
        assert.deepEqual(seen, [options]);
      } finally {
        loop.setTaskFactory(null);
      }
    });
  });
});
