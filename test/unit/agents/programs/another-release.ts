/**
 * Starts workers, threads or processes, that are told that another release of heddle has started them, in the way that
 * is named, and prints how that ends.
 */
import processes from "node:child_process";
import { syncBuiltinESMExports } from "node:module";
import process from "node:process";
import threads, { type WorkerOptions } from "node:worker_threads";

interface Doctored extends WorkerOptions {
  workerData: { protocol: string };
}

threads.Worker = class extends threads.Worker {
  constructor(url: URL, options: WorkerOptions) {
    (options as Doctored).workerData.protocol = "0.0.7";
    super(url, options);
  }
};
const { spawn } = processes;
processes.spawn = ((...given: Parameters<typeof spawn>) => {
  const child = spawn(...given);
  const send = child.send.bind(child) as (...message: unknown[]) => boolean;
  child.send = (message: object, ...rest: unknown[]) =>
    send("protocol" in message ? { ...message, protocol: "0.0.7" } : message, ...rest);
  return child;
}) as typeof spawn;
syncBuiltinESMExports();

if (process.argv[2] === "in one thread") {
  // As a copy of another release leaves it that has been used.
  Object.defineProperty(globalThis, Symbol.for("heddle"), {
    value: new Map([["program@1", { release: "0.0.7", program: undefined }]]),
  });
}

const { ProcessPoolExecutor, ThreadPoolExecutor } = await import("heddle/concurrent/futures");
const { Thread } = await import("heddle/threading");

const square = (n: number): number => n * n;

async function failureOf(work: () => unknown): Promise<void> {
  try {
    await work();
    console.log("no failure");
  } catch (error) {
    console.log(String(error));
  }
}

const threadOf = (): InstanceType<typeof Thread> => {
  const thread = new Thread({ target: square, args: [2] });
  thread.start();
  return thread;
};

const WAYS: Record<string, () => unknown> = {
  awaited: async () => new ThreadPoolExecutor().submit(square, 2),
  blocked: () => new ThreadPoolExecutor().submit(square, 2).resultSync(),
  "by messages": async () => new ThreadPoolExecutor({ sharedMemory: false }).submit(square, 2),
  process: async () => new ProcessPoolExecutor().submit(square, 2),
  "in one thread": () => new ThreadPoolExecutor().submit(square, 2),
  thread: async () => threadOf().join(),
  "thread, blocked": () => threadOf().joinSync(),
};

await failureOf(WAYS[process.argv[2] ?? ""] as () => unknown);
process.exit(0);
