/** timeout, timeoutAt and Timeout. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { CancelledError, ExceptionGroup, RuntimeError, TimeoutError } from "heddle";
import {
  type Body,
  currentTask,
  getRunningLoop,
  Loop,
  run,
  sleep,
  taskGroup,
  Timeout,
  timeout,
  timeoutAt,
} from "heddle/asyncio";
import { VirtualClock } from "heddle/testing";
import { errorOf, inStyle, type Steps, STYLES } from "../../support/asyncio/both-styles.ts";

for (const style of STYLES) {
  const { spawn, main } = inStyle(style);

  /** A block's body, in the style. */
  function body<T>(steps: (limit: Timeout) => Steps<T>): Body<[Timeout], T> {
    return (limit: Timeout) => style.co(steps, limit)();
  }

  function* forever(): Steps<void> {
    yield sleep(100_000);
  }

  describe(`asyncio.timeout, ${style.name}`, () => {
    it("TO-002 timeoutAt: limits by a time of the loop's clock, which when() gives", async () => {
      const clock = new VirtualClock();
      await main(function* () {
        const deadlineMs = getRunningLoop().time() + 10;
        let limit: Timeout | undefined;
        const error = yield* errorOf(
          timeoutAt(
            deadlineMs,
            body(function* (given) {
              limit = given;
              assert.equal(given.when(), deadlineMs);
              yield sleep(1000);
            }),
          ),
        );
        assert.ok(error instanceof TimeoutError);
        assert.ok(error.cause instanceof CancelledError);
        assert.ok(limit?.expired());
        assert.equal(clock.time(), 10);
      }, clock);
    });

    it("TO-003 timeout: of nested ones with equal deadline the outermost throws TimeoutError", async () => {
      await main(function* () {
        const limits: Timeout[] = [];
        let inner: unknown;
        const error = yield* errorOf(
          timeout(
            10,
            body(function* (outer) {
              limits.push(outer);
              try {
                yield timeout(
                  10,
                  body(function* (limit) {
                    limits.push(limit);
                    yield sleep(1000);
                  }),
                );
              } catch (thrown) {
                inner = thrown;
                throw thrown;
              }
            }),
          ),
        );
        assert.ok(error instanceof TimeoutError);
        assert.ok(inner instanceof CancelledError);
        assert.ok(limits.length === 2 && limits.every((limit) => limit.expired()));
        assert.equal(currentTask()?.cancelling(), 0);
      });
    });

    it("TO-004 timeout: within, it is a CancelledError that can be caught", async () => {
      await main(function* () {
        let caught: unknown;
        const result = yield timeout(
          10,
          body(function* (limit) {
            caught = yield* errorOf(sleep(1000));
            assert.ok(limit.expired());
            return "went on";
          }),
        );
        assert.ok(caught instanceof CancelledError);
        assert.equal(result, "went on");
        assert.equal(currentTask()?.cancelling(), 0);
      });
    });

    it("TO-006 timeout: null never expires", async () => {
      await main(function* () {
        for (const limited of [timeout, timeoutAt]) {
          const limit = yield limited(
            null,
            body(function* (given) {
              yield sleep(1_000_000);
              return given;
            }),
          );
          assert.equal(limit.expired(), false);
          assert.equal(limit.when(), null);
        }
      });
    });

    it("TO-007 timeout: 0 expires at the first wait, even for one iteration", async () => {
      await main(function* () {
        let steps = 0;
        const error = yield* errorOf(
          timeout(
            0,
            body(function* () {
              steps += 1;
              yield sleep(0);
              steps += 1;
              yield sleep(0);
              steps += 1;
            }),
          ),
        );
        assert.ok(error instanceof TimeoutError);
        assert.equal(steps, 1);
        assert.equal(
          yield timeout(
            0,
            body(function* () {
              return "did not wait";
            }),
          ),
          "did not wait",
        );
      });
    });

    it("TO-008 timeout: a negative delay expires at the first wait", async () => {
      await main(function* () {
        assert.ok((yield* errorOf(timeout(-1, body(forever)))) instanceof TimeoutError);
      });
    });

    it("TO-009 timeout: another error passes", async () => {
      await main(function* () {
        let limit: Timeout | undefined;
        const error = yield* errorOf(
          timeout(
            10,
            body(function* (given) {
              limit = given;
              throw new RangeError("no");
            }),
          ),
        );
        assert.ok(error instanceof RangeError);
        assert.equal(limit?.expired(), false);
        yield sleep(100);
      });
    });

    it("TO-010 timeout: an error in the cleanup takes the TimeoutError's place", async () => {
      await main(function* () {
        const error = yield* errorOf(
          timeout(
            10,
            body(function* () {
              yield* errorOf(sleep(1000));
              throw new RangeError("in the cleanup");
            }),
          ),
        );
        assert.ok(error instanceof RangeError);
        assert.equal(currentTask()?.cancelling(), 0);
      });
    });

    it("TO-014 timeout: a task whose inner one was handled ends normally", async () => {
      await main(function* () {
        const task = spawn(function* () {
          yield timeout(
            1000,
            body(function* () {
              const error = yield* errorOf(timeout(1, body(forever)));
              assert.ok(error instanceof TimeoutError);
              yield sleep(1);
            }),
          );
        });
        yield task;
        assert.equal(task.cancelled(), false);
      });
    });

    it("TO-015 timeout: an outer one that passes while the thread is busy fires afterwards", async () => {
      const clock = new VirtualClock();
      await main(function* () {
        const error = yield* errorOf(
          timeout(
            10,
            body(function* () {
              const inner = yield* errorOf(
                timeout(
                  1,
                  body(function* () {
                    try {
                      yield sleep(100_000);
                    } finally {
                      clock.advance(20);
                    }
                  }),
                ),
              );
              assert.ok(inner instanceof TimeoutError);
              yield sleep(100_000);
            }),
          ),
        );
        assert.ok(error instanceof TimeoutError);
        assert.equal(clock.time(), 21);
      }, clock);
    });

    it("TO-016 timeout: an inner one that expires late leaves the outer one in force", async () => {
      const clock = new VirtualClock({ autojump: false });
      await main(function* () {
        const error = yield* errorOf(
          timeout(
            10,
            body(function* () {
              const inner = yield* errorOf(
                timeout(
                  1,
                  body(function* () {
                    clock.advance(5);
                    yield sleep(100_000);
                  }),
                ),
              );
              assert.ok(inner instanceof TimeoutError);
              clock.advance(6);
              yield sleep(100_000);
            }),
          ),
        );
        assert.ok(error instanceof TimeoutError);
      }, clock);
    });

    it("TO-017 reschedule: moves the time; null takes it away", async () => {
      const clock = new VirtualClock();
      await main(function* () {
        const error = yield* errorOf(
          timeout(
            10,
            body(function* (limit) {
              limit.reschedule(clock.time() + 50);
              assert.equal(limit.when(), 50);
              yield sleep(20);
              yield sleep(1000);
            }),
          ),
        );
        assert.ok(error instanceof TimeoutError);
        assert.equal(clock.time(), 50);
        yield timeout(
          10,
          body(function* (limit) {
            limit.reschedule(null);
            assert.equal(limit.when(), null);
            yield sleep(1000);
          }),
        );
      }, clock);
    });

    it("TO-018 Timeout: the string form tells its state", async () => {
      await main(function* () {
        const limit = new Timeout(10);
        assert.equal(String(limit), "<Timeout created>");
        yield* errorOf(
          limit.run(
            body(function* () {
              assert.equal(String(limit), "<Timeout active when=10>");
              yield sleep(1000);
            }),
          ),
        );
        assert.equal(String(limit), "<Timeout expired>");
        const other = new Timeout(null);
        yield other.run(body(function* () {}));
        assert.equal(String(other), "<Timeout finished>");
      });
    });

    it("TO-021 timeout: after a cancellation was caught, another one passes through a new one", async () => {
      await main(function* () {
        const task = spawn(function* () {
          yield* errorOf(sleep(1000));
          yield timeout(
            10_000,
            body(function* () {
              currentTask()?.cancel();
              yield sleep(10);
            }),
          );
        });
        yield sleep(1);
        task.cancel();
        assert.ok((yield* errorOf(task)) instanceof CancelledError);
        assert.equal(task.cancelling(), 2);
      });
    });

    it("timeout: after a cancellation was caught, one that expires is a TimeoutError all the same", async () => {
      await main(function* () {
        const task = spawn(function* () {
          yield* errorOf(sleep(1000));
          const error = yield* errorOf(timeout(1, body(forever)));
          assert.equal(currentTask()?.cancelling(), 1);
          return error;
        });
        yield sleep(1);
        task.cancel();
        assert.ok((yield task) instanceof TimeoutError);
      });
    });

    it("TO-022 Timeout: entering it twice throws RuntimeError, nested or not", async () => {
      await main(function* () {
        const limit = new Timeout(null);
        const nested = limit.run(
          body(function* () {
            yield limit.run(body(function* () {}));
          }),
        );
        assert.match(String(yield* errorOf(nested)), /^RuntimeError: .*already been entered/);
        const again = limit.run(body(function* () {}));
        assert.match(String(yield* errorOf(again)), /^RuntimeError: .*already been entered/);
      });
    });

    it("TO-023 reschedule: after the block throws RuntimeError", async () => {
      await main(function* () {
        const limit = new Timeout(null);
        yield limit.run(body(function* () {}));
        assert.throws(() => limit.reschedule(null), /^RuntimeError: .*finished/);
      });
    });

    it("TO-024 reschedule: when the time is over throws RuntimeError", async () => {
      await main(function* () {
        const limit = new Timeout(1);
        yield* errorOf(limit.run(body(forever)));
        assert.throws(() => limit.reschedule(null), /^RuntimeError: .*expired/);
      });
    });

    it("TO-028 timeout: around a group whose child fails in its cleanup, the group's error comes out", async () => {
      await main(function* () {
        const error = yield* errorOf(
          timeout(
            10,
            body(function* () {
              yield taskGroup((group) =>
                style.co(function* () {
                  group.createTask(
                    style.co(function* () {
                      yield* errorOf(sleep(1000));
                      throw new RangeError("in the cleanup");
                    }),
                  );
                })(),
              );
            }),
          ),
        );
        assert.ok(error instanceof ExceptionGroup);
        assert.ok(error.exceptions[0] instanceof RangeError);
        assert.equal(currentTask()?.cancelling(), 0);
      });
    });
  });
}

describe("asyncio.Timeout", () => {
  it("TO-026 reschedule: before entering throws RuntimeError", () => {
    assert.throws(() => new Timeout(null).reschedule(1), /^RuntimeError: .*not been entered/);
  });

  it("TO-027 Timeout: entering it in no task throws RuntimeError", async () => {
    const loop = new Loop();
    let thrown: unknown;
    loop.callSoon(() => {
      try {
        const iterator = timeout(1, () => undefined)[Symbol.iterator]();
        iterator.next();
      } catch (error) {
        thrown = error;
      }
    });
    loop.stop();
    await loop.runForever();
    loop.close();
    assert.ok(thrown instanceof RuntimeError);
  });

  it("in real time, ends what takes too long, and nothing else", async () => {
    await run(async () => {
      const startMs = performance.now();
      await assert.rejects(
        (async () => timeout(20, async () => sleep(60_000)))(),
        (error) => error instanceof TimeoutError,
      );
      assert.ok(performance.now() - startMs >= 19);
    });
  });
});
