/** What every queue between threads must do, whatever its order. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { move, SendError } from "heddle";
import { Empty, Full, type Queue } from "heddle/queue";
import { untilBlocked } from "heddle/testing";
import { Event, Lock, RLock } from "heddle/threading";
import {
  type AnyQueue,
  churn,
  getAsync,
  getCount,
  getOne,
  LONG,
  passOn,
  putAll,
  putAndExit,
  putNested,
  SHORT,
  start,
  startDoomed,
} from "../support/queues.ts";
import { ValidationError } from "../support/tasks.ts";

/** How the contract's tests use a kind of queue. */
export interface QueueKind {
  readonly name: string;
  /** Makes one; a kind without a limit ignores it. */
  readonly make: (maxsize?: number) => AnyQueue<unknown>;
  readonly hasLimit: boolean;
  /**
   * Its items lie with a process, perhaps another one: they hold nothing that threads share, each
   * receiver has an object of its own for the queue, and who waits is not counted.
   */
  readonly isBetweenProcesses?: boolean;
  /** Whether it says how many items it has. Otherwise they are taken and counted. Default: yes. */
  readonly hasSize?: boolean;
  /** Makes of anything an item that such a queue takes, and back. */
  readonly wrap: (item: unknown, index: number) => unknown;
  readonly unwrap: (item: unknown) => unknown;
}

class Point {
  readonly x = 1;
  readonly y = "two";
}

/** Items that arrive equal to what was put. */
const COPIED: readonly (readonly [what: string, item: unknown])[] = [
  ["integers", 7],
  ["the largest integer of 32 bits", 2 ** 31 - 1],
  ["the smallest integer of 32 bits", -(2 ** 31)],
  ["doubles", Math.PI],
  ["NaN", NaN],
  ["-0", -0],
  ["Infinity", Infinity],
  ["strings", "text"],
  ["strings with all sorts of characters", "ä€😀\0"],
  ["long strings", "x".repeat(100_000)],
  ["long strings with all sorts of characters", "ä".repeat(100_000)],
  ["true", true],
  ["null", null],
  ["undefined", undefined],
  ["bigints", 2n ** 62n],
  ["large bigints", -(2n ** 200n)],
  ["arrays", [1, [2, ["three"]], null]],
  ["integers by the thousand", Array.from({ length: 5000 }, (_, n) => n)],
  // oxlint-disable-next-line no-sparse-arrays -- that is the case
  ["arrays with holes", [1, , 3]],
  ["objects", { a: 1, b: { c: "d" }, "odd key": [] }],
  ["large objects", Object.fromEntries(Array.from({ length: 3000 }, (_, n) => [`key ${n}`, n]))],
  [
    "Maps",
    new Map<unknown, unknown>([
      ["a", 1],
      [{ b: 2 }, new Map()],
    ]),
  ],
  ["Sets", new Set([1, "a", null])],
  ["Dates", new Date(1e12)],
  ["regular expressions", /a+b/gi],
  ["bytes", new Uint8Array([1, 2, 3])],
  ["doubles in an array of their own", new Float64Array([0.5, -1])],
  ["buffers", new Uint8Array([4, 5]).buffer],
  ["large buffers", new Uint8Array(200_000).fill(7)],
];

/** Texts and numbers from the smallest to the largest. */
const inOrder = (a: unknown, b: unknown): number => ((a as number) < (b as number) ? -1 : 1);

export function queueContract(kind: QueueKind): void {
  const { name, make, hasLimit, wrap, unwrap, isBetweenProcesses = false, hasSize = true } = kind;
  /** Registers what holds where threads share memory. */
  const itWithin: typeof it = (isBetweenProcesses ? () => undefined : it) as typeof it;
  /** How many items it has, at the end of a test. */
  const countIn = (queue: AnyQueue<unknown>): number => {
    if (hasSize) return queue.qsize();
    let count = 0;
    for (; !queue.empty(); count++) queue.getSync();
    return count;
  };
  /** Through the queue, in this thread. */
  const through = (item: unknown): unknown => {
    const queue = make();
    queue.putNowait(wrap(item, 0));
    return unwrap(queue.getNowait());
  };

  describe(`${name}: items`, () => {
    for (const [what, item] of COPIED) {
      it(`arrive as they were put: ${what}`, () => {
        assert.deepEqual(through(item), item);
      });
    }

    it("are copies as of the put", () => {
      const item = { list: [1] };
      const queue = make();
      queue.putNowait(wrap(item, 0));
      item.list.push(2);
      const got = unwrap(queue.getNowait()) as typeof item;
      assert.deepEqual(got, { list: [1] });
    });

    it("keep cycles, and one object met twice stays one", () => {
      const item: { self?: unknown; twice: unknown[] } = { twice: [] };
      item.self = item;
      const inner = {};
      item.twice.push(inner, inner);
      const got = through(item) as typeof item;
      assert.equal(got.self, got);
      assert.equal(got.twice[0], got.twice[1]);
    });

    it("that are instances of a class that no module exports are refused", () => {
      assert.throws(() => through({ at: new Point() }), {
        name: "SendError",
        path: /\.at$/,
        message: /at is an instance of Point, which no module exports$/,
      });
    });

    it("that are Buffers arrive as Buffers, with their own bytes and no others", () => {
      for (const sent of [Buffer.from("small"), Buffer.from("x".repeat(40_000))]) {
        const got = through({ sent, day: new Date(0) }) as { sent: Buffer };
        assert.ok(Buffer.isBuffer(got.sent));
        assert.deepEqual(got.sent, sent);
        assert.equal(got.sent.buffer.byteLength, sent.byteLength);
        assert.ok(Buffer.isBuffer(through(sent)));
      }
      const part = through(new Int16Array(100_000).subarray(1, 3)) as Int16Array;
      assert.deepEqual([part.length, part.buffer.byteLength], [2, 4]);
    });

    it("that are nested deep arrive", () => {
      let item: unknown = "bottom";
      for (let i = 0; i < 10_000; i++) item = i % 2 === 0 ? [item] : { item };
      let got = through(item);
      for (let i = 10_000; i-- > 0;)
        got = i % 2 === 0 ? (got as unknown[])[0] : (got as { item: unknown }).item;
      assert.equal(got, "bottom");
    });

    it("keep the class of errors", () => {
      const error = through(new ValidationError("is empty", "E1")) as ValidationError;
      assert.ok(error instanceof ValidationError);
      assert.deepEqual([error.message, error.code], ["is empty", "E1"]);
      assert.ok(through(new RangeError("far")) instanceof RangeError);
    });

    itWithin("carry shared objects, which stay the same", () => {
      const item = { lock: new Lock(), rlock: new RLock(), event: new Event(), queue: make() };
      const got = through(item) as typeof item;
      assert.equal(got.lock, item.lock);
      assert.equal(got.rlock, item.rlock);
      assert.equal(got.event, item.event);
      assert.equal(got.queue, item.queue);
    });

    itWithin("carry shared objects also where structured clone copies the rest", () => {
      const lock = new Lock();
      const got = through(new Map([["locks", new Set([lock])]])) as Map<string, Set<Lock>>;
      assert.equal([...(got.get("locks") as Set<Lock>)][0], lock);
    });

    itWithin("can be the queue itself", () => {
      const queue = make();
      queue.putNowait(wrap([queue], 0));
      assert.equal((unwrap(queue.getNowait()) as [unknown])[0], queue);
    });

    it("that are moved leave the sender empty", () => {
      const bytes = new Uint8Array([1, 2, 3]);
      const large = new Float64Array(10_000).fill(0.5);
      const got = through({ bytes: move(bytes), large: move(large) }) as Record<string, unknown>;
      assert.deepEqual(got["bytes"], new Uint8Array([1, 2, 3]));
      assert.equal((got["large"] as Float64Array)[9999], 0.5);
      assert.deepEqual([bytes.length, large.length], [0, 0]);
    });

    const refused: readonly (readonly [what: string, part: () => unknown, text: RegExp])[] = [
      ["bound functions", () => wrap.bind(undefined), /is the function "bound wrap", which cannot/],
      ["symbols", () => Symbol("s"), /is a symbol/],
      ["promises", () => Promise.resolve(), /is a Promise/],
      ["SharedArrayBuffers", () => new SharedArrayBuffer(4), /SharedArrayBuffer.*argument/],
      ["views on them", () => new Int32Array(new SharedArrayBuffer(4)), /shared memory.*argument/],
      ["ports", () => portAlone(), /MessagePort.*argument/],
    ];
    for (const [what, part, text] of refused) {
      it(`that have ${what} in them are refused, naming the part`, async () => {
        const queue = make();
        const item = wrap({ list: [1, { part: part() }] }, 0);
        const isRight = (error: unknown): boolean => {
          assert.ok(error instanceof SendError, String(error));
          assert.match(error.path, /^item.*\.list\[1\]\.part$/);
          assert.match(error.message, isBetweenProcesses ? /cannot|is a/ : text);
          return true;
        };
        assert.throws(() => queue.putNowait(item), isRight);
        assert.throws(() => queue.putSync(item), isRight);
        await assert.rejects(queue.put(item), isRight);
        assert.equal(countIn(queue), 0);
      });
    }

    it("by the thousand, large and small, keep their contents", () => {
      const queue = make();
      const sizes = Array.from({ length: 3000 }, (_, n) => (n * 37) % 400);
      sizes.forEach((size, n) => queue.putNowait(wrap({ n, text: "x".repeat(size) }, n)));
      if (hasSize) assert.equal(queue.qsize(), 3000);
      const seen = new Set<number>();
      while (!queue.empty()) {
        const { n, text } = unwrap(queue.getNowait()) as { n: number; text: string };
        assert.equal(text.length, sizes[n]);
        seen.add(n);
      }
      assert.equal(seen.size, 3000);
    });
  });

  describe(`${name}: between threads`, () => {
    it("items cross in both directions, whole", async () => {
      const [there, back] = [make(), make()];
      const thread = start(passOn, there, back, COPIED.length);
      for (const [index, [, item]] of COPIED.entries()) there.putSync(wrap(item, index));
      const got = new Map<number, unknown>();
      for (const _ of COPIED) {
        const item = await back.get({ timeout: LONG });
        got.set(got.size, unwrap(item));
      }
      const texts = (values: Iterable<unknown>): Set<string> =>
        new Set(
          [...values].map((value) => (Array.isArray(value) ? `${value.length}` : String(value))),
        );
      assert.deepEqual(texts(got.values()), texts(COPIED.map(([, item]) => item)));
      await thread.join();
    });

    it("a queue is the same wherever it comes in an argument", async () => {
      const queue = make() as Queue;
      const nested = {
        array: [queue] as const,
        map: new Map([["queue", queue]]),
        set: new Set([queue]),
      };
      const wrapped = wrap("from another thread", 0);
      assert.equal(await start(putNested, nested, wrapped), true);
      // Between processes it may still be on its way.
      const got = isBetweenProcesses ? queue.getSync({ timeout: LONG }) : queue.getNowait();
      assert.equal(unwrap(got), "from another thread");
    });

    itWithin("a queue that has been to another thread and back is the same object", async () => {
      const [there, back, inner] = [make(), make(), make()];
      there.putNowait(wrap([inner], 0));
      await start(passOn, there, back, 1).join();
      assert.equal((unwrap(back.getNowait()) as [unknown])[0], inner);
    });

    itWithin("a lock in an item locks in both threads", async () => {
      const [there, back] = [make(), make()];
      const lock = new Lock();
      there.putNowait(wrap({ lock }, 0));
      await start(passOn, there, back, 1).join();
      const got = unwrap(back.getNowait()) as { lock: Lock };
      assert.equal(got.lock, lock);
      assert.equal(got.lock.locked(), false);
    });

    it("items outlive the thread that put them", async () => {
      const queue = make();
      await start(putAll, queue, [wrap("a", 0), wrap({ b: new Map() }, 1)]).join();
      if (!isBetweenProcesses) assert.equal(queue.qsize(), 2);
      const got = [unwrap(queue.getSync()), unwrap(queue.getSync())];
      assert.ok(got.includes("a"));
    });

    it("promises of one thread are served in their order, as items come", async () => {
      const queue = make();
      const gets = [1, 2, 3].map(() => queue.get({ timeout: LONG }));
      await start(putAll, queue, [wrap("a", 0), wrap("b", 1), wrap("c", 2)]).join();
      const got = (await Promise.all(gets)).map((item) => unwrap(item));
      assert.deepEqual([...got].sort(inOrder), ["a", "b", "c"]);
    });

    itWithin("a thread that has several promises waiting gets as many items", async () => {
      const queue = make();
      const thread = start(getAsync, queue, 3);
      await untilBlocked(queue);
      for (let n = 0; n < 3; n++) queue.putNowait(wrap(n, n));
      const got = (await thread).map((item) => unwrap(item));
      assert.deepEqual([...got].sort(inOrder), [0, 1, 2]);
    });
  });

  describe(`${name}: giving up`, () => {
    it("a get whose signal is aborted rejects with its reason, and takes nothing", async () => {
      const queue = make();
      const controller = new AbortController();
      const first = queue.get({ signal: controller.signal });
      const second = queue.get({ timeout: LONG });
      const reason = new Error("enough");
      controller.abort(reason);
      await assert.rejects(first, reason);
      queue.putNowait(wrap("for the second", 0));
      assert.equal(unwrap(await second), "for the second");
      await assert.rejects(queue.get({ signal: AbortSignal.abort(reason) }), reason);
    });

    itWithin("a get that gives up leaves the wake-up to another thread", async () => {
      const queue = make();
      const controller = new AbortController();
      const gets = Array.from({ length: 20 }, () => queue.get({ signal: controller.signal }));
      const outcomes = Promise.allSettled(gets);
      const thread = start(getOne, queue);
      await untilBlocked(queue, 21);
      controller.abort();
      queue.putNowait(wrap("here", 0));
      assert.equal(unwrap(await thread), "here");
      assert.ok((await outcomes).every(({ status }) => status === "rejected"));
    });

    it("a timeout and an item at the same moment lose nothing", async () => {
      const queue = make();
      let got = 0;
      for (let round = 0; round < 30; round++) {
        const get = queue.get({ timeout: round % 3 }).then(
          () => 1,
          (error: unknown) => (assert.ok(error instanceof Empty), 0),
        );
        await new Promise((resolve) => setTimeout(resolve, round % 3));
        queue.putNowait(wrap(round, round));
        got += await get;
      }
      assert.equal(countIn(queue), 30 - got);
    });

    it("options are checked before anything happens", async () => {
      const queue = make();
      const wrong = { timeOut: 5 } as object;
      assert.throws(() => queue.getSync(wrong), TypeError);
      await assert.rejects(queue.get(wrong), TypeError);
      assert.throws(() => queue.getSync({ timeout: NaN }), RangeError);
      await assert.rejects(queue.get({ signal: 5 as never }), TypeError);
      if (!hasLimit) return;
      assert.throws(() => queue.putSync(wrap(1, 0), wrong), TypeError);
      await assert.rejects(queue.put(wrap(1, 0), wrong), TypeError);
      assert.equal(queue.qsize(), 0);
    });
  });

  describe(`${name}: deaths`, () => {
    it("a thread that exits leaves what it has put", async () => {
      const queue = make();
      const thread = start(
        putAndExit,
        queue,
        Array.from({ length: 50 }, (_, n) => wrap(n, n)),
      );
      await assert.rejects(thread.join());
      if (!isBetweenProcesses) assert.equal(queue.qsize(), 50);
      assert.equal((await start(getCount, queue, 50)).length, 50);
    });

    itWithin(
      "threads that are ended in the middle of put and get leave the queue usable",
      async () => {
        const queue = make();
        for (let round = 0; round < 2; round++) {
          const started = new Event();
          const end = startDoomed(churn, queue, wrap("item", round), started);
          await started.wait({ timeout: LONG });
          await end();
          await untilStill(queue);
          while (!queue.empty()) unwrap(queue.getNowait());
          queue.putSync(wrap(round, round), { timeout: LONG });
          assert.equal(unwrap(queue.getSync({ timeout: LONG })), round);
        }
      },
    );

    itWithin("a thread that dies waiting passes its wake-up on", async () => {
      const queue = make();
      const end = startDoomed(getOne, queue);
      await untilBlocked(queue);
      const living = start(getOne, queue);
      await untilBlocked(queue, 2);
      await end();
      queue.putNowait(wrap("here", 0));
      assert.equal(unwrap(await living), "here");
    });
  });

  if (!hasLimit) return;

  describe(`${name}: a limit`, () => {
    itWithin("putters wait for room, each for its own", async () => {
      const queue = make(1);
      queue.putNowait(wrap(0, 0));
      const puts = [1, 2, 3].map((n) => queue.put(wrap(n, n), { timeout: LONG }));
      const thread = start(putAll, queue, [wrap(4, 4)]);
      await untilBlocked(queue, 4);
      const got = await start(getCount, queue, 5);
      await Promise.all(puts);
      await thread.join();
      assert.deepEqual(got.map((item) => unwrap(item)).sort(inOrder), [0, 1, 2, 3, 4]);
    });

    itWithin("a put that gives up does not put, and loses no wake-up", async () => {
      const queue = make(1);
      queue.putNowait(wrap(0, 0));
      const controller = new AbortController();
      const given = queue.put(wrap({ large: "x".repeat(9000) }, 1), { signal: controller.signal });
      const other = start(putAll, queue, [wrap("other", 2)]);
      await untilBlocked(queue, 2);
      controller.abort();
      await assert.rejects(given, { name: "AbortError" });
      await assert.rejects(queue.put(wrap(3, 3), { timeout: SHORT }), Full);
      assert.equal(unwrap(queue.getNowait()), 0);
      assert.equal(unwrap(await queue.get({ timeout: LONG })), "other");
      await other.join();
      assert.equal(queue.qsize(), 0);
    });

    it("a moved buffer is left to the sender of a put that fails", async () => {
      const queue = make(1);
      queue.putNowait(wrap(0, 0));
      const bytes = new Uint8Array(10);
      assert.throws(() => queue.putNowait(wrap(move(bytes), 1)), Full);
      await assert.rejects(queue.put(wrap(move(bytes), 1), { timeout: SHORT }), Full);
      assert.throws(() => queue.putSync(wrap(move(bytes), 1), { timeout: SHORT }), Full);
      assert.equal(bytes.length, 10);
    });

    it("a buffer that two puts move, which wait for room, arrives twice", async () => {
      const queue = make(1);
      queue.putNowait(wrap(0, 0));
      const bytes = new Uint8Array(10).fill(7);
      const puts = [1, 2].map((at) => queue.put(wrap(move(bytes), at), { timeout: LONG }));
      assert.equal(unwrap(await queue.get({ timeout: LONG })), 0);
      for (let got = 0; got < 2; got++) {
        const item = unwrap(await queue.get({ timeout: LONG }));
        assert.deepEqual(item, new Uint8Array(10).fill(7));
      }
      await Promise.all(puts);
      assert.equal(bytes.length, 0);
    });

    itWithin("that is raised lets waiting putters go on at once", async () => {
      const queue = make(1) as Queue;
      queue.putNowait(wrap(0, 0));
      const putting = queue.put(wrap(1, 1), { timeout: LONG });
      const thread = start(putAll, queue, [wrap(2, 2)]);
      await untilBlocked(queue, 2);
      queue.maxsize = 3;
      await putting;
      await thread.join();
      assert.deepEqual([queue.qsize(), queue.full()], [3, true]);
      queue.maxsize = 0;
      assert.equal(queue.full(), false);
    });

    it("must be an integer", () => {
      for (const wrong of [1.5, NaN, "3"]) assert.throws(() => make(wrong as number), TypeError);
      assert.throws(() => make(2 ** 31), RangeError);
      assert.equal((make(-1) as Queue).full(), false);
    });
  });
}

/** Lets a thread that has been ended take its last steps, where it may: its size does not change any more. */
async function untilStill(queue: AnyQueue<unknown>): Promise<void> {
  for (let still = 0, size = -1; still < 20; still++) {
    await new Promise((resolve) => setTimeout(resolve, 1));
    if (queue.qsize() !== size) still = 0;
    size = queue.qsize();
  }
}

/** A port whose other end is closed, so that nothing waits for it. */
function portAlone(): object {
  const { port1, port2 } = new MessageChannel();
  port2.close();
  return port1;
}
