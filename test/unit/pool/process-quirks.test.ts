/**
 * What the runtimes do differently with child processes, or wrongly, and what becomes of it here: a
 * test for each, on every runtime. Others are in the files beside this one.
 */
import assert from "node:assert/strict";
import process from "node:process";
import { after, describe, it } from "node:test";
import { TimeoutError } from "heddle";
import { BrokenProcessPool, ProcessPoolExecutor } from "heddle/concurrent/futures";
import { Process } from "heddle/multiprocessing";
import { compute, pid, untilGone } from "../../support/processes.ts";
import { square } from "../../support/tasks.ts";

const isDeno = process.versions["deno"] !== undefined;
const MIB = 1 << 20;

const makeLarge = (bytes: number): Uint8Array => new Uint8Array(bytes).fill(7);

/** Has the process exit as soon as it turns, right after its result. */
const makeLargeAndExit = (bytes: number): Uint8Array => {
  setImmediate(() => process.exit(0));
  return new Uint8Array(bytes).fill(7);
};

/** Prints, and exits at once. */
const printLargeAndExit = (bytes: number): never => {
  process.stdout.write("x".repeat(bytes));
  process.exit(0);
};

async function bytesOf(stream: AsyncIterable<Uint8Array>): Promise<number> {
  let count = 0;
  for await (const chunk of stream) count += chunk.length;
  return count;
}

describe("child processes on this runtime", () => {
  // In the place of each that dies it starts another.
  const pool = new ProcessPoolExecutor({ maxWorkers: 1 });
  after(() => pool.shutdown());

  it("a result of 1 MiB arrives though its process ends right behind it", async () => {
    const child = new Process({ target: makeLarge, args: [MIB] });
    child.start();
    assert.deepEqual(await child, makeLarge(MIB));
    assert.equal(child.exitcode, 0);
  });

  it("a result of 1 MiB from a process that exits by itself arrives whole, or its call says what died", async () => {
    for (let round = 0; round < 2; round++) {
      await pool.submit(square, 1);
      const outcome = await pool.submit(makeLargeAndExit, MIB).then(
        (value) => value,
        (error: unknown) => error,
      );
      if (outcome instanceof Uint8Array) assert.deepEqual(outcome, makeLarge(MIB));
      else {
        assert.ok(outcome instanceof BrokenProcessPool, String(outcome));
        assert.equal(outcome.exitCode, 0);
      }
    }
  });

  it("1 MiB on standard output arrives though its process exits at once", async () => {
    const child = new Process({ target: printLargeAndExit, args: [MIB], stdout: "pipe" });
    child.start();
    assert.equal(await bytesOf(child.stdout), MIB);
    await child.join();
    assert.equal(child.exitcode, 0);
  });

  it("a process that is stopped says nothing: its call times out, and goes on once it is continued", async () => {
    const number = await pool.submit(pid);
    process.kill(number, "SIGSTOP");
    const future = pool.submit(square, 3);
    await assert.rejects(future.result({ timeout: 100 }), TimeoutError);
    assert.equal(future.done(), false);
    process.kill(number, "SIGCONT");
    assert.equal(await future, 9);
    assert.equal(await pool.submit(pid), number);
  });

  it("a process that is killed while it is stopped is seen to die, by the signal", async () => {
    const number = await pool.submit(pid);
    process.kill(number, "SIGSTOP");
    const future = pool.submit(square, 3);
    await assert.rejects(future.result({ timeout: 50 }), TimeoutError);
    process.kill(number, "SIGKILL");
    const error = await future.exception();
    assert.ok(error instanceof BrokenProcessPool);
    assert.deepEqual([error.pid, error.signal], [number, "SIGKILL"]);
    assert.equal(await pool.submit(square, 4), 16);
    await untilGone([number]);
  });

  // Deno goes on after a SIGSEGV that no access to memory has caused.
  const signals = ["SIGTERM", "SIGABRT", ...(isDeno ? [] : (["SIGSEGV"] as const))] as const;
  for (const signal of signals) {
    it(`a process that ${signal} ends is seen to die by it, while it computes and while it idles`, async () => {
      for (const isBusy of [true, false]) {
        const number = await pool.submit(pid);
        const future = isBusy ? pool.submit(compute) : undefined;
        process.kill(number, signal);
        await untilGone([number]);
        const error = await (future ?? pool.submit(square, 2)).exception();
        if (!isBusy && error === undefined) continue; // its end was known before the call was sent
        assert.ok(error instanceof BrokenProcessPool, String(error));
        assert.deepEqual([error.exitCode, error.signal], [undefined, signal]);
      }
    });
  }

  it("a death while this thread computes is seen once it turns", async () => {
    const number = await pool.submit(pid);
    const future = pool.submit(compute);
    await new Promise((resolve) => setTimeout(resolve));
    process.kill(number, "SIGKILL");
    for (const end = performance.now() + 200; performance.now() < end;);
    assert.equal(future.done(), false);
    const error = await future.exception();
    assert.ok(error instanceof BrokenProcessPool);
    assert.equal(error.signal, "SIGKILL");
  });
});
