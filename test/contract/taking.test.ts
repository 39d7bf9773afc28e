import assert from "node:assert/strict";
import { describe, it } from "node:test";
import * as asyncio from "heddle/asyncio";
import { type Awaitable, createTask, run, sleep } from "heddle/asyncio";
import { Future } from "heddle/concurrent/futures";
import { LifoQueue, PriorityQueue, Queue, SimpleQueue } from "heddle/queue";
import {
  Barrier,
  BoundedSemaphore,
  Condition,
  Event,
  Lock,
  RLock,
  Semaphore,
  Thread,
} from "heddle/threading";
import { type Steps, STYLES } from "../support/asyncio/both-styles.ts";
import { afterGate } from "../support/threads/thread-targets.ts";
import { runProgram } from "../support/program.ts";
import { type Options, type Provided, takingContract } from "./taking-contract.ts";

interface AnyQueue {
  get(options?: Options): asyncio.Awaitable<unknown>;
  putNowait(item: number): void;
  getNowait(): unknown;
  empty(): boolean;
}

/** Two items are in in the end, and the one that was provided is the next to be taken, unless the wait has it. */
function getting(make: () => AnyQueue): () => Provided {
  return () => {
    const queue = make();
    return {
      wait: (options) => queue.get(options),
      provide: () => queue.putNowait(1),
      check: (hasTaken, result) => {
        if (hasTaken) assert.equal(result, 1);
        else assert.equal(queue.getNowait(), 1);
        assert.ok(queue.empty());
      },
    };
  };
}

interface FullQueue extends AnyQueue {
  put(item: number, options?: Options): asyncio.Awaitable<void>;
}

function putting(make: (maxsize: number) => FullQueue): () => Provided {
  return () => {
    const queue = make(1);
    queue.putNowait(1);
    return {
      wait: (options) => queue.put(2, options),
      isFinal: true,
      provide: () => void queue.getNowait(),
      check: (hasTaken) => {
        assert.equal(queue.empty(), !hasTaken);
        if (hasTaken) assert.equal(queue.getNowait(), 2);
      },
    };
  };
}

interface Acquired {
  acquire(options?: Options): asyncio.Awaitable<boolean>;
  acquireSync(options: { readonly timeout: number }): boolean;
  locked?(): boolean;
  hold(options?: Options): asyncio.Awaitable<unknown>;
  release(): void;
}

function acquiring(how: "acquire" | "hold", make: () => Acquired): () => Provided {
  return () => {
    const lock = make();
    lock.acquireSync({ timeout: 0 });
    return {
      wait: (options) => lock[how](options),
      provide: () => lock.release(),
      check: (hasTaken) =>
        assert.equal(lock.locked?.() ?? !lock.acquireSync({ timeout: 0 }), hasTaken),
    };
  };
}

interface AsyncioLock {
  acquire(): asyncio.Awaitable<true>;
  locked(): boolean;
  release(): void;
}

function acquiringInLoop(make: () => AsyncioLock): () => Promise<Provided> {
  return async () => {
    const lock = make();
    await lock.acquire();
    return {
      wait: () => lock.acquire(),
      provide: () => lock.release(),
      check: (hasTaken) => assert.equal(lock.locked(), hasTaken),
    };
  };
}

takingContract(
  "queue.Queue.get()",
  getting(() => new Queue<number>()),
  true,
);
takingContract(
  "queue.LifoQueue.get()",
  getting(() => new LifoQueue<number>()),
  true,
);
takingContract(
  "queue.PriorityQueue.get()",
  getting(() => new PriorityQueue<number>()),
  true,
);
takingContract(
  "queue.SimpleQueue.get()",
  getting(() => new SimpleQueue<number>()),
  true,
);
takingContract(
  "queue.Queue.put()",
  putting((most) => new Queue<number>(most)),
  true,
);
takingContract(
  "queue.LifoQueue.put()",
  putting((most) => new LifoQueue<number>(most)),
  true,
);
takingContract(
  "asyncio.Queue.get()",
  getting(() => new asyncio.Queue<number>()),
  false,
);
takingContract(
  "asyncio.LifoQueue.get()",
  getting(() => new asyncio.LifoQueue<number>()),
  false,
);
takingContract(
  "asyncio.PriorityQueue.get()",
  getting(() => new asyncio.PriorityQueue<number>()),
  false,
);
takingContract(
  "asyncio.Queue.put()",
  putting((most) => new asyncio.Queue<number>(most)),
  false,
);

for (const how of ["acquire", "hold"] as const) {
  takingContract(
    `threading.Lock.${how}()`,
    acquiring(how, () => new Lock()),
    true,
  );
  takingContract(
    `threading.RLock.${how}()`,
    acquiring(how, () => new RLock()),
    true,
  );
  takingContract(
    `threading.Semaphore.${how}()`,
    acquiring(how, () => new Semaphore()),
    true,
  );
  takingContract(
    `threading.BoundedSemaphore.${how}()`,
    acquiring(how, () => new BoundedSemaphore()),
    true,
  );
  takingContract(
    `threading.Condition.${how}()`,
    acquiring(how, () => new Condition()),
    true,
  );
}
takingContract(
  "asyncio.Lock.acquire()",
  acquiringInLoop(() => new asyncio.Lock()),
  false,
);
takingContract(
  "asyncio.Condition.acquire()",
  acquiringInLoop(() => new asyncio.Condition()),
  false,
);
takingContract(
  "asyncio.Semaphore.acquire()",
  acquiringInLoop(() => new asyncio.Semaphore()),
  false,
);
takingContract(
  "asyncio.BoundedSemaphore.acquire()",
  acquiringInLoop(() => new asyncio.BoundedSemaphore()),
  false,
);

interface AnyBarrier {
  wait(options?: Options): asyncio.Awaitable<number>;
  abort(): void;
}

/** The other party passes if the wait does. */
function passing(make: () => AnyBarrier): () => Provided {
  return () => {
    const barrier = make();
    let other: Promise<number | string> | undefined;
    return {
      wait: (options) => barrier.wait(options),
      isFinal: true,
      provide: () => {
        const wait = Promise.resolve(barrier.wait() as PromiseLike<number>);
        other = wait.catch((error: Error) => error.name);
      },
      check: async (hasTaken, result) => {
        if (!hasTaken) barrier.abort(); // it may never have arrived
        const indexes = hasTaken ? new Set([result, await other]) : await other;
        assert.deepEqual(indexes, hasTaken ? new Set([0, 1]) : "BrokenBarrierError");
      },
    };
  };
}

takingContract(
  "threading.Barrier.wait()",
  passing(() => new Barrier(2)),
  true,
);

/** A result is there for whoever asks again, as is a failure. */
function reading(
  ask: (future: Future<number>, options?: Options) => Awaitable<unknown>,
  settle: (future: Future<number>) => void,
  expected: unknown,
): () => Provided {
  return () => {
    const future = new Future<number>();
    return {
      wait: (options) => ask(future, options),
      provide: () => settle(future),
      check: async (hasTaken, result) => {
        if (hasTaken) assert.equal(result, expected);
        assert.ok(future.done() && !future.cancelled());
        assert.equal(await ask(future), expected);
      },
    };
  };
}

takingContract(
  "concurrent.futures.Future.result()",
  reading(
    (future, options) => future.result(options),
    (future) => future.setResult(7),
    7,
  ),
  true,
);
const FAILURE = new RangeError("too far");
takingContract(
  "concurrent.futures.Future.exception()",
  reading(
    (future, options) => future.exception(options),
    (future) => future.setException(FAILURE),
    FAILURE,
  ),
  true,
);

/** All items have been reported done, for whoever asks. */
function joiningQueue(make: () => Joined): () => Provided {
  return () => {
    const queue = make();
    queue.putNowait(1);
    queue.getNowait();
    return {
      wait: (options) => queue.join(options),
      provide: () => queue.taskDone(),
      check: async () => assert.equal(await queue.join(), undefined),
    };
  };
}

interface Joined {
  putNowait(item: number): void;
  getNowait(): unknown;
  taskDone(): void;
  join(options?: Options): Awaitable<void>;
}

takingContract(
  "queue.Queue.join()",
  joiningQueue(() => new Queue<number>()),
  true,
);
takingContract(
  "asyncio.Queue.join()",
  joiningQueue(() => new asyncio.Queue<number>()),
  false,
);

/** What a thread has returned is there for whoever asks. */
function joiningThread(
  ask: (thread: Thread<number>, options?: Options) => Awaitable<unknown>,
): () => Provided {
  return () => {
    const gate = new Event();
    const thread = new Thread({ target: afterGate, args: [gate, 7] });
    thread.start();
    return {
      wait: (options) => ask(thread, options),
      provide: () => {
        gate.set();
        while (thread.isAlive()); // the loop has yet to learn of it
      },
      check: async () => {
        await thread.join();
        assert.equal(await thread, 7);
      },
    };
  };
}

takingContract(
  "threading.Thread.join()",
  joiningThread((thread, options) => thread.join(options)),
  true,
  1,
);

interface AnyCondition {
  acquire(): asyncio.Awaitable<unknown>;
  wait(): asyncio.Awaitable<boolean>;
  notify(n: number): void;
  release(): void;
  locked(): boolean;
  toString(): string;
}

function conditionContract(name: string, make: () => AnyCondition): void {
  describe(`${name}: a notification is not lost with a waiter that is cancelled`, () => {
    for (const { name: style, co } of STYLES) {
      it(style, () =>
        run(async () => {
          for (let iterations = 0; iterations < 6; iterations++) {
            const condition = make();
            const waiting = co(function* (): Steps<unknown> {
              yield condition.acquire();
              try {
                return yield condition.wait();
              } finally {
                condition.release();
              }
            });
            const first = createTask(waiting);
            const second = createTask(waiting);
            await untilWaiting(condition, 2);
            await condition.acquire();
            condition.notify(1);
            condition.release();
            for (let i = 0; i < iterations; i++) await sleep(0);
            first.cancel();
            const isNotified = await first.then(
              () => true,
              () => false,
            );
            if (!isNotified) await second;
            else {
              await untilWaiting(condition, 1);
              second.cancel();
              await second.then(
                () => assert.fail("two were notified"),
                () => undefined,
              );
            }
            assert.equal(condition.locked(), false);
          }
        }),
      );
    }
  });
}

/** The number of its waiters is in its text. */
async function untilWaiting(condition: AnyCondition, count: number): Promise<void> {
  const text = new RegExp(`[ :]${count}\\b[^0-9]*$`);
  while (!text.test(String(condition))) await sleep(0);
}

conditionContract("threading.Condition", () => new Condition());
conditionContract("asyncio.Condition", () => new asyncio.Condition());

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
