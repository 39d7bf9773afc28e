/** Python's Connection: one end of a pipe. */
import { define } from "../../base/define.ts";
import { addDispose } from "../../base/dispose.ts";
import { isPlainObject } from "../../base/options.ts";
import { showAsText } from "../../base/text.ts";
import { BrokenPipeError, Empty, EOFError, OSError, TimeoutError } from "../../errors.ts";
import { reduce } from "../../shipping/reduce.ts";
import { TAKES_NOTHING, type Waiting, waitingFor } from "../../waiting/task-waits.ts";
import {
  checkedDeadline,
  type CheckedWait,
  type SyncWaitOptions,
  type WaitOptions,
} from "../../waiting/wait-options.ts";
import { whenLoaded } from "../../wire/unpack.ts";
import {
  decodeNow,
  encodeMessage,
  type Outgoing,
  rawMessage,
  sendBy,
} from "../channels/message.ts";
import type { Taken } from "../channels/inbox.ts";
import type { LaneEnd, SentLane } from "../channels/lane-end.ts";
import { openLane } from "../channels/post.ts";
import {
  type Bytes,
  type RecvBytesIntoOptions,
  type RecvBytesIntoSyncOptions,
  type RecvBytesOptions,
  type RecvBytesSyncOptions,
  type SendBytesOptions,
  type SendBytesSyncOptions,
  withPatience,
  asBytes,
  checkedMaxlength,
  checkedPart,
  checkedTarget,
  fill,
  stays,
} from "./bytes.ts";
import { HeldLanes } from "../channels/held-lanes.ts";

/** What another agent makes a connection of. */
interface Descriptor {
  readonly reads: SentLane | undefined;
  readonly writes: SentLane | undefined;
}

/** The lanes that the connection is made of that is being constructed now. */
let constructing: HeldLanes | undefined;

/** Makes a connection that reads one lane and writes another. Not public. */
export let makeConnection: (reads: LaneEnd | undefined, writes: LaneEnd | undefined) => Connection;
/** The lane that a connection reads. Not public. */
export let laneReadBy: (connection: Connection) => LaneEnd;

/**
 * One end of a pipe between two processes, or threads.
 *
 * It can be an argument of a process, of a call to a pool or of a thread, and a message or an item
 * of a queue. Who receives it has the same end; its sender still has it too, and should close it
 * unless it goes on using it. Messages are copied, as arguments are, and are never merged.
 *
 * When the other end is closed, or every process that had it has ended, what had been sent can
 * still be received; then every wait ends with an `EOFError`. A process that has sent an end to
 * one that has ended, and has not used that end since, does not keep it open.
 *
 * Python: `multiprocessing.connection.Connection`
 * Differs: `send` waits while 256 messages have been sent and not received. There is no `fileno`. A
 *   message that is too long for `maxlength` stays.
 *
 * @example
 * ```ts
 * import { type Connection, Pipe, Process } from "heddle/multiprocessing";
 *
 * const [ours, theirs] = Pipe();
 * const child = new Process({
 *   target: async (connection: Connection) => connection.send(["hello", 42]),
 *   args: [theirs],
 * });
 * child.start();
 * theirs.close();
 * console.log(JSON.stringify(await ours.recv())); // ["hello",42]
 * await child.join();
 * ```
 */
export class Connection {
  readonly #lanes: HeldLanes;

  static {
    showAsText(this.prototype);
    addDispose(this.prototype, (self) => self.close());
    // Not written as a method, since its key is an imported symbol.
    define(this.prototype, reduce, function value(this: Connection) {
      const { reads, writes } = this.#open("send");
      return [Connection, [{ reads: reads?.lend(), writes: writes?.lend() } satisfies Descriptor]];
    });
    makeConnection = (reads, writes) => {
      reads?.hold();
      writes?.hold();
      constructing = new HeldLanes(reads, writes);
      return new Connection();
    };
    laneReadBy = (connection) => connection.#readable();
  }

  /** Only {@link Pipe} makes connections, and heddle where one is received. */
  constructor(descriptor?: object) {
    const lanes = constructing ?? opened(descriptor);
    constructing = undefined;
    this.#lanes = lanes;
    lanes.keepUntilCollected(this);
  }

  /**
   * Sends a value, waiting while many messages have not been received.
   *
   * Python: `multiprocessing.connection.Connection.send`
   *
   * @param options.timeout Longest wait in milliseconds. Default: wait for ever.
   * @param options.signal Ends the wait with the signal's reason; the value is not sent then.
   * @throws {SendError} Something in the value cannot be sent.
   * @throws {BrokenPipeError} No one is left who could receive it.
   * @throws {TimeoutError} There was no room until the timeout.
   * @throws {OSError} The connection has been closed, or can only receive.
   */
  send(value: unknown, options?: WaitOptions): Waiting<void> {
    return this.#send(options, "Connection.send", () => encodeMessage(value, "message"));
  }

  /** The blocking twin of {@link Connection.send}. `options.timeout` is in milliseconds. Python: `multiprocessing.connection.Connection.send` */
  sendSync(value: unknown, options?: SyncWaitOptions): void {
    const deadlineMs = checkedDeadline(options, "Connection.sendSync");
    this.#sendSync(encodeMessage(value, "message"), deadlineMs);
  }

  /**
   * Sends bytes, as one message.
   *
   * Python: `multiprocessing.connection.Connection.send_bytes`
   *
   * @param options.offset Index of the first byte. Default: 0.
   * @param options.size How many bytes. Default: all from the first.
   * @param options.timeout Longest wait in milliseconds. Default: wait for ever.
   * @param options.signal Ends the wait with the signal's reason; nothing is sent then.
   * @throws {RangeError} `offset` or `size` is negative, or beyond the end.
   * @throws As {@link Connection.send}.
   */
  sendBytes(bytes: Bytes, options?: SendBytesOptions): Waiting<void> {
    const { rest, part } = checkedPart(bytes, options, "Connection.sendBytes");
    return this.#send(rest, "Connection.sendBytes", () => rawMessage(part));
  }

  /** The blocking twin of {@link Connection.sendBytes}. `options.timeout` is in milliseconds. Python: `multiprocessing.connection.Connection.send_bytes` */
  sendBytesSync(bytes: Bytes, options?: SendBytesSyncOptions): void {
    const { rest, part } = checkedPart(bytes, options, "Connection.sendBytesSync");
    this.#sendSync(rawMessage(part), checkedDeadline(rest, "Connection.sendBytesSync"));
  }

  #send(options: WaitOptions | undefined, of: string, encode: () => Outgoing): Waiting<void> {
    let message: Outgoing | undefined;
    let writes: LaneEnd;
    const quick = (): true | undefined => {
      writes = this.#writable();
      message = encode();
      return writes.takeSlotNow() ? true : undefined;
    };
    const start = async (wait: CheckedWait): Promise<true> => {
      wait.signal?.throwIfAborted();
      writes = this.#writable();
      message ??= encode();
      let hasSlot: boolean;
      try {
        hasSlot = await writes.takeSlot(wait);
      } catch (error) {
        throw error instanceof Empty ? this.#noRoom() : error;
      }
      if (!hasSlot) throw this.#broken();
      return true;
    };
    const taking = {
      deliver: () => sendBy(writes, message as Outgoing),
      giveBack: () => {
        writes.giveSlotBack();
        return true;
      },
    };
    return waitingFor(options, of, start, { taking, quick });
  }

  #sendSync(message: Outgoing, deadlineMs: number): void {
    const writes = this.#writable();
    let hasSlot: boolean;
    try {
      hasSlot = writes.takeSlotSync(deadlineMs);
    } catch (error) {
      throw error instanceof Empty ? this.#noRoom() : error;
    }
    if (!hasSlot) throw this.#broken();
    sendBy(writes, message);
  }

  #noRoom(): TimeoutError {
    return new TimeoutError(
      `Cannot send to ${String(this)}: the other end received nothing in time`,
    );
  }

  #broken(): Error {
    if (this.closed) return this.#closedError("send to");
    return new BrokenPipeError(
      `Cannot send to ${String(this)}: the other end has been closed, or its process has ended`,
      { code: "EPIPE" },
    );
  }

  /**
   * Resolves with the next message.
   *
   * Python: `multiprocessing.connection.Connection.recv`
   *
   * @param options.timeout Longest wait in milliseconds. Default: wait for ever. `0` only looks.
   * @param options.signal Ends the wait with the signal's reason; no message is taken then.
   * @throws {EOFError} Nothing more will come: the other end has been closed, or its process has ended.
   * @throws {TimeoutError} None had come when the timeout came.
   * @throws {OSError} The connection has been closed, or can only send.
   */
  recv(options?: WaitOptions): Waiting<unknown> {
    return this.#recv(options, "Connection.recv", decodeNow);
  }

  /**
   * The blocking twin of {@link Connection.recv}. `options.timeout` is in milliseconds.
   *
   * Python: `multiprocessing.connection.Connection.recv`
   *
   * @throws {SendError} It takes waiting to load a class or function that is in the message, which
   *   stays: use `recv`.
   */
  recvSync(options?: SyncWaitOptions): unknown {
    return this.#recvSync(checkedDeadline(options, "Connection.recvSync"), decodeNow);
  }

  /**
   * Resolves with the next message, which must be bytes.
   *
   * Python: `multiprocessing.connection.Connection.recv_bytes`
   *
   * @param options.maxlength Most bytes that it may have. Default: any number.
   * @param options.timeout Longest wait in milliseconds. Default: wait for ever.
   * @param options.signal Ends the wait with the signal's reason; no message is taken then.
   * @throws {OSError} The message is longer than `maxlength`. It stays.
   * @throws {RuntimeError} The message is a value. It stays.
   * @throws As {@link Connection.recv}.
   */
  recvBytes(options?: RecvBytesOptions): Waiting<Uint8Array> {
    const { rest, maxlength } = checkedMaxlength(options, "Connection.recvBytes");
    return this.#recv(rest, "Connection.recvBytes", (message) => asBytes(message, maxlength));
  }

  /** The blocking twin of {@link Connection.recvBytes}. `options.timeout` is in milliseconds. Python: `multiprocessing.connection.Connection.recv_bytes` */
  recvBytesSync(options?: RecvBytesSyncOptions): Uint8Array {
    const { rest, maxlength } = checkedMaxlength(options, "Connection.recvBytesSync");
    const deadlineMs = checkedDeadline(rest, "Connection.recvBytesSync");
    return this.#recvSync(deadlineMs, (message) => asBytes(message, maxlength));
  }

  /**
   * Writes the next message, which must be bytes, into a buffer, and resolves with how many they are.
   *
   * Python: `multiprocessing.connection.Connection.recv_bytes_into`
   *
   * @param options.offset Index of the first byte of the buffer to fill. Default: 0.
   * @param options.timeout Longest wait in milliseconds. Default: wait for ever.
   * @param options.signal Ends the wait with the signal's reason; no message is taken then.
   * @throws {BufferTooShort} The buffer is too short. The error has the message.
   * @throws As {@link Connection.recvBytes}.
   */
  recvBytesInto(buffer: Bytes, options?: RecvBytesIntoOptions): Waiting<number> {
    const { rest, target } = checkedTarget(buffer, options, "Connection.recvBytesInto");
    return this.#recv(rest, "Connection.recvBytesInto", (message) => fill(target, message));
  }

  /** The blocking twin of {@link Connection.recvBytesInto}. `options.timeout` is in milliseconds. Python: `multiprocessing.connection.Connection.recv_bytes_into` */
  recvBytesIntoSync(buffer: Bytes, options?: RecvBytesIntoSyncOptions): number {
    const { rest, target } = checkedTarget(buffer, options, "Connection.recvBytesIntoSync");
    const deadlineMs = checkedDeadline(rest, "Connection.recvBytesIntoSync");
    return this.#recvSync(deadlineMs, (message) => fill(target, message));
  }

  /** @param read Makes of a message what is wanted. */
  #recv<T>(
    options: WaitOptions | undefined,
    of: string,
    read: (message: Uint8Array) => T,
  ): Waiting<T> {
    interface Received {
      readonly taken: Taken;
      readonly value: T;
    }
    let reads: LaneEnd;
    const received = async (taken: Taken): Promise<Received> => {
      try {
        return { taken, value: await whenLoaded(() => read(taken.bytes as Uint8Array)) };
      } catch (error) {
        if (stays(error)) reads.giveBack(taken);
        throw error;
      }
    };
    const quick = (): Promise<Received> | undefined => {
      reads = this.#readable();
      const taken = reads.takeNow();
      return taken && received(taken);
    };
    const start = async (wait: CheckedWait): Promise<Received> => {
      reads = this.#readable();
      return received(await this.#take(reads, wait));
    };
    const taking = {
      deliver: ({ value }: Received): T => value,
      giveBack: ({ taken }: Received): boolean => {
        reads.giveBack(taken);
        return true;
      },
    };
    return waitingFor(options, of, start, { taking, quick });
  }

  async #take(reads: LaneEnd, wait: CheckedWait): Promise<Taken> {
    let taken: Taken | undefined;
    try {
      taken = await reads.take(wait);
    } catch (error) {
      throw error instanceof Empty ? this.#nothingCame() : error;
    }
    if (taken === undefined) throw this.#ended();
    return taken;
  }

  #recvSync<T>(deadlineMs: number, read: (message: Uint8Array) => T): T {
    const reads = this.#readable();
    let taken: Taken | undefined;
    try {
      taken = reads.takeSync(deadlineMs);
    } catch (error) {
      throw error instanceof Empty ? this.#nothingCame() : error;
    }
    if (taken === undefined) throw this.#ended();
    try {
      return read(taken.bytes as Uint8Array);
    } catch (error) {
      if (stays(error)) reads.giveBack(taken);
      throw error;
    }
  }

  #nothingCame(): TimeoutError {
    return new TimeoutError(`Cannot receive from ${String(this)}: nothing came in time`);
  }

  #ended(): Error {
    if (this.closed) return this.#closedError("receive from");
    return new EOFError(
      `Cannot receive from ${String(this)}: the other end has been closed, or its process has ended`,
    );
  }

  /**
   * Resolves with true as soon as there is a message, or there will never be one again; with
   * false when the timeout came first. Takes nothing.
   *
   * Python: `multiprocessing.connection.Connection.poll`
   *
   * @param options.timeout Longest wait in milliseconds; `Infinity` waits for ever. Default: 0.
   * @param options.signal Ends the wait with the signal's reason.
   * @throws {OSError} The connection has been closed, or can only send.
   */
  poll(options?: WaitOptions): Waiting<boolean> {
    const patience = withPatience(options, "Connection.poll");
    return waitingFor(patience, "Connection.poll", (wait) => this.#poll(wait), {
      taking: TAKES_NOTHING,
      quick: undefined,
    });
  }

  async #poll(wait: CheckedWait): Promise<boolean> {
    wait.signal?.throwIfAborted();
    const isReady = await this.#readable().ready(wait);
    this.#open("receive from"); // it may have been closed meanwhile
    return isReady;
  }

  /** The blocking twin of {@link Connection.poll}. `options.timeout` is in milliseconds. Python: `multiprocessing.connection.Connection.poll` */
  pollSync(options?: SyncWaitOptions): boolean {
    const deadlineMs = checkedDeadline(
      withPatience(options, "Connection.pollSync"),
      "Connection.pollSync",
    );
    return this.#readable().readySync(deadlineMs);
  }

  /**
   * Closes this object's end. Waits of this object end with an `OSError`. May be called again.
   *
   * Python: `multiprocessing.connection.Connection.close`
   */
  close(): void {
    this.#lanes.close();
  }

  /** The same, at the end of a `using` block. Python: `multiprocessing.connection.Connection.__exit__` */
  declare [Symbol.dispose]: () => void;

  /** Whether this object's end has been closed. Python: `multiprocessing.connection.Connection.closed` */
  get closed(): boolean {
    return this.#lanes.isClosed;
  }

  /** Whether it can receive. Python: `multiprocessing.connection.Connection.readable` */
  get readable(): boolean {
    return this.#lanes.reads !== undefined;
  }

  /** Whether it can send. Python: `multiprocessing.connection.Connection.writable` */
  get writable(): boolean {
    return this.#lanes.writes !== undefined;
  }

  /** The state in words: `<Connection read-write>`. Python: `multiprocessing.connection.Connection.__repr__` */
  toString(): string {
    const ways = this.readable ? (this.writable ? "read-write" : "read-only") : "write-only";
    return `<Connection ${ways}${this.closed ? " closed" : ""}>`;
  }

  #readable(): LaneEnd {
    const { reads } = this.#open("receive from");
    if (reads !== undefined) return reads;
    throw new OSError(`Cannot receive from ${String(this)}: it can only send`, { code: "EBADF" });
  }

  #writable(): LaneEnd {
    const { writes } = this.#open("send to");
    if (writes !== undefined) return writes;
    throw new OSError(`Cannot send to ${String(this)}: it can only receive`, { code: "EBADF" });
  }

  #open(attempt: string): HeldLanes {
    if (this.closed) throw this.#closedError(attempt);
    return this.#lanes;
  }

  #closedError(attempt: string): OSError {
    return new OSError(`Cannot ${attempt} ${String(this)}: it has been closed`, { code: "EBADF" });
  }
}

function isDescriptor(given: unknown): given is Descriptor {
  if (!isPlainObject(given)) return false;
  const { reads, writes } = given as Partial<Descriptor>;
  return isPlainObject(reads) || isPlainObject(writes);
}

function opened(descriptor: object | undefined): HeldLanes {
  if (!isDescriptor(descriptor)) {
    throw new TypeError("Connection: cannot be constructed; Pipe() makes connections");
  }
  const { reads, writes } = descriptor;
  return new HeldLanes(reads && openLane(reads), writes && openLane(writes));
}
