/** heddle's asyncio, with async functions as coroutines. The cases of ../suites/asyncio.mjs. */

import { waitingTasks } from "./heddle-generators.mjs";

export const load = () => import("../../dist/asyncio/index.js");

export function open(asyncio) {
  const { createTask, Event, gather, Lock, Queue, run, Semaphore, sleep } = asyncio;

  async function nothing() {}

  async function yielding(count) {
    for (let n = 0; n < count; n++) await sleep(0);
  }

  async function acquireAndRelease(lock, count) {
    for (let n = 0; n < count; n++) {
      await lock.acquire();
      lock.release();
    }
  }

  async function holdForALoop(lock, count) {
    for (let n = 0; n < count; n++) {
      await lock.acquire();
      await sleep(0);
      lock.release();
    }
  }

  async function answer(questions, answers, count) {
    for (let n = 0; n < count; n++) await answers.put(await questions.get());
  }

  async function deep(depth) {
    if (depth > 0) return (await deep(depth - 1)) + 1;
    return 0;
  }

  async function deepSleep(depth) {
    if (depth > 0) return (await deepSleep(depth - 1)) + 1;
    await sleep(0);
    return 0;
  }

  const cases = {
    async spawn(count) {
      for (let n = 0; n < count; n++) await createTask(nothing);
    },
    async switch(count) {
      await gather(Array.from({ length: 100 }, () => () => yielding(count / 100)));
    },
    async putGet(count) {
      const queue = new Queue();
      for (let n = 0; n < count; n++) {
        await queue.put(n);
        await queue.get();
      }
    },
    async pingPong(count) {
      const [questions, answers] = [new Queue(1), new Queue(1)];
      const other = createTask(() => answer(questions, answers, count));
      for (let n = 0; n < count; n++) {
        await questions.put(n);
        await answers.get();
      }
      await other;
    },
    freeLock: (count) => acquireAndRelease(new Lock(), count),
    freeSemaphore: (count) => acquireAndRelease(new Semaphore(2), count),
    async contendedLock(count) {
      const lock = new Lock();
      await gather(Array.from({ length: 10 }, () => () => holdForALoop(lock, count / 10)));
    },
    async gather(count) {
      await gather(Array.from({ length: count }, () => nothing));
    },
    async calls(count) {
      for (let n = 0; n < count; n++) await deep(10);
    },
    async deepSwitch(count) {
      for (let n = 0; n < count; n++) await deepSleep(10);
    },
  };

  const waitFor = (event) => async () => void (await event.wait());
  const sleepLong = () => async () => sleep(3_600_000);

  return {
    async primitive(name, count) {
      const start = performance.now();
      await run(() => cases[name](count));
      return performance.now() - start;
    },
    waiting: {
      event: (count) => waitingTasks(asyncio, count, () => new Event(), waitFor),
      sleep: (count) => waitingTasks(asyncio, count, () => undefined, sleepLong),
    },
  };
}
