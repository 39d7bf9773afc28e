/**
 * For each class of heddle's, an object to call methods of; for each parameter whose type does
 * not tell, what it takes.
 */
import assert from "node:assert/strict";
import process from "node:process";
import { isDeepStrictEqual } from "node:util";
import * as lowLevel from "heddle/_thread";
import * as heddle from "heddle";
import * as asyncio from "heddle/asyncio";
import * as futures from "heddle/concurrent/futures";
import * as contextvars from "heddle/contextvars";
import * as multiprocessing from "heddle/multiprocessing";
import * as multiprocessingConnection from "heddle/multiprocessing/connection";
import * as dummy from "heddle/multiprocessing/dummy";
import * as multiprocessingPool from "heddle/multiprocessing/pool";
import * as multiprocessingQueues from "heddle/multiprocessing/queues";
import * as queue from "heddle/queue";
import * as testing from "heddle/testing";
import * as threading from "heddle/threading";
import {
  type Kind,
  anything,
  array,
  boolean,
  bytes,
  either,
  fn,
  having,
  instance,
  isBytes,
  iterable,
  iterableOf,
  number,
  object,
  oneOf,
  options,
  string,
  valued,
} from "./wrong-arguments-kinds.ts";

export const MODULES: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  _thread: lowLevel,
  heddle,
  asyncio,
  "concurrent.futures": futures,
  contextvars,
  multiprocessing,
  "multiprocessing.connection": multiprocessingConnection,
  "multiprocessing.dummy": dummy,
  "multiprocessing.pool": multiprocessingPool,
  "multiprocessing.queues": multiprocessingQueues,
  queue,
  testing,
  threading,
};

/** An object to call a method of, and what shows that it is whole. */
export interface Receiver<T = never> {
  readonly make: () => T | Promise<T>;
  /** Throws, or never ends, where a refused call has broken it. */
  readonly works?: (receiver: T) => unknown;
  readonly dispose?: (receiver: T) => unknown;
}

/** What must not be awaited with the function that makes it. */
export class Boxed<T> {
  readonly value: T;

  constructor(value: T) {
    this.value = value;
  }
}

function receiver<T>(
  make: () => T | Boxed<T> | Promise<T | Boxed<T>>,
  works?: (receiver: T) => unknown,
  dispose?: (receiver: T) => unknown,
): Receiver {
  return { make, works, dispose } as unknown as Receiver;
}

/** Made at the first call. */
function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

function three(): number {
  return 3;
}

const threads = once(() => new futures.ThreadPoolExecutor({ maxWorkers: 1 }));
const processes = once(() => new futures.ProcessPoolExecutor({ maxWorkers: 1 }));
const finishedThread = once(async () => {
  const thread = new threading.Thread({ target: three });
  thread.start();
  await thread.join();
  return new Boxed(thread);
});
const finishedHandle = once(async () => {
  const handle = lowLevel.startJoinableThread(three);
  await handle.join();
  return handle;
});
const doneFuture = once(async () => {
  const future = threads().submit(three);
  await future;
  return new Boxed(future);
});

const threadPool = once(() => new multiprocessingPool.ThreadPool({ processes: 1 }));
const finishedProcess = once(async () => {
  const child = new multiprocessing.Process({ target: three });
  child.start();
  await child.join();
  return new Boxed(child);
});

/** At the end, for the program to end. */
export async function endPools(): Promise<void> {
  threadPool().terminate();
  await Promise.all([threads().shutdown(), processes().shutdown(), threadPool().join()]);
}

async function runsCalls(pool: futures.Executor): Promise<void> {
  assert.equal(await pool.submit(three), 3);
}

function isFree(lock: { acquireSync(options: object): boolean; release(): void }): void {
  assert.equal(lock.acquireSync({ timeout: 0 }), true);
  lock.release();
}

/** A server that ends each connection by which something comes, and a connection to it. */
async function connection(): Promise<[asyncio.StreamWriter, asyncio.Server]> {
  const server = await asyncio.startServer(
    async (reader, writer) => {
      // It knows no TLS.
      await reader.read(1);
      writer.transport.abort();
    },
    "127.0.0.1",
    0,
  );
  const [, writer] = await asyncio.openConnection("127.0.0.1", server.port);
  return [writer, server];
}

const servers = new WeakMap<object, [asyncio.StreamWriter, asyncio.Server]>();

async function newWriter(): Promise<asyncio.StreamWriter> {
  const both = await connection();
  servers.set(both[0], both);
  return both[0];
}

async function closeConnection(of: object): Promise<void> {
  const [writer, server] = servers.get(of) as [asyncio.StreamWriter, asyncio.Server];
  writer.transport.abort();
  server.abortClients();
  server.close();
  await server.waitClosed();
}

/** Its own constructor takes nothing. */
class SimpleQueue extends queue.SimpleQueue<number> {
  constructor(_maxsize: number) {
    super();
  }
}

function newQueue(type: typeof queue.Queue): Receiver {
  return receiver(
    () => {
      const made = new type<queue.Ordered>(5);
      made.putNowait(1);
      return made;
    },
    (given) => {
      assert.equal(given.qsize(), 1);
      assert.equal(given.getSync(), 1);
    },
  );
}

type ChannelQueueClass =
  | typeof multiprocessing.Queue
  | typeof multiprocessing.JoinableQueue
  | typeof multiprocessing.SimpleQueue;

function newChannelQueue(type: ChannelQueueClass): Receiver {
  return receiver(
    () => {
      const made = new type<number>();
      made.putSync(1);
      return made;
    },
    (given) => assert.equal(given.getSync(), 1),
    (given) => given.close(),
  );
}

/** The other ends of connections. */
const peers = new WeakMap<object, multiprocessing.Connection>();

function connectionWith(message: number | Uint8Array): Receiver {
  return receiver(
    () => {
      const [near, far] = multiprocessing.Pipe();
      peers.set(near, far);
      if (typeof message === "number") far.sendSync(message);
      else far.sendBytesSync(message);
      return near;
    },
    (near) => assert.equal(near.pollSync(), true),
    (near) => {
      near.close();
      peers.get(near)?.close();
    },
  );
}

const leaving = new WeakMap<object, () => Promise<unknown>>();

/** A block that is entered until it is disposed of. */
function entered<T extends object>(
  make: () => T & { run(body: () => asyncio.Future<unknown>): PromiseLike<unknown> },
  works: (block: T) => unknown,
): Receiver {
  return receiver<T>(
    async () => {
      const block = make();
      const end = new asyncio.Future();
      const task = asyncio.createTask(async () => block.run(() => end));
      leaving.set(block, () => {
        if (!end.done()) end.setResult(undefined);
        return task.catch(() => undefined);
      });
      await asyncio.sleep(0);
      return block;
    },
    works,
    (block) => leaving.get(block)?.(),
  );
}

function newAsyncQueue(type: typeof asyncio.Queue): Receiver {
  return receiver(
    () => new type(5),
    async (given) => {
      await given.put(1);
      assert.equal(await given.get(), 1);
    },
  );
}

/** By `module Class`, or by `module Class.member` where that member needs another. */
export const RECEIVERS: Readonly<Record<string, Receiver>> = {
  "_thread RLock": receiver(() => new lowLevel.RLock(), isFree),
  "_thread ThreadHandle": receiver(finishedHandle, (handle) => handle.joinSync()),
  "threading Lock": receiver(() => new threading.Lock(), isFree),
  "threading RLock": receiver(() => new threading.RLock(), isFree),
  "threading Condition": receiver(() => new threading.Condition(), isFree),
  ...Object.fromEntries(
    ["wait", "waitSync", "waitFor", "waitForSync", "notify"].map((member) => [
      `threading Condition.${member}`,
      receiver(
        () => {
          const condition = new threading.Condition();
          condition.acquireSync();
          return condition;
        },
        (condition) => {
          condition.release();
          isFree(condition);
        },
      ),
    ]),
  ),
  "threading Semaphore": receiver(() => new threading.Semaphore(1), isFree),
  "threading BoundedSemaphore": receiver(() => new threading.BoundedSemaphore(1), isFree),
  "threading BoundedSemaphore.release": receiver(() => {
    const semaphore = new threading.BoundedSemaphore(1);
    semaphore.acquireSync();
    return semaphore;
  }),
  "threading Event": receiver(
    () => {
      const event = new threading.Event();
      event.set();
      return event;
    },
    (event) => event.waitSync(),
  ),
  "threading Barrier": receiver(
    () => new threading.Barrier(1),
    (barrier) => assert.equal(barrier.waitSync(), 0),
  ),
  "threading Thread": receiver(
    () => new threading.Thread({ target: three }),
    (thread) => assert.equal(thread.isAlive(), false),
  ),
  "multiprocessing.dummy Process": receiver(
    () => new dummy.Process({ target: three }),
    (thread) => assert.equal(thread.isAlive(), false),
  ),
  "threading Timer": receiver(
    () => new threading.Timer(1, three),
    (timer) => timer.cancel(),
  ),
  ...Object.fromEntries(
    ["join", "joinSync", "then", "catch", "finally"].flatMap((member) => [
      [`threading Thread.${member}`, receiver(finishedThread, (thread) => thread.joinSync())],
      [`threading Timer.${member}`, receiver(finishedThread, (thread) => thread.joinSync())],
      [
        `multiprocessing.dummy Process.${member}`,
        receiver(finishedThread, (thread) => thread.joinSync()),
      ],
    ]),
  ),
  "queue Queue": newQueue(queue.Queue),
  "queue LifoQueue": newQueue(queue.LifoQueue),
  "queue SimpleQueue": newQueue(SimpleQueue as never),
  ...Object.fromEntries(
    ["Queue", "LifoQueue"].flatMap((type) =>
      ["join", "joinSync"].map((member) => [
        `queue ${type}.${member}`,
        receiver(
          () => new (type === "Queue" ? queue.Queue : queue.LifoQueue)(),
          (given) => given.joinSync(),
        ),
      ]),
    ),
  ),
  "concurrent.futures Future": receiver(doneFuture, (future) =>
    assert.equal(future.resultSync(), 3),
  ),
  "concurrent.futures ThreadPoolExecutor": receiver(threads, runsCalls),
  "concurrent.futures ProcessPoolExecutor": receiver(processes, runsCalls),
  ...Object.fromEntries(
    ["shutdown", "shutdownSync"].flatMap((member) => [
      [
        `concurrent.futures ThreadPoolExecutor.${member}`,
        receiver(
          () => new futures.ThreadPoolExecutor({ maxWorkers: 1 }),
          undefined,
          (pool) => pool.shutdown(),
        ),
      ],
      [
        `concurrent.futures ProcessPoolExecutor.${member}`,
        receiver(
          () => new futures.ProcessPoolExecutor({ maxWorkers: 1 }),
          undefined,
          (pool) => pool.shutdown(),
        ),
      ],
    ]),
  ),
  // Both are of one class; what they do is told by what they pass on.
  "multiprocessing Pool": receiver(threadPool, async (pool) =>
    assert.equal(await pool.apply(three), 3),
  ),
  "multiprocessing AsyncResult": receiver(
    () => new Boxed(threadPool().applyAsync(three)),
    async (result) => assert.equal(await result.get(), 3),
  ),
  "multiprocessing IMapIterator": receiver(
    () => threadPool().imap(three, [1]),
    async (results) => {
      while ((await results.next()).done !== true);
    },
  ),
  "multiprocessing Queue": newChannelQueue(multiprocessing.Queue),
  "multiprocessing JoinableQueue": newChannelQueue(multiprocessing.JoinableQueue),
  "multiprocessing SimpleQueue": newChannelQueue(multiprocessing.SimpleQueue),
  ...Object.fromEntries(
    ["join", "joinSync"].map((member) => [
      `multiprocessing JoinableQueue.${member}`,
      receiver(
        () => new multiprocessing.JoinableQueue(),
        (given) => given.joinSync(),
        (given) => given.close(),
      ),
    ]),
  ),
  "multiprocessing Connection": connectionWith(1),
  ...Object.fromEntries(
    ["recvBytes", "recvBytesSync", "recvBytesInto", "recvBytesIntoSync"].map((member) => [
      `multiprocessing Connection.${member}`,
      connectionWith(new Uint8Array(1)),
    ]),
  ),
  "multiprocessing Process": receiver(
    () => new Boxed(new multiprocessing.Process({ target: three })),
    (child) => assert.equal(child.isAlive(), false),
  ),
  ...Object.fromEntries(
    ["join", "joinSync", "then", "catch", "finally"].map((member) => [
      `multiprocessing Process.${member}`,
      receiver(finishedProcess, (child) => child.joinSync()),
    ]),
  ),
  "contextvars Context": receiver(contextvars.copyContext, (given) =>
    assert.equal(given.run(three), 3),
  ),
  "contextvars ContextVar": receiver(
    () => new contextvars.ContextVar<unknown>("variable"),
    (variable) => {
      variable.set(1);
      assert.equal(variable.get(), 1);
    },
  ),
  "testing FakeClock": receiver(
    () => {
      const clock = new testing.FakeClock();
      clock.install();
      return clock;
    },
    (clock) => clock.advance(1),
    (clock) => clock.uninstall(),
  ),
  "testing VirtualClock": receiver(
    () => new testing.VirtualClock(),
    (clock) => clock.advance(1),
  ),
  "testing Sequencer": receiver(
    () => new testing.Sequencer(),
    (sequencer) => sequencer.stepSync(0).end(),
  ),
  "asyncio Lock": receiver(
    () => new asyncio.Lock(),
    async (lock) => {
      await lock.acquire();
      lock.release();
    },
  ),
  "asyncio Condition": receiver(
    () => new asyncio.Condition(),
    async (condition) => {
      await condition.acquire();
      condition.release();
    },
  ),
  ...Object.fromEntries(
    ["notify", "waitFor"].map((member) => [
      `asyncio Condition.${member}`,
      receiver(
        async () => {
          const condition = new asyncio.Condition();
          await condition.acquire();
          return condition;
        },
        async (condition) => {
          condition.release();
          await condition.acquire();
        },
      ),
    ]),
  ),
  "asyncio Semaphore": receiver(
    () => new asyncio.Semaphore(1),
    async (semaphore) => semaphore.acquire(),
  ),
  "asyncio BoundedSemaphore": receiver(
    () => new asyncio.BoundedSemaphore(1),
    async (semaphore) => semaphore.acquire(),
  ),
  "asyncio Barrier": receiver(
    () => new asyncio.Barrier(1),
    async (barrier) => barrier.wait(),
  ),
  "asyncio Queue": newAsyncQueue(asyncio.Queue),
  "asyncio LifoQueue": newAsyncQueue(asyncio.LifoQueue),
  "asyncio PriorityQueue": newAsyncQueue(asyncio.PriorityQueue),
  "asyncio Future": receiver<asyncio.Future<number>>(
    () => new asyncio.Future<number>(),
    async (future) => {
      future.setResult(1);
      assert.equal(await future, 1);
    },
    (future) => {
      // Otherwise its exception is reported once it is collected, during another call.
      if (future.done() && !future.cancelled()) future.exception();
    },
  ),
  ...Object.fromEntries(
    ["then", "catch", "finally"].map((member) => [
      `asyncio Future.${member}`,
      receiver(() => {
        const future = new asyncio.Future();
        future.setResult(1);
        return future;
      }),
    ]),
  ),
  "asyncio Task": receiver<asyncio.Task<number>>(
    () => asyncio.createTask(() => asyncio.sleep(1, 1)),
    async (task) => assert.equal(await task, 1),
    // However it ends.
    (task) => task.catch(() => undefined),
  ),
  "asyncio TaskGroup.createTask": entered(
    () => new asyncio.TaskGroup(),
    async (group) => assert.equal(await group.createTask(() => asyncio.sleep(0, 1)), 1),
  ),
  "asyncio Timeout.reschedule": entered(
    () => new asyncio.Timeout(null),
    (limit) => assert.equal(limit.when(), null),
  ),
  "asyncio TaskGroup": receiver(
    () => new asyncio.TaskGroup(),
    async (group) => group.run(() => 1),
  ),
  "asyncio Timeout": receiver(
    () => new asyncio.Timeout(null),
    async (limit) => limit.run(() => 1),
  ),
  "asyncio StreamReader": receiver(
    () => {
      const reader = new asyncio.StreamReader();
      reader.feedData("a line\n");
      return reader;
    },
    async (reader) => assert.equal(new TextDecoder().decode(await reader.readline()), "a line\n"),
  ),
  ...Object.fromEntries(
    ["read", "readexactly", "readuntil"].map((member) => [
      `asyncio StreamReader.${member}`,
      receiver(
        () => {
          const reader = new asyncio.StreamReader();
          reader.feedData("a line\n");
          reader.feedEof();
          return reader;
        },
        async (reader) => assert.equal((await reader.read()).length, 7),
      ),
    ]),
  ),
  "asyncio StreamWriter": receiver(newWriter, (writer) => writer.write("x"), closeConnection),
  "asyncio Transport": receiver(
    async () => {
      const writer = await newWriter();
      servers.set(writer.transport, servers.get(writer) as never);
      return writer.transport;
    },
    (transport) => assert.equal(transport.isClosing(), false),
    closeConnection,
  ),
  "asyncio Process": receiver<asyncio.Process>(
    async () =>
      asyncio.createSubprocessExec("cat", [], { stdin: asyncio.PIPE, stdout: asyncio.PIPE }),
    async (child) => {
      assert.equal(child.returncode, null);
      await child.communicate("x");
    },
    async (child) => {
      if (child.returncode === null) child.kill();
      await child.wait();
    },
  ),
  "asyncio Loop": receiver(
    () => asyncio.getRunningLoop(),
    async () => asyncio.sleep(0),
  ),
  ...Object.fromEntries(
    [
      "runUntilComplete",
      "setDebug",
      "setDefaultExecutor",
      "setExceptionHandler",
      "setTaskFactory",
      "slowCallbackDuration=",
    ].map((member) => [
      `asyncio Loop.${member}`,
      receiver(
        () => new asyncio.Loop(),
        async (loop) => loop.runUntilComplete(() => asyncio.sleep(0)),
        (loop) => loop.close(),
      ),
    ]),
  ),
  "asyncio Runner": receiver(
    () => new asyncio.Runner(),
    async (runner) => runner.run(() => asyncio.sleep(0)),
    async (runner) => runner.close(),
  ),
};

function closedLoop(): asyncio.Loop {
  const made = new asyncio.Loop();
  made.close();
  return made;
}

/** Objects of heddle's, in the place of others: also what has been closed, or is over. By name. */
export const HEDDLE_VALUES: Readonly<Record<string, () => unknown>> = {
  "a lock of threads": () => new threading.Lock(),
  "a condition of threads": () => new threading.Condition(),
  "a queue of threads": () => new queue.Queue(),
  "a released hold": () => {
    const held = new threading.Lock().holdSync();
    held.release();
    return held;
  },
  "a thread that was not started": () => new threading.Thread({ target: three }),
  "an executor that was shut down": once(() => {
    const pool = new futures.ThreadPoolExecutor({ maxWorkers: 1 });
    void pool.shutdown();
    return pool;
  }),
  "a call's future": once(() => threads().submit(three)),
  "a lock of tasks": () => new asyncio.Lock(),
  "a loop that was closed": closedLoop,
  "a future of a loop that was closed": () => new asyncio.Future({ loop: closedLoop() }),
  "an operation": () => asyncio.sleep(0),
  "a time limit": () => new asyncio.Timeout(null),
  "a context variable": () => new contextvars.ContextVar("variable"),
  "a context": contextvars.copyContext,
  "a clock": () => new testing.VirtualClock(),
};

/** The classes and members whose calls are made outside of a run. */
export const OUTSIDE_RUN =
  /^(?!asyncio )|^asyncio (?:Runner\.|Loop\.(?:constructor|runUntilComplete|set|slow)|run$|setEventLoop|isfuture|iscoroutine|coroutine$|\w*Error\.|ExceptionGroup)/;

const loop = instance(() => asyncio.getRunningLoop(), asyncio.Loop);
const asyncFuture = instance(() => {
  const future = new asyncio.Future();
  future.setResult(1);
  return future;
}, asyncio.Future);
const poolFuture: Kind = instance(() => threads().submit(three), futures.Future);
const context = instance(contextvars.copyContext, contextvars.Context);
const signal = instance(() => new AbortController().signal, AbortSignal);
const variable = instance(() => new contextvars.ContextVar("variable"), contextvars.ContextVar);

/** What a task can be made of: functions, coroutines and what heddle awaits. */
const spawnable: Kind = {
  valid: () => () => asyncio.sleep(0),
  fits: (value) => {
    if (typeof value === "function") return true;
    if (typeof value !== "object" || value === null) return false;
    try {
      return typeof Reflect.get(value, Symbol.iterator) === "function" &&
        typeof Reflect.get(value, "then") === "function"
        ? true
        : value instanceof iteratorClass
          ? true
          : Symbol.iterator in value
            ? "either"
            : false;
    } catch {
      return "either";
    }
  },
};
const iteratorClass = (function* () {})().constructor as never as new () => object;
const promise = having(() => Promise.resolve(1), "then");
const sharedWords: Kind = {
  valid: () => new SharedArrayBuffer(8),
  fits: (value) => value instanceof SharedArrayBuffer || value instanceof Int32Array,
};
const frame = { name: "f", file: "f.js", line: 1, column: 1 };
const strings = iterableOf(
  (value) => typeof value === "string",
  () => "x",
);
const stringArray: Kind = valued(() => [], {
  valid: () => [],
  fits: (value) =>
    Array.isArray(value) && strings.fits(value.slice(0, 9)) === true && value.length < 9,
});
const site = either(
  string,
  either(
    instance(() => new URL("file:///f.js"), URL),
    valued(() => ({ url: "file:///f.js" }), {
      valid: () => 0,
      fits: () => false,
    }),
  ),
);
const executor = having(() => threads(), "submit", "shutdown");
const error = new Error("given");

const held = once(() => new threading.RLock());

const tls = options(
  ["ca", "cert", "key", "passphrase", "verify", "alpnProtocols"].map((name) => ({ name })),
);

/** By type. Where it is a function's or an options object's, that is told by the text. */
export const TYPES: Readonly<Record<string, Kind>> = {
  number,
  string,
  boolean,
  unknown: anything,
  T: anything,
  D: anything,
  K: anything,
  A: array,
  "boolean | ((progress: Progress) => void)": either(boolean, fn),
  "string | number": either(string, number),
  false: oneOf(false),
  true: oneOf(true),
  object,
  "object | null": either(object, oneOf(null)),
  Function: fn,
  F: valued(() => three, fn),
  I: valued(() => three, fn),
  AnyFunction: valued(() => three, fn),
  "(...args: never[]) => R | PromiseLike<R>": valued(() => three, fn),
  ExceptHook: fn,
  UnraisableHook: fn,
  ClientConnected: fn,
  "Body<[], T>": fn,
  "Body<[T], R>": fn,
  "Body<[this], T>": fn,
  "Body<[TaskGroup], T>": fn,
  "Body<[Timeout], T>": fn,
  "Body<[position: number], T>": fn,
  ExceptionHandler: fn,
  TaskFactory: valued(() => asyncio.eagerTaskFactory, fn),
  WebAbortSignal: signal,
  Held: instance(() => held().holdSync(), threading.Held),
  Context: context,
  Loop: loop,
  LoopClock: having(() => new testing.VirtualClock(), "time", "wakeAt"),
  LoopHandle: either(
    loop,
    having(() => asyncio.getRunningLoop(), "callSoonThreadsafe", "isClosed"),
  ),
  ThreadHandle: { valid: () => null, fits: (value) => value === null },
  "Readonly<Parameters<F>> | readonly []": array,
  "Parameters<I>": array,
  "Readonly<NoInfer<A>>": array,
  "readonly unknown[]": array,
  "readonly string[]": stringArray,
  // Of objects that cannot be moved, it says so.
  "readonly object[]": {
    valid: () => [],
    fits: (value) => Array.isArray(value) && (value.length === 0 || "either"),
  },
  "Readonly<Record<string, string>>": {
    valid: () => ({ ...process.env }),
    fits: (value) =>
      typeof value === "object" && value !== null && !Array.isArray(value) ? "either" : false,
  },
  "Readonly<Record<string, string | undefined>>": {
    valid: () => ({ ...process.env }),
    fits: (value) =>
      typeof value === "object" && value !== null && !Array.isArray(value) ? "either" : false,
  },
  "Iterable<A>": iterable,
  "Iterable<Readonly<A>>": iterableOf(
    (value) => typeof value === "object" && value !== null && Symbol.iterator in value,
    () => [1],
  ),
  '"replace" | "break"': oneOf("replace", "break"),
  '"inherit" | "pipe" | "ignore"': oneOf("inherit", "pipe", "ignore"),
  '"ignore" | "inherit" | "pipe"': oneOf("ignore", "inherit", "pipe"),
  StartContext: having(() => multiprocessing.getContext(), "getStartMethod"),
  "readonly [host: string, port: number]": {
    valid: () => ["127.0.0.1", 0],
    fits: (value) => Array.isArray(value) && value.length > 0 && "either",
  },
  "string | readonly string[]": either(
    valued(() => "127.0.0.1", string),
    stringArray,
  ),
  "string | readonly string[] | null": either(
    valued(() => "127.0.0.1", string),
    either(stringArray, oneOf(null)),
  ),
  Stdio: either(
    valued(() => asyncio.DEVNULL, number),
    oneOf(null),
  ),
  TextSink: having(() => ({ write: () => true }), "write"),
  "4 | 6": oneOf(4, 6),
  ReturnWhen: oneOf("ALL_COMPLETED", "FIRST_COMPLETED", "FIRST_EXCEPTION"),
  TaskSite: site,
  "{ readonly url: string; }": {
    valid: () => ({ url: "file:///f.js" }),
    fits: (value) => typeof value === "object" && value instanceof URL,
  },
  Bytes: bytes,
  Pem: {
    valid: () => "x",
    fits: (value) => typeof value === "string" || value instanceof Uint8Array,
  },
  "Pem | readonly Pem[]": {
    valid: () => "x",
    fits: (value) =>
      typeof value === "string" || value instanceof Uint8Array || isDeepStrictEqual(value, []),
  },
  "Bytes | readonly Bytes[]": {
    valid: () => "\n",
    fits: (value) => isBytes(value) || isDeepStrictEqual(value, []),
  },
  "Iterable<Bytes>": either(
    iterableOf(isBytes, () => "x"),
    string,
  ),
  "Iterable<unknown>": iterable,
  "Iterable<C>": iterableOf((value) => spawnable.fits(value) === true, spawnable.valid),
  "Iterable<F>": iterableOf((value) => poolFuture.fits(value) === true, poolFuture.valid),
  "asyncio Iterable<F>": iterableOf((value) => asyncFuture.fits(value) === true, asyncFuture.valid),
  "{ readonly [K in keyof T]: Spawnable<T[K]>; }": iterableOf(
    (value) => spawnable.fits(value) === true,
    spawnable.valid,
  ),
  "AsyncIterable<T> | Iterable<Awaitable<T>>": {
    valid: () => [asyncio.sleep(0)],
    fits: (value) =>
      isDeepStrictEqual(value, [])
        ? true
        : iterable.fits(value) === true || isAsyncIterable(value)
          ? "either"
          : false,
  },
  ...Object.fromEntries(
    ["A", "B", "C"].flatMap((name) => [
      [`Items<${name}>`, { valid: () => [1], fits: isItems }],
      [`Iterable<${name}>`, { valid: () => [1], fits: iterable.fits }],
    ]),
  ),
  "Spawnable<T>": spawnable,
  "Spawnable<T> | PromiseLike<T>": either(spawnable, promise),
  "Foreign<T>": either(
    valued(() => Promise.resolve(1), fn),
    promise,
  ),
  "ContextVar<T>": variable,
  "ContextVar<unknown>": variable,
  "Token<T>": { valid: () => undefined, fits: () => false },
  StackFrame: { valid: () => frame, fits: () => "free" },
  "Future<unknown>": asyncFuture,
  "Future<unknown> | null": either(asyncFuture, oneOf(null, undefined)),
  "ExecutorFuture<T> | Future<T>": either(poolFuture, asyncFuture),
  CallExecutor: executor,
  "CallExecutor | null": either(executor, oneOf(null)),
  ReadTransport: having(
    () => ({ pauseReading: () => undefined, resumeReading: () => undefined }),
    "pauseReading",
    "resumeReading",
  ),
  TlsOptions: tls,
  "TlsOptions | true": either(oneOf(true), tls),
  ExceptionContext: {
    valid: () => ({ message: "x", exception: error }),
    fits: (value) => typeof value === "object" && value !== null && "either",
  },
  ExceptHookArgs: {
    valid: () => ({ excType: Error, excValue: error, thread: threading.currentThread() }),
    fits: (value) => typeof value === "object" && value !== null && "either",
  },
  UnraisableHookArgs: {
    valid: () => ({ excType: Error, excValue: error, errMsg: "x", object: undefined }),
    fits: (value) => typeof value === "object" && value !== null && "either",
  },
  "Int32Array | SharedArrayBuffer": sharedWords,
  Lock: instance(() => new asyncio.Lock(), asyncio.Lock),
  "Lock | RLock": either(
    instance(() => new threading.Lock(), threading.Lock),
    instance(() => new threading.RLock(), threading.RLock),
  ),
  undefined: oneOf(undefined),
  // What heddle makes: lists of records, which it does not look at again.
  "readonly FrameCallGraphEntry[]": anything,
  "readonly FutureCallGraph[]": anything,
  "readonly TaskReport[]": anything,
  "readonly CircularWait[]": iterableOf(
    () => true,
    () => ({}),
  ),
  "readonly ThreadReport[]": anything,
  Report: {
    valid: () => ({ scenario: "x", isComplete: true }),
    fits: () => false,
  },
  // One without agents, which is refused for that.
  "Scenario<Memory>": {
    valid: () => ({ module: "file:///x.js", name: "x", memory: {}, agents: [] }),
    fits: () => false,
  },
  Prelude: options([{ name: "module" }, { name: "data" }]),
  "readonly Body<Memory>[]": iterableOf((value) => typeof value === "function", fn.valid),
  "Readonly<Record<Memory, number>>": {
    valid: () => ({ words: 1 }),
    fits: (value) => isDeepStrictEqual(value, {}),
  },
  "readonly number[]": iterableOf(
    (value) => typeof value === "number",
    () => 0,
  ),
  BrokenBarrierReason: { ...string, valid: () => "timeout" },
  Uint8Array: instance(() => new Uint8Array(), Uint8Array),
};

function isAsyncIterable(value: unknown): boolean {
  try {
    return typeof Reflect.get(Object(value) as object, Symbol.asyncIterator) === "function";
  } catch {
    return true;
  }
}

export function isItems(value: unknown): boolean {
  return iterable.fits(value) === true || isAsyncIterable(value);
}
