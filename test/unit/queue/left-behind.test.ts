/**
 * A wait that lost a Promise.race takes what it waits for: no promise knows that it lost. What the
 * guide says to use in its place takes nothing.
 */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import * as asyncio from "heddle/asyncio";
import { Queue } from "heddle/queue";
import { Lock, Semaphore } from "heddle/threading";

interface Waitable {
  /** Waits, and takes something. */
  wait(options?: { timeout?: number; signal?: AbortSignal }): PromiseLike<unknown>;
  /** Makes available what one wait takes. */
  give(): void;
  /** Whether that is still there. */
  isThere(): boolean;
}

const OF_THREADS: Readonly<Record<string, () => Waitable>> = {
  "a queue": () => {
    const queue = new Queue<number>();
    return {
      wait: (options) => queue.get(options),
      give: () => queue.putNowait(1),
      isThere: () => queue.qsize() === 1,
    };
  },
  "a lock": () => {
    const lock = new Lock();
    lock.acquireSync();
    return {
      wait: (options) => lock.acquire(options),
      give: () => lock.release(),
      isThere: () => !lock.locked(),
    };
  },
  "a semaphore": () => {
    const semaphore = new Semaphore(0);
    return {
      wait: (options) => semaphore.acquire(options),
      give: () => semaphore.release(),
      isThere: () => semaphore.acquireSync({ timeout: 0 }),
    };
  },
};

const OF_TASKS: Readonly<Record<string, () => Waitable>> = {
  "a queue": () => {
    const queue = new asyncio.Queue<number>();
    return {
      wait: () => queue.get(),
      give: () => queue.putNowait(1),
      isThere: () => queue.qsize() === 1,
    };
  },
  "a lock": () => {
    const lock = new asyncio.Lock();
    void lock.acquire().then(() => undefined);
    return {
      wait: () => lock.acquire(),
      give: () => lock.release(),
      isThere: () => !lock.locked(),
    };
  },
  "a semaphore": () => {
    const semaphore = new asyncio.Semaphore(0);
    return {
      wait: () => semaphore.acquire(),
      give: () => semaphore.release(),
      isThere: () => !semaphore.locked(),
    };
  },
};

const { createTask, run, sleep, timeout, wait, waitFor } = asyncio;

/** Whether what is given after the wait is over is still there when all that was begun has gone on. */
async function isKept(waitable: Waitable): Promise<boolean> {
  waitable.give();
  await new Promise((resolve) => setTimeout(resolve, 5));
  return waitable.isThere();
}

describe("in place of Promise.race, outside of tasks", () => {
  for (const [name, make] of Object.entries(OF_THREADS)) {
    it(`a timeout: ${name} has what was given afterwards`, async () => {
      const waitable = make();
      await Promise.resolve(waitable.wait({ timeout: 1 })).catch(() => undefined);
      assert.equal(await isKept(waitable), true);
    });

    it(`a signal: ${name} has what was given afterwards`, async () => {
      const waitable = make();
      const abortion = new AbortController();
      const waiting = Promise.resolve(waitable.wait({ signal: abortion.signal }));
      assert.equal(await Promise.race([waiting, Promise.resolve("other")]), "other");
      abortion.abort();
      await assert.rejects(waiting, { name: "AbortError" });
      assert.equal(await isKept(waitable), true);
    });
  }
});

for (const [kind, waitables] of Object.entries({ threads: OF_THREADS, asyncio: OF_TASKS })) {
  describe(`in place of Promise.race, in a task, for objects of ${kind}`, () => {
    for (const [name, make] of Object.entries(waitables)) {
      it(`Promise.race leaves a wait behind: ${name} does not have it`, async () => {
        await run(async () => {
          const waitable = make();
          await sleep(0);
          assert.equal(await Promise.race([waitable.wait(), sleep(1, "other")]), "other");
          waitable.give();
          // As long as it takes: what waits in a thread's turn may be woken late.
          while (waitable.isThere()) await sleep(1);
        });
      });

      it(`wait() and a cancellation: ${name} has what was given afterwards`, async () => {
        await run(async () => {
          const waitable = make();
          await sleep(0);
          const tasks = [
            createTask(async () => {
              await waitable.wait();
            }),
            createTask(sleep(1)),
          ];
          const [, pending] = await wait(tasks, { returnWhen: asyncio.FIRST_COMPLETED });
          for (const task of pending) task.cancel();
          await wait(tasks);
          assert.equal(await isKept(waitable), true);
        });
      });

      it(`waitFor() and timeout(): ${name} has what was given afterwards`, async () => {
        await run(async () => {
          const waitable = make();
          await sleep(0);
          const body = async (): Promise<void> => {
            await waitable.wait();
          };
          await assert.rejects(async () => waitFor(body, 1), { name: "TimeoutError" });
          await assert.rejects(async () => timeout(1, body), { name: "TimeoutError" });
          assert.equal(await isKept(waitable), true);
        });
      });
    }
  });
}
