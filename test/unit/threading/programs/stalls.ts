/** Programs in which threads wait while the main thread merely awaits; the argument chooses one. */
import process from "node:process";
import { ThreadPoolExecutor } from "heddle/concurrent/futures";
import { type Event, Event as SharedEvent, Lock, Semaphore, Thread } from "heddle/threading";

export function takeBoth(first: Lock, second: Lock, ready: Semaphore, go: Event): string {
  return first.withSync(() => {
    ready.release();
    go.waitSync();
    return second.withSync(() => "both");
  });
}

export function waitFor(event: Event): boolean {
  return event.waitSync();
}

export function wasteTime(ms: number): string {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
  return "ended";
}

export function setLater(event: Event, ms: number): void {
  wasteTime(ms);
  event.set();
}

function thread(target: (...args: never[]) => unknown, ...args: unknown[]): Thread {
  const started = new Thread({ target: target as (...args: unknown[]) => unknown, args });
  started.start();
  return started;
}

const event = new SharedEvent();

const cases: Record<string, () => Promise<PromiseSettledResult<unknown>[]>> = {
  circle: async () => {
    const [a, b, ready, go] = [new Lock(), new Lock(), new Semaphore(0), new SharedEvent()];
    const threads = [thread(takeBoth, a, b, ready, go), thread(takeBoth, b, a, ready, go)];
    ready.acquireSync();
    ready.acquireSync();
    go.set();
    return Promise.allSettled(threads);
  },
  event: async () => Promise.allSettled([thread(waitFor, event)]),
  "last one ends": async () => Promise.allSettled([thread(waitFor, event), thread(wasteTime, 300)]),
  starved: async () => {
    const pool = new ThreadPoolExecutor({ maxWorkers: 1 });
    const calls = [pool.submit(waitFor, event), pool.submit(setLater, event, 0)];
    return Promise.allSettled(calls);
  },
  "timer to come": async () => {
    setTimeout(() => event.set(), 400);
    return Promise.allSettled([thread(waitFor, event)]);
  },
  "signal to come": async () => {
    process.on("SIGTERM", () => event.set());
    setTimeout(() => process.kill(process.pid, "SIGTERM"), 400).unref();
    return Promise.allSettled([thread(waitFor, event)]);
  },
  "thread at work": async () =>
    Promise.allSettled([thread(waitFor, event), thread(setLater, event, 400)]),
};

async function main(name: string): Promise<void> {
  const isNode = !("deno" in process.versions || "bun" in process.versions);
  if (isNode && (name.includes(" to come") || name.includes("at work")))
    process.on("beforeExit", () => console.log("the event loop has run dry"));
  for (const result of await cases[name]!()) {
    if (result.status === "fulfilled") console.log(String(result.value));
    else console.log((result.reason as Error).name, (result.reason as Error).message);
  }
  process.exit();
}

const [, , chosen] = process.argv;
if (chosen !== undefined) void main(chosen); // no top-level await: Deno and Bun then say when nothing is left
