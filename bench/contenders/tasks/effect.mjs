/** Effect, with its generators. The cases of ../suites/asyncio.mjs. */

export const load = () => import("effect");

export function open({ Deferred, Effect, Fiber, Queue, Semaphore }) {
  const nothing = Effect.gen(function* () {});

  const yielding = (count) =>
    Effect.gen(function* () {
      for (let n = 0; n < count; n++) yield* Effect.yieldNow;
    });

  const take = (semaphore, count) =>
    Effect.gen(function* () {
      for (let n = 0; n < count; n++) {
        yield* semaphore.take(1);
        yield* semaphore.release(1);
      }
    });

  const hold = (semaphore, count) =>
    Effect.gen(function* () {
      for (let n = 0; n < count; n++) {
        yield* semaphore.take(1);
        yield* Effect.yieldNow;
        yield* semaphore.release(1);
      }
    });

  const deep = (depth) =>
    Effect.gen(function* () {
      if (depth > 0) return (yield* deep(depth - 1)) + 1;
      return 0;
    });

  const deepYield = (depth) =>
    Effect.gen(function* () {
      if (depth > 0) return (yield* deepYield(depth - 1)) + 1;
      yield* Effect.yieldNow;
      return 0;
    });

  const cases = {
    *spawn(count) {
      for (let n = 0; n < count; n++) yield* Fiber.join(yield* Effect.forkChild(nothing));
    },
    *switch(count) {
      const all = Array.from({ length: 100 }, () => yielding(count / 100));
      yield* Effect.all(all, { concurrency: "unbounded" });
    },
    *putGet(count) {
      const queue = yield* Queue.unbounded();
      for (let n = 0; n < count; n++) {
        yield* Queue.offer(queue, n);
        yield* Queue.take(queue);
      }
    },
    *pingPong(count) {
      const [questions, answers] = [yield* Queue.bounded(1), yield* Queue.bounded(1)];
      const other = yield* Effect.forkChild(
        Effect.gen(function* () {
          for (let n = 0; n < count; n++) yield* Queue.offer(answers, yield* Queue.take(questions));
        }),
      );
      for (let n = 0; n < count; n++) {
        yield* Queue.offer(questions, n);
        yield* Queue.take(answers);
      }
      yield* Fiber.join(other);
    },
    *freeLock(count) {
      yield* take(yield* Semaphore.make(1), count);
    },
    *freeSemaphore(count) {
      yield* take(yield* Semaphore.make(2), count);
    },
    *contendedLock(count) {
      const semaphore = yield* Semaphore.make(1);
      const all = Array.from({ length: 10 }, () => hold(semaphore, count / 10));
      yield* Effect.all(all, { concurrency: "unbounded" });
    },
    *gather(count) {
      const all = Array.from({ length: count }, () => nothing);
      yield* Effect.all(all, { concurrency: "unbounded" });
    },
    *calls(count) {
      for (let n = 0; n < count; n++) yield* deep(10);
    },
    *deepSwitch(count) {
      for (let n = 0; n < count; n++) yield* deepYield(10);
    },
  };

  const forkAll = (count, effect) =>
    Effect.runPromise(
      Effect.gen(function* () {
        for (let n = 0; n < count; n++) yield* Effect.forkDetach(effect);
        yield* Effect.yieldNow;
      }),
    );

  return {
    async primitive(name, count) {
      const start = performance.now();
      await Effect.runPromise(Effect.gen(() => cases[name](count)));
      return performance.now() - start;
    },
    waiting: {
      async event(count) {
        const event = Deferred.makeUnsafe();
        const wait = Effect.gen(function* () {
          yield* Deferred.await(event);
        });
        await forkAll(count, wait);
        return () => event;
      },
      async sleep(count) {
        const wait = Effect.gen(function* () {
          yield* Effect.sleep(3_600_000);
        });
        await forkAll(count, wait);
      },
    },
  };
}
