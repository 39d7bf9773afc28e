/** A time limit, a group or a cancellation of a block cancels the waits that began inside, and no other. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { CancelledError, TimeoutError } from "heddle";
import {
  createTask,
  currentTask,
  Event,
  Lock,
  sleep,
  taskGroup,
  timeout,
  waitFor,
} from "heddle/asyncio";
import { runVirtual } from "../../support/asyncio/both-styles.ts";

async function outcomeOf(awaited: PromiseLike<unknown>): Promise<unknown> {
  try {
    return await awaited;
  } catch (error) {
    return (error as Error).name;
  }
}

async function outcomes(all: readonly PromiseLike<unknown>[]): Promise<unknown[]> {
  return Promise.all(all.map(async (each) => outcomeOf(each)));
}

async function failing(ms: number): Promise<never> {
  await sleep(ms);
  throw new RangeError("broken");
}

describe("blocks beside each other, in one async function", () => {
  it("have their own time limits, by Promise.allSettled", async () => {
    await runVirtual(async () => {
      const limited = [10, 100, 200].map((ms) => timeout(ms, () => sleep(50, ms)));
      const settled = await Promise.allSettled(limited);
      assert.deepEqual(
        settled.map((each) =>
          each.status === "fulfilled" ? each.value : each.reason instanceof TimeoutError,
        ),
        [true, 100, 200],
      );
      assert.equal(currentTask()?.cancelling(), 0);
    });
  });

  it("may expire at the same time, in whatever form their bodies are", async () => {
    await runVirtual(async () => {
      const inside = await outcomes([
        timeout(10, () => sleep(50)),
        timeout(10, async () => sleep(50)),
        timeout(10, function* () {
          yield* sleep(50);
        }),
        waitFor(sleep(50), 10),
        waitFor(async () => sleep(50), 10),
        timeout(null, () => sleep(50, "no limit")),
      ]);
      assert.deepEqual(inside, [...Array<string>(5).fill("TimeoutError"), "no limit"]);
      assert.equal(currentTask()?.cancelling(), 0);
    });
  });

  it("leave a later wait of the task alone, if Promise.race has left one behind", async () => {
    await runVirtual(async () => {
      await Promise.race([timeout(30, () => sleep(1000)), sleep(10)]);
      assert.equal(await sleep(60, "slept"), "slept");
      assert.equal(currentTask()?.cancelling(), 0);
    });
  });

  it("are groups of their own: the failure of one cancels nothing of another", async () => {
    await runVirtual(async () => {
      const [failed, cancelled, other] = await outcomes([
        taskGroup(async (group) => {
          group.createTask(() => failing(5));
          await sleep(1000);
        }),
        taskGroup(async (group) => {
          await sleep(5);
          group.cancel();
          await sleep(1000);
        }),
        taskGroup(async () => sleep(30, "other")),
      ]);
      assert.deepEqual([failed, cancelled, other], ["ExceptionGroup", undefined, "other"]);
      assert.equal(currentTask()?.cancelling(), 0);
    });
  });

  it("are all cancelled with their task", async () => {
    await runVirtual(async () => {
      const seen: unknown[] = [];
      const task = createTask(async () => {
        seen.push(
          ...(await outcomes([
            timeout(100, () => sleep(50)),
            taskGroup(() => sleep(50)),
            sleep(50),
          ])),
        );
      });
      await sleep(10);
      task.cancel();
      await task;
      assert.deepEqual(seen, Array<string>(3).fill("CancelledError"));
    });
  });

  it("convert their own cancellation, and pass on one of a block around them", async () => {
    await runVirtual(async () => {
      let inner: unknown[] = [];
      const outer = timeout(20, async () => {
        inner = await outcomes([timeout(10, () => sleep(1000)), timeout(1000, () => sleep(1000))]);
        return "outer";
      });
      assert.equal(await outcomeOf(outer), "outer");
      assert.deepEqual(inner, ["TimeoutError", "CancelledError"]);
      assert.equal(currentTask()?.cancelling(), 0);
    });
  });
});

describe("a call that is not awaited", () => {
  it("goes on if it began before the block, and is cancelled with the block it began in", async () => {
    await runVirtual(async () => {
      const log: unknown[] = [];
      const background = async (name: string): Promise<void> => {
        log.push(`${name} ${String(await outcomeOf(sleep(50, "done")))}`);
      };
      void background("before");
      const limited = timeout(10, async () => {
        void background("inside");
        await sleep(1000);
      });
      assert.equal(await outcomeOf(limited), "TimeoutError");
      void background("after");
      await sleep(100);
      assert.deepEqual(log, ["inside CancelledError", "before done", "after done"]);
    });
  });

  it("goes on when the block that it began in has ended", async () => {
    await runVirtual(async () => {
      const log: unknown[] = [];
      const background = async (): Promise<void> => {
        log.push(await outcomeOf(sleep(50, "first")));
        log.push(await outcomeOf(sleep(50, "second")));
      };
      await timeout(20, async () => {
        void background();
        await sleep(1);
      });
      await sleep(200);
      assert.deepEqual(log, ["first", "second"]);
    });
  });

  it("belongs to the block around that one then, and is cancelled with it", async () => {
    await runVirtual(async () => {
      const log: unknown[] = [];
      const outer = timeout(20, async () => {
        await timeout(10, async () => {
          void outcomeOf(sleep(50, "slept")).then((outcome) => log.push(outcome));
          await sleep(1);
        });
        await sleep(1000);
      });
      assert.equal(await outcomeOf(outer), "TimeoutError");
      assert.deepEqual(log, ["CancelledError"]);
    });
  });
});

describe("a block", () => {
  it("has a signal of its own, which its limit aborts, and that of the task does not hear of it", async () => {
    await runVirtual(async () => {
      const outside = currentTask()?.signal;
      let inside: AbortSignal | undefined;
      const limited = timeout(10, async () => {
        inside = currentTask()?.signal;
        await sleep(1000);
      });
      assert.equal(await outcomeOf(limited), "TimeoutError");
      assert.ok(inside?.aborted === true && inside.reason instanceof CancelledError);
      assert.equal(outside?.aborted, false);
    });
  });

  it("whose coroutine is closed does not expire afterwards", async () => {
    await runVirtual(async () => {
      function* limited() {
        yield* timeout(10, () => sleep(1000));
      }
      const closing = limited();
      const task = createTask(function* () {
        yield* closing;
      });
      await sleep(5);
      closing.return(undefined);
      await sleep(50);
      assert.equal(task.cancelling(), 0);
      task.cancel();
    });
  });

  it("knows of a cancellation of the task while one beside it has expired", async () => {
    await runVirtual(async () => {
      const started = new Event();
      const lock = new Lock();
      let seen: unknown[] = [];
      const task = createTask(async () => {
        seen = await outcomes([
          timeout(10, async () => {
            try {
              await sleep(1000);
            } finally {
              started.set();
              await lock.with(() => sleep(100));
            }
          }),
          timeout(1000, () => sleep(1000)),
        ]);
      });
      await started.wait();
      task.cancel();
      await task;
      assert.deepEqual(seen, ["CancelledError", "CancelledError"]);
      assert.equal(task.cancelling(), 1);
    });
  });
});
