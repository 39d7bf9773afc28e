import assert from "node:assert/strict";
import process from "node:process";
import { describe, it } from "node:test";
import { ThreadPoolExecutor } from "heddle/concurrent/futures";
import { Process } from "heddle/multiprocessing";
import { ThreadPool } from "heddle/multiprocessing/pool";
import {
  isRunning,
  listedChildren,
  startChild,
  startGrandchild,
  untilCollected,
} from "../../support/processes.ts";

/** Ends this thread, and not the program. */
const exit = (): never => process.exit(0);

/** Uses a process of this thread's in every way. */
async function useProcess(): Promise<unknown[]> {
  process.env["HEDDLE_OF_THREAD"] = "thread's";
  const printing = new Process({
    target: () => console.log(process.env["HEDDLE_OF_THREAD"], "x".repeat(200_000)),
    stdout: "pipe",
  });
  printing.start();
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of printing.stdout) text += decoder.decode(chunk);
  await printing.join();
  const endless = new Process({
    target: () => new Promise<void>((done) => setTimeout(done, 2 ** 30)),
  });
  endless.start();
  endless.kill();
  await endless.join();
  const missing = new Process({ target: () => 1, cwd: "/there/is/no/such/directory" });
  missing.start();
  const failure = await missing.join().then(String, String);
  const returning = new Process({
    target: (bytes: Uint8Array) => bytes,
    args: [new Uint8Array([7])],
  });
  returning.start();
  const bytes = await returning;
  return [text.length, text.slice(0, 8), endless.exitcode, failure, bytes, printing.exitcode];
}

const isLinux = process.platform === "linux";

describe("the processes of a thread", { skip: isLinux ? false : "needs /proc" }, () => {
  it("are collected when the thread retires", async () => {
    const threads = new ThreadPoolExecutor({ maxWorkers: 1 });
    const number = await threads.submit(startChild, false);
    assert.ok(isRunning(number));
    assert.ok(listedChildren().includes(number));
    await threads.shutdown();
    await untilCollected([number]);
  });

  it("are collected when the thread exits", async () => {
    const threads = new ThreadPoolExecutor({ maxWorkers: 1 });
    const numbers = [
      await threads.submit(startChild, true),
      await threads.submit(startChild, false),
    ];
    await threads.submit(exit).exception();
    await untilCollected(numbers);
    await threads.shutdown();
  });

  for (const busy of [true, false]) {
    it(`are collected when the thread is terminated, ${busy ? "waiting for them" : "asleep"}`, async () => {
      const threads = new ThreadPool({ processes: 1 });
      const number = await threads.apply(startChild, [busy]);
      threads.terminate();
      await threads.join();
      await untilCollected([number]);
    });
  }

  for (const blocking of [false, true]) {
    it(`are collected when the thread's creator ends, which ${blocking ? "has blocked for" : "awaits"} it`, async () => {
      const threads = new ThreadPool({ processes: 1 });
      const number = await threads.apply(startGrandchild, [blocking]);
      threads.terminate();
      await threads.join();
      await untilCollected([number]);
    });
  }

  it("are collected when the main thread has blocked for their start", async () => {
    const threads = new ThreadPoolExecutor({ maxWorkers: 1 });
    const number = threads.submit(startChild, false).resultSync();
    await threads.shutdown();
    await untilCollected([number]);
  });

  it("start while the main thread computes", async () => {
    const threads = new ThreadPoolExecutor({ maxWorkers: 1 });
    const words = new Int32Array(new SharedArrayBuffer(4));
    const future = threads.submit(async (done: Int32Array) => {
      const child = new Process({ target: () => 42 });
      child.start();
      const value = await child;
      Atomics.store(done, 0, value);
      return value;
    }, words);
    while (Atomics.load(words, 0) === 0);
    assert.equal(await future, 42);
    await threads.shutdown();
    await untilCollected(listedChildren());
  });

  it("print, end, fail and get their environment as those of the main thread do", async () => {
    const threads = new ThreadPoolExecutor({ maxWorkers: 1 });
    const [length, begin, killed, failure, bytes, code] = await threads.submit(useProcess);
    assert.equal(length, "thread's ".length + 200_000 + 1);
    assert.equal(begin, "thread's");
    assert.equal(killed, -9);
    assert.match(String(failure), /could not be started: there is no directory/);
    assert.deepEqual(bytes, new Uint8Array([7]));
    assert.equal(code, 0);
    assert.equal(process.env["HEDDLE_OF_THREAD"], undefined);
    await threads.shutdown();
    await untilCollected(listedChildren());
  });
});
