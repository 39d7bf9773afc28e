/**
 * Waits that are cancelled. The list is that of the public names: where something can be waited
 * for and no test says what becomes of it when the wait is cancelled, the first test fails.
 */
import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { CancelledError } from "heddle";
import { createTask, run, sleep } from "heddle/asyncio";
import { ThreadPoolExecutor } from "heddle/concurrent/futures";
import { Event } from "heddle/threading";
import { waits } from "../support/api/waits.ts";
import { runProgram } from "../support/program.ts";
import { ASYNCIO } from "./taking-asyncio.ts";
import { takingContract } from "./taking-contract.ts";
import { PROCESSES } from "./taking-processes.ts";
import { endPool, THREADS } from "./taking-threads.ts";

/** Of what no contract says what a wait that is cancelled has taken, and why. */
const UNTESTED: Readonly<Record<string, readonly string[]>> = {
  "it is what the others below it declare": [
    "asyncio Acquirable.acquire",
    "asyncio CallExecutor.shutdown",
    "concurrent.futures Executor.shutdown",
    "concurrent.futures Executor.submit",
    "threading Acquirable.acquire",
  ],
  "it returns what is waited for, of a class above": [
    "asyncio Completions.[Symbol.asyncIterator]",
    "asyncio Completions.[Symbol.iterator]",
    "asyncio CompletedFutures.[Symbol.asyncIterator]",
    "asyncio asCompleted",
    "concurrent.futures CompletedFutures.[Symbol.asyncIterator]",
    "concurrent.futures Executor.map",
    "concurrent.futures MapResult.[Symbol.asyncIterator]",
    "concurrent.futures PoolExecutor.submit",
    "concurrent.futures asCompleted",
    "asyncio runCoroutineThreadsafe",
    "multiprocessing.pool Pool.applyAsync",
    "multiprocessing.pool Pool.imap",
    "multiprocessing.pool Pool.imapUnordered",
    "multiprocessing.pool Pool.mapAsync",
    "multiprocessing.pool Pool.starmapAsync",
  ],
  "a future or task that is awaited is cancelled with the task that awaits it, as in Python": [
    "asyncio Future.then",
    "asyncio Loop.createFuture",
    "asyncio Loop.createTask",
    "asyncio Loop.runInExecutor",
    "asyncio TaskGroup.createTask",
    "asyncio createTask",
    "asyncio currentTask",
    "asyncio eagerTaskFactory",
    "asyncio ensureFuture",
    "asyncio wrapFuture",
  ],
  "a call that has not begun is cancelled with the task that awaits it": [
    "asyncio toThread",
    "multiprocessing.pool Pool.apply",
    "multiprocessing.pool Pool.map",
    "multiprocessing.pool Pool.starmap",
  ],
  "it is run in the same way as one above": [
    "asyncio Barrier.with",
    "asyncio TaskGroup.run",
    "asyncio Timeout.run",
    "asyncio createSubprocessShell",
    "asyncio openUnixConnection",
    "asyncio timeoutAt",
    "multiprocessing Process.then",
    "multiprocessing.connection Connection.sendBytes",
  ],
  "it takes nothing, and what it waits for goes on": [
    "asyncio Barrier.abort",
    "asyncio Barrier.reset",
    "asyncio CompletedFutures.next",
    "asyncio Process.communicate",
    "asyncio Process.wait",
    "asyncio Server.serveForever",
    "asyncio Server.startServing",
    "asyncio Server.waitClosed",
    "asyncio StreamWriter.drain",
    "asyncio StreamWriter.startTls",
    "asyncio StreamWriter.waitClosed",
    "asyncio fromPromise",
    "asyncio sleep",
    "multiprocessing ProcessInput.end",
    "multiprocessing ProcessInput.write",
    "multiprocessing.queues Queue.joinThread",
  ],
  "a run closes what is opened in it, at the latest when it ends": [
    "asyncio startServer",
    "asyncio startUnixServer",
  ],
  "it never waits": [
    "concurrent.futures CompletedFutures.return",
    "concurrent.futures MapResult.return",
    "multiprocessing.pool IMapIterator.return",
    "multiprocessing.queues SimpleQueue.put",
    "queue SimpleQueue.put",
  ],
  "it ends what it belongs to, whether or not that is waited for": [
    "asyncio Process.[Symbol.asyncDispose]",
    "asyncio Server.[Symbol.asyncDispose]",
    "asyncio StreamWriter.[Symbol.asyncDispose]",
    "concurrent.futures Executor.[Symbol.asyncDispose]",
    "multiprocessing.pool Pool.[Symbol.asyncDispose]",
  ],
  "it runs a loop: it is not called by a task": [
    "asyncio Loop.runForever",
    "asyncio Loop.runUntilComplete",
    "asyncio Loop.shutdownDefaultExecutor",
    "asyncio Runner.[Symbol.asyncDispose]",
    "asyncio Runner.close",
    "asyncio Runner.run",
    "asyncio run",
  ],
  "python/multiprocessing/process.test.ts says that a task that is cancelled loses none of it": [
    "multiprocessing Process.stderr",
    "multiprocessing Process.stdout",
  ],
  "it is a promise of JavaScript's own, that no task's cancellation ends": [
    "testing FakeClock.advanceAsync",
    "testing Sequencer.step",
    "testing explore",
    "testing untilBlocked",
    "threading dump",
  ],
};

describe("the public names", () => {
  it("have no wait of which no test says what becomes of what it takes when it is cancelled", () => {
    const all = { ...ASYNCIO, ...PROCESSES, ...THREADS };
    const tested = new Set(Object.keys(all).map((name) => name.replace(/,.*/, "")));
    const untested = waits().filter((wait) => !tested.delete(wait));
    assert.deepEqual(untested, Object.values(UNTESTED).flat().toSorted());
    assert.deepEqual([...tested], [], "tested, and not public");
  });
});

takingContract(ASYNCIO);
takingContract(THREADS);
after(endPool);

describe("a map that is awaited as a whole", () => {
  it("is cancelled with the task: calls that have not begun are not made", async () => {
    const pool = new ThreadPoolExecutor({ maxWorkers: 1 });
    const gate = new Event();
    const made = new Int32Array(new SharedArrayBuffer(4));
    const count = (given: Event, calls: Int32Array): void => {
      Atomics.add(calls, 0, 1);
      given.waitSync();
    };
    const map = pool.map(count, [gate, gate, gate], [made, made, made]);
    await run(async () => {
      const task = createTask(async () => map);
      // One that is cancelled before it has begun awaits nothing.
      do await sleep(0);
      while (Atomics.load(made, 0) === 0);
      task.cancel();
      await assert.rejects(task, CancelledError);
    });
    await assert.rejects(async () => map, CancelledError);
    gate.set();
    await pool.shutdown();
    assert.equal(made[0], 1);
  });
});

describe("a failure that comes while the wait for it is cancelled", () => {
  const kinds = ["futures", "results", "loop futures", "joins", "threads"];
  for (const kind of kinds) {
    it(`is the task's, or is reported: ${kind}`, () => {
      const program = new URL("./programs/lost-failures.ts", import.meta.url);
      const { stdout, stderr } = runProgram(program, kind);
      const { all, got } = JSON.parse(stdout) as { readonly all: number; readonly got: number };
      const reports = stderr.match(/exception was never retrieved|^Exception in thread/gm) ?? [];
      const [, more = "0"] = /^(\d+) more future exceptions/m.exec(stderr) ?? [];
      assert.ok(all > 0, stdout);
      // Threads end when they do, which may be too late for all of the waits.
      if (kind.endsWith("futures")) assert.ok(got > 0 && got < all, stdout);
      assert.equal(got + reports.length + Number(more), all, stderr);
    });
  }
});
