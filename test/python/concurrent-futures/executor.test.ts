import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  BrokenThreadPool,
  CancelledError,
  DoneAndNotDoneFutures,
  Executor,
  Future,
  InterpreterPoolExecutor,
  type MapOptions,
  ProcessPoolExecutor,
  ThreadPoolExecutor,
  wait,
  waitSync,
} from "heddle/concurrent/futures";
import { getRunningLoop, run } from "heddle/asyncio";
import { failToInitialize, later, remember, remembered, square } from "../../support/tasks.ts";
import { nameOf, OnlyInMain } from "../../support/process-classes.ts";

/** Hands its calls to a pool of threads, and counts them. */
class Counting extends Executor {
  readonly pool = new ThreadPoolExecutor({ maxWorkers: 2 });
  submitted = 0;
  ended = false;

  override submit(fn: (...args: never[]) => unknown, ...args: unknown[]): Future<never> {
    this.submitted++;
    return this.pool.submit(fn, ...(args as [])) as Future<never>;
  }

  override async shutdown(): Promise<void> {
    await this.pool.shutdown();
    this.ended = true;
  }
}

/** Never runs anything. */
class Idle extends Executor {
  readonly futures: Future<never>[] = [];

  override submit(): Future<never> {
    const future = new Future<never>();
    this.futures.push(future);
    return future;
  }
}

describe("concurrent.futures: Executor", () => {
  it("every executor is an instance of it, and makes calls", async () => {
    for (const Class of [ThreadPoolExecutor, ProcessPoolExecutor, InterpreterPoolExecutor]) {
      const pool = new Class({ maxWorkers: 1 });
      assert.ok(pool instanceof Executor, Class.name);
      assert.equal(await pool.submit(square, 3), 9);
      await pool.shutdown();
    }
  });

  it("a subclass writes submit, and gets map, mapSync and disposal", async () => {
    const executor = new Counting();
    assert.deepEqual(await executor.map(square, [1, 2, 3]), [1, 4, 9]);
    assert.deepEqual(
      await executor.map((a: number, b: number) => a + b, [1, 2], [10, 20]),
      [11, 22],
    );
    assert.deepEqual([...executor.mapSync(square, [4, 5])], [16, 25]);
    assert.equal(executor.submitted, 7);
    await executor[Symbol.asyncDispose ?? Symbol.for("Symbol.asyncDispose")]();
    assert.equal(executor.ended, true);
  });

  it("a subclass's map makes one call for each item, whatever the chunksize", async () => {
    const executor = new Counting();
    assert.deepEqual(await executor.map(square, [1, 2, 3, 4], { chunksize: 3 }), [1, 4, 9, 16]);
    assert.equal(executor.submitted, 4);
    await assert.rejects(async () => executor.map(square, [1], { chunksize: 0 }), RangeError);
    await executor.shutdown();
  });

  it("a subclass's map gives results in order, then the first error, and cancels what has not started", async () => {
    const executor = new Idle();
    const results = executor.map(square, [1, 2, 3, 4]);
    const [first, second, third, fourth] = executor.futures;
    third?.setResult(9 as never);
    first?.setResult(1 as never);
    assert.deepEqual(await results.next(), { done: false, value: 1 });
    second?.setException(new RangeError("two"));
    await assert.rejects(results.next(), /two/);
    assert.equal(fourth?.cancelled(), true);
    assert.deepEqual(await results.next(), { done: true, value: undefined });
  });

  it("a call of a subclass's map that is cancelled fails in its place", async () => {
    const executor = new Idle();
    const results = executor.map(square, [1]);
    executor.futures[0]?.cancel();
    await assert.rejects(results.next(), CancelledError);
  });

  it("a subclass's submit that returns something else is found out", () => {
    class Wrong extends Executor {
      override submit(): never {
        return 5 as never;
      }
    }
    assert.throws(
      () => new Wrong().map(square, [1]),
      /^TypeError: Wrong\.submit must return a Future, got number$/,
    );
  });

  it("shutdown does nothing of itself, and checks its options", async () => {
    const executor = new Idle();
    await executor.shutdown({ wait: true, cancelFutures: true });
    executor.shutdownSync();
    await assert.rejects(executor.shutdown({ wait: 1 as never }), /Idle\.shutdown: "wait"/);
    assert.throws(() => executor.shutdownSync({ timeout: 1 } as never), TypeError);
  });

  it("options that a subclass passes on are read as those of map", () => {
    const options: MapOptions = { timeout: -1 };
    assert.throws(() => new Idle().map(square, [1], options), RangeError);
  });
});

describe("concurrent.futures: DoneAndNotDoneFutures", () => {
  it("is what wait returns, by name and in order", async () => {
    const done = new Future<number>();
    done.setResult(1);
    const open = new Future<number>();
    for (const outcome of [
      waitSync([done, open], { timeout: 0 }),
      await wait([done, open], { timeout: 0 }),
    ]) {
      assert.ok(outcome instanceof DoneAndNotDoneFutures);
      assert.deepEqual([[...outcome.done], [...outcome.notDone]], [[done], [open]]);
      const [first, second] = outcome;
      assert.deepEqual([first, second], [outcome.done, outcome.notDone]);
    }
  });
});

describe("concurrent.futures: InterpreterPoolExecutor", () => {
  it("CF-102 InterpreterPoolExecutor: a closure as initializer or task is rejected", async () => {
    const local = later.length;
    const closure = (): number => local;
    assert.throws(() => new InterpreterPoolExecutor({ initializer: closure }), {
      name: "NotShippableError",
    });
    const pool = new InterpreterPoolExecutor({ maxWorkers: 1 });
    assert.throws(() => pool.submit(closure), { name: "NotShippableError" });
    await pool.shutdown();
  });

  it("CF-103 InterpreterPoolExecutor: a task's global state belongs to its worker", async () => {
    const pool = new InterpreterPoolExecutor({
      maxWorkers: 1,
      initializer: remember,
      initargs: ["worker's", new Int32Array(new SharedArrayBuffer(4))],
    });
    assert.equal(await pool.submit(remembered), "worker's");
    assert.notEqual(remembered(), "worker's");
    await pool.shutdown();
  });

  it("CF-105 InterpreterPoolExecutor: an initializer that throws breaks the pool", async () => {
    const pool = new InterpreterPoolExecutor({ maxWorkers: 1, initializer: failToInitialize });
    assert.ok((await pool.submit(square, 2).exception()) instanceof BrokenThreadPool);
    await pool.shutdown();
  });

  it("CF-106 InterpreterPoolExecutor: an argument that can be sent and not be read rejects its future", async () => {
    const pool = new InterpreterPoolExecutor({ maxWorkers: 1 });
    const error = await pool.submit(nameOf, new OnlyInMain()).exception();
    assert.match(String(error), /RangeError: not in this thread/);
    assert.equal(await pool.submit(square, 3), 9);
    await pool.shutdown();
  });

  it("CF-107 InterpreterPoolExecutor: it serves as a loop's default executor, and as that of runInExecutor", async () => {
    const pool = new InterpreterPoolExecutor({ maxWorkers: 1 });
    await run(async () => {
      const loop = getRunningLoop();
      assert.equal(await loop.runInExecutor(pool, square, 3), 9);
      loop.setDefaultExecutor(pool);
      assert.equal(await loop.runInExecutor(null, square, 4), 16);
    });
  });
});
