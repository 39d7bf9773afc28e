/** Effection. The cases of ../suites/asyncio.mjs that it has: no locks, and queues without a limit. */

export const load = () => import("effection");

export function open({ all, createQueue, run, sleep, spawn }) {
  function* nothing() {}

  function* yielding(count) {
    for (let n = 0; n < count; n++) yield* sleep(0);
  }

  function* deep(depth) {
    if (depth > 0) return (yield* deep(depth - 1)) + 1;
    return 0;
  }

  const cases = {
    *spawn(count) {
      for (let n = 0; n < count; n++) yield* yield* spawn(nothing);
    },
    *switch(count) {
      yield* all(Array.from({ length: 100 }, () => yielding(count / 100)));
    },
    *putGet(count) {
      const queue = createQueue();
      for (let n = 0; n < count; n++) {
        queue.add(n);
        yield* queue.next();
      }
    },
    *gather(count) {
      yield* all(Array.from({ length: count }, nothing));
    },
    *calls(count) {
      for (let n = 0; n < count; n++) yield* deep(10);
    },
  };

  /** Its tasks take longer the more there are: no more than this at once. */
  const MOST = 1000;

  return {
    async primitive(name, count) {
      if (cases[name] === undefined) return undefined;
      const start = performance.now();
      for (let left = count; left > 0; left -= MOST)
        await run(() => cases[name](Math.min(left, MOST)));
      return performance.now() - start;
    },
  };
}
