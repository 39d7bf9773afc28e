import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { ThreadPoolExecutor } from "heddle/concurrent/futures";
import {
  count,
  exit,
  failToInitialize,
  identity,
  square,
  startCounting,
  sumOf,
  TICKS,
} from "../../support/tasks.ts";

const pool = new ThreadPoolExecutor({ maxWorkers: 1 });
after(() => pool.shutdown());

/** Too large for shared memory. */
const numbers = Float64Array.from({ length: 5000 }, (_, n) => n);
const sum = (5000 * 4999) / 2;

/** A function that the workers have not received. */
function freshFunction(expression: string): (n: number) => number {
  // oxlint-disable-next-line typescript/no-implied-eval -- functions are told apart by their text
  return new Function("n", `return ${expression}`) as (n: number) => number;
}

describe("a worker that waits for a message of its owner", () => {
  it("lets its event loop turn, while the owner's thread blocks and hands nothing over", async () => {
    const ticks = new Int32Array(new SharedArrayBuffer(4));
    await pool.submit(startCounting, ticks);
    const future = pool.submit(sumOf, numbers);
    const nextTick = (): void => {
      const seen = Atomics.load(ticks, 0);
      assert.notEqual(Atomics.wait(ticks, 0, seen, 30_000), "timed-out");
    };
    while (!future.running()) nextTick();
    for (let tick = 0; tick < 3; tick++) nextTick();
    assert.equal(future.done(), false);
    assert.equal(await future, sum);
    Atomics.store(ticks, 0, TICKS);
  });

  it("goes on when functions, shared memory and arguments have come, in any mixture", async () => {
    for (let round = 0; round < 20; round++) {
      const calls = new Int32Array(new SharedArrayBuffer(4));
      const counting = [1, 2, 3].map((n) => pool.submit(count, calls, n));
      const summing = pool.submit(sumOf, numbers);
      const fresh = pool.submit(freshFunction(`n + ${round}`), 1);
      const squaring = pool.submit(square, round);
      assert.deepEqual(await Promise.all(counting), [1, 2, 3]);
      assert.deepEqual(
        [await summing, await fresh, await squaring, calls[0]],
        [sum, round + 1, round * round, 3],
      );
    }
  });

  it("the same while the owner blocks for the results", () => {
    for (let round = 0; round < 20; round++) {
      const calls = new Int32Array(new SharedArrayBuffer(4));
      const summing = pool.submit(sumOf, numbers);
      const fresh = pool.submit(freshFunction(`n - ${round}`), 1);
      assert.equal(pool.submit(count, calls, 7).resultSync(), 7);
      assert.deepEqual([summing.resultSync(), fresh.resultSync(), calls[0]], [sum, 1 - round, 1]);
    }
  });

  it("receives what was announced while it slept", async () => {
    await pool.submit(square, 1);
    // Numbered, announced to a worker that sleeps, and some of it collected.
    const buffers = Array.from({ length: 2000 }, () => new Int32Array(new SharedArrayBuffer(4)));
    assert.deepEqual(
      await pool.map(
        (words: Int32Array, n: number) => Atomics.add(words, 0, n),
        buffers,
        buffers.keys(),
      ),
      buffers.map(() => 0),
    );
    assert.deepEqual(
      buffers.map((words) => words[0]),
      [...buffers.keys()],
    );
  });
});

describe("results that come by message", () => {
  const two = new ThreadPoolExecutor({ maxWorkers: 2 });
  after(() => two.shutdown());

  it("are awaited and blocked for by turns, beside others", async () => {
    for (let round = 0; round < 30; round++) {
      const large = [1, 2, 3].map(() => two.submit(identity, numbers));
      const small = two.submit(square, round);
      if (round % 3 === 0) assert.equal(large[2]?.resultSync().length, 5000);
      if (round % 3 === 1) await new Promise((resolve) => setTimeout(resolve, 0));
      assert.equal(await small, round * round);
      if (round % 2 === 0) assert.equal(large[0]?.resultSync()[4999], 4999);
      for (const future of large) assert.deepEqual(await future, numbers);
    }
  });

  it("can be blocked for in the callback of another", async () => {
    for (let round = 0; round < 30; round++) {
      const futures = [1, 2, 3, 4].map(() => two.submit(identity, numbers));
      const seen: number[] = [];
      for (const future of futures) {
        future.addDoneCallback(() => {
          seen.push(...futures.map((other) => other.resultSync().length));
        });
      }
      await Promise.all(futures);
      assert.deepEqual(seen, new Array<number>(16).fill(5000));
    }
  });

  it("that a worker has finished count, although it ends at once", async () => {
    for (let round = 0; round < 8; round++) {
      const doomed = new ThreadPoolExecutor({ maxWorkers: 1, onWorkerDeath: "break" });
      const large = doomed.submit(identity, numbers);
      const ending = doomed.submit(exit, 3);
      const queued = doomed.submit(identity, numbers);
      assert.deepEqual(await large, numbers);
      await assert.rejects(async () => ending, /it exited with code 3/);
      await assert.rejects(async () => queued, { name: "BrokenThreadPool" });
    }
  });

  it("have all come when shutdown() has resolved", async () => {
    for (let round = 0; round < 5; round++) {
      const short = new ThreadPoolExecutor({ maxWorkers: 2 });
      const futures = [1, 2, 3, 4].map(() => short.submit(identity, numbers));
      await short.shutdown();
      assert.deepEqual(
        futures.map((future) => future.done()),
        [true, true, true, true],
      );
    }
  });
});

describe("an initializer that throws", () => {
  for (const sharedMemory of [true, false]) {
    it(`ends the pool with its error, ${sharedMemory ? "through" : "without"} shared memory`, async () => {
      const broken = new ThreadPoolExecutor({
        maxWorkers: 1,
        sharedMemory,
        initializer: failToInitialize,
      });
      await assert.rejects(
        async () => broken.submit(square, 1),
        (error: Error) => {
          assert.match(
            error.message,
            /the initializer of worker .* threw ValidationError: no licence/,
          );
          assert.equal((error.cause as { code?: string }).code, "E_LICENCE");
          return true;
        },
      );
      await broken.shutdown();
    });
  }
});
