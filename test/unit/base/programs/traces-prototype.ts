/**
 * Uses heddle while each name that an options object of heddle or of the runtime may lack is
 * an accessor of `Object.prototype`, and prints which of them heddle's own code read there.
 *
 * The accessors answer `undefined`, as if they were not there: what reads them reads what
 * another part of the program could have put there.
 */
import { readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import {
  asCompleted as asCompletedTasks,
  Condition as TaskCondition,
  createSubprocessExec,
  createSubprocessShell,
  createTask,
  DEVNULL,
  ensureFuture,
  gather,
  Lock as TaskLock,
  openConnection,
  PIPE,
  Queue as TaskQueue,
  run,
  shield,
  sleep,
  startServer,
  startUnixServer,
  openUnixConnection,
  STDOUT,
  taskGroup,
  timeout,
  toThread,
  wait as waitForTasks,
  waitFor,
} from "heddle/asyncio";
import { startJoinableThread } from "heddle/_thread";
import { asCompleted, ThreadPoolExecutor, wait } from "heddle/concurrent/futures";
import { Context, ContextVar } from "heddle/contextvars";
import { PriorityQueue, Queue, SimpleQueue } from "heddle/queue";
import { untilBlocked } from "heddle/testing";
import * as heddle from "heddle";
import {
  Barrier,
  Condition,
  dump,
  Event,
  Lock,
  RLock,
  Semaphore,
  Thread,
  ThreadLocal,
  Timer,
} from "heddle/threading";
import { fails, square } from "../fixtures/work.ts";

/** What every object without another prototype inherits from. */
const OBJECT: object = Object.getPrototypeOf({}) as object;

/** Where a name was read, by heddle, from an object that does not have it. */
const reads = new Set<string>();

/** A frame that lies in heddle. */
const OWN_FRAME = /\/(?:build\/)?src\/(?!.*node_modules)[^\s)]*/;

function pollute(names: readonly string[]): void {
  for (const name of names) {
    Object.defineProperty(OBJECT, name, {
      configurable: true,
      enumerable: false,
      get() {
        const frames = (new Error("read").stack ?? "")
          .split("\n")
          .filter((l) => /:\d+:\d+/.test(l));
        const reader = OWN_FRAME.exec(frames[1] ?? "");
        if (reader !== null) reads.add(`${name} at ${reader[0]}`);
        return undefined;
      },
      set(value: unknown) {
        Object.defineProperty(this, name, {
          value,
          configurable: true,
          enumerable: true,
          writable: true,
        });
      },
    });
  }
}

async function threads(): Promise<void> {
  const lock = new Lock();
  await lock.acquire();
  lock.release();
  lock.acquireSync();
  lock.release();
  new RLock().withSync(() => {});
  const semaphore = new Semaphore(1);
  await semaphore.acquire();
  semaphore.release();
  const event = new Event();
  const waiting = event.wait();
  event.set();
  await waiting;
  const condition = new Condition();
  const notified = condition.with(async () => condition.wait());
  await untilBlocked(condition, 1);
  condition.withSync(() => condition.notifyAll());
  await notified;
  await new Barrier(1).wait();
  const thread = new Thread({ target: square, args: [3] });
  thread.start();
  await thread.join();
  const failing = new Thread({ target: fails });
  failing.start();
  await failing.join().catch(() => undefined);
  await startJoinableThread(square).join();
  heddle.task(import.meta.url, () => 1);
  const timer = new Timer(1, () => {});
  timer.start();
  await timer.join();
  new ThreadLocal<{ user?: string }>().user = "ada";
  await dump();
}

/** Every error class, with as few options as it takes. */
function errors(): void {
  for (const Class of Object.values(heddle as Record<string, unknown>)) {
    if (typeof Class !== "function" || !(Class.prototype instanceof Error)) continue;
    const given = Class.prototype instanceof AggregateError ? [[new Error("one")], {}] : [{}];
    void new (Class as new (...args: unknown[]) => Error)("of no concern", ...given);
  }
}

async function queues(): Promise<void> {
  for (const queue of [
    new Queue<number>(),
    new SimpleQueue<number>(),
    new PriorityQueue<number>(),
  ]) {
    await queue.put(1);
    await queue.get();
    queue.putSync(2);
    queue.getSync();
  }
}

async function executors(): Promise<void> {
  for (const sharedMemory of [true, false]) {
    const pool = new ThreadPoolExecutor({ maxWorkers: 1, sharedMemory });
    const future = pool.submit(square, 2);
    await future;
    await pool.submit(fails).then(undefined, () => undefined);
    await pool.map(square, [1, 2, 3]);
    for await (const done of asCompleted([pool.submit(square, 1)])) await done;
    await wait([pool.submit(square, 1)]);
    await pool.shutdown();
  }
}

async function tasks(): Promise<void> {
  await run(async () => {
    await createTask(sleep(0));
    await gather([sleep(0), sleep(1)]);
    await shield(sleep(0));
    await waitForTasks([createTask(sleep(0))]);
    await waitFor(sleep(0), 1000);
    await ensureFuture(sleep(0));
    for (const next of asCompletedTasks([sleep(0)])) await next;
    await timeout(1000, async () => sleep(0));
    await taskGroup((group) => void group.createTask(sleep(0)));
    await new TaskLock().with(async () => sleep(0));
    const condition = new TaskCondition();
    await condition.with(async () => condition.notifyAll());
    const queue = new TaskQueue<number>();
    await queue.put(1);
    await queue.get();
    await toThread(square, 4);
  });
  new Context().run(() => new ContextVar("v", { default: 1 }).get());
}

async function streams(certificate: { cert: string; key: string }): Promise<void> {
  await run(async () => {
    for (const ssl of [undefined, certificate]) {
      const server = await startServer(
        async (reader, writer) => {
          writer.write(await reader.readline());
          writer.close();
        },
        "127.0.0.1",
        0,
        { ssl },
      );
      const [reader, writer] = await openConnection("127.0.0.1", server.port, {
        ssl: ssl && { ca: ssl.cert },
        serverHostname: ssl && "localhost",
      });
      writer.write("hello\n");
      await reader.read();
      writer.close();
      server.close();
    }
    const path = join(tmpdir(), `heddle-${process.pid}.sock`);
    const server = await startUnixServer((_, writer) => writer.close(), path);
    const [reader, writer] = await openUnixConnection(path);
    await reader.read();
    writer.close();
    server.close();
    rmSync(path, { force: true });
  });
}

async function programs(): Promise<void> {
  await run(async () => {
    const listed = await createSubprocessExec("echo", ["hello"], { stdout: PIPE, stdin: DEVNULL });
    await listed.communicate();
    const both = await createSubprocessExec("echo", ["hello"], { stdout: PIPE, stderr: STDOUT });
    await both.communicate();
    const shell = await createSubprocessShell("echo hello", { stdout: PIPE });
    await shell.communicate();
  });
}

const [names = "", certPath = "", keyPath = ""] = process.argv.slice(2);
const certificate = { cert: readFileSync(certPath, "utf8"), key: readFileSync(keyPath, "utf8") };

pollute(names.split(","));
const parts = {
  errors,
  threads,
  queues,
  executors,
  tasks,
  streams: () => streams(certificate),
  programs,
};
for (const [part, use] of Object.entries(parts)) {
  try {
    await use();
  } catch (error) {
    console.log(JSON.stringify({ part, error: String((error as Error)?.stack ?? error) }));
  }
}
console.log(JSON.stringify({ reads: [...reads].sort() }));
