import assert from "node:assert/strict";
import process from "node:process";
import { describe, it } from "node:test";
import { RuntimeError, SendError } from "heddle";
import { BrokenProcessPool, type Future, ProcessPoolExecutor } from "heddle/concurrent/futures";
import { getContext } from "heddle/multiprocessing";
import { makePicky, Picky, pidOf } from "../../support/process-classes.ts";
import { compute, isRunning, pid, pidAfter, untilGone } from "../../support/processes.ts";
import {
  exit,
  fail,
  failAt,
  identity,
  later,
  square,
  ValidationError,
} from "../../support/tasks.ts";

/** A call that occupies its process for a while. */
const BUSY_MS = 100;

describe("ProcessPoolExecutor", () => {
  it("CF-079 ProcessPoolExecutor: a worker that is killed fails its future with BrokenProcessPool, and submit throws it from then on", async () => {
    const pool = new ProcessPoolExecutor({ maxWorkers: 1, onWorkerDeath: "break" });
    const number = await pool.submit(pid);
    const future = pool.submit(compute);
    process.kill(number, "SIGTERM");
    const error = await future.exception();
    assert.ok(error instanceof BrokenProcessPool);
    assert.deepEqual([error.pid, error.signal], [number, "SIGTERM"]);
    assert.throws(() => pool.submit(square, 1), BrokenProcessPool);
    await pool.shutdown();
  });

  it("CF-081 ProcessPoolExecutor: an error keeps its class and fields, and says where it was thrown", async () => {
    const pool = new ProcessPoolExecutor({ maxWorkers: 1 });
    const error = await pool.submit(fail, "no").exception();
    assert.ok(error instanceof ValidationError);
    assert.deepEqual([error.message, error.code], ["no", "E_TEST"]);
    assert.match(
      error.stack ?? "",
      /at fail .*tasks[^]*--- process "ProcessPoolExecutor-\d+_0" ---/,
    );
    await pool.shutdown();
  });

  it("CF-082 ProcessPoolExecutor: with three workers and many jobs there are exactly three processes", async () => {
    const pool = new ProcessPoolExecutor({ maxWorkers: 3 });
    const jobs = Array.from({ length: 12 }, () => pool.submit(pidAfter, BUSY_MS));
    assert.equal(new Set(await Promise.all(jobs)).size, 3);
    await pool.shutdown();
  });

  it("CF-083 ProcessPoolExecutor: sequential jobs use one process again, overlapping ones start as many as needed", async () => {
    const pool = new ProcessPoolExecutor({ maxWorkers: 5 });
    const pids = new Set<number>();
    for (let n = 0; n < 3; n++) pids.add(await pool.submit(pid));
    assert.equal(pids.size, 1);
    const both = await Promise.all([
      pool.submit(pidAfter, BUSY_MS),
      pool.submit(pidAfter, BUSY_MS),
    ]);
    assert.ok(new Set([...pids, ...both]).size <= 2);
    await pool.shutdown();
  });

  it("CF-087 ProcessPoolExecutor: if no worker can be started, pending work fails with BrokenProcessPool", async () => {
    const { execPath } = process;
    const pool = new ProcessPoolExecutor({ maxWorkers: 2 });
    process.execPath = "/no/such/program";
    const futures = [1, 2, 3].map((n) => pool.submit(square, n));
    for (const future of futures) {
      assert.ok((await future.exception()) instanceof BrokenProcessPool);
    }
    process.execPath = execPath;
    await pool.shutdown();
  });

  it("CF-091 ProcessPoolExecutor: an argument that cannot be sent fails its future, and the pool stays usable", async () => {
    const pool = new ProcessPoolExecutor({ maxWorkers: 1 });
    assert.ok((await pool.submit(identity, new WeakMap()).exception()) instanceof SendError);
    assert.equal(await pool.submit(square, 3), 9);
    await pool.shutdown();
  });

  it("CF-092 ProcessPoolExecutor: an argument that cannot be made in the process fails its call, and the pool stays usable", async () => {
    const pool = new ProcessPoolExecutor({ maxWorkers: 1 });
    const there = await pool.submit(pid);
    const error = await pool.submit(pidOf, new Picky(there)).exception();
    assert.match(String(error), /RangeError: not in this process/);
    assert.equal(await pool.submit(pidOf, new Picky(process.pid)), process.pid);
    await pool.shutdown();
  });

  it("CF-096 ProcessPoolExecutor: a result that cannot be made here fails its call, and the pool stays usable", async () => {
    const pool = new ProcessPoolExecutor({ maxWorkers: 1 });
    const error = await pool.submit(makePicky, process.pid).exception();
    assert.match(String(error), /RangeError: not in this process/);
    assert.equal((await pool.submit(makePicky, -1)).pid, -1);
    await pool.shutdown();
  });

  it("CF-093 ProcessPoolExecutor: a worker that exits fails its job with BrokenProcessPool, a job that throws does not", async () => {
    const pool = new ProcessPoolExecutor({ maxWorkers: 1 });
    await assert.rejects(pool.submit(failAt, 1, 1).result(), RangeError);
    assert.equal(await pool.submit(square, 3), 9);
    assert.ok((await pool.submit(exit, 0).exception()) instanceof BrokenProcessPool);
    await pool.shutdown();
  });

  it("CF-095 ProcessPoolExecutor: a result that cannot be sent fails its future", async () => {
    const pool = new ProcessPoolExecutor({ maxWorkers: 1 });
    assert.ok((await pool.submit(() => new WeakMap()).exception()) instanceof SendError);
    assert.equal(await pool.submit(square, 3), 9);
    await pool.shutdown();
  });

  it("CF-098 ProcessPoolExecutor: a shutdown while a worker crashes ends, and the future fails with BrokenProcessPool", async () => {
    const pool = new ProcessPoolExecutor({ maxWorkers: 2 });
    const future = pool.submit(exit, 1);
    await pool.shutdown();
    assert.ok((await future.exception()) instanceof BrokenProcessPool);
  });

  it("CF-099 ProcessPoolExecutor: a shutdown without waiting ends the processes also after a job that could not be sent", async () => {
    const pool = new ProcessPoolExecutor({ maxWorkers: 1 });
    const number = await pool.submit(pid);
    const refused = pool.submit(identity, new WeakMap());
    await pool.shutdown({ wait: false });
    assert.ok((await refused.exception()) instanceof SendError);
    await untilGone([number]);
    assert.equal(isRunning(number), false);
  });

  it("CF-100 ProcessPoolExecutor: a hundred jobs that are submitted before a worker has started all finish", async () => {
    const pool = new ProcessPoolExecutor({ maxWorkers: 2 });
    const futures = Array.from({ length: 100 }, (_, n) => pool.submit(later, n));
    const results = await Promise.all(futures);
    assert.deepEqual(
      results,
      results.map((_, n) => n * 2),
    );
    await pool.shutdown();
  });
});

describe("ProcessPoolExecutor: the lives of its workers", () => {
  it("CF-084 ProcessPoolExecutor: with maxTasksPerChild: 3, three jobs have one process, and the fourth another", async () => {
    const pool = new ProcessPoolExecutor({ maxWorkers: 1, maxTasksPerChild: 3 });
    const pids: number[] = [];
    for (let n = 0; n < 4; n++) pids.push(await pool.submit(pid));
    assert.deepEqual(
      pids.map((each) => each === pids[0]),
      [true, true, true, false],
    );
    // Short calls, of which several would go to a worker at once.
    const values = await Promise.all(Array.from({ length: 50 }, (_, n) => pool.submit(square, n)));
    assert.deepEqual(
      values,
      Array.from({ length: 50 }, (_, n) => n * n),
    );
    await pool.shutdown();
    assert.throws(() => new ProcessPoolExecutor({ maxTasksPerChild: 0 }), RangeError);
  });

  it("CF-085 ProcessPoolExecutor: processes are started by spawn, whatever the context", async () => {
    const pool = new ProcessPoolExecutor({ maxTasksPerChild: 1, mpContext: getContext("spawn") });
    assert.equal(await pool.submit(square, 2), 4);
    await pool.shutdown();
    assert.throws(() => new ProcessPoolExecutor({ mpContext: {} as never }), TypeError);
  });

  it("CF-089 ProcessPoolExecutor: after killWorkers or terminateWorkers nothing is taken, and what was not over has failed", async () => {
    for (const way of ["killWorkers", "terminateWorkers"] as const) {
      const pool = new ProcessPoolExecutor({ maxWorkers: 1 });
      const number = await pool.submit(pid);
      const futures = [pool.submit(compute), pool.submit(square, 3)];
      while (!(futures[0] as Future<unknown>).running()) {
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
      pool[way]();
      for (const [n, future] of futures.entries()) {
        const error = await future.exception();
        assert.ok(error instanceof BrokenProcessPool);
        assert.match(error.message, new RegExp(`${way}\\(\\) has ended the workers$`));
        assert.equal(error.started, n === 0);
      }
      assert.throws(() => pool.submit(square, 1), RuntimeError);
      await pool.shutdown();
      await untilGone([number]);
    }
  });

  it("CF-090 ProcessPoolExecutor: killWorkers does nothing to a pool that has no workers, or whose worker has died", async () => {
    new ProcessPoolExecutor().killWorkers();
    const pool = new ProcessPoolExecutor({ maxWorkers: 1 });
    assert.ok((await pool.submit(exit, 1).exception()) instanceof BrokenProcessPool);
    pool.terminateWorkers();
    pool.killWorkers();
    await pool.shutdown();
    assert.throws(() => pool.submit(square, 1), RuntimeError);
  });
});
