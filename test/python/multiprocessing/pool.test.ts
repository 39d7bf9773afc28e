import assert from "node:assert/strict";
import process from "node:process";
import { after, describe, it } from "node:test";
import { CancelledError, RuntimeError, SendError, TimeoutError } from "heddle";
import { BrokenProcessPool } from "heddle/concurrent/futures";
import { AsyncResult, Pool, ThreadPool } from "heddle/multiprocessing/pool";
import { pid } from "../../support/processes.ts";
import { exit, square, valueAfter } from "../../support/tasks.ts";

const POOLS = { Pool, ThreadPool };

const range = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

/** Comes back after so many milliseconds. */
const timeAfter = async (ms: number): Promise<number> =>
  new Promise((resolve) => setTimeout(() => resolve(ms), ms));

const failAtTwo = (n: number): number => {
  if (n === 2) throw new RangeError("two");
  return n * n;
};

/** Gives some numbers, and throws. */
function* failing(count: number): Generator<number> {
  for (let n = 0; n < count; n++) yield n;
  throw new TypeError("the input fails");
}

async function thrownBy(promise: PromiseLike<unknown>): Promise<unknown> {
  return promise.then(
    () => undefined,
    (error: unknown) => error,
  );
}

/** What most tests use: on some runtimes a process takes half a second of processor time to start. */
const pools = { Pool: new Pool({ processes: 2 }), ThreadPool: new ThreadPool({ processes: 2 }) };
after(async () => {
  for (const pool of Object.values(pools)) {
    pool.terminate();
    await pool.join();
  }
});

for (const [name, Class] of Object.entries(POOLS)) {
  describe(`multiprocessing.pool.${name}`, () => {
    const pool = pools[name as keyof typeof POOLS];

    it(`gives the results of calls, with arguments and what stands for keywords`, async () => {
      assert.equal(await pool.apply(square, [5]), 25);
      assert.deepEqual(await pool.apply((...given: unknown[]) => given, [1, 2], { three: 3 }), [
        1,
        2,
        { three: 3 },
      ]);
      const result = pool.applyAsync(square, [7]);
      assert.ok(result instanceof AsyncResult);
      assert.equal(await result.get({ timeout: 60_000 }), 49);
      assert.deepEqual([result.ready(), result.successful()], [true, true]);
      assert.equal(await result, 49);
    });

    it("maps over arrays, iterators and rows of arguments, in chunks of any size", async () => {
      const squares = range(100).map((n) => n * n);
      assert.deepEqual(await pool.map(square, range(100)), squares);
      assert.deepEqual(await pool.map(square, range(100).values(), { chunksize: 20 }), squares);
      assert.deepEqual(await pool.mapAsync(square, new Set(range(100)), { chunksize: 1 }), squares);
      const rows = range(50).map((n) => [n, 2] as [number, number]);
      const powers = range(50).map((n) => n ** 2);
      assert.deepEqual(await pool.starmap((a: number, b: number) => a ** b, rows), powers);
      assert.deepEqual(await pool.starmapAsync((a: number, b: number) => a ** b, rows), powers);
    });

    it("calls back once, with the results or the error", async () => {
      const called: unknown[] = [];
      const callbacks = {
        callback: (value: unknown) => void called.push(value),
        errorCallback: (error: unknown) => void called.push(error),
      };
      await pool.mapAsync(square, [1, 2], callbacks);
      const failed = pool.mapAsync(failAtTwo, [2], callbacks);
      const error = await thrownBy(failed);
      assert.ok(error instanceof RangeError);
      assert.equal(failed.successful(), false);
      await pool.applyAsync(square, [4], undefined, callbacks);
      assert.deepEqual(called, [[1, 4], error, 16]);
    });

    it("imap gives results as they come, in order, and goes on behind an error", async () => {
      const given: number[] = [];
      for await (const value of pool.imap(square, range(10), { chunksize: 3 })) given.push(value);
      assert.deepEqual(given, range(10).map(square));
      const results = pool.imap(failAtTwo, [1, 2, 3]);
      assert.deepEqual(await results.next(), { done: false, value: 1 });
      assert.ok((await thrownBy(results.next())) instanceof RangeError);
      assert.deepEqual(await results.next(), { done: false, value: 9 });
      assert.deepEqual(await results.next(), { done: true, value: undefined });
      assert.deepEqual(await results.next(), { done: true, value: undefined });
    });

    it("imap reads an endless input only as far as its results are taken", async () => {
      let read = 0;
      const endless = (function* (): Generator<number> {
        for (;;) yield read++;
      })();
      const results = pool.imap(square, endless);
      for (let n = 0; n < 20; n++) assert.equal((await results.next()).value, n * n);
      assert.ok(read < 100, `${read} read`);
    });

    it("imap reads no further once the pool takes no calls: it throws why, and ends", async () => {
      for (const end of ["close", "terminate"] as const) {
        const own = new Class({ processes: 1 });
        let [read, isClosed] = [0, false];
        const items = (function* (): Generator<number> {
          try {
            for (;;) yield read++;
          } finally {
            isClosed = true;
          }
        })();
        const results = own.imap(square, items);
        assert.equal((await results.next()).value, 0);
        const before = read;
        own[end]();
        let error: unknown;
        let last: IteratorResult<number, undefined> | undefined;
        while (last?.done !== true)
          last = await results.next().catch((thrown: unknown) => {
            error = thrown;
            return undefined;
          });
        assert.ok(error instanceof RuntimeError || error instanceof CancelledError, String(error));
        assert.ok(read <= before + 1, `${read - before} more read`);
        assert.equal(isClosed, true);
        await own.join();
      }
    });

    it("imap reads a few items ahead of a result that takes long", async () => {
      let read = 0;
      const items = (function* (): Generator<number> {
        for (yield 500; read < 2000; read++) yield 0;
      })();
      const results = pool.imap(timeAfter, items);
      await results.next();
      assert.ok(read < 50, `${read} read`);
    });

    it("imap gives the errors of any number of items that cannot be sent", async () => {
      // More than a stack holds calls of; Deno takes a millisecond and more for each error.
      const length = process.versions["deno"] === undefined ? 6_000 : 1_000;
      const items = Array.from({ length }, () => new WeakMap());
      const results = pool.imap(String, items);
      let errors = 0;
      for (let n = 0; n < items.length; n++)
        if ((await thrownBy(results.next())) instanceof SendError) errors++;
      assert.equal(errors, items.length);
      assert.deepEqual(await results.next(), { done: true, value: undefined });
    });

    it("imap closes its input when the loop over it is left", async () => {
      let isClosed = false;
      const items = (function* (): Generator<number> {
        try {
          for (let n = 0; ; n++) yield n;
        } finally {
          isClosed = true;
        }
      })();
      for await (const value of pool.imap(square, items)) if (value === 4) break;
      assert.equal(isClosed, true);
    });

    it("next waits no longer than it is to", async () => {
      const own = new Class({ processes: 1 });
      const results = own.imap(valueAfter as (ms: number) => unknown, [1]);
      await results.next();
      const slow = own.applyAsync(valueAfter, ["late", 60_000]);
      assert.ok((await thrownBy(slow.get({ timeout: 20 }))) instanceof TimeoutError);
      await slow.wait({ timeout: 1 });
      assert.equal(slow.ready(), false);
      assert.throws(() => slow.successful(), RuntimeError);
      const late = own.imap(square, [3]);
      assert.ok((await thrownBy(late.next({ timeout: 20 }))) instanceof TimeoutError);
      own.terminate();
      await thrownBy(slow);
      await thrownBy(late.next());
      await own.join();
    });

    it(`MP-066 ${name}: terminate ends what runs and discards thousands of slow tasks that wait`, async () => {
      const own = new Class({ processes: 2 });
      const all = own.mapAsync(
        valueAfter as (n: number) => unknown,
        range(5000).map(() => 60_000),
        {
          chunksize: 1,
        },
      );
      const one = own.applyAsync(valueAfter, ["never", 60_000]);
      own.terminate();
      for (const result of [all, one]) {
        const error = await thrownBy(result);
        assert.ok(error === undefined || error instanceof CancelledError, String(error));
      }
      assert.ok((await thrownBy(one)) instanceof CancelledError);
      await own.join();
      assert.throws(
        () => own.applyAsync(square, [1]),
        /^RuntimeError: Cannot call applyAsync: the pool is terminated$/,
      );
    });

    it("refuses what makes no sense", async () => {
      assert.throws(() => new Class({ processes: 0 }), /"processes" must be greater than 0, got 0/);
      assert.throws(() => new Class({ process: 1 } as object), TypeError);
      const own = new Class({ processes: 1 });
      assert.throws(() => own.mapAsync(1 as never, []), TypeError);
      assert.throws(() => own.mapAsync(square, 5 as never), /items must be iterable, got number/);
      assert.throws(() => own.imap(square, [1], { chunksize: 0 }), RangeError);
      await assert.rejects(own.join(), /^RuntimeError: Cannot join .*: it still takes work/);
      own.close();
      await assert.rejects(own.map(square, [1]), /Cannot call map: the pool is closed/);
      await own.join();
    });
  });
}

describe("multiprocessing.Pool", () => {
  const pool = pools.Pool;

  it("MP-056 Pool: apply returns the result, with positional and keyword arguments", async () => {
    const keywords = (a: number, { b }: { b: number }): number => a - b;
    assert.equal(await pool.apply(keywords as (a: number) => number, [5], { b: 3 }), 2);
  });

  it("MP-058 Pool: the callbacks of mapAsync get the list of results or the error, once", async () => {
    const calls: unknown[] = [];
    await pool.mapAsync(square, [1, 2, 3], { callback: (value) => void calls.push(value) });
    await thrownBy(
      pool.mapAsync(failAtTwo, [1, 2], {
        errorCallback: (error) => void calls.push(String(error)),
      }),
    );
    assert.deepEqual(calls, [[1, 4, 9], "RangeError: two"]);
  });

  it("MP-059 Pool: an argument that cannot be sent is an error of map, which does not hang", async () => {
    const error = await thrownBy(pool.map(String, [1, new WeakMap()]));
    assert.ok(error instanceof SendError);
    assert.deepEqual(await pool.map(square, [2]), [4]);
  });

  it("MP-060 Pool: mapAsync of an empty list is ready at once", async () => {
    const result = pool.mapAsync(square, []);
    assert.equal(result.ready(), true);
    assert.deepEqual(await result, []);
  });

  it("MP-061 Pool: an input that throws makes map and imap throw, imap after the chunks before it", async () => {
    await assert.rejects(pool.map(square, failing(0)), /the input fails/);
    await assert.rejects(pool.map(square, failing(3)), /the input fails/);
    for (const chunksize of [1, 2]) {
      const results = pool.imap(square, failing(3), { chunksize });
      const given: number[] = [];
      const error = await thrownBy(
        (async () => {
          for await (const value of results) given.push(value);
        })(),
      );
      assert.ok(error instanceof TypeError);
      assert.deepEqual(given, chunksize === 1 ? [0, 1, 4] : [0, 1]);
      assert.equal((await results.next()).done, true);
    }
  });

  it("MP-062 Pool: imapUnordered gives all results in any order, and throws the input's error", async () => {
    const given: number[] = [];
    for await (const value of pool.imapUnordered(square, range(50), { chunksize: 4 }))
      given.push(value);
    assert.deepEqual(
      given.toSorted((a, b) => a - b),
      range(50).map(square),
    );
    const results = pool.imapUnordered(square, failing(2));
    let last: unknown;
    for (let n = 0; n < 3 && last === undefined; n++) last = await thrownBy(results.next());
    assert.ok(last instanceof TypeError);
  });

  it("MP-064 Pool: next of an imap that is exhausted says so; larger chunks give the same", async () => {
    const results = pool.imap(square, range(7), { chunksize: 100 });
    for (const n of range(7)) assert.deepEqual(await results.next(), { done: false, value: n * n });
    assert.equal((await results.next()).done, true);
  });

  it("MP-067 Pool: every way of mapping an empty input gives nothing", async () => {
    assert.deepEqual(await pool.map(square, []), []);
    assert.deepEqual(await pool.starmap(square, []), []);
    for (const results of [pool.imap(square, []), pool.imapUnordered(square, new Set<number>())]) {
      assert.equal((await results.next()).done, true);
    }
  });

  it("MP-068 Pool: leaving its block terminates it; what is submitted then is refused", async () => {
    const own = new Pool({ processes: 1 });
    const slow = own.applyAsync(valueAfter, ["never", 60_000]);
    const dispose = Symbol.asyncDispose ?? Symbol.for("Symbol.asyncDispose");
    await (own as unknown as Record<symbol, () => Promise<void>>)[dispose]?.();
    assert.ok((await thrownBy(slow)) instanceof CancelledError);
    assert.throws(() => own.imap(square, [1]), RuntimeError);
  });

  it("MP-070 Pool: errors are not wrapped, whatever the workers are", async () => {
    for (const each of Object.values(pools)) {
      const error = await thrownBy(each.apply(failAtTwo, [2]));
      assert.ok(error instanceof RangeError);
      assert.deepEqual([error.message, error.cause], ["two", undefined]);
    }
  });

  it("MP-071 Pool: a map with calls that fail makes all chunks before it throws", async () => {
    const made = new Int32Array(new SharedArrayBuffer(4));
    const rows = range(20).map((n) => [made, n] as [Int32Array, number]);
    const fail = (count: Int32Array, n: number): void => {
      Atomics.add(count, 0, 1);
      if (n % 2 === 0) throw new RangeError(String(n));
    };
    assert.ok(
      (await thrownBy(pools.ThreadPool.starmap(fail, rows, { chunksize: 1 }))) instanceof
        RangeError,
    );
    assert.equal(made[0], 20);
  });

  it("MP-072 Pool: the error callback gets what get() throws", async () => {
    let called: unknown;
    const result = pool.applyAsync(failAtTwo, [2], undefined, {
      errorCallback: (error) => void (called = error),
    });
    assert.equal(await thrownBy(result.get()), called);
  });

  it("MP-073 Pool: a result that cannot be sent is an error that says so; the worker survives twenty of them", async () => {
    const own = new Pool({ processes: 1 });
    const before = await own.apply(pid);
    for (let n = 0; n < 20; n++) {
      const error = await thrownBy(own.apply(() => new WeakMap()));
      assert.ok(error instanceof SendError);
      assert.match(error.message, /result/);
    }
    assert.equal(await own.apply(pid), before);
    own.terminate();
    await own.join();
  });

  it("a worker that dies costs its call, and another takes its place", async () => {
    const error = await thrownBy(pool.apply(exit, [3]));
    assert.ok(error instanceof BrokenProcessPool);
    assert.equal(error.exitCode, 3);
    assert.equal(await pool.apply(square, [3]), 9);
  });

  it("MP-074 Pool: with maxtasksperchild workers are replaced, and close and join do not hang; no other numbers are taken", async () => {
    const own = new Pool({ processes: 1, maxtasksperchild: 2 });
    const pids: number[] = [];
    for (let n = 0; n < 3; n++) pids.push(await own.apply(pid));
    pids.push(...(await own.map(pid, range(3), { chunksize: 1 })));
    assert.deepEqual(
      pids.map((number) => pids.indexOf(number)),
      [0, 0, 2, 2, 4, 4],
    );
    own.close();
    await own.join();
    for (const maxtasksperchild of [-1, 0]) {
      assert.throws(() => new Pool({ maxtasksperchild }), RangeError);
    }
    assert.throws(() => new Pool({ maxtasksperchild: 1.5 }), TypeError);
  });

  it("MP-077 Pool: 256 tiny tasks on many workers are done", async () => {
    const own = new Pool({ processes: 4 });
    const results = range(256).map((n) => own.applyAsync(square, [n]));
    assert.deepEqual(await Promise.all(results), range(256).map(square));
    own.terminate();
    await own.join();
  });

  it("blocking for a result works with threads", async () => {
    const threads = pools.ThreadPool;
    assert.equal(threads.applyAsync(square, [3]).getSync(), 9);
    const result = threads.mapAsync(square, [1, 2]);
    result.waitSync();
    assert.deepEqual(result.getSync(), [1, 4]);
  });
});
