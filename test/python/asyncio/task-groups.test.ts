/** TaskGroup, and blocks in general. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { CancelledError, ExceptionGroup, RuntimeError, SystemExit } from "heddle";
import {
  type Coroutine,
  currentTask,
  Future,
  getRunningLoop,
  run,
  sleep,
  type Task,
  TaskGroup,
  taskGroup,
} from "heddle/asyncio";
import { ContextVar, copyContext } from "heddle/contextvars";
import { errorOf, inStyle, type Steps, STYLES } from "../../support/asyncio/both-styles.ts";

/** The names of the errors in a group, of groups within as arrays. */
function names(error: unknown): unknown {
  if (!(error instanceof ExceptionGroup)) return (error as Error).name;
  return error.exceptions.map(names);
}

for (const style of STYLES) {
  const { spawn, main } = inStyle(style);

  /** A block's body, in the style. */
  function body<T>(steps: (group: TaskGroup) => Steps<T>) {
    return ((group: TaskGroup) => style.co(steps, group)()) as (
      group: TaskGroup,
    ) => Coroutine<T> | Promise<T>;
  }

  const pause = style.co(function* () {
    yield sleep(100_000);
  });

  function* failingAfter(ms: number, error: Error): Steps<never> {
    yield sleep(ms);
    throw error;
  }

  describe(`asyncio.TaskGroup, ${style.name}`, () => {
    it("TG-001 TaskGroup: waits for all tasks; their results are there afterwards", async () => {
      await main(function* () {
        const tasks: Task<unknown>[] = [];
        const result = yield taskGroup(
          body(function* (group) {
            tasks.push(group.createTask(sleep(10, "a")), group.createTask(sleep(20, "b")));
            return "of the body";
          }),
        );
        assert.equal(result, "of the body");
        assert.deepEqual(
          tasks.map((task) => task.result()),
          ["a", "b"],
        );
      });
    });

    it("TG-003 TaskGroup: cancelling one child disturbs nobody", async () => {
      await main(function* () {
        yield taskGroup(
          body(function* (group) {
            const child = group.createTask(pause);
            const other = group.createTask(sleep(10, "b"));
            yield sleep(1);
            child.cancel();
            yield* errorOf(child);
            assert.equal(yield other, "b");
          }),
        );
        assert.equal(currentTask()?.cancelling(), 0);
      });
    });

    it("TG-004 TaskGroup: if a child fails, its siblings are cancelled, and the group throws", async () => {
      await main(function* () {
        let sibling: Task<void> | undefined;
        const error = yield* errorOf(
          taskGroup(
            body(function* (group) {
              group.createTask(style.co(failingAfter, 10, new RangeError("no")));
              sibling = group.createTask(pause);
            }),
          ),
        );
        assert.deepEqual(names(error), ["RangeError"]);
        assert.ok(sibling?.cancelled());
        assert.equal(currentTask()?.cancelling(), 0);
      });
    });

    it("TG-005 TaskGroup: if several fail, siblings and body are cancelled; only the errors are told", async () => {
      await main(function* () {
        let isCancelled = false;
        const error = yield* errorOf(
          taskGroup(
            body(function* (group) {
              group.createTask(style.co(failingAfter, 10, new RangeError("no")));
              group.createTask(
                style.co(function* () {
                  yield* errorOf(sleep(1000));
                  throw new TypeError("in the cleanup");
                }),
              );
              group.createTask(pause);
              try {
                yield sleep(1000);
              } catch (thrown) {
                isCancelled = thrown instanceof CancelledError;
                throw thrown;
              }
            }),
          ),
        );
        assert.ok(isCancelled);
        assert.deepEqual(names(error), ["RangeError", "TypeError"]);
        assert.equal(currentTask()?.cancelling(), 0);
      });
    });

    it("TG-007 TaskGroup: the body gets a cancellation of the parent, and may clean up", async () => {
      await main(function* () {
        let hasCleanedUp = false;
        let child: Task<void> | undefined;
        const parent = spawn(function* () {
          yield taskGroup(
            body(function* (group) {
              child = group.createTask(pause);
              try {
                yield sleep(1000);
              } finally {
                yield sleep(1);
                hasCleanedUp = true;
              }
            }),
          );
        });
        yield sleep(1);
        parent.cancel();
        yield* errorOf(parent);
        assert.ok(hasCleanedUp && parent.cancelled() && child?.cancelled());
      });
    });

    it("TG-008 TaskGroup: if children fail on a cancellation, their errors come out", async () => {
      await main(function* () {
        const parent = spawn(function* () {
          yield taskGroup(
            body(function* (group) {
              group.createTask(
                style.co(function* () {
                  yield* errorOf(sleep(1000));
                  throw new RangeError("in the cleanup");
                }),
              );
              yield sleep(1000);
            }),
          );
        });
        yield sleep(1);
        parent.cancel();
        assert.deepEqual(names(yield* errorOf(parent)), ["RangeError"]);
      });
    });

    it("TG-009 TaskGroup: if the body fails, children are cancelled, and its error is in the group", async () => {
      for (const ms of [0, 10]) {
        await main(function* () {
          let child: Task<void> | undefined;
          const error = yield* errorOf(
            taskGroup(
              body(function* (group) {
                child = group.createTask(pause);
                if (ms > 0) yield sleep(ms);
                throw new RangeError("of the body");
              }),
            ),
          );
          assert.deepEqual(names(error), ["RangeError"]);
          assert.ok(child?.cancelled());
        });
      }
    });

    it("TG-010 TaskGroup: an inner failure during an outer cancellation gives a group in a group", async () => {
      await main(function* () {
        const parent = spawn(function* () {
          yield taskGroup(
            body(function* (outer) {
              outer.createTask(
                style.co(function* () {
                  yield taskGroup(
                    body(function* (inner) {
                      inner.createTask(
                        style.co(function* () {
                          yield* errorOf(sleep(1000));
                          throw new RangeError("no");
                        }),
                      );
                    }),
                  );
                }),
              );
              yield sleep(1000);
            }),
          );
        });
        yield sleep(1);
        parent.cancel();
        assert.deepEqual(names(yield* errorOf(parent)), [["RangeError"]]);
      });
    });

    it("TG-012 TaskGroup: an inner child's error leaves the outer group nested", async () => {
      await main(function* () {
        const error = yield* errorOf(
          taskGroup(
            body(function* () {
              yield taskGroup(
                body(function* (inner) {
                  inner.createTask(style.co(failingAfter, 1, new RangeError("no")));
                }),
              );
            }),
          ),
        );
        assert.deepEqual(names(error), [["RangeError"]]);
      });
    });

    it("TG-014 TaskGroup: an error of a child that handles its cancellation is collected in a nested task", async () => {
      await main(function* () {
        const error = yield* errorOf(
          taskGroup(
            body(function* (outer) {
              outer.createTask(
                style.co(function* () {
                  yield taskGroup(
                    body(function* (inner) {
                      inner.createTask(
                        style.co(function* () {
                          yield* errorOf(sleep(1000));
                          throw new TypeError("in the cleanup");
                        }),
                      );
                      yield sleep(1);
                      throw new RangeError("no");
                    }),
                  );
                }),
              );
            }),
          ),
        );
        assert.deepEqual(names(error), [["TypeError", "RangeError"]]);
      });
    });

    it("TG-015 TaskGroup: an empty group whose body is cancelled throws CancelledError", async () => {
      await main(function* () {
        const parent = spawn(function* () {
          yield taskGroup(
            body(function* () {
              yield sleep(1000);
            }),
          );
        });
        yield sleep(1);
        parent.cancel("why");
        assert.equal(((yield* errorOf(parent)) as Error).message, "why");
        assert.ok(parent.cancelled());
      });
    });

    it("TG-016 TaskGroup: an empty group whose body makes another error of it throws a group", async () => {
      await main(function* () {
        const parent = spawn(function* () {
          yield taskGroup(
            body(function* () {
              yield* errorOf(sleep(1000));
              throw new RangeError("other");
            }),
          );
        });
        yield sleep(1);
        parent.cancel();
        assert.deepEqual(names(yield* errorOf(parent)), ["RangeError"]);
      });
    });

    it("TG-017 TaskGroup: errors of a child and of the body are both in the group", async () => {
      await main(function* () {
        const error = yield* errorOf(
          taskGroup(
            body(function* (group) {
              group.createTask(style.co(failingAfter, 1, new RangeError("of the child")));
              yield* errorOf(sleep(1000));
              throw new TypeError("of the body");
            }),
          ),
        );
        assert.deepEqual(names(error), ["RangeError", "TypeError"]);
        assert.equal(currentTask()?.cancelling(), 0);
      });
    });

    it("TG-018 TaskGroup: SystemExit leaves as it is; everything else in a group", async () => {
      await main(function* () {
        const error = yield* errorOf(
          taskGroup(
            body(function* () {
              throw new SystemExit("enough");
            }),
          ),
        );
        assert.ok(error instanceof SystemExit);
      });
    });

    it("TG-020 TaskGroup: finished tasks are dropped while it runs", async () => {
      await main(function* () {
        yield taskGroup(
          body(function* (group) {
            group.createTask(sleep(1));
            group.createTask(sleep(50));
            assert.equal(String(group), "<TaskGroup entered tasks=2>");
            yield sleep(10);
            assert.equal(String(group), "<TaskGroup entered tasks=1>");
          }),
        );
      });
    });

    it("TG-021 TaskGroup: children may add children after the body is over", async () => {
      await main(function* () {
        let grandchild: Task<string> | undefined;
        yield taskGroup(
          body(function* (group) {
            group.createTask(
              style.co(function* () {
                yield sleep(10);
                grandchild = group.createTask(sleep(10, "x"));
              }),
            );
          }),
        );
        assert.equal(grandchild?.result(), "x");
      });
    });

    it("TG-023 TaskGroup: createTask names the task", async () => {
      await main(function* () {
        yield taskGroup(
          body(function* (group) {
            assert.equal(group.createTask(sleep(1), { name: "ada" }).getName(), "ada");
          }),
        );
      });
    });

    it("TG-024 TaskGroup: createTask takes a context", async () => {
      const variable = new ContextVar<number>("variable");
      await main(function* () {
        const context = copyContext();
        yield taskGroup(
          body(function* (group) {
            group.createTask(
              style.co(function* () {
                variable.set(42);
              }),
              { context },
            );
          }),
        );
        assert.equal(context.get(variable), 42);
      });
    });

    it("TG-025 TaskGroup: createTask throws RuntimeError after a failure", async () => {
      await main(function* () {
        const error = yield* errorOf(
          taskGroup(
            body(function* (group) {
              group.createTask(style.co(failingAfter, 1, new RangeError("no")));
              yield* errorOf(sleep(1000));
              assert.throws(() => group.createTask(sleep(1)), /^RuntimeError: .*shutting down/);
            }),
          ),
        );
        assert.deepEqual(names(error), ["RangeError"]);
      });
    });

    it("TG-027 TaskGroup: entering it twice throws RuntimeError, nested or not", async () => {
      await main(function* () {
        const group = new TaskGroup();
        const nested = group.run(
          body(function* () {
            yield group.run(body(function* () {}));
          }),
        );
        assert.deepEqual(names(yield* errorOf(nested)), ["RuntimeError"]);
        const error = yield* errorOf(group.run(body(function* () {})));
        assert.match(String(error), /^RuntimeError: .*has already been entered/);
        assert.throws(() => group.createTask(sleep(1)), /^RuntimeError: .*is finished/);
      });
    });

    it("TG-029 TaskGroup: createTask before entering throws RuntimeError", async () => {
      await main(function* () {
        assert.throws(
          () => new TaskGroup().createTask(sleep(1)),
          /^RuntimeError: .*has not been entered/,
        );
      });
    });

    it("TG-033 TaskGroup: if inner and outer group both cancel the parent, the count is right", async () => {
      await main(function* () {
        const counts: (number | undefined)[] = [];
        const error = yield* errorOf(
          taskGroup(
            body(function* (outer) {
              const inner = yield* errorOf(
                taskGroup(
                  body(function* (group) {
                    group.createTask(style.co(failingAfter, 10, new RangeError("inner")));
                    outer.createTask(style.co(failingAfter, 10, new TypeError("outer")));
                    yield sleep(1000);
                  }),
                ),
              );
              counts.push(currentTask()?.cancelling());
              assert.deepEqual(names(inner), ["RangeError"]);
              yield* errorOf(sleep(1000));
            }),
          ),
        );
        counts.push(currentTask()?.cancelling());
        assert.deepEqual(names(error), ["TypeError"]);
        assert.deepEqual(counts, [1, 0]);
      });
    });

    it("TG-034 TaskGroup: a cancellation from outside, while a child fails, strikes after the group", async () => {
      await main(function* () {
        let error: unknown;
        let second: unknown;
        const parent = spawn(function* () {
          error = yield* errorOf(
            taskGroup(
              body(function* (group) {
                group.createTask(
                  style.co(function* () {
                    yield* errorOf(sleep(1000));
                    throw new RangeError("no");
                  }),
                );
                yield sleep(1000);
              }),
            ),
          );
          assert.equal(currentTask()?.cancelling(), 1);
          second = yield* errorOf(sleep(1000));
          assert.equal(currentTask()?.cancelling(), 1);
        });
        yield sleep(1);
        parent.cancel();
        yield parent;
        assert.deepEqual(names(error), ["RangeError"]);
        assert.ok(second instanceof CancelledError);
      });
    });

    it("TG-035 TaskGroup: a child that makes a failing sibling while it is being made is cancelled", async () => {
      await main(function* () {
        let child: Task<void> | undefined;
        const error = yield* errorOf(
          taskGroup(
            body(function* (group) {
              child = group.createTask(
                style.co(function* () {
                  group.createTask(
                    style.co(function* () {
                      throw new RangeError("no");
                    }),
                    { eagerStart: true },
                  );
                  yield sleep(1000);
                }),
                { eagerStart: true },
              );
              yield sleep(1000);
            }),
          ),
        );
        assert.deepEqual(names(error), ["RangeError"]);
        assert.ok(child?.cancelled());
      });
    });

    it("TG-036 TaskGroup: createTask passes other options on", async () => {
      await main(function* () {
        let hasBegun = false;
        yield taskGroup(
          body(function* (group) {
            group.createTask(
              style.co(function* () {
                hasBegun = true;
                yield sleep(1);
              }),
              { eagerStart: true },
            );
            assert.ok(hasBegun);
          }),
        );
      });
    });
  });

  describe(`asyncio.TaskGroup.cancel, ${style.name}`, () => {
    it("ends body and children without an error", async () => {
      await main(function* () {
        let child: Task<void> | undefined;
        let isReached = false;
        yield taskGroup(
          body(function* (group) {
            child = group.createTask(pause);
            yield sleep(1);
            group.cancel();
            yield sleep(1000);
            isReached = true;
          }),
        );
        assert.ok(child?.cancelled());
        assert.equal(isReached, false);
        assert.equal(currentTask()?.cancelling(), 0);
        yield sleep(1);
      });
    });

    it("works from a child, before the group is entered, and not after it", async () => {
      await main(function* () {
        yield taskGroup(
          body(function* (group) {
            group.createTask(
              style.co(function* () {
                yield sleep(5);
                group.cancel();
              }),
            );
            group.createTask(pause);
          }),
        );
        const group = new TaskGroup();
        group.cancel();
        yield group.run(
          body(function* () {
            yield sleep(1000);
            throw new Error("reached");
          }),
        );
        group.cancel();
        yield sleep(1);
        assert.equal(currentTask()?.cancelling(), 0);
      });
    });

    it("lets a cancellation from outside pass", async () => {
      await main(function* () {
        const parent = spawn(function* () {
          yield taskGroup(
            body(function* (group) {
              group.createTask(
                style.co(function* () {
                  yield* errorOf(sleep(1000));
                  yield sleep(10);
                }),
              );
              yield sleep(1);
              group.cancel();
            }),
          );
        });
        yield sleep(2);
        parent.cancel();
        yield* errorOf(parent);
        assert.ok(parent.cancelled());
      });
    });
  });
}

describe("asyncio.TaskGroup", () => {
  it("TG-030 TaskGroup: entering it in no task throws RuntimeError", async () => {
    await run(async () => {
      const thrown = new Future<unknown>();
      getRunningLoop().callSoon(() => {
        const iterator = taskGroup(() => undefined)[Symbol.iterator]();
        try {
          iterator.next();
        } catch (error) {
          thrown.setResult(error);
        }
      });
      const error = await thrown;
      assert.ok(error instanceof RuntimeError);
      assert.match(error.message, /no parent task/);
    });
  });

  it("TG-031 TaskGroup: a coroutine that createTask refuses is closed", async () => {
    await run(async () => {
      const group = new TaskGroup();
      const coroutine = (function* (): Coroutine<void> {
        yield* sleep(1);
      })();
      assert.throws(() => group.createTask(coroutine), RuntimeError);
      assert.deepEqual(coroutine.next(), { done: true, value: undefined });
    });
  });

  it("bodies of all kinds work in tasks of both kinds", async () => {
    const bodies = [
      function* (): Coroutine<string> {
        return yield* sleep(1, "x");
      },
      async () => sleep(1, "x"),
      () => sleep(1, "x"),
      () => "x",
    ];
    function* generator(): Coroutine<void> {
      for (const each of bodies) assert.equal(yield* taskGroup<string>(each as () => string), "x");
    }
    await run(generator());
    await run(async () => {
      for (const each of bodies) assert.equal(await taskGroup<string>(each as () => string), "x");
    });
  });
});
