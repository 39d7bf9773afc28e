import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Empty, Full, LifoQueue, PriorityQueue, Queue, ShutDown, SimpleQueue } from "heddle/queue";
import { untilBlocked } from "heddle/testing";
import {
  consume,
  getErrorName,
  getImpatiently,
  getOne,
  getUntilNegative,
  joinQueue,
  LONG,
  produce,
  putAll,
  putErrorName,
  putRange,
  SHORT,
  start,
} from "../support/queues.ts";

/** Each kind of queue, and what it makes of the items 3, 1, 2. */
const KINDS = [
  { Kind: Queue as typeof Queue<number>, order: [3, 1, 2] },
  { Kind: LifoQueue as unknown as typeof Queue<number>, order: [2, 1, 3] },
  { Kind: PriorityQueue as unknown as typeof Queue<number>, order: [1, 2, 3] },
];

function filled(Kind: typeof Queue<number>, count: number, maxsize = count): Queue<number> {
  const queue = new Kind(maxsize);
  for (let n = 0; n < count; n++) queue.putNowait(n);
  return queue;
}

/** Says that both forms fail with the error. */
async function bothReject(
  sync: () => unknown,
  promised: () => Promise<unknown>,
  error: abstract new (...args: never[]) => Error,
): Promise<void> {
  assert.throws(sync, error);
  await assert.rejects(promised(), error);
}

for (const { Kind, order } of KINDS) {
  describe(`queue.${Kind.name}`, () => {
    it("QU-001 queue.*: a new queue is empty and not full", () => {
      const queue = new Kind();
      assert.deepEqual([queue.empty(), queue.full(), queue.qsize()], [true, false, 0]);
      assert.deepEqual([new Kind(1).empty(), new Kind(1).full()], [true, false]);
    });

    it("QU-003 queue.*: items come in the order of their kind, LifoQueue's latest first", () => {
      const queue = new Kind();
      for (const n of [3, 1, 2]) queue.putNowait(n);
      assert.deepEqual([queue.getSync(), queue.getSync(), queue.getSync()], order);
    });

    it("QU-005 queue.*: a queue of maxsize 5 is full after five puts and not before", () => {
      const queue = new Kind(5);
      for (let n = 0; n < 5; n++) {
        assert.equal(queue.full(), false);
        queue.putNowait(n);
      }
      assert.deepEqual([queue.full(), queue.empty(), queue.qsize()], [true, false, 5]);
    });

    it("QU-006 queue.*: putNowait and a timeout of 0 on a full queue throw Full at once", async () => {
      const queue = filled(Kind, 2);
      assert.throws(() => queue.putNowait(1), Full);
      await bothReject(
        () => queue.putSync(1, { timeout: 0 }),
        () => queue.put(1, { timeout: 0 }),
        Full,
      );
      assert.equal(queue.qsize(), 2);
    });

    it("QU-007 queue.*: put with a timeout on a full queue throws Full after the timeout", async () => {
      const queue = filled(Kind, 2);
      const startMs = performance.now();
      assert.throws(() => queue.putSync(1, { timeout: SHORT }), Full);
      assert.ok(performance.now() - startMs >= SHORT - 1);
      const againMs = performance.now();
      await assert.rejects(queue.put(1, { timeout: SHORT }), Full);
      assert.ok(performance.now() - againMs >= SHORT - 1);
      assert.equal(queue.qsize(), 2);
    });

    it("QU-009 queue.*: a put with a long timeout succeeds as soon as another thread gets", async () => {
      const queue = filled(Kind, 2);
      const putting = queue.put(7, { timeout: LONG });
      const thread = start(getOne, queue);
      await putting;
      await thread.join();
      const blocked = start(putAll, queue, [8]);
      await untilBlocked(queue);
      queue.getNowait();
      await blocked.join();
      assert.equal(queue.qsize(), 2);
    });

    it("QU-010 queue.*: getNowait and a timeout of 0 on an empty queue throw Empty at once", async () => {
      const queue = new Kind();
      assert.throws(() => queue.getNowait(), Empty);
      await bothReject(
        () => queue.getSync({ timeout: 0 }),
        () => queue.get({ timeout: 0 }),
        Empty,
      );
    });

    it("QU-011 queue.*: get with a timeout on an empty queue throws Empty after the timeout", async () => {
      const queue = new Kind();
      const startMs = performance.now();
      assert.throws(() => queue.getSync({ timeout: SHORT }), Empty);
      assert.ok(performance.now() - startMs >= SHORT - 1);
      const againMs = performance.now();
      await assert.rejects(queue.get({ timeout: SHORT }), Empty);
      assert.ok(performance.now() - againMs >= SHORT - 1);
    });

    it("QU-013 queue.*: a get with a long timeout returns as soon as another thread puts", async () => {
      const queue = new Kind();
      const getting = queue.get({ timeout: LONG });
      const thread = start(putAll, queue, [5]);
      assert.equal(await getting, 5);
      await thread.join();
      const blocked = start(getOne, queue);
      await untilBlocked(queue);
      queue.putNowait(6);
      assert.equal(await blocked, 6);
    });

    it("QU-015 queue.*: put with a negative timeout throws RangeError", async () => {
      const queue = new Kind(1);
      await bothReject(
        () => queue.putSync(1, { timeout: -1 }),
        () => queue.put(1, { timeout: -1 }),
        RangeError,
      );
      assert.equal(queue.qsize(), 0);
    });

    it("QU-016 queue.*: get with a negative timeout throws RangeError", async () => {
      const queue = filled(Kind, 1);
      await bothReject(
        () => queue.getSync({ timeout: -1 }),
        () => queue.get({ timeout: -1 }),
        RangeError,
      );
      assert.equal(queue.qsize(), 1);
    });

    it("QU-017 queue.*: putNowait throws Full once maxsize items are in; getNowait Empty once all are out", () => {
      const queue = filled(Kind, 3);
      assert.throws(() => queue.putNowait(9), Full);
      for (let n = 0; n < 3; n++) queue.getNowait();
      assert.throws(() => queue.getNowait(), Empty);
    });

    it("QU-018 queue.*: maxsize may be lowered below the size; puts fail until the queue has drained", () => {
      const queue = filled(Kind, 5);
      queue.maxsize = 3;
      assert.deepEqual([queue.maxsize, queue.full(), queue.qsize()], [3, true, 5]);
      queue.getNowait();
      queue.getNowait();
      assert.throws(() => queue.putNowait(9), Full);
      queue.getNowait();
      queue.putNowait(9);
      assert.equal(queue.full(), true);
    });

    it("QU-019 queue.*: taskDone() on a fresh queue throws RangeError", () => {
      assert.throws(() => new Kind().taskDone(), RangeError);
    });

    it("QU-021 queue.*: join() can be used repeatedly on the same queue", async () => {
      const queue = new Kind();
      for (let round = 0; round < 2; round++) {
        const thread = start(consume, queue as Queue);
        for (let n = 0; n < 20; n++) queue.putNowait(n);
        if (round === 0) queue.joinSync({ timeout: LONG });
        else await queue.join({ timeout: LONG });
        assert.equal(queue.unfinishedTasks, 0);
        if (round === 1) queue.shutdown();
        else queue.putNowait(0);
        if (round === 1) await thread.join();
      }
    });

    it("QU-022 queue.*: taskDone() after everything was accounted for throws RangeError", () => {
      const queue = filled(Kind, 2);
      queue.taskDone();
      queue.taskDone();
      assert.throws(() => queue.taskDone(), RangeError);
    });

    it("QU-023 queue.*: join() on a queue without unfinished items returns at once", async () => {
      const queue = new Kind();
      queue.joinSync();
      await queue.join();
      assert.equal(queue.unfinishedTasks, 0);
    });
  });

  describe(`queue.${Kind.name}, shut down`, () => {
    it("QU-028 (3.13) queue shutdown: an empty queue's put and get throw ShutDown", async () => {
      const queue = new Kind();
      queue.shutdown();
      await bothReject(
        () => queue.putSync(1),
        () => queue.put(1),
        ShutDown,
      );
      await bothReject(
        () => queue.getSync(),
        () => queue.get(),
        ShutDown,
      );
    });

    it("QU-029 (3.13) queue shutdown: get still returns what is inside, then throws ShutDown", async () => {
      const queue = filled(Kind, 2);
      queue.shutdown();
      queue.getSync();
      await queue.get();
      assert.throws(() => queue.getSync(), ShutDown);
    });

    it("QU-030 (3.13) queue shutdown: after an immediate one, get throws although items were inside", async () => {
      const queue = filled(Kind, 2);
      queue.shutdown({ immediate: true });
      await bothReject(
        () => queue.getSync(),
        () => queue.get(),
        ShutDown,
      );
    });

    it("QU-031 (3.13) queue shutdown: isShutdown tells; it may be repeated, and become immediate", () => {
      const queue = filled(Kind, 2);
      assert.equal(queue.isShutdown, false);
      queue.shutdown();
      assert.equal(queue.isShutdown, true);
      queue.shutdown();
      assert.equal(queue.qsize(), 2);
      queue.shutdown({ immediate: true });
      assert.deepEqual([queue.isShutdown, queue.qsize()], [true, 0]);
      queue.shutdown({ immediate: false });
      assert.throws(() => queue.getNowait(), ShutDown);
    });

    it("QU-033 (3.13) queue shutdown: gets and taskDone of what is inside work, then all gets throw", async () => {
      const queue = filled(Kind, 2);
      queue.shutdown();
      for (let n = 0; n < 2; n++) {
        queue.getSync();
        queue.taskDone();
      }
      queue.joinSync({ timeout: LONG });
      await queue.join({ timeout: LONG });
      assert.throws(() => queue.getSync(), ShutDown);
      assert.throws(() => queue.getNowait(), ShutDown);
      assert.throws(() => queue.getSync({ timeout: SHORT }), ShutDown);
    });

    it("QU-034 (3.13) queue shutdown: after an immediate one nothing is unfinished", () => {
      const queue = filled(Kind, 2);
      queue.shutdown({ immediate: true });
      assert.throws(() => queue.getSync(), ShutDown);
      assert.throws(() => queue.getNowait(), ShutDown);
      assert.throws(() => queue.taskDone(), RangeError);
      queue.joinSync({ timeout: LONG });
      assert.equal(queue.unfinishedTasks, 0);
    });

    for (const immediate of [false, true]) {
      const which = immediate ? "an immediate shutdown" : "shutdown";
      it(`QU-035 (3.13) queue shutdown: ${which} ends all of four producers and six consumers`, async () => {
        const queue = new Kind(4);
        const producers = [1, 2, 3, 4].map(() => start(produce, queue, 1e9));
        const consumers = [1, 2, 3, 4, 5, 6].map(() => start(consume, queue as Queue));
        for (let gets = 0; gets < 100; gets++) {
          await queue.get({ timeout: LONG });
          queue.taskDone();
        }
        queue.shutdown({ immediate });
        for (const producer of producers) assert.equal(await producer, "ShutDown");
        for (const consumer of consumers) assert.equal((await consumer)[1], "ShutDown");
        assert.equal(queue.qsize(), 0);
        assert.equal(queue.unfinishedTasks, 0);
      });
    }

    it("QU-036 (3.13) queue shutdown: an immediate one under load empties the queue and ends joins", async () => {
      const queue = new Kind(100);
      const producers = [1, 2].map(() => start(produce, queue, 1e9));
      const joiners = [1, 2].map(() => start(joinQueue, queue as Queue));
      await queue.get({ timeout: LONG });
      queue.taskDone();
      await untilBlocked(queue, 2);
      queue.shutdown({ immediate: true });
      for (const joiner of joiners) assert.equal(await joiner, 0);
      for (const producer of producers) assert.equal(await producer, "ShutDown");
      assert.equal(queue.empty(), true);
    });

    it("QU-038 (3.13) queue shutdown: after an immediate one no consumer gets an item", async () => {
      const queue = filled(Kind, 2);
      queue.shutdown({ immediate: true });
      const consumers = [1, 2].map(() => start(getErrorName, queue));
      for (const consumer of consumers) assert.equal(await consumer, "ShutDown");
    });

    it("QU-040 (3.13) queue shutdown: a join before it returns once the last item is done", async () => {
      const queue = filled(Kind, 1);
      const joiner = start(joinQueue, queue as Queue);
      await untilBlocked(queue);
      queue.shutdown();
      assert.equal(joiner.isAlive(), true);
      queue.getNowait();
      queue.taskDone();
      assert.equal(await joiner, 0);
    });

    it("QU-041 (3.13) queue shutdown: a join before an immediate one returns without a taskDone", async () => {
      const queue = filled(Kind, 1);
      const joiner = start(joinQueue, queue as Queue);
      const joining = queue.join({ timeout: LONG });
      await untilBlocked(queue, 2);
      queue.shutdown({ immediate: true });
      assert.equal(await joiner, 0);
      await joining;
    });

    it("QU-042 (3.13) queue shutdown: a waiting putter gets ShutDown, a getter what is inside", async () => {
      const queue = filled(Kind, 1);
      const putter = start(putErrorName, queue as Queue, 5);
      await untilBlocked(queue);
      const joiner = start(joinQueue, queue as Queue);
      await untilBlocked(queue, 2);
      queue.shutdown();
      assert.equal(await putter, "ShutDown");
      assert.equal(await start(getOne, queue), 0);
      queue.taskDone();
      assert.equal(await joiner, 0);
    });

    it("QU-043 (3.13) queue shutdown: unfinishedTasks is how many were put and not reported done", () => {
      const queue = filled(Kind, 3);
      assert.equal(queue.unfinishedTasks, 3);
      queue.getNowait();
      assert.equal(queue.unfinishedTasks, 3);
      queue.taskDone();
      assert.equal(queue.unfinishedTasks, 2);
      queue.shutdown();
      assert.equal(queue.unfinishedTasks, 2);
      queue.getNowait();
      queue.shutdown({ immediate: true });
      assert.equal(queue.unfinishedTasks, 1); // one is out, and not done
    });

    it("QU-044 (3.13) queue shutdown: threads and promises that wait in get wake with ShutDown", async () => {
      const queue = new Kind();
      const getters = [1, 2].map(() => start(getErrorName, queue));
      const getting = assert.rejects(queue.get(), ShutDown);
      await untilBlocked(queue, 3);
      queue.shutdown();
      for (const getter of getters) assert.equal(await getter, "ShutDown");
      await getting;
    });
  });
}

describe("queue.PriorityQueue's order", () => {
  it("QU-004 queue.*: PriorityQueue returns the smallest item first", () => {
    const queue = new PriorityQueue();
    for (const n of [5, -1, 2.5, 1e300, 0, 3]) queue.putNowait(n);
    assert.deepEqual(
      Array.from({ length: 6 }, () => queue.getNowait()),
      [-1, 0, 2.5, 3, 5, 1e300],
    );
    for (const item of [
      [2, "b"],
      [1, "z"],
      [2, "a"],
    ] as const)
      queue.putNowait(item);
    assert.deepEqual(
      [queue.getNowait(), queue.getNowait(), queue.getNowait()],
      [
        [1, "z"],
        [2, "a"],
        [2, "b"],
      ],
    );
  });
});

/** Five threads put 10000 numbers, five others get them all. */
async function transfer(get: (queue: SimpleQueue<number>) => number[]): Promise<void> {
  const THREADS = 5;
  const queue = new SimpleQueue<number>();
  const consumers = Array.from({ length: THREADS }, () => start(get, queue));
  const producers = Array.from({ length: THREADS }, (_, i) =>
    start(putRange, queue, i * 2000, 2000),
  );
  for (const producer of producers) await producer.join();
  for (const _ of consumers) queue.putNowait(-1);
  const got: number[] = [];
  for (const consumer of consumers) got.push(...(await consumer));
  got.sort((a, b) => a - b);
  assert.deepEqual(
    got,
    Array.from({ length: 10_000 }, (_, n) => n),
  );
}

describe("queue.SimpleQueue", () => {
  it("QU-046 SimpleQueue: sizes follow puts and gets, and items keep their order in all forms", async () => {
    const queue = new SimpleQueue<number>();
    assert.deepEqual([queue.empty(), queue.qsize()], [true, 0]);
    queue.putSync(1);
    queue.putNowait(2);
    await queue.put(3);
    queue.putNowait(4);
    assert.deepEqual([queue.empty(), queue.qsize()], [false, 4]);
    assert.equal(queue.getSync(), 1);
    assert.equal(queue.getNowait(), 2);
    assert.equal(queue.getSync({ timeout: 0 }), 3);
    assert.equal(await queue.get({ timeout: SHORT }), 4);
    assert.deepEqual([queue.empty(), queue.qsize()], [true, 0]);
  });

  it("QU-047 SimpleQueue: gets that may not wait, or not long, throw Empty", async () => {
    const queue = new SimpleQueue();
    assert.throws(() => queue.getNowait(), Empty);
    assert.throws(() => queue.getSync({ timeout: 1 }), Empty);
    await assert.rejects(queue.get({ timeout: 1 }), Empty);
    assert.throws(() => queue.getSync({ timeout: -1 }), RangeError);
    assert.equal(queue.qsize(), 0);
  });

  it("QU-049 SimpleQueue: one producer and one consumer keep the order of 100 items", async () => {
    const queue = new SimpleQueue<number>();
    const consumer = start(getUntilNegative, queue);
    const producer = start(putRange, queue, 0, 100);
    await producer.join();
    queue.putNowait(-1);
    assert.deepEqual(
      await consumer,
      Array.from({ length: 100 }, (_, n) => n),
    );
  });

  it("QU-050 SimpleQueue: many producers and consumers transfer 10000 items with no loss and no duplicate", async () => {
    await transfer(getUntilNegative);
  });

  it("QU-052 SimpleQueue: with tiny timeouts nothing is lost or duplicated either", async () => {
    await transfer(getImpatiently);
  });

  it("QU-053 SimpleQueue: put ignores its options and never waits", async () => {
    const queue = new SimpleQueue<number>();
    queue.putSync(1, { timeout: -1 });
    await queue.put(2, { timeout: 0, signal: AbortSignal.abort() });
    assert.equal(queue.qsize(), 2);
  });
});
