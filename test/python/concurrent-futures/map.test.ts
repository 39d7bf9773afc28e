import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { CancelledError, ThreadPoolExecutor, TimeoutError } from "heddle/concurrent/futures";
import {
  add,
  count,
  failAt,
  identity,
  later,
  makeGate,
  openGate,
  passGate,
  square,
  thenable,
  untilArrived,
} from "../../support/tasks.ts";
import { captureErrorOutputWhile } from "../../support/error-output.ts";

const pool = new ThreadPoolExecutor({ maxWorkers: 2 });
after(() => pool.shutdown());

async function collect<T>(results: AsyncIterable<T>): Promise<T[]> {
  const values: T[] = [];
  for await (const value of results) values.push(value);
  return values;
}

describe("concurrent.futures: submit and map", () => {
  it("CF-002 Executor: an options-like last argument of submit is passed to the function", async () => {
    assert.deepEqual(await pool.submit(identity, { self: 1, fn: 2, timeout: 3 }), {
      self: 1,
      fn: 2,
      timeout: 3,
    });
  });

  it("CF-004 Executor: map over two inputs pairs their elements and keeps the order", async () => {
    assert.deepEqual(
      await collect(pool.map(add, [1, 2, 3], new Set([10, 20, 30, 40]))),
      [11, 22, 33],
    );
    assert.deepEqual(await pool.map(add, [1, 2, 3], [10, 20]), [11, 22]);
  });

  it("CF-005 Executor: map with chunksize 3 yields the same results", async () => {
    const items = Array.from({ length: 10 }, (_, n) => n);
    assert.deepEqual(await pool.map(square, items, { chunksize: 3 }), items.map(square));
    assert.deepEqual(
      await pool.map(later, items, { chunksize: 3 }),
      items.map((n) => n * 2),
    );
    assert.deepEqual(
      await pool.map(add, items, new Set(items), { chunksize: 4 }),
      items.map((n) => n + n),
    );
  });

  it("CF-006 Executor: map yields the results before a failing call, then throws its error", async () => {
    for (const chunksize of [1, 2, 4]) {
      const seen: number[] = [];
      await assert.rejects(
        async () => {
          for await (const value of pool.map(failAt, [0, 1, 2, 3], [2, 2, 2, 2], { chunksize }))
            seen.push(value);
        },
        { name: "RangeError", message: "bad item 2" },
      );
      assert.deepEqual(seen, [0, 1]);
    }
  });

  it("CF-007 Executor: after map's iterator threw, it is exhausted", async () => {
    const results = pool.map(failAt, [0, 1, 2], [0, 0, 0]);
    await assert.rejects(results.next(), RangeError);
    assert.deepEqual(await results.next(), { done: true, value: undefined });
  });

  it("CF-008 Executor: map with a timeout yields what finished in time and then throws TimeoutError", async () => {
    // On a machine so slow that nothing finishes in time, once more with more of it.
    for (let timeout = 300, isSeen = false; !isSeen; timeout *= 2) {
      const gate = makeGate();
      const results = pool.map(passIfGiven, [undefined, gate], { timeout });
      const first = await results.next().catch((error: unknown) => error);
      isSeen = !(first instanceof TimeoutError);
      if (isSeen) {
        assert.deepEqual(first, { done: false, value: 1 });
        await assert.rejects(results.next(), TimeoutError);
      }
      openGate(gate);
    }
  });

  it("the timeout of map counts from its call, not from when a result is asked for", async () => {
    const gate = makeGate();
    const over: string[] = [];
    const note = async (name: string, results: AsyncIterator<number>): Promise<void> => {
      await assert.rejects(results.next(), TimeoutError);
      over.push(name);
    };
    const early = pool.map(passGate, [gate], [1], { timeout: 600 });
    await new Promise((resolve) => setTimeout(resolve, 400));
    const late = pool.map(passGate, [gate], [2], { timeout: 400 });
    await Promise.all([note("late", late), note("early", early)]);
    openGate(gate);
    assert.deepEqual(over, ["early", "late"]);
  });

  it("CF-010 Executor: map and shutdown at once, with more items than workers, neither hangs nor fails", async () => {
    const own = new ThreadPoolExecutor({ maxWorkers: 2 });
    const results = own.map(square, [1, 2, 3, 4, 5, 6]);
    const ended = own.shutdown();
    assert.deepEqual(await results, [1, 4, 9, 16, 25, 36]);
    await ended;
  });

  it("CF-011 Executor: map submits all work even if its iterator is never consumed", async () => {
    const own = new ThreadPoolExecutor({ maxWorkers: 2 });
    const calls = new Int32Array(new SharedArrayBuffer(4));
    // More than are read ahead of an iterator.
    const numbers = Array.from({ length: 40 }, (_, n) => n);
    own.map(
      count,
      numbers.map(() => calls),
      numbers,
    );
    await own.shutdown();
    assert.equal(calls[0], 40);
  });

  it("CF-013 Executor: map with a buffersize that is not an integer throws TypeError at the call", () => {
    assert.throws(() => pool.map(square, [1], { buffersize: "2" as unknown as number }), TypeError);
    assert.throws(() => pool.map(square, [1], { buffersize: 2.5 }), TypeError);
  });

  it("CF-014 Executor: map with buffersize 0 or -1 throws RangeError at the call", () => {
    assert.throws(() => pool.map(square, [1], { buffersize: 0 }), RangeError);
    assert.throws(() => pool.map(square, [1], { buffersize: -1 }), RangeError);
  });

  it("CF-015 Executor: map with buffersize 1, 2, the input's length or more gives the same results", async () => {
    for (const buffersize of [1, 2, 4, 100]) {
      assert.deepEqual(await pool.map(square, [1, 2, 3, 4], { buffersize }), [1, 4, 9, 16]);
      assert.deepEqual(
        await collect(pool.map(square, [1, 2, 3, 4].values(), { buffersize })),
        [1, 4, 9, 16],
      );
    }
  });

  it("CF-016 Executor: map with buffersize over two inputs pairs them properly", async () => {
    assert.deepEqual(
      await pool.map(add, [1, 2, 3], [4, 5, 6].values(), { buffersize: 1 }),
      [5, 7, 9],
    );
  });

  it("CF-018 Executor: map with buffersize over an empty input yields nothing", async () => {
    assert.deepEqual(await pool.map(square, [], { buffersize: 2 }), []);
    assert.deepEqual(await pool.map(square, new Set<number>(), { buffersize: 2 }), []);
  });

  it("CF-019 Executor: with buffersize 2 and nothing consumed, two elements have been taken from the input", async () => {
    let taken = 0;
    const endless = (function* () {
      for (;;) yield taken++;
    })();
    const results = pool.map(square, endless, { buffersize: 2 });
    assert.equal(taken, 2);
    assert.deepEqual(await results.next(), { done: false, value: 0 });
    assert.equal(taken, 3);
    await results.return();
  });

  it("CF-020 Executor: maxWorkers of 0 or -1 throws RangeError saying it must be greater than 0", () => {
    for (const maxWorkers of [0, -1]) {
      assert.throws(() => new ThreadPoolExecutor({ maxWorkers }), /must be greater than 0/);
    }
  });

  it("CF-064 ThreadPoolExecutor: when map times out while the only worker is busy, queued calls never run", async () => {
    const own = new ThreadPoolExecutor({ maxWorkers: 1 });
    const gate = makeGate();
    const busy = own.submit(passGate, gate, 1);
    const calls = new Int32Array(new SharedArrayBuffer(4));
    await assert.rejects(
      async () => own.map(count, [calls, calls], [1, 2], { timeout: 20 }),
      TimeoutError,
    );
    openGate(gate);
    await own.shutdown();
    assert.equal(await busy, 1);
    assert.equal(calls[0], 0);
  });

  it("iterators are read ahead of the results by four items a worker", async () => {
    let taken = 0;
    const endless = (function* () {
      for (;;) yield taken++;
    })();
    const results = pool.map(square, endless);
    assert.equal(taken, 8);
    await results.return();
    assert.deepEqual(await results.next(), { done: true, value: undefined });
  });

  it("async iterables are read as results are taken", async () => {
    async function* numbers(): AsyncGenerator<number> {
      for (let n = 0; n < 20; n++) yield n;
    }
    assert.deepEqual(
      await pool.map(square, numbers()),
      Array.from({ length: 20 }, (_, n) => n * n),
    );
  });

  it("an input that throws ends map with its error, after the results before it", async () => {
    function* broken(): Generator<number> {
      yield 2;
      throw new SyntaxError("half a file");
    }
    const results = pool.map(square, broken());
    assert.deepEqual(await results.next(), { done: false, value: 4 });
    await assert.rejects(results.next(), SyntaxError);
  });

  it("leaving the loop early cancels calls that have not started", async () => {
    const own = new ThreadPoolExecutor({ maxWorkers: 1 });
    const gate = makeGate();
    const calls = new Int32Array(new SharedArrayBuffer(4));
    const first = own.submit(passGate, gate, 0);
    untilArrived(gate, 1);
    const results = own.map(count, [calls, calls, calls], [1, 2, 3]);
    await results.return();
    openGate(gate);
    await first;
    await own.shutdown();
    assert.equal(calls[0], 0);
  });

  it("progress counts the calls that have finished", async () => {
    const seen: string[] = [];
    await pool.map(square, [1, 2, 3], {
      progress: ({ done, total }) => seen.push(`${done}/${total}`),
    });
    assert.deepEqual(seen, ["1/3", "2/3", "3/3"]);
  });

  it("chunksize puts several items into one call", async () => {
    const seen: string[] = [];
    const results = await pool.map(square, [1, 2, 3, 4], {
      chunksize: 2,
      progress: ({ done, total }) => seen.push(`${done}/${total}`),
    });
    assert.deepEqual(results, [1, 4, 9, 16]);
    assert.deepEqual(seen, ["2/4", "4/4"]);
  });

  it("progress: true draws a bar on standard error, from nothing to full", async () => {
    let results: unknown;
    const output = await captureErrorOutputWhile(async () => {
      results = await pool.map(square, [1, 2, 3], { progress: true });
    });
    assert.deepEqual(results, [1, 4, 9]);
    assert.match(output, /^\r?░{30} 0\/3 0%/);
    assert.match(output, /█{30} 3\/3 100%, [\d.]+ s, [\d,]+\/s.*\n$/);
  });

  it("mapSync blocks for each result", () => {
    assert.deepEqual([...pool.mapSync(square, [1, 2, 3])], [1, 4, 9]);
    assert.throws(() => [...pool.mapSync(failAt, [1], [1])], RangeError);
  });

  it("a shutdown that cancels makes map throw CancelledError at the first item that did not run", async () => {
    const own = new ThreadPoolExecutor({ maxWorkers: 1 });
    const gate = makeGate();
    const results = own.map(passGate, [gate, gate, gate], [1, 2, 3]);
    untilArrived(gate, 1);
    const ended = own.shutdown({ cancelFutures: true });
    openGate(gate);
    assert.deepEqual(await results.next(), { done: false, value: 1 });
    await assert.rejects(results.next(), CancelledError);
    await ended;
  });

  it("a progress listener that throws is reported, and told no more", async () => {
    let calls = 0;
    let results: unknown;
    const progress = (): never => {
      calls++;
      throw new Error("no ink");
    };
    const output = await captureErrorOutputWhile(async () => {
      results = await pool.map(square, [1, 2, 3], { progress });
    });
    assert.deepEqual([results, calls], [[1, 4, 9], 1]);
    assert.match(output, /progress callback of a map\nError: no ink/);
  });

  it("mapSync refuses an async iterable, which it could only wait for", () => {
    async function* numbers(): AsyncGenerator<number> {
      yield 1;
    }
    assert.throws(() => [...pool.mapSync(square, numbers() as unknown as number[])], TypeError);
  });

  it("a chunk waits for thenables as a single call does, and its errors name the thread", async () => {
    assert.deepEqual(await pool.map(thenable, [1, 2, 3], { chunksize: 2 }), [2, 3, 4]);
    const error = await Promise.resolve(pool.map(failAt, [1, 2], [2, 2], { chunksize: 2 })).catch(
      (e: unknown) => e,
    );
    assert.match(
      (error as Error).stack ?? "",
      /--- thread ".+_\d" ---\n.*concurrent-futures.map\.test/,
    );
  });

  it("map of a function that no worker can run throws at the call", () => {
    const factor = Math.random();
    assert.throws(() => pool.map((n: number) => n * factor, [1]), { name: "NotShippableError" });
  });
});

function passIfGiven(gate: Int32Array | undefined): number {
  if (gate !== undefined) Atomics.wait(gate, 0, 0);
  return 1;
}
