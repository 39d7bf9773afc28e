/** heddle's asyncio, with generators as coroutines. The cases of ../suites/asyncio.mjs. */

export const load = () => import("../../dist/asyncio/index.js");

export function open(asyncio) {
  const { createTask, Event, gather, Lock, Queue, run, Semaphore, sleep } = asyncio;

  function* nothing() {}

  function* yielding(count) {
    for (let n = 0; n < count; n++) yield* sleep(0);
  }

  function* acquireAndRelease(lock, count) {
    for (let n = 0; n < count; n++) {
      yield* lock.acquire();
      lock.release();
    }
  }

  function* holdForALoop(lock, count) {
    for (let n = 0; n < count; n++) {
      yield* lock.acquire();
      yield* sleep(0);
      lock.release();
    }
  }

  function* answer(questions, answers, count) {
    for (let n = 0; n < count; n++) yield* answers.put(yield* questions.get());
  }

  function* deep(depth) {
    if (depth > 0) return (yield* deep(depth - 1)) + 1;
    return 0;
  }

  function* deepSleep(depth) {
    if (depth > 0) return (yield* deepSleep(depth - 1)) + 1;
    yield* sleep(0);
    return 0;
  }

  const cases = {
    *spawn(count) {
      for (let n = 0; n < count; n++) yield* createTask(nothing());
    },
    *switch(count) {
      yield* gather(Array.from({ length: 100 }, () => yielding(count / 100)));
    },
    *putGet(count) {
      const queue = new Queue();
      for (let n = 0; n < count; n++) {
        yield* queue.put(n);
        yield* queue.get();
      }
    },
    *pingPong(count) {
      const [questions, answers] = [new Queue(1), new Queue(1)];
      const other = createTask(answer(questions, answers, count));
      for (let n = 0; n < count; n++) {
        yield* questions.put(n);
        yield* answers.get();
      }
      yield* other;
    },
    freeLock: (count) => acquireAndRelease(new Lock(), count),
    freeSemaphore: (count) => acquireAndRelease(new Semaphore(2), count),
    *contendedLock(count) {
      const lock = new Lock();
      yield* gather(Array.from({ length: 10 }, () => holdForALoop(lock, count / 10)));
    },
    *gather(count) {
      yield* gather(Array.from({ length: count }, nothing));
    },
    *calls(count) {
      for (let n = 0; n < count; n++) yield* deep(10);
    },
    *deepSwitch(count) {
      for (let n = 0; n < count; n++) yield* deepSleep(10);
    },
  };

  function* waitFor(event) {
    yield* event.wait();
  }

  function* sleepLong() {
    yield* sleep(3_600_000);
  }

  return {
    async primitive(name, count) {
      const start = performance.now();
      await run(cases[name](count));
      return performance.now() - start;
    },
    waiting: {
      event: (count) => waitingTasks(asyncio, count, () => new Event(), waitFor),
      sleep: (count) => waitingTasks(asyncio, count, () => undefined, sleepLong),
    },
  };
}

/** Makes tasks, in a run that goes on, and resolves when all of them wait. */
export async function waitingTasks({ createTask, run, sleep }, count, setUp, work) {
  return new Promise((resolve, reject) => {
    run(function* () {
      const subject = setUp();
      const tasks = [];
      for (let n = 0; n < count; n++) tasks.push(createTask(work(subject)));
      yield* sleep(0);
      yield* sleep(0);
      // The process ends with them.
      resolve(() => void tasks.length);
      yield* sleep(3_600_000);
    }).catch(reject);
  });
}
