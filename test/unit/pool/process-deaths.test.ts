import assert from "node:assert/strict";
import process from "node:process";
import { describe, it } from "node:test";
import { BrokenProcessPool, ProcessPoolExecutor } from "heddle/concurrent/futures";
import { compute, disconnect, pid, untilGone } from "../../support/processes.ts";
import {
  exhaustMemory,
  exit,
  failToInitialize,
  identity,
  rejectUnheard,
  remember,
  remembered,
  square,
  throwLater,
  ValidationError,
} from "../../support/tasks.ts";

const isNode = process.versions["deno"] === undefined && process.versions["bun"] === undefined;

/** What a pool of one process is broken by. */
async function breakage(fn: (code: number) => unknown): Promise<BrokenProcessPool> {
  const pool = new ProcessPoolExecutor({ maxWorkers: 1, onWorkerDeath: "break" });
  assert.equal(await pool.submit(square, 2), 4);
  const [doomed, behind] = [pool.submit(fn, 7), pool.submit(square, 3)];
  const error = await doomed.exception();
  assert.ok(error instanceof BrokenProcessPool);
  assert.ok((await behind.exception()) instanceof BrokenProcessPool);
  assert.throws(() => pool.submit(square, 1), BrokenProcessPool);
  assert.match(error.worker ?? "", /^ProcessPoolExecutor-\d+_0$/);
  assert.equal(error.started, true);
  await pool.shutdown();
  await untilGone([error.pid as number]);
  return error;
}

describe("a process of a pool that dies", () => {
  it("by process.exit: its calls fail with the exit code", async () => {
    const error = await breakage(exit);
    assert.deepEqual([error.exitCode, error.signal, error.cause], [7, undefined, undefined]);
    assert.match(
      error.message,
      /^Cannot finish the call: worker ".+" died: it exited with code 7$/,
    );
    assert.match(error.stack ?? "", /process-deaths/);
  });

  it("by a signal from outside, while it computes: its calls fail with the signal", async () => {
    const pool = new ProcessPoolExecutor({ maxWorkers: 2 });
    const number = await pool.submit(pid);
    const doomed = pool.submit(compute);
    process.kill(number, "SIGKILL");
    const error = await doomed.exception();
    assert.ok(error instanceof BrokenProcessPool);
    assert.deepEqual([error.exitCode, error.signal], [undefined, "SIGKILL"]);
    assert.match(error.message, /died: it was killed by SIGKILL$/);
    await pool.shutdown();
  });

  it("by an error that nothing catches: that error is the cause, with its class", async () => {
    const error = await breakage(throwLater);
    assert.equal(error.exitCode, 1);
    assert.match(error.message, /nothing caught its ValidationError: thrown by a timer$/);
    assert.ok(error.cause instanceof ValidationError);
    assert.equal(error.cause.code, "E_TIMER");
  });

  it("by a rejection that nothing handles: that error is the cause", async () => {
    const error = await breakage(rejectUnheard);
    assert.ok(error.cause instanceof ValidationError);
    assert.equal(error.cause.message, "rejected unheard");
  });

  // Deno and Bun use all of the machine's memory first.
  if (isNode) {
    it("by running out of memory: its calls fail with the signal of an abort", async () => {
      const options = process.env["NODE_OPTIONS"];
      process.env["NODE_OPTIONS"] = "--max-old-space-size=64";
      try {
        const error = await breakage(exhaustMemory);
        assert.equal(error.signal, "SIGABRT");
        assert.match(error.message, /it aborted \(SIGABRT\), as when it runs out of memory$/);
      } finally {
        if (options === undefined) delete process.env["NODE_OPTIONS"];
        else process.env["NODE_OPTIONS"] = options;
      }
    });
  }

  it("by giving up its channel: its calls fail, and it is ended", async () => {
    const error = await breakage(disconnect);
    assert.match(error.message, /died: it (exited with code 0|was terminated)/);
  });

  it("ends the other processes of a pool that it breaks, also one that computes", async () => {
    const pool = new ProcessPoolExecutor({ maxWorkers: 2, onWorkerDeath: "break" });
    const gate = pool.submit(compute);
    const number = await pool.submit(pid);
    const doomed = pool.submit(exit, 3);
    for (const future of [gate, doomed]) {
      const error = await future.exception();
      assert.ok(error instanceof BrokenProcessPool);
      assert.equal(error.exitCode, 3);
    }
    await pool.shutdown();
    await untilGone([number]);
  });
});

describe("a process that cannot be started", () => {
  it("breaks the pool, and says why", async () => {
    const { execPath } = process;
    const pool = new ProcessPoolExecutor({ maxWorkers: 1 });
    process.execPath = "/nowhere/to/be/found";
    try {
      const error = await pool.submit(square, 2).exception();
      assert.ok(error instanceof BrokenProcessPool);
      assert.match(error.message, /died: it could not be started: .*\/nowhere\/to\/be\/found/);
      assert.equal(error.pid, undefined);
    } finally {
      process.execPath = execPath;
    }
    await pool.shutdown();
  });
});

describe("a pool's initializer in its processes", () => {
  it("runs once in each before its calls, with copies of its arguments", async () => {
    const given = { list: [1, new Map([["a", 5n]])] };
    const pool = new ProcessPoolExecutor({
      maxWorkers: 1,
      initializer: remember,
      initargs: [given],
    });
    given.list.length = 0;
    const value = await pool.submit(remembered);
    assert.deepStrictEqual(value, { list: [1, new Map([["a", 5n]])] });
    await pool.shutdown();
  });

  it("breaks the pool when it throws: with the error, its class and its fields", async () => {
    const pool = new ProcessPoolExecutor({ maxWorkers: 1, initializer: failToInitialize });
    const error = await pool.submit(identity, 1).exception();
    assert.ok(error instanceof BrokenProcessPool);
    assert.match(
      error.message,
      /the initializer of worker ".+" threw ValidationError: no licence$/,
    );
    assert.ok(error.cause instanceof ValidationError);
    assert.equal(error.cause.code, "E_LICENCE");
    assert.throws(() => pool.submit(square, 1), BrokenProcessPool);
    await pool.shutdown();
  });

  it("has arguments that can be sent, or is refused by their path", () => {
    const initargs = [{ words: new SharedArrayBuffer(4) }];
    assert.throws(
      () =>
        new ProcessPoolExecutor({
          initializer: remember as () => void,
          initargs: initargs as never,
        }),
      { name: "SendError", path: "initargs[0].words" },
    );
  });
});
