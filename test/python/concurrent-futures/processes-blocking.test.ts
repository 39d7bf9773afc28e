/** Blocking for a pool of processes that this thread owns until it blocks for the first time. */
import assert from "node:assert/strict";
import process from "node:process";
import { describe, it } from "node:test";
import { TimeoutError } from "heddle";
import {
  asCompletedSync,
  BrokenProcessPool,
  ProcessPoolExecutor,
  waitSync,
} from "heddle/concurrent/futures";
import { Thread } from "heddle/threading";
import { compute, listedChildren, pid, untilGone } from "../../support/processes.ts";
import {
  exit,
  fail,
  identity,
  remember,
  remembered,
  square,
  ValidationError,
} from "../../support/tasks.ts";
import { runProgram } from "../../support/program.ts";

/** Computes for so many milliseconds. */
const computeFor = (ms: number): number => {
  const end = performance.now() + ms;
  while (performance.now() < end);
  return ms;
};

/** Says by its pid that it has begun, and computes until it is killed. */
const computeThenExit = (ms: number, code: number): never => {
  const end = performance.now() + ms;
  while (performance.now() < end);
  process.exit(code);
};

/** Counts its calls in this process. */
let calls = 0;
const count = (): number => ++calls;

/** Submits and blocks, in whatever thread this runs. */
const submitAndBlock = (n: number): number[] => {
  const pool = new ProcessPoolExecutor({ maxWorkers: 1 });
  const results = [pool.submit(square, n).resultSync(), ...pool.mapSync(square, [1, 2])];
  pool.shutdownSync();
  return results;
};

/** The same, once something has been awaited. */
const awaitThenBlock = async (n: number): Promise<number[]> => {
  const pool = new ProcessPoolExecutor({ maxWorkers: 1 });
  const first = await pool.submit(square, n);
  const [slow, quick] = [pool.submit(computeFor, 100), pool.submit(square, 3)];
  await pool.submit(square, 1);
  const results = [first, slow.resultSync(), quick.resultSync()];
  pool.shutdownSync();
  return results;
};

describe("blocking for processes that run already", () => {
  it("right after submit, as the first statement of a program", () => {
    const { stdout } = runProgram(new URL("../programs/block-at-once.ts", import.meta.url));
    assert.equal(stdout, "49\n1 4 9\n");
  });

  it("gives the results of calls that were under way, and of those that follow", async () => {
    const pool = new ProcessPoolExecutor({ maxWorkers: 2 });
    const pids = new Set(await pool.map(pid, [1, 2, 3, 4]));
    const slow = pool.submit(computeFor, 200);
    const large = pool.submit(identity, new Uint8Array(3_000_000).fill(7));
    await pool.submit(square, 1); // the first are on their way
    const many = Array.from({ length: 2000 }, (_, n) => pool.submit(square, n));
    assert.equal(slow.resultSync(), 200);
    assert.deepEqual(large.resultSync(), new Uint8Array(3_000_000).fill(7));
    for (const [n, future] of many.entries()) assert.equal(future.resultSync(), n * n);
    assert.deepEqual([...pool.mapSync(square, [1, 2, 3])], [1, 4, 9]);
    const later = [...pool.mapSync(pid, [1, 2, 3, 4])];
    assert.ok(
      later.some((one) => pids.has(one)),
      "the same processes go on",
    );
    assert.equal(await pool.submit(square, 5), 25);
    pool.shutdownSync();
    await untilGone([...pids, ...later]);
  });

  it("makes each call once, and keeps what a process knows", async () => {
    const pool = new ProcessPoolExecutor({
      maxWorkers: 1,
      initializer: remember,
      initargs: ["seed"],
    });
    assert.equal(await pool.submit(count), 1);
    const futures = Array.from({ length: 300 }, () => pool.submit(count));
    await futures[0];
    assert.equal(futures.at(-1)?.resultSync(), 301);
    assert.deepEqual(
      futures.map((future) => future.resultSync()),
      Array.from({ length: 300 }, (_, n) => n + 2),
    );
    assert.equal(pool.submit(remembered).resultSync(), "seed");
    pool.shutdownSync();
  });

  it("an initializer runs once in a process that is blocked for before it has started", () => {
    const pool = new ProcessPoolExecutor({
      maxWorkers: 1,
      initializer: remember,
      initargs: ["seed"],
    });
    assert.equal(pool.submit(remembered).resultSync(), "seed");
    pool.shutdownSync();
  });

  it("throws what the call threw, and times out", async () => {
    const pool = new ProcessPoolExecutor({ maxWorkers: 1 });
    await pool.submit(square, 1);
    const error = pool.submit(fail, "no").exceptionSync();
    assert.ok(error instanceof ValidationError);
    const slow = pool.submit(compute);
    assert.throws(() => slow.resultSync({ timeout: 50 }), TimeoutError);
    pool.killWorkers();
    assert.ok(slow.exceptionSync() instanceof BrokenProcessPool);
    pool.shutdownSync();
  });

  it("sees how a process ends that had begun before: by exit, by a signal, by an error", async () => {
    const pool = new ProcessPoolExecutor({ maxWorkers: 1 });
    for (const block of [false, true]) {
      await pool.submit(square, 1);
      if (block) assert.equal(pool.submit(square, 2).resultSync(), 4);
      const doomed = pool.submit(computeThenExit, 100, 7);
      const behind = pool.submit(square, 3);
      const error = doomed.exceptionSync() as BrokenProcessPool;
      assert.ok(error instanceof BrokenProcessPool);
      if (process.platform === "linux") assert.equal(error.exitCode, 7);
      assert.equal(behind.resultSync(), 9);
    }
    const number = await pool.submit(pid);
    const killed = pool.submit(compute);
    await new Promise((resolve) => setTimeout(resolve));
    process.kill(number, "SIGKILL");
    const error = killed.exceptionSync() as BrokenProcessPool;
    assert.ok(error instanceof BrokenProcessPool);
    assert.equal(error.pid, number);
    if (process.platform === "linux") assert.equal(error.signal, "SIGKILL");
    const exits = pool.submit(exit, 3).exceptionSync() as BrokenProcessPool;
    assert.equal(exits.exitCode, 3);
    pool.shutdownSync();
  });

  it("sees the end of a process that is killed while it computes, and has read no message since", async () => {
    const pool = new ProcessPoolExecutor({ maxWorkers: 1 });
    const number = await pool.submit(pid);
    const busy = pool.submit(compute);
    await new Promise((resolve) => setTimeout(resolve));
    assert.throws(() => busy.resultSync({ timeout: 300 }), TimeoutError);
    process.kill(number, "SIGKILL");
    const error = busy.exceptionSync() as BrokenProcessPool;
    assert.equal(error.pid, number);
    if (process.platform === "linux") assert.equal(error.signal, "SIGKILL");
    assert.equal(pool.submit(square, 4).resultSync(), 16);
    pool.shutdownSync();
  });

  it("a process that has been blocked for and dies later is seen, too", async () => {
    const pool = new ProcessPoolExecutor({ maxWorkers: 1 });
    await pool.submit(square, 1);
    assert.equal(pool.submit(square, 2).resultSync(), 4);
    const error = await pool.submit(exit, 5).exception();
    assert.ok(error instanceof BrokenProcessPool);
    assert.equal(error.exitCode, 5);
    assert.equal(await pool.submit(square, 3), 9);
    await pool.shutdown();
  });

  it("waitSync and asCompletedSync wait for them", async () => {
    const pool = new ProcessPoolExecutor({ maxWorkers: 2 });
    await pool.submit(square, 1);
    const futures = [1, 2, 3].map((n) => pool.submit(square, n));
    assert.equal(waitSync(futures).done.size, 3);
    const others = [4, 5].map((n) => pool.submit(square, n));
    const results = [...asCompletedSync(others)].map((future) => future.resultSync());
    assert.deepEqual(new Set(results), new Set([16, 25]));
    pool.shutdownSync();
  });

  it("by the process that the first submit has started, however soon; if it dies, that is known", () => {
    let known = listedChildren();
    /** The processes that have been started since it was last asked. */
    const started = (): number[] => {
      const listed = listedChildren();
      const added = listed.filter((child) => !known.includes(child));
      known = listed;
      return added;
    };
    const pool = new ProcessPoolExecutor({ maxWorkers: 1 });
    const future = pool.submit(pid);
    assert.deepEqual(started(), [future.resultSync()]);
    pool.shutdownSync();

    const broken = new ProcessPoolExecutor({ maxWorkers: 1, onWorkerDeath: "break" });
    const doomed = broken.submit(pid);
    const [victim] = started();
    process.kill(victim as number, "SIGKILL"); // long before it listens
    assert.throws(() => doomed.resultSync(), BrokenProcessPool);
    broken.shutdownSync();
  });

  it("in threads, at once and later", async () => {
    for (const target of [submitAndBlock, awaitThenBlock]) {
      const thread = new Thread<number[], readonly [number]>({ target, args: [5] } as never);
      thread.start();
      const expected = target === submitAndBlock ? [25, 1, 4] : [25, 100, 9];
      assert.deepEqual(await thread, expected);
    }
    assert.deepEqual(submitAndBlock(6), [36, 1, 4]);
    assert.deepEqual(await awaitThenBlock(6), [36, 100, 9]);
  });

  it("a child's environment does not say where it listens", async () => {
    const pool = new ProcessPoolExecutor({ maxWorkers: 1 });
    const names = await pool.submit(() => Object.keys(process.env));
    assert.deepEqual(
      names.filter((name) => name.startsWith("HEDDLE_DETOUR")),
      [],
    );
    await pool.shutdown();
  });
});
