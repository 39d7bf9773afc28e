/** Python's wait for several connections at once. */
import { checkedIterable } from "../../base/functions.ts";
import { kindOf } from "../../base/text.ts";
import { TAKES_NOTHING, type Waiting, waitingFor } from "../../waiting/task-waits.ts";
import { untilCalled } from "../../waiting/until-called.ts";
import type { CheckedWait, WaitOptions } from "../../waiting/wait-options.ts";
import { FOR_EVER } from "../../waiting/wait-options.ts";
import { Connection, laneReadBy } from "./connection.ts";

/** What {@link wait} can wait for. Python: none */
export type Waitable = Connection | PromiseLike<unknown>;

/**
 * Resolves with those of the objects that are ready, as soon as one is; with none when the timeout
 * came first.
 *
 * A connection is ready when there is a message, or there will never be one again. A promise is
 * ready when it is settled: as a process's `sentinel`.
 *
 * Python: `multiprocessing.connection.wait`
 * Differs: takes promises in place of sockets and handles.
 *
 * @param options.timeout Longest wait in milliseconds. Default: wait for ever. `0` only looks.
 * @param options.signal Ends the wait with the signal's reason.
 * @throws {TypeError} Something is neither.
 * @throws {OSError} A connection has been closed, or can only send.
 *
 * @example
 * ```ts
 * import { Pipe, Process } from "heddle/multiprocessing";
 * import { type Connection, wait } from "heddle/multiprocessing/connection";
 *
 * const [receiver, sender] = Pipe({ duplex: false });
 * const child = new Process({
 *   target: async (sender: Connection) => sender.send("ready"),
 *   args: [sender],
 * });
 * child.start();
 * const [first] = await wait([receiver, child.sentinel]);
 * console.log(first === receiver, await receiver.recv()); // true ready
 * await child.join();
 * ```
 */
export function wait<T extends Waitable>(
  objects: Iterable<T>,
  options?: WaitOptions,
): Waiting<T[]> {
  const all = [...checkedIterable(objects, 'wait: "objects"')] as T[];
  for (const [i, object] of all.entries()) {
    if (object instanceof Connection || isPromiseLike(object)) continue;
    throw new TypeError(
      `wait: "objects[${i}]" must be a Connection or a promise, got ${kindOf(object)}`,
    );
  }
  return waitingFor(options, "wait", (checked) => waitForAny(all, checked), {
    taking: TAKES_NOTHING,
    quick: undefined,
  });
}

function isPromiseLike(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as { then?: unknown } | null)?.then === "function";
}

async function waitForAny<T extends Waitable>(
  objects: readonly T[],
  { deadlineMs, signal }: CheckedWait,
): Promise<T[]> {
  signal?.throwIfAborted();
  const settled = new Set<T>();
  let call = (): void => undefined;
  for (const object of objects) {
    if (object instanceof Connection) continue;
    const note = (): void => {
      settled.add(object);
      call();
    };
    object.then(note, note);
  }
  const ready = await allReady(objects, settled);
  if (ready.length > 0 || objects.length === 0) return ready;
  const others = new AbortController();
  const subscribe = (done: () => void): (() => void) => {
    call = once(done);
    for (const object of objects) {
      if (!(object instanceof Connection)) continue;
      void laneReadBy(object)
        .ready({ ...FOR_EVER, signal: others.signal })
        .then(
          () => call(),
          () => undefined,
        );
    }
    if (settled.size > 0) call();
    return () => (call = () => undefined);
  };
  try {
    await untilCalled(subscribe, deadlineMs, signal);
  } finally {
    others.abort();
  }
  return allReady(objects, settled);
}

function once(done: () => void): () => void {
  let isDone = false;
  return () => {
    if (isDone) return;
    isDone = true;
    done();
  };
}

async function allReady<T extends Waitable>(
  objects: readonly T[],
  settled: ReadonlySet<T>,
): Promise<T[]> {
  const isReady = await Promise.all(
    objects.map(async (object) =>
      object instanceof Connection ? laneReadBy(object).isReady() : settled.has(object),
    ),
  );
  return objects.filter((_, i) => isReady[i]);
}
