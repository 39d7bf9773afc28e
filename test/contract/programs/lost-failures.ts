/**
 * Failures that come in the same iteration as the cancellation of what waits for them. Prints how
 * many there were, and how many of them a task has got; the others are reported on standard error.
 */
import process from "node:process";
import * as asyncio from "heddle/asyncio";
import {
  type Awaitable,
  createTask,
  getRunningLoop,
  run,
  sleep,
  type Spawnable,
  type Task,
  timeout,
  type Timeout,
  waitFor,
} from "heddle/asyncio";
import { Future } from "heddle/concurrent/futures";
import { Event, Thread } from "heddle/threading";

interface Failing {
  readonly wait: () => Awaitable<unknown>;
  /** Says whether it failed: not if it was cancelled. */
  readonly fail: () => boolean;
}

function failingFuture(ask: (future: Future<number>) => Awaitable<unknown>): Failing {
  const future = new Future<number>();
  const fail = (): boolean => {
    if (future.done()) return false;
    future.setException(new RangeError("late"));
    return true;
  };
  return { wait: () => ask(future), fail };
}

function failingLoopFuture(): Failing {
  const future = new asyncio.Future<number>();
  const fail = (): boolean => {
    if (future.done()) return false;
    future.setException(new RangeError("late"));
    return true;
  };
  return { wait: () => future, fail };
}

export function throwAfter(gate: Event): never {
  gate.waitSync();
  throw new RangeError("late");
}

function failingThread(ask: (thread: Thread<never>) => Awaitable<unknown>): Failing {
  const gate = new Event();
  const thread = new Thread({ target: throwAfter, args: [gate] });
  thread.start();
  const fail = (): boolean => {
    gate.set();
    while (thread.isAlive()); // the loop has not learned of it
    return true;
  };
  return { wait: () => ask(thread), fail };
}

const KINDS: Readonly<Record<string, () => Failing>> = {
  futures: () => failingFuture((future) => future),
  results: () => failingFuture((future) => future.result()),
  "loop futures": failingLoopFuture,
  joins: () => failingThread((thread) => thread.join()),
  threads: () => failingThread((thread) => thread),
};

/** Threads are slow to make. */
const isCheap = !/joins|threads/.test(process.argv[2] ?? "");

const FORMS: readonly ((wait: () => Awaitable<unknown>) => Spawnable<unknown>)[] = [
  (wait) => async () => {
    await wait();
  },
  (wait) =>
    function* () {
      yield* wait();
    },
  (wait) => () => wait(),
];

interface Begun {
  readonly task: Task<unknown>;
  readonly cancel: () => void;
}

const WAYS: readonly ((body: Spawnable<unknown>) => Begun)[] = [
  (body) => {
    const task = createTask(body);
    return { task, cancel: () => void task.cancel() };
  },
  (body) => {
    const task = createTask(waitFor(body, 60_000));
    return { task, cancel: () => void task.cancel() };
  },
  (body) => {
    let limit: Timeout | undefined;
    const task = createTask(() =>
      timeout(null, (own) => {
        limit = own;
        return (body as () => unknown)();
      }),
    );
    return { task, cancel: () => limit?.reschedule(getRunningLoop().time()) };
  },
];

let all = 0;
let got = 0;

async function tryOut(make: () => Failing, of: (typeof FORMS)[number], way: number): Promise<void> {
  for (let failed = 0; failed < 3; failed++) {
    for (let cancelled = 0; cancelled < 3; cancelled++) {
      const { wait, fail } = make();
      const { task, cancel } = (WAYS[way] as (typeof WAYS)[number])(of(wait));
      let hasFailed = false;
      await sleep(0);
      for (let iteration = 0; iteration < 3; iteration++) {
        if (iteration === failed) hasFailed = fail();
        if (iteration === cancelled && !task.done()) cancel();
        await sleep(0);
      }
      const error = await task.then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
      if (hasFailed) all++;
      if (error instanceof RangeError) got++;
    }
  }
}

await run(async () => {
  const make = KINDS[process.argv[2] ?? ""] as () => Failing;
  for (const of of isCheap ? FORMS : FORMS.slice(0, 2))
    for (const way of isCheap ? WAYS.keys() : [0]) await tryOut(make, of, way);
});
console.log(JSON.stringify({ all, got }));
