/** Looking at processes from outside, and functions for tests to run in those of a pool. */
import { readdirSync, readFileSync } from "node:fs";
import process from "node:process";
import { isMain, isMainThread } from "heddle";
import { ProcessPoolExecutor, ThreadPoolExecutor } from "heddle/concurrent/futures";
import { Thread } from "heddle/threading";
import { ValidationError } from "./tasks.ts";

/** Whether a process exists and has not ended. */
export function isRunning(number: number): boolean {
  try {
    process.kill(number, 0);
  } catch {
    return false;
  }
  try {
    // One that nobody has collected yet is still listed.
    const stat = readFileSync(`/proc/${number}/stat`, "latin1");
    return stat.slice(stat.lastIndexOf(")") + 2, stat.lastIndexOf(")") + 3) !== "Z";
  } catch {
    return process.platform !== "linux";
  }
}

/** The processes that the system lists as this one's children, also those that have ended and not been collected. Linux only. */
export function listedChildren(): number[] {
  const isChild = (number: string): boolean => {
    try {
      const stat = readFileSync(`/proc/${number}/stat`, "latin1");
      return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]) === process.pid;
    } catch {
      return false; // it has ended
    }
  };
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && isChild(name))
    .map(Number);
}

/** Resolves when the system lists none of the processes any more. A test that waits in vain times out. */
export async function untilCollected(pids: Iterable<number>): Promise<void> {
  for (const number of pids) {
    while (listedChildren().includes(number)) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
}

/** Resolves when none of the processes is left. A test that waits in vain times out. */
export async function untilGone(pids: Iterable<number>): Promise<void> {
  for (const number of pids) {
    while (isRunning(number)) await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

export function pid(): number {
  return process.pid;
}

/** Starts a process, which does nothing or computes, and returns its number. */
export async function startChild(isBusy: boolean): Promise<number> {
  const pool = new ProcessPoolExecutor({ maxWorkers: 1 });
  const number = await pool.submit(pid);
  if (isBusy) void pool.submit(compute);
  return number;
}

/** The same in a thread of this one, which waits for that by a promise or blocks. */
export async function startGrandchild(isBlocking: boolean): Promise<number> {
  const threads = new ThreadPoolExecutor({ maxWorkers: 1 });
  const number = threads.submit(startChild, false);
  return isBlocking ? number.resultSync() : number;
}

/** Whether Node has loaded what `performance` is. */
export function hasClock(): boolean {
  const { moduleLoadList } = process as unknown as { readonly moduleLoadList: readonly string[] };
  return moduleLoadList.some((name) => name.endsWith("perf/usertiming"));
}

/** Resolves after some milliseconds, with the number of its process. */
export async function pidAfter(ms: number): Promise<number> {
  await new Promise((resolve) => setTimeout(resolve, ms));
  return process.pid;
}

/** Gives up the channel to the parent. */
export function disconnect(): void {
  process.disconnect();
}

/** Computes for ever. */
export function compute(): never {
  for (;;);
}

/** Returns that many bytes, and ends its process in the next turn. */
export function largeThenExit(length: number): Uint8Array {
  setImmediate(() => process.exit(0));
  return new Uint8Array(length).fill(7);
}

/** Returns what no other process can have. */
export function untransferable(index: number): unknown {
  return [index, new SharedArrayBuffer(4)];
}

/** Prints a line of that many characters. */
export function printLots(length: number): void {
  console.log("x".repeat(length));
}

/** Says in which order a process ends. */
export function exitHandled(): void {
  process.exitCode = 5;
  process.on("exit", () => console.log("handler"));
  const slow = async (): Promise<void> => {
    await new Promise((resolve) => setTimeout(resolve, 50));
    console.log("thread");
  };
  new Thread({ target: slow }).start();
  console.log("target");
}

export function startIsMain(): boolean {
  return isMainThread || isMain(import.meta);
}

/** Uses pools of its own, of threads and of processes. */
export async function squareInNestedPools(n: number): Promise<number> {
  const threads = new ThreadPoolExecutor({ maxWorkers: 1 });
  const processes = new ProcessPoolExecutor({ maxWorkers: 1 });
  const square = (x: number): number => x * x;
  const blocking = threads.submit(square, n).resultSync();
  const awaited = await processes.submit(square, n);
  await Promise.all([threads.shutdown(), processes.shutdown()]);
  return blocking === awaited ? awaited : Number.NaN;
}

/** Throws an error with much in it that cannot leave its process. */
export function failRichly(): never {
  throw Object.assign(new ValidationError("rich", "E_RICH"), {
    words: new SharedArrayBuffer(4),
    save: (): number => 1,
    secret: failRichly.bind(undefined),
    when: new Date(5),
    cause: new AggregateError([new RangeError("a"), { plain: true }], "several"),
  });
}
