import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  BrokenThreadPool,
  CancelledError,
  InterpreterPoolExecutor,
  ThreadPoolExecutor,
} from "heddle/concurrent/futures";
import { RuntimeError } from "heddle";
import {
  block,
  exit,
  fail,
  failToInitialize,
  makeGate,
  openGate,
  passGate,
  remember,
  remembered,
  square,
  untilArrived,
  ValidationError,
} from "../../support/tasks.ts";
import { runProgram } from "../../support/program.ts";

function program(name: string): URL {
  return new URL(`../programs/${name}.ts`, import.meta.url);
}

/** The name of the worker that ran a failing call. */
async function workerName(pool: ThreadPoolExecutor): Promise<string | undefined> {
  const error = (await pool.submit(fail, "x").exception()) as Error;
  return /--- thread "(.+)" ---/.exec(error.stack ?? "")?.[1];
}

describe("concurrent.futures: InterpreterPoolExecutor", () => {
  it("is another name of the pool of threads", async () => {
    assert.equal(InterpreterPoolExecutor, ThreadPoolExecutor);
    const pool = new InterpreterPoolExecutor({ maxWorkers: 1 });
    assert.equal(await pool.submit((n: number) => n + 1, 1), 2);
    await pool.shutdown();
  });
});

describe("concurrent.futures: initializers", () => {
  it("CF-058 Executor init: the initializer runs in every worker with its arguments before any task", async () => {
    const calls = new Int32Array(new SharedArrayBuffer(4));
    const pool = new ThreadPoolExecutor({
      maxWorkers: 2,
      initializer: remember,
      initargs: ["seed", calls],
    });
    const gate = makeGate();
    const held = [pool.submit(passGate, gate, 1), pool.submit(passGate, gate, 2)];
    untilArrived(gate, 2);
    openGate(gate);
    await Promise.all(held);
    assert.equal(calls[0], 2);
    assert.deepEqual(await pool.map(remembered, [1, 2, 3, 4]), ["seed", "seed", "seed", "seed"]);
    await pool.shutdown();
  });

  it("CF-059 Executor init: if the initializer throws, pending futures and later submits fail as broken", async () => {
    const pool = new ThreadPoolExecutor({ maxWorkers: 2, initializer: failToInitialize });
    const futures = Array.from({ length: 5 }, (_, n) => pool.submit(square, n));
    for (const future of futures) {
      const error = await future.exception();
      assert.ok(error instanceof BrokenThreadPool);
      assert.ok(error.cause instanceof ValidationError);
      assert.equal(error.cause.code, "E_LICENCE");
      assert.equal(error.started, false);
    }
    assert.throws(() => pool.submit(square, 1), BrokenThreadPool);
    await pool.shutdown();
  });

  it("options of the wrong type are refused at construction", () => {
    for (const options of [
      { initargs: 5, initializer: remember },
      { initargs: [1] },
      { threadNamePrefix: 5 },
      { sharedMemory: "no" },
      [],
    ]) {
      assert.throws(() => new ThreadPoolExecutor(options as never), TypeError);
    }
  });

  it("CF-060 Executor init: an initializer that is no function throws TypeError at construction", () => {
    assert.throws(() => new ThreadPoolExecutor({ initializer: 123 as never }), TypeError);
  });
});

describe("concurrent.futures: thread pool", () => {
  it("CF-061 (differs) ThreadPoolExecutor: by default there are as many workers as threads that run at once", async () => {
    const pool = new ThreadPoolExecutor();
    const gate = makeGate();
    const file: string = "../../../dist/chunks/servers.js"; // published, without declarations
    const { platform } = (await import(file)) as { platform: { parallelism(): number } };
    const size = platform.parallelism();
    const held = Array.from({ length: size + 2 }, () => pool.submit(passGate, gate, 0));
    untilArrived(gate, size);
    const shown = String(pool);
    openGate(gate);
    await Promise.all(held);
    await pool.shutdown();
    assert.ok(shown.includes(` of ${size}, running: ${size}, queued: 2 }`), shown);
  });

  it("CF-065 ThreadPoolExecutor: workers carry the given name prefix with a number", async () => {
    const pool = new ThreadPoolExecutor({ threadNamePrefix: "SpecialPool" });
    assert.equal(await workerName(pool), "SpecialPool_0");
    await pool.shutdown();
  });

  it("CF-066 ThreadPoolExecutor: without a prefix, names look like ThreadPoolExecutor-N_0 and are unique", async () => {
    const pools = [new ThreadPoolExecutor(), new ThreadPoolExecutor()];
    const names = await Promise.all(pools.map(workerName));
    for (const name of names) assert.match(String(name), /^ThreadPoolExecutor-\d+_0$/);
    assert.notEqual(names[0], names[1]);
    await Promise.all(pools.map((pool) => pool.shutdown()));
  });

  it("an idle worker is used again before another is started", async () => {
    const pool = new ThreadPoolExecutor({ maxWorkers: 4 });
    for (let n = 0; n < 5; n++) assert.match(String(await workerName(pool)), /_0$/);
    await pool.shutdown();
  });
});

describe("concurrent.futures: shutdown", () => {
  it("CF-067 Executor shutdown: submit after shutdown throws RuntimeError", async () => {
    const pool = new ThreadPoolExecutor();
    await pool.shutdown();
    assert.throws(() => pool.submit(square, 2), RuntimeError);
    assert.throws(() => pool.map(square, [2]), RuntimeError);
    await pool.shutdown();
  });

  it("CF-068 Executor shutdown: the program does not end before submitted work has run", () => {
    const { status, stdout, stderr } = runProgram(program("await-nothing"));
    assert.equal(stderr, "");
    assert.equal(status, 0);
    assert.deepEqual(
      stdout.trim().split("\n").sort(),
      [0, 1, 16, 4, 9].map((n) => `finished ${n}`),
    );
  });

  it("CF-069 Executor shutdown: submitting from an exit hook throws RuntimeError", () => {
    const { stdout } = runProgram(program("submit-at-exit"));
    assert.match(stdout, /^9\nRuntimeError: Cannot submit a call: the program is ending\n$/);
  });

  it("CF-071 Executor shutdown: cancelFutures cancels what has not started; the rest finishes", async () => {
    const pool = new ThreadPoolExecutor({ maxWorkers: 3 });
    const futures = Array.from({ length: 50 }, () => pool.submit(block, 20));
    await pool.shutdown({ cancelFutures: true });
    const cancelled = futures.filter((future) => future.cancelled());
    assert.ok(cancelled.length > 25, `${cancelled.length} cancelled`);
    for (const future of futures) {
      assert.equal(future.done(), true);
      if (!future.cancelled()) assert.equal(future.resultSync(), 20);
    }
  });

  it("CF-072 Executor shutdown: without wait, the program neither hangs nor loses the running task", () => {
    const { status, stdout } = runProgram(program("shutdown-without-wait"));
    assert.equal(status, 0);
    assert.equal(stdout, "shut down\nfinished 42\n");
  });

  it("CF-074 Executor shutdown: without wait and with cancelFutures, only the running task finishes", async () => {
    const pool = new ThreadPoolExecutor({ maxWorkers: 1 });
    const gate = makeGate();
    const futures = [1, 2, 3].map((n) => pool.submit(passGate, gate, n));
    untilArrived(gate, 1);
    await pool.shutdown({ wait: false, cancelFutures: true });
    openGate(gate);
    assert.equal(await futures[0], 1);
    await assert.rejects(async () => futures[1], CancelledError);
    await assert.rejects(async () => futures[2], CancelledError);
    await pool.shutdown();
  });

  it("CF-075 Executor shutdown: leaving the scoped form waits for all work and stops the workers", async () => {
    const pool = new ThreadPoolExecutor({ maxWorkers: 2 });
    const futures = [1, 2, 3].map((n) => pool.submit(square, n));
    await pool[Symbol.asyncDispose]();
    assert.deepEqual(
      futures.map((future) => future.resultSync()),
      [1, 4, 9],
    );
    assert.throws(() => pool.submit(square, 1), RuntimeError);
  });

  it("CF-076 Executor shutdown: after shutdown all worker threads have ended", async () => {
    const pool = new ThreadPoolExecutor({ maxWorkers: 2 });
    await Promise.all([pool.submit(square, 1), pool.submit(square, 2)]);
    await pool.shutdown();
    const blocking = new ThreadPoolExecutor({ maxWorkers: 1 });
    blocking.submit(square, 1);
    blocking.shutdownSync();
    assert.throws(() => blocking.submit(square, 1), RuntimeError);
  });

  it("CF-077 Executor shutdown: after shutdown without wait, results are still there", async () => {
    const pool = new ThreadPoolExecutor({ maxWorkers: 1 });
    const futures = [1, 2, 3].map((n) => pool.submit(square, n));
    void pool.shutdown({ wait: false });
    assert.deepEqual(await Promise.all(futures), [1, 4, 9]);
    await pool.shutdown();
  });

  it("a worker that exits breaks the pool that is told so, saying what died and whether the call had started", async () => {
    const pool = new ThreadPoolExecutor({
      maxWorkers: 1,
      threadNamePrefix: "fragile",
      onWorkerDeath: "break",
    });
    const fatal = pool.submit(exit, 3);
    const queued = pool.submit(square, 2);
    const error = await fatal.exception();
    assert.ok(error instanceof BrokenThreadPool);
    assert.match(error.message, /worker "fragile_0" died: it exited with code 3/);
    assert.deepEqual([error.worker, error.exitCode, error.started], ["fragile_0", 3, true]);
    const other = await queued.exception();
    assert.ok(other instanceof BrokenThreadPool);
    assert.equal(other.started, false);
    await pool.shutdown();
  });
});
