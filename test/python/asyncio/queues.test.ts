/** asyncio's queues. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { CancelledError, TimeoutError } from "heddle";
import {
  type Coroutine,
  createTask,
  each,
  gather,
  LifoQueue,
  PriorityQueue,
  Queue,
  QueueEmpty,
  QueueFull,
  QueueShutDown,
  run,
  sleep,
  type Task,
  waitFor,
} from "heddle/asyncio";
import { errorOf, inStyle, type Steps, STYLES } from "../../support/asyncio/both-styles.ts";

const KINDS = [Queue, LifoQueue, PriorityQueue] as const;

function* turns(count: number): Steps<void> {
  for (let i = 0; i < count; i++) yield sleep(0);
}

/** Takes items until that fails. */
function* takeAll(queue: Queue<number>): Steps<void> {
  for (;;) yield queue.get();
}

for (const style of STYLES) {
  const { spawn, main } = inStyle(style);

  const get = (queue: Queue<number>): Task<number> =>
    spawn(function* () {
      return yield queue.get();
    });

  const put = (queue: Queue<number>, ...items: number[]): Task<void> =>
    spawn(function* () {
      for (const item of items) yield queue.put(item);
    });

  describe(`asyncio.Queue, ${style.name}`, () => {
    it("AQ-001 the string form", async () => {
      await main(function* () {
        const queue = new Queue<number>(1);
        assert.equal(String(queue), "<Queue maxsize=1 size=0 getters=0 putters=0 tasks=0>");
        const getting = get(queue);
        yield* turns(1);
        assert.equal(String(queue), "<Queue maxsize=1 size=0 getters=1 putters=0 tasks=0>");
        yield queue.put(1);
        yield getting;
        const putting = put(queue, 2, 3);
        yield* turns(1);
        assert.equal(String(queue), "<Queue maxsize=1 size=1 getters=0 putters=1 tasks=2>");
        queue.shutdown({ immediate: true });
        yield* errorOf(putting);
        assert.equal(
          String(queue),
          "<Queue maxsize=1 size=0 getters=0 putters=0 tasks=1 shutdown>",
        );
        assert.match(String(new LifoQueue()), /^<LifoQueue /);
      });
    });

    it("AQ-002 empty before the put and after the get", async () => {
      await main(function* () {
        const queue = new Queue<number>();
        assert.ok(queue.empty());
        yield queue.put(1);
        assert.equal(queue.empty(), false);
        assert.equal(yield queue.get(), 1);
        assert.ok(queue.empty());
      });
    });

    it("AQ-004 first in, first out", async () => {
      await main(function* () {
        const queue = new Queue<number>();
        for (const item of [1, 3, 2]) yield queue.put(item);
        assert.equal(queue.qsize(), 3);
        const items: number[] = [];
        while (!queue.empty()) items.push(yield queue.get());
        assert.deepEqual(items, [1, 3, 2]);
      });
    });

    it("AQ-005 a producer of three blocks after two", async () => {
      await main(function* () {
        const queue = new Queue<number>(2);
        assert.equal(queue.maxsize, 2);
        const producer = put(queue, 1, 2, 3);
        yield* turns(3);
        assert.equal(producer.done(), false);
        assert.ok(queue.full());
        assert.equal(yield queue.get(), 1);
        yield producer;
        assert.equal(queue.qsize(), 2);
      });
    });

    it("AQ-006 get and getNowait give what is there at once", async () => {
      await main(function* () {
        const queue = new Queue<number>();
        queue.putNowait(1);
        queue.putNowait(2);
        assert.equal(queue.getNowait(), 1);
        const operation = queue.get()[Symbol.iterator]();
        assert.deepEqual(operation.next(), { done: true, value: 2 });
        yield* turns(1);
      });
    });

    it("AQ-007 getNowait on an empty queue is an error, and putNowait on a full one", () => {
      const queue = new Queue<number>(1);
      assert.throws(() => queue.getNowait(), QueueEmpty);
      queue.putNowait(1);
      assert.throws(() => queue.putNowait(2), QueueFull);
    });

    it("AQ-009 a get on a full queue wakes a waiting put", async () => {
      await main(function* () {
        const queue = new Queue<number>(1);
        queue.putNowait(1);
        const waiting = put(queue, 2);
        yield* turns(1);
        assert.equal(yield queue.get(), 1);
        yield waiting;
        assert.equal(queue.getNowait(), 2);
      });
    });

    it("AQ-010 of two waiting gets one is cancelled: the item goes to the other", async () => {
      await main(function* () {
        const queue = new Queue<number>();
        const [first, second] = [get(queue), get(queue)];
        yield* turns(1);
        first.cancel();
        yield queue.put(7);
        assert.equal(yield second, 7);
        assert.ok(first.cancelled());
      });
    });

    it("a get that is woken and then cancelled loses no item", async () => {
      await main(function* () {
        const queue = new Queue<number>();
        const [first, second] = [get(queue), get(queue)];
        yield* turns(1);
        queue.putNowait(7);
        first.cancel();
        assert.equal(yield second, 7);
      });
    });

    it("AQ-011 two waiting puts deliver both items in order", async () => {
      await main(function* () {
        const queue = new Queue<number>(1);
        queue.putNowait(0);
        const puts = [put(queue, 1), put(queue, 2)];
        yield* turns(1);
        const items: number[] = [];
        for (let i = 0; i < 3; i++) items.push(yield queue.get());
        yield gather(puts);
        assert.deepEqual(items, [0, 1, 2]);
      });
    });

    it("AQ-012 a producer and a consumer exchange five items over a queue of one", async () => {
      await main(function* () {
        const queue = new Queue<number>(1);
        const producer = put(queue, 1, 2, 3, 4, 5);
        const items: number[] = [];
        for (let i = 0; i < 5; i++) items.push(yield queue.get());
        yield producer;
        assert.deepEqual(items, [1, 2, 3, 4, 5]);
      });
    });

    it("AQ-024 four puts against a queue of two with a draining reader all complete", async () => {
      await main(function* () {
        const queue = new Queue<number>(2);
        const puts = [1, 2, 3, 4].map((item) => put(queue, item));
        const items: number[] = [];
        for (let i = 0; i < 4; i++) {
          yield* turns(1);
          items.push(yield queue.get());
        }
        yield gather(puts);
        assert.deepEqual(items, [1, 2, 3, 4]);
      });
    });

    it("AQ-013 a get that times out leaves no waiter", async () => {
      await main(function* () {
        const queue = new Queue<number>(5);
        assert.ok((yield* errorOf(waitFor(queue.get(), 10))) instanceof TimeoutError);
        assert.match(String(queue), /getters=0/);
      });
    });

    it("AQ-015 a put on a full queue waits", async () => {
      await main(function* () {
        const queue = new Queue<number>(1);
        yield queue.put(1);
        const waiting = put(queue, 2);
        yield* turns(3);
        assert.equal(waiting.done(), false);
        assert.equal(queue.getNowait(), 1);
        yield waiting;
        assert.equal(queue.qsize(), 1);
      });
    });

    it("AQ-021 a put started as a task completes once its item is taken", async () => {
      await main(function* () {
        const queue = new Queue<number>();
        const putting = put(queue, 1);
        assert.equal(yield queue.get(), 1);
        assert.ok(putting.done());
      });
    });

    it("AQ-017 three readers, two items, the first reader cancelled", async () => {
      await main(function* () {
        const queue = new Queue<number>();
        const readers = [get(queue), get(queue), get(queue)];
        yield* turns(1);
        readers[0]!.cancel();
        yield* turns(1);
        yield queue.put(1);
        yield queue.put(2);
        assert.equal(yield readers[1]!, 1);
        assert.equal(yield readers[2]!, 2);
      });
    });

    it("AQ-018 a put cancelled as it was about to complete inserts nothing; a retry works", async () => {
      await main(function* () {
        const queue = new Queue<number>(1);
        yield queue.put(1);
        const waiting = put(queue, 2);
        yield* turns(1);
        queue.getNowait();
        waiting.cancel();
        assert.ok((yield* errorOf(waiting)) instanceof CancelledError);
        assert.ok(queue.empty());
        yield queue.put(2);
        assert.equal(queue.getNowait(), 2);
      });
    });

    it("AQ-020 a fractional maxsize of 1.3 admits two", () => {
      const queue = new Queue<number>(1.3);
      queue.putNowait(1);
      assert.equal(queue.full(), false);
      queue.putNowait(2);
      assert.ok(queue.full());
      assert.throws(() => new Queue("2" as never), TypeError);
    });

    it("AQ-022 three waiting puts, the last cancelled: the others go in order", async () => {
      await main(function* () {
        const queue = new Queue<number>(1);
        queue.putNowait(0);
        const puts = [put(queue, 1), put(queue, 2), put(queue, 3)];
        yield* turns(1);
        puts[2]!.cancel();
        const items: number[] = [];
        for (let i = 0; i < 3; i++) items.push(yield queue.get());
        yield gather(puts, { returnExceptions: true });
        assert.deepEqual(items, [0, 1, 2]);
        assert.ok(queue.empty());
      });
    });

    it("AQ-023 an item is handed to the get that waits", async () => {
      await main(function* () {
        const queue = new Queue<number>();
        const waiting = get(queue);
        yield* turns(1);
        queue.putNowait(5);
        assert.equal(yield waiting, 5);
        assert.ok(queue.empty());
      });
    });

    it("AQ-025 a cancelled put leaves no waiter, also if it had just been woken", async () => {
      for (const isWoken of [false, true]) {
        await main(function* () {
          const queue = new Queue<number>(1);
          queue.putNowait(0);
          const [first, second] = [put(queue, 1), put(queue, 2)];
          yield* turns(1);
          if (isWoken) queue.getNowait();
          first.cancel();
          assert.ok((yield* errorOf(first)) instanceof CancelledError);
          if (!isWoken) queue.getNowait();
          yield second;
          assert.match(String(queue), /size=1 getters=0 putters=0/);
          assert.equal(queue.getNowait(), 2);
        });
      }
    });

    it("a generator that is given up while it waits leaves no waiter", async () => {
      await main(function* () {
        const queue = new Queue<number>();
        const waiting = queue.get()[Symbol.iterator]();
        assert.equal(waiting.next().done, false);
        waiting.return?.();
        assert.match(String(queue), /getters=0/);
        yield* turns(1);
      });
    });

    it("AQ-027 taskDone on a fresh queue is an error", () => {
      assert.throws(() => new Queue().taskDone(), RangeError);
    });

    it("AQ-029 join on a fresh queue returns at once, again and again", async () => {
      await main(function* () {
        const queue = new Queue<number>();
        yield queue.join();
        yield queue.join();
      });
    });

    it("join waits until every item has been reported done", async () => {
      await main(function* () {
        const queue = new Queue<number>();
        for (let i = 0; i < 10; i++) queue.putNowait(i);
        let sum = 0;
        const workers = [1, 2].map(() =>
          spawn(function* () {
            for (;;) {
              sum += (yield queue.get()) as number;
              yield sleep(0);
              queue.taskDone();
            }
          }),
        );
        yield queue.join();
        assert.equal(sum, 45);
        for (const worker of workers) worker.cancel();
        yield gather(workers, { returnExceptions: true });
      });
    });
  });

  for (const Kind of KINDS) {
    describe(`asyncio.${Kind.name}: shutdown, ${style.name}`, () => {
      it("AQ-030 of an empty queue", async () => {
        await main(function* () {
          const queue = new Kind<number>();
          const waiting = get(queue);
          yield* turns(1);
          queue.shutdown();
          assert.ok((yield* errorOf(waiting)) instanceof QueueShutDown);
          yield queue.join();
          assert.ok((yield* errorOf(queue.put(1))) instanceof QueueShutDown);
          assert.ok((yield* errorOf(queue.get())) instanceof QueueShutDown);
          assert.throws(() => queue.putNowait(1), QueueShutDown);
          assert.throws(() => queue.getNowait(), QueueShutDown);
        });
      });

      it("AQ-031 of a full queue", async () => {
        await main(function* () {
          const queue = new Kind<number>(1);
          yield queue.put(1);
          const waiting = put(queue, 2);
          const joining = spawn(function* () {
            yield queue.join();
          });
          yield* turns(1);
          queue.shutdown();
          assert.ok((yield* errorOf(waiting)) instanceof QueueShutDown);
          assert.equal(yield queue.get(), 1);
          assert.equal(joining.done(), false);
          queue.taskDone();
          yield joining;
          assert.ok((yield* errorOf(queue.get())) instanceof QueueShutDown);
          assert.throws(() => queue.putNowait(1), QueueShutDown);
        });
      });

      it("AQ-033 at once, with items inside", async () => {
        await main(function* () {
          const queue = new Kind<number>();
          yield queue.put(1);
          const joining = spawn(function* () {
            yield queue.join();
          });
          yield* turns(1);
          queue.shutdown({ immediate: true });
          assert.ok(queue.empty());
          yield joining;
          assert.ok((yield* errorOf(queue.get())) instanceof QueueShutDown);
          assert.throws(() => queue.taskDone(), RangeError);
        });
      });

      it("AQ-034 at once, with one item taken and not done", async () => {
        await main(function* () {
          const queue = new Kind<number>();
          yield queue.put(1);
          yield queue.put(2);
          yield queue.get();
          queue.shutdown({ immediate: true });
          const joining = spawn(function* () {
            yield queue.join();
          });
          yield* turns(2);
          assert.equal(joining.done(), false);
          queue.taskDone();
          yield joining;
          assert.throws(() => queue.taskDone(), RangeError);
        });
      });
    });
  }

  it(`AQ-035 the three kinds of queue behave alike under shutdown, ${style.name}`, async () => {
    for (const isImmediate of [false, true]) {
      const traces: unknown[] = [];
      for (const Kind of KINDS) {
        await main(function* () {
          const queue = new Kind<number>(1);
          queue.putNowait(1);
          const waiting = put(queue, 2);
          yield* turns(1);
          queue.shutdown({ immediate: isImmediate });
          const error = yield* errorOf(waiting);
          const next = yield* errorOf(spawn(() => takeAll(queue)));
          traces.push([
            (error as Error).name,
            (next as Error).name,
            String(queue).replace(/\w+/, ""),
          ]);
        });
      }
      assert.deepEqual(traces[1], traces[0]);
      assert.deepEqual(traces[2], traces[0]);
    }
  });

  describe(`asyncio's other queues, ${style.name}`, () => {
    it("AQ-004 last in, first out; the least first", async () => {
      await main(function* () {
        const [lifo, priority] = [new LifoQueue<number>(), new PriorityQueue<number>()];
        for (const item of [2, 9, 1, 5]) {
          yield lifo.put(item);
          yield priority.put(item);
        }
        const [last, least]: number[][] = [[], []];
        while (!lifo.empty()) last!.push(yield lifo.get());
        while (!priority.empty()) least!.push(yield priority.get());
        assert.deepEqual(last, [5, 1, 9, 2]);
        assert.deepEqual(least, [1, 2, 5, 9]);
      });
    });

    it("a PriorityQueue refuses what has no order, and is as it was", async () => {
      await main(function* () {
        const queue = new PriorityQueue<unknown>();
        queue.putNowait([1, { name: "first" }]);
        assert.throws(() => queue.putNowait({ name: "no order" }), TypeError);
        assert.throws(() => queue.putNowait("a string among arrays"), TypeError);
        assert.match(String(queue), /size=1 getters=0 putters=0 tasks=1/);
        queue.putNowait([0, { name: "before" }]);
        assert.deepEqual(yield queue.get(), [0, { name: "before" }]);
        yield* turns(1);
      });
    });

    it("a subclass may keep its items as it likes", async () => {
      class Latest<T> extends Queue<T> {
        protected override makeStorage() {
          const items = new Set<T>();
          return {
            get size() {
              return items.size;
            },
            put: (item: T) => void items.add(item),
            take: () => {
              const [first] = items;
              items.delete(first!);
              return first!;
            },
          };
        }
      }
      await main(function* () {
        const queue = new Latest<number>();
        for (const item of [1, 1, 2]) yield queue.put(item);
        assert.equal(queue.qsize(), 2);
        assert.equal(yield queue.get(), 1);
      });
    });
  });
}

it("asyncio.Queue: for await takes items until the queue is shut down and empty", async () => {
  const queue = new Queue<number>();
  const items: number[] = [];
  await run(async () => {
    const consumer = createTask(async () => {
      for await (const item of queue) items.push(item);
    });
    await queue.put(1);
    await sleep(0);
    await queue.put(2);
    queue.shutdown();
    await consumer;
  });
  assert.deepEqual(items, [1, 2]);
});

it("asyncio.Queue: an iteration that is cancelled takes no item with it", async () => {
  for (const consume of [
    async (queue: Queue<number>): Promise<void> => {
      for await (const _ of queue);
    },
    function* (queue: Queue<number>): Coroutine<void> {
      yield* each(queue, () => undefined);
    },
  ]) {
    const queue = new Queue<number>();
    await run(async () => {
      const consumer = createTask(() => consume(queue));
      await sleep(1);
      consumer.cancel();
      await gather([consumer], { returnExceptions: true });
      queue.putNowait(7);
      await sleep(1);
      assert.equal(queue.getNowait(), 7);
    });
  }
});
