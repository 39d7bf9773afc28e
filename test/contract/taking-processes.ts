/** What channels between processes, and pools, give to be taken by waits that are cancelled. */
import assert from "node:assert/strict";
import { isDeepStrictEqual } from "node:util";
import type { Awaitable } from "heddle/asyncio";
import {
  type Connection,
  JoinableQueue,
  Pipe,
  Process,
  Queue,
  SimpleQueue,
} from "heddle/multiprocessing";
import { wait as waitForAny } from "heddle/multiprocessing/connection";
import { ThreadPool } from "heddle/multiprocessing/pool";
import { Event } from "heddle/threading";
import { echo } from "../support/channels-tasks.ts";
import { afterGate } from "../support/threads/thread-targets.ts";
import { getting, joiningQueue, putting } from "./taking-kinds.ts";
import type { Options, Provided, Takings } from "./taking-contract.ts";

type Ask = (connection: Connection, options?: Options) => Awaitable<unknown>;

const BYTES = new Uint8Array([1, 2]);

/** A message is the next to be received, unless the wait has it. */
function receiving(ask: Ask, message: number | Uint8Array, expected: unknown): () => Provided {
  return () => {
    const [near, far] = Pipe();
    return {
      wait: (options) => ask(near, options),
      provide: () => {
        if (typeof message === "number") far.sendSync(message);
        else far.sendBytesSync(message);
      },
      check: async (hasTaken, result) => {
        assert.deepEqual(hasTaken ? result : await ask(near), expected);
        far.close();
        assert.equal(await failureOf(near.recv()), "EOFError");
        near.close();
      },
    };
  };
}

async function failureOf(wait: PromiseLike<unknown>): Promise<unknown> {
  try {
    return await wait;
  } catch (error) {
    return (error as Error).name;
  }
}

/** A message that was seen is still to be received. */
function seeing(ask: Ask, expected: (near: Connection) => unknown): () => Provided {
  return () => {
    const [near, far] = Pipe();
    return {
      wait: (options) => ask(near, options),
      provide: () => far.sendSync(7),
      check: async (hasTaken, result) => {
        if (hasTaken) assert.ok(isDeepStrictEqual(result, expected(near)));
        assert.equal(await near.recv(), 7);
        assert.equal(await near.poll({ timeout: 0 }), false);
        near.close();
        far.close();
      },
    };
  };
}

/** Sends until there is no room; says how many messages wait then. */
function fill(connection: Connection): number {
  for (let sent = 0; ; sent++) {
    try {
      connection.sendSync(sent, { timeout: 0 });
    } catch (error) {
      assert.equal((error as Error).name, "TimeoutError");
      return sent;
    }
  }
}

/** A message is sent, or there is still room for another. */
function sending(
  send: (connection: Connection, options?: Options) => Awaitable<void>,
): () => Provided {
  return () => {
    const [near, far] = Pipe();
    const room = fill(near);
    return {
      wait: (options) => send(near, options),
      isFinal: true,
      provide: () => void far.recvSync(),
      check: async (hasTaken) => {
        if (!hasTaken) near.sendBytesSync(BYTES, { timeout: 0 });
        for (let n = 1; n < room; n++) assert.equal(far.recvSync({ timeout: 0 }), n);
        assert.deepEqual(far.recvBytesSync({ timeout: 0 }), BYTES);
        assert.equal(far.pollSync({ timeout: 0 }), false);
        near.close();
        far.close();
      },
    };
  };
}

let mirror: { readonly near: Connection; readonly child: Process } | undefined;

/** A connection to a process that sends back what it gets. */
function sharedMirror(): Connection {
  if (mirror === undefined) {
    const [near, far] = Pipe();
    const child = new Process({ target: echo, args: [far] });
    child.start();
    far.close();
    mirror = { near, child };
  }
  return mirror.near;
}

let pool: ThreadPool | undefined;

function sharedPool(): ThreadPool {
  return (pool ??= new ThreadPool({ processes: 2 }));
}

export async function endSharedProcesses(): Promise<void> {
  pool?.terminate();
  await pool?.join();
  if (mirror === undefined) return;
  mirror.near.sendSync(null);
  await mirror.child.join();
}

/** What comes from another process, whenever it does. */
function receivingFromProcess(): Provided {
  const near = sharedMirror();
  return {
    wait: (options) => near.recv(options),
    provide: () => near.sendSync(7),
    check: async (hasTaken, result) => {
      assert.equal(hasTaken ? result : await near.recv(), 7);
      assert.equal(await near.poll({ timeout: 0 }), false);
    },
  };
}

/** An item can be had at once where the queue was made. */
function local<
  Q extends { putSync(item: number): void; getSync(options: object): unknown; empty(): boolean },
>(queue: Q): Q & { putNowait(item: number): void; getNowait(): unknown } {
  return Object.assign(queue, {
    putNowait: (item: number) => queue.putSync(item),
    getNowait: () => queue.getSync({ timeout: 0 }),
  });
}

/** A result is there for every later caller. */
function readingResult(ask: "get" | "wait" | "then"): () => Provided {
  return () => {
    const gate = new Event();
    const result = sharedPool().applyAsync(afterGate, [gate, 7]);
    return {
      wait: (options) => (ask === "then" ? result : result[ask](options)),
      provide: () => gate.set(),
      check: async () => assert.equal(await result.get(), 7),
    };
  };
}

/** The next result comes to the next caller, and then the next one. */
function iterating(method: "imap" | "imapUnordered"): () => Provided {
  return () => {
    const gate = new Event();
    const results = sharedPool()[method](afterGateOf, [[gate, 7]]);
    const expected = { done: false, value: 7 };
    return {
      wait: (options) => results.next(options),
      provide: () => gate.set(),
      check: async (hasTaken, result) => {
        assert.deepEqual(hasTaken ? result : await results.next(), expected);
        assert.equal((await results.next()).done, true);
      },
    };
  };
}

function afterGateOf([gate, value]: readonly [Event, number]): number {
  return afterGate(gate, value);
}

/** What a process has returned is there for every caller. */
const endingProcess =
  (ask: (child: Process, options?: Options) => Awaitable<unknown>) => (): Provided => {
    const [near, far] = Pipe();
    const child = new Process({ target: (given: Connection) => given.recvSync(), args: [far] });
    child.start();
    far.close();
    return {
      wait: (options) => ask(child, options),
      provide: () => near.sendSync(7),
      check: async () => {
        await child.join();
        assert.equal(await child, 7);
        assert.equal(child.exitcode, 0);
        near.close();
      },
    };
  };

/** The pool ends whether or not a task waits for that. */
function joiningPool(): Provided {
  const own = new ThreadPool({ processes: 1 });
  const gate = new Event();
  const result = own.applyAsync(afterGate, [gate, 7]);
  own.close();
  return {
    wait: () => own.join(),
    provide: () => gate.set(),
    check: async () => {
      await own.join();
      assert.equal(await result, 7);
    },
  };
}

export const PROCESSES: Takings = {
  "multiprocessing.connection Connection.recv": {
    make: receiving((near, options) => near.recv(options), 7, 7),
  },
  "multiprocessing.connection Connection.recv, from another process": {
    make: receivingFromProcess,
    takesSignal: false,
    tries: "few",
  },
  "multiprocessing.connection Connection.recvBytes": {
    make: receiving((near, options) => near.recvBytes(options), BYTES, BYTES),
    tries: "few",
  },
  "multiprocessing.connection Connection.recvBytesInto": {
    make: receiving(
      (near, options) => near.recvBytesInto(new Uint8Array(4), options),
      BYTES,
      BYTES.length,
    ),
    tries: "few",
  },
  "multiprocessing.connection Connection.poll": {
    make: seeing(
      (near, options) => near.poll({ timeout: Infinity, ...options }),
      () => true,
    ),
  },
  "multiprocessing.connection wait": {
    make: seeing(
      (near, options) => waitForAny([near], options),
      (near) => [near],
    ),
    takesSignal: false,
  },
  "multiprocessing.connection Connection.send": {
    tries: "few",
    make: sending((near, options) => near.sendBytes(BYTES, options)),
  },
  "multiprocessing.queues Queue.get": { make: getting(() => local(new Queue<number>())) },
  "multiprocessing.queues Queue.put": {
    make: putting((most) => local(new Queue<number>(most))),
  },
  "multiprocessing.queues SimpleQueue.get": {
    make: getting(() => local(new SimpleQueue<number>())),
    tries: "few",
  },
  "multiprocessing.queues JoinableQueue.join": {
    make: joiningQueue(() => local(new JoinableQueue<number>())),
    comesLater: true,
    tries: "few",
  },
  "multiprocessing.pool AsyncResult.get": { make: readingResult("get"), comesLater: true },
  "multiprocessing.pool AsyncResult.wait": { make: readingResult("wait"), takesSignal: false },
  "multiprocessing.pool AsyncResult.then": { make: readingResult("then"), takesSignal: false },
  "multiprocessing.pool IMapIterator.next": { make: iterating("imap"), comesLater: true },
  "multiprocessing.pool IMapIterator.next, of imapUnordered": {
    make: iterating("imapUnordered"),
    comesLater: true,
    tries: "few",
  },
  "multiprocessing Process.join": {
    make: endingProcess((child, options) => child.join(options)),
    tries: "fewest",
    comesLater: true,
  },
  "multiprocessing Process.sentinel": {
    make: endingProcess((child) => child.sentinel),
    tries: "fewest",
    comesLater: true,
    takesSignal: false,
  },
  "multiprocessing.pool Pool.join": { make: joiningPool, tries: "fewest", takesSignal: false },
};
