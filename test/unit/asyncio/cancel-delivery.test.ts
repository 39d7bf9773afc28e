/** When a cancellation reaches async functions that await promises which are not heddle's, or leave waits behind. */
import assert from "node:assert/strict";
import process from "node:process";
import { describe, it } from "node:test";
import {
  coroutine,
  createTask,
  currentTask,
  getRunningLoop,
  Lock,
  Queue,
  shield,
  sleep,
  type Task,
  TaskGroup,
  taskGroup,
  timeout,
  waitFor,
} from "heddle/asyncio";
import { Lock as ThreadLock } from "heddle/threading";
import { runVirtual } from "../../support/asyncio/both-styles.ts";

/** A promise that is not heddle's, and settles after so many milliseconds of the loop's time. */
async function foreign<T>(ms: number, value?: T): Promise<T | undefined> {
  return new Promise((resolve) => {
    getRunningLoop().callLater(ms, () => resolve(value));
  });
}

/** A sleep in an async function of its own. */
async function nap(ms: number): Promise<void> {
  await sleep(ms);
}

async function outcomeOf(awaited: PromiseLike<unknown>): Promise<unknown> {
  try {
    return await awaited;
  } catch (error) {
    return (error as Error).name;
  }
}

/** Runs the function as a task, and cancels it after so many milliseconds. */
async function cancelledAfter(ms: number, body: () => Promise<unknown>): Promise<unknown> {
  return runVirtual(async () => {
    const task = createTask(body);
    await sleep(ms);
    task.cancel();
    const outcome = await outcomeOf(task);
    assert.equal(task.cancelling(), 1);
    return outcome;
  });
}

const CANCELLED = "CancelledError";

/** JavaScriptCore does not tell who awaits a promise: see src/asyncio/engine/await-chain.ts. */
const tellsWhoAwaits = process.versions["bun"] === undefined;

describe("a cancellation that finds no wait of heddle's", () => {
  it("is delivered at the next wait", async () => {
    const log: string[] = [];
    const body = async (): Promise<void> => {
      await foreign(50);
      log.push("went on");
      await sleep(0);
      log.push("was not cancelled");
    };
    assert.equal(await cancelledAfter(20, body), CANCELLED);
    assert.deepEqual(log, ["went on"]);
  });

  it("is delivered at the end, where there is no other wait", async () => {
    const body = async (): Promise<unknown> => foreign(50, "not cancelled");
    assert.equal(await cancelledAfter(20, body), CANCELLED);
  });

  it("of a time limit is delivered at the next wait, or where the block ends", async () => {
    await runVirtual(async () => {
      const atWait = timeout(20, async () => {
        await foreign(50);
        await sleep(0);
        assert.fail("it went on");
      });
      assert.equal(await outcomeOf(atWait), "TimeoutError");
      const atEnd = timeout(20, async () => foreign(50, "in time"));
      assert.equal(await outcomeOf(atEnd), "TimeoutError");
      const ofWaitFor = waitFor(async () => foreign(50, "in time"), 20);
      assert.equal(await outcomeOf(ofWaitFor), "TimeoutError");
      assert.equal(currentTask()?.cancelling(), 0);
      // And nothing is left of it.
      assert.equal(await sleep(1, "slept"), "slept");
    });
  });

  it("of an inner limit does not end the outer one, and the other way round", async () => {
    await runVirtual(async () => {
      const inner = timeout(1000, async () => {
        assert.equal(await outcomeOf(timeout(20, async () => foreign(50))), "TimeoutError");
        return sleep(1, "went on");
      });
      assert.equal(await outcomeOf(inner), "went on");
      const outer = timeout(20, async () => {
        assert.equal(await timeout(1000, async () => foreign(50, "inner")), "inner");
        await sleep(0);
        assert.fail("it went on");
      });
      assert.equal(await outcomeOf(outer), "TimeoutError");
    });
  });

  it("of a group is taken back when the group is left", async () => {
    await runVirtual(async () => {
      const group = new TaskGroup();
      const body = async (): Promise<string> => {
        group.createTask(async () => {
          await sleep(5);
          throw new RangeError("broken");
        });
        await foreign(50);
        return "body";
      };
      assert.equal(await outcomeOf(group.run(body)), "ExceptionGroup");
      assert.equal(currentTask()?.cancelling(), 0);
      assert.equal(await sleep(1, "slept"), "slept");
    });
  });
});

describe("a cancellation of waits that were left behind", () => {
  const races: Record<string, () => Promise<unknown>> = {
    "Promise.race of operations": async () => Promise.race([sleep(1000), foreign(1)]),
    "Promise.race of async functions": async () => Promise.race([nap(1000), foreign(1)]),
    "Promise.any": async () => Promise.any([nap(1000), foreign(1)]),
    "Promise.all, which has failed": async () =>
      outcomeOf(Promise.all([nap(1000), Promise.reject(new RangeError("no"))])),
    "a call that is not awaited": async () => void outcomeOf(nap(1000)),
    "a block with a lock": async () => Promise.race([new Lock().with(() => nap(1000)), foreign(1)]),
    "a time limit": async () => Promise.race([timeout(5000, () => nap(1000)), foreign(1)]),
  };
  for (const [name, leave] of Object.entries(races)) {
    it(`is delivered at the next wait: ${name}`, async () => {
      const log: string[] = [];
      const body = async (): Promise<void> => {
        await leave();
        await foreign(50);
        log.push("went on");
        await sleep(0);
        log.push("was not cancelled");
      };
      assert.equal(await cancelledAfter(20, body), CANCELLED);
      assert.deepEqual(log, ["went on"]);
    });

    it(`is delivered at the end: ${name}`, async () => {
      const body = async (): Promise<string> => {
        await leave();
        await foreign(50);
        return "not cancelled";
      };
      assert.equal(await cancelledAfter(20, body), CANCELLED);
    });

    it(`makes a time limit expire: ${name}`, async () => {
      await runVirtual(async () => {
        const limited = timeout(20, async () => {
          await leave();
          await foreign(50);
          return "in time";
        });
        assert.equal(await outcomeOf(limited), "TimeoutError");
        assert.equal(await sleep(1, "slept"), "slept");
      });
    });
  }
});

describe("a cancellation that an async function has got", () => {
  const awaits: Record<string, () => Promise<unknown>> = {
    "an operation": async () => sleep(1000),
    "an async function": async () => nap(1000),
    "Promise.race": async () => Promise.race([nap(1000), foreign(500)]),
    "Promise.all": async () => Promise.all([nap(1000), sleep(2000)]),
    "a block with a lock": async () => new Lock().with(() => nap(1000)),
    "a time limit": async () => timeout(5000, () => nap(1000)),
    "a group": async () => taskGroup(() => nap(1000)),
  };
  for (const [name, wait] of Object.entries(awaits)) {
    it(`is delivered once, cleanup goes on undisturbed: ${name}`, async () => {
      const log: string[] = [];
      const body = async (): Promise<void> => {
        try {
          await wait();
        } finally {
          await sleep(5);
          log.push("cleaned");
          await foreign(5);
          await sleep(5);
          log.push("up");
        }
      };
      assert.equal(await cancelledAfter(20, body), CANCELLED);
      assert.deepEqual(log, ["cleaned", "up"]);
    });

    it(`can be caught: ${name}`, async () => {
      const body = async (): Promise<unknown> => {
        try {
          await wait();
        } catch {
          await sleep(5);
        }
        return "caught";
      };
      assert.equal(await cancelledAfter(20, body), "caught");
    });

    it(`is delivered once where cleanup awaits another promise first, if the engine tells: ${name}`, async () => {
      const log: string[] = [];
      const body = async (): Promise<string> => {
        try {
          await wait();
        } catch {
          await foreign(5);
          log.push("cleaned");
          await sleep(5);
          log.push("up");
        }
        return "caught";
      };
      const outcome = await cancelledAfter(20, body);
      if (tellsWhoAwaits) assert.deepEqual([outcome, ...log], ["caught", "cleaned", "up"]);
      // Elsewhere such a cleanup needs fromPromise: better twice than not at all.
      else assert.deepEqual([outcome, ...log], [CANCELLED, "cleaned"]);
    });
  }

  it("reaches the task although others got it too", async () => {
    const log: string[] = [];
    const body = async (): Promise<void> => {
      void nap(1000).catch(() => log.push("the detached call"));
      try {
        await nap(1000);
      } finally {
        log.push("the task");
        await sleep(5);
        log.push("cleaned");
      }
    };
    assert.equal(await cancelledAfter(20, body), CANCELLED);
    assert.deepEqual(log.toSorted(), ["cleaned", "the detached call", "the task"]);
  });

  it("is not taken for one that was missed while a part of the task cleans up", async () => {
    const log: string[] = [];
    const lock = new Lock();
    const body = async (): Promise<void> => {
      await lock.with(async () => {
        try {
          await sleep(1000);
        } finally {
          await sleep(50);
          log.push("cleaned");
        }
      });
    };
    assert.equal(await cancelledAfter(20, body), CANCELLED);
    assert.deepEqual(log, ["cleaned"]);
    assert.equal(lock.locked(), false);
  });
});

// JavaScriptCore does not tell that the wait is not the function's: there, the request counts as delivered.
describe("a call that is not awaited, and waits again where it is cancelled", () => {
  const cleanups: Record<string, () => PromiseLike<unknown>> = {
    "an operation": () => sleep(5),
    "an async function": () => nap(5),
    "a lock": () => new Lock().acquire(),
    "a lock of threads": () => new ThreadLock().acquire(),
    "a block with a lock": () => new Lock().with(() => nap(5)),
    "a time limit": () => timeout(500, () => nap(5)),
    "a time limit in a group": () => taskGroup(() => timeout(500, async () => sleep(5))),
    "a group with a task": () => taskGroup((group) => void group.createTask(() => nap(5))),
    "Promise.all": async () => Promise.all([sleep(5), nap(6)]),
    "Promise.allSettled": async () => Promise.allSettled([sleep(5), nap(6)]),
    "Promise.race": async () => Promise.race([sleep(5), foreign(6)]),
    "a generator": coroutine(function* () {
      yield* sleep(2);
      yield* sleep(3);
    }),
    shield: () => shield(createTask(() => nap(5))),
  };
  const begin = (cleanup: () => PromiseLike<unknown>, log: string[]): void => {
    const call = async (): Promise<void> => {
      try {
        await nap(1000);
      } finally {
        await cleanup();
        log.push("cleaned");
      }
    };
    void outcomeOf(call());
  };
  for (const [name, cleanup] of Object.entries(cleanups)) {
    // What is to be had at once is no wait.
    const isWait = !name.startsWith("a lock");
    const isLost = !tellsWhoAwaits && isWait;
    it(`leaves the cancellation to the function itself, at its next wait: ${name}`, async () => {
      const log: string[] = [];
      const body = async (): Promise<void> => {
        begin(cleanup, log);
        await foreign(50);
        log.push("went on");
        try {
          await sleep(1);
          log.push("was not cancelled");
        } finally {
          await sleep(5);
          log.push("once");
        }
      };
      assert.equal(await cancelledAfter(20, body), isLost ? undefined : CANCELLED);
      const rest = isLost ? ["was not cancelled", "once"] : ["once"];
      assert.deepEqual(log, ["cleaned", "went on", ...rest]);
    });

    it(`leaves it to the end of the function, as do several: ${name}`, async () => {
      const log: string[] = [];
      const body = async (): Promise<string> => {
        await sleep(1);
        for (let i = 0; i < 3; i++) begin(cleanup, log);
        await foreign(50);
        return "not cancelled";
      };
      const outcome = isLost ? "not cancelled" : CANCELLED;
      assert.equal(await cancelledAfter(20, body), outcome);
      assert.deepEqual(log, ["cleaned", "cleaned", "cleaned"]);
    });

    it(`leaves it to the block that it began in: ${name}`, async () => {
      await runVirtual(async () => {
        const log: string[] = [];
        const limited = timeout(20, async () => {
          await sleep(1);
          begin(cleanup, log);
          await foreign(50);
          return "in time";
        });
        assert.equal(await outcomeOf(limited), isLost ? "in time" : "TimeoutError");
        assert.deepEqual(log, ["cleaned"]);
        assert.equal(await sleep(1, "slept"), "slept");
      });
    });

    it(`takes none from a function that has got it: ${name}`, async () => {
      const log: string[] = [];
      const body = async (): Promise<string> => {
        begin(cleanup, log);
        try {
          await nap(1000);
        } catch {
          await cleanup();
          if (tellsWhoAwaits || isWait) await foreign(5);
          await sleep(5);
          log.push("caught");
        }
        begin(cleanup, log);
        await sleep(0);
        return "went on";
      };
      assert.equal(await cancelledAfter(20, body), "went on");
      assert.deepEqual(log, ["cleaned", "caught"]);
    });
  }
});

describe("a wait that begins while code that is not awaited has the cancellation", () => {
  const lefts: Record<string, () => Promise<unknown>> = {
    "that ends": () => nap(1000),
    "that awaits another promise": async () => {
      await outcomeOf(nap(1000));
      await foreign(5);
    },
    "that waits again": async () => {
      await outcomeOf(nap(1000));
      await nap(5);
    },
  };
  for (const [name, left] of Object.entries(lefts)) {
    it(`is cancelled: ${name}`, async () => {
      await runVirtual(async () => {
        let open = (): void => undefined;
        const gate = new Promise<void>((opened) => (open = opened));
        const task = createTask(async () => {
          void outcomeOf(left());
          await gate;
          await new Queue().get();
        });
        await sleep(20);
        task.cancel();
        open(); // the function goes on before the other is thrown the cancellation
        const outcome = await outcomeOf(Promise.race([task, foreign(100, "late")]));
        const isLost = !tellsWhoAwaits && name === "that waits again";
        assert.equal(outcome, isLost ? "late" : CANCELLED);
        task.cancel();
      });
    });
  }
});

// JavaScriptCore does not tell that no function awaits the wait: there, the request counts as delivered.
describe("a function that another promise resumes in the moment of the cancellation", () => {
  const lefts: Record<string, () => Promise<unknown>> = {
    "Promise.race": async () => Promise.race([sleep(1000), foreign(1)]),
    "a call that is not awaited": async () => {
      void outcomeOf(nap(1000));
      await foreign(1);
    },
  };
  const waits: Record<string, () => PromiseLike<unknown> | undefined> = {
    "a wait for an iteration": () => sleep(0),
    "an item that is there": () => {
      const queue = new Queue<number>();
      queue.putNowait(1);
      return queue.get();
    },
    "its end": () => undefined,
  };
  for (const [left, leave] of Object.entries(lefts)) {
    for (const [name, wait] of Object.entries(waits)) {
      it(`has not got what a wait that was left behind got: ${left}, ${name}`, async () => {
        let open = (): void => undefined;
        const gate = new Promise<void>((opened) => (open = opened));
        const body = async (): Promise<string> => {
          await leave();
          await gate;
          await wait();
          return "not cancelled";
        };
        await runVirtual(async () => {
          const task = createTask(body);
          await sleep(20);
          task.cancel();
          open();
          const outcome = await outcomeOf(task);
          // Where it is not known who awaits, it is lost but for a chance.
          if (tellsWhoAwaits || outcome !== "not cancelled") assert.equal(outcome, CANCELLED);
        });
      });
    }
  }
});

describe("items of a queue", () => {
  it("are not lost with a wait that was left behind and then cancelled", async () => {
    await runVirtual(async () => {
      const queue = new Queue<number>();
      const task: Task<unknown> = createTask(async () => {
        await Promise.race([queue.get(), foreign(1)]);
        await foreign(50);
      });
      await sleep(20);
      task.cancel();
      assert.equal(await outcomeOf(task), CANCELLED);
      queue.putNowait(42);
      assert.equal(await queue.get(), 42);
    });
  });
});
