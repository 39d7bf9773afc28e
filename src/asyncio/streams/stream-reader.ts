/** The reading half of a connection or pipe. */
import { coreOfLoop } from "../engine/loop-core.ts";
import type { Loop } from "../engine/classes.ts";
import type { Awaitable, Coroutine } from "../events.ts";
import { RuntimeError } from "../../errors.ts";
import { kindOf, showAsText, typeName } from "../../base/text.ts";
import { checkedOptions, checkedType } from "../../base/options.ts";
import { coroutine } from "../engine/coroutine.ts";
import { iterationOf } from "../engine/coroutine.ts";
import { getRunningLoop } from "../engine/running-loop.ts";
import { type Bytes, bytesFrom } from "./bytes.ts";
import { Inflow, type ReadTransport } from "./inflow.ts";
import { readAll, readExactly, readSome } from "./reading.ts";
import { readLine, readUntil } from "./read-until.ts";

/** Bytes that may lie unread, by default: 64 KiB. */
const DEFAULT_LIMIT: number = 65_536;

/** What a {@link StreamReader} can be made with. Python: none */
export interface StreamReaderOptions {
  /** Longest line, in bytes; more than twice as much is not held unread. Default: 65536. */
  readonly limit?: number | undefined;
  /** Default: the running one. */
  readonly loop?: Loop | undefined;
}

/** What a reader's bytes come into. Not public. */
export let inflowOf: (reader: StreamReader) => Inflow;

/**
 * Reads bytes from a connection, a pipe, or whatever feeds it.
 *
 * Made by {@link openConnection}, servers and subprocesses. Only one task may read
 * at a time. If nobody reads, the other side is slowed down: no more than about twice
 * `limit` is held here.
 *
 * Python: `asyncio.StreamReader`
 * Differs: bytes are Uint8Arrays.
 *
 * @example Lines
 * ```ts
 * import { run, StreamReader } from "heddle/asyncio";
 *
 * await run(async () => {
 *   const reader = new StreamReader();
 *   reader.feedData("one\ntwo\n");
 *   reader.feedEof();
 *   for await (const line of reader) console.log(line.length); // 4, 4
 * });
 * ```
 */
export class StreamReader implements AsyncIterable<Uint8Array> {
  readonly #inflow: Inflow;

  static {
    showAsText(this.prototype);
    inflowOf = (reader) => reader.#inflow;
  }

  /**
   * Makes a reader that has to be fed.
   *
   * Python: `asyncio.StreamReader`
   *
   * @param options.limit Longest line, in bytes. Default: 65536.
   * @throws {RangeError} `limit` is not positive.
   * @throws {RuntimeError} No loop was given, and there is no running one.
   */
  constructor(options?: StreamReaderOptions) {
    const { limit, loop } = checkedOptions(options, ["limit", "loop"], "StreamReader");
    if (loop !== undefined && coreOfLoop(loop) === undefined)
      throw new TypeError(`StreamReader: "loop" must be a Loop, got ${kindOf(loop)}`);
    this.#inflow = new Inflow(checkedLimit(limit), loop ?? getRunningLoop());
  }

  /**
   * Reads what has come, waiting for at least one byte.
   *
   * Python: `asyncio.StreamReader.read`
   *
   * @param n Most bytes to read; all until the end if it is negative, which is the default.
   * @returns Bytes; none at the end of the stream.
   * @throws {RuntimeError} Another task is waiting for data of this stream.
   */
  read(n = -1): Awaitable<Uint8Array> {
    checkInteger(n, "read");
    return n < 0 ? readAll(this.#inflow) : readSome(this.#inflow, n);
  }

  /**
   * Reads one line with its newline, `\n`.
   *
   * Python: `asyncio.StreamReader.readline`
   *
   * @returns The line; what is left of the stream if that ends without a newline; nothing at its end.
   * @throws {RangeError} The line is longer than the limit. It is dropped if all of it had come;
   *   otherwise, what had come of it is.
   * @throws {RuntimeError} Another task is waiting for data of this stream.
   */
  readline(): Awaitable<Uint8Array> {
    return readLine(this.#inflow);
  }

  /**
   * Reads exactly `n` bytes.
   *
   * Python: `asyncio.StreamReader.readexactly`
   *
   * @throws {IncompleteReadError} The stream ended before; its `partial` is what had come.
   * @throws {RangeError} `n` is negative.
   * @throws {RuntimeError} Another task is waiting for data of this stream.
   */
  readexactly(n: number): Awaitable<Uint8Array> {
    checkInteger(n, "readexactly");
    if (n < 0) throw new RangeError(`Cannot read ${n} bytes: the number must not be negative`);
    return readExactly(this.#inflow, n);
  }

  /**
   * Reads all up to a separator, and the separator.
   *
   * Python: `asyncio.StreamReader.readuntil`
   *
   * @param separator Bytes or text; of several, the one that ends first. Default: a newline.
   * @throws {IncompleteReadError} The stream ended before; its `partial` is what had come.
   * @throws {LimitOverrunError} There is no separator within the limit. What has come can still be
   *   read: `consumed` tells how much of it is no part of the separator.
   * @throws {RangeError} A separator is empty, or there is none.
   * @throws {RuntimeError} Another task is waiting for data of this stream.
   *
   * @example
   * ```ts
   * import { run, StreamReader } from "heddle/asyncio";
   *
   * await run(async () => {
   *   const reader = new StreamReader();
   *   reader.feedData("name: Ada; born: 1815");
   *   const bytes = await reader.readuntil([": ", "; "]);
   *   console.log(new TextDecoder().decode(bytes)); // name:
   * });
   * ```
   */
  readuntil(separator: Bytes | readonly Bytes[] = "\n"): Awaitable<Uint8Array> {
    return readUntil(this.#inflow, checkedSeparators(separator));
  }

  /** Whether the stream has ended and all of it was read. Python: `asyncio.StreamReader.at_eof` */
  atEof(): boolean {
    return this.#inflow.isEnded && this.#inflow.buffer.length === 0;
  }

  /** What broke the stream; undefined if nothing did. Python: `asyncio.StreamReader.exception` */
  exception(): unknown {
    return this.#inflow.error;
  }

  /**
   * The lines that come, until the end. Python: `asyncio.StreamReader.__aiter__`
   *
   * In a generator, `while ((line = yield* reader.readline()).length > 0)` does the same.
   */
  [Symbol.asyncIterator](): AsyncIterableIterator<Uint8Array> {
    return iterationOf(() => nextLine(this));
  }

  /**
   * Adds bytes, or the UTF-8 of a text. They must not be changed afterwards. For who made the reader.
   *
   * Python: `asyncio.StreamReader.feed_data`
   *
   * @throws {RuntimeError} The end was fed already.
   */
  feedData(bytes: Bytes): void {
    if (this.#inflow.isEnded) {
      throw new RuntimeError("Cannot feed data: feedEof() has been called");
    }
    this.#inflow.feed(bytesFrom(bytes, "feed data"));
  }

  /** Says that nothing more will come. For who made the reader. Python: `asyncio.StreamReader.feed_eof` */
  feedEof(): void {
    this.#inflow.end();
  }

  /** Lets every read fail from now on, the waiting one included. For who made the reader. Python: `asyncio.StreamReader.set_exception` */
  setException(error: unknown): void {
    this.#inflow.fail(error);
  }

  /**
   * Says what is to be paused while too much lies here unread. For who made the reader.
   *
   * Python: `asyncio.StreamReader.set_transport`
   *
   * @throws {RuntimeError} That was said before.
   */
  setTransport(transport: ReadTransport): void {
    if (this.#inflow.source !== undefined) {
      throw new RuntimeError("Cannot set the transport of the StreamReader: it has one");
    }
    if (
      typeof transport?.pauseReading !== "function" ||
      typeof transport.resumeReading !== "function"
    )
      throw new TypeError(
        `StreamReader.setTransport: transport must have pauseReading() and resumeReading(), got ${kindOf(transport)}`,
      );
    this.#inflow.source = transport;
  }

  /** The reader's state in words. Python: `asyncio.StreamReader.__repr__` */
  toString(): string {
    const { limit, buffer, isEnded, error, hasWaiter, source } = this.#inflow;
    const parts = ["StreamReader"];
    if (buffer.length > 0) parts.push(`${buffer.length} bytes`);
    if (isEnded) parts.push("eof");
    if (limit !== DEFAULT_LIMIT) parts.push(`limit=${limit}`);
    if (hasWaiter) parts.push("waiting");
    if (error !== undefined) parts.push(`exception=${typeName(error)}`);
    if (source !== undefined) parts.push("transport");
    return `<${parts.join(" ")}>`;
  }
}

/** @throws {RangeError} It is not positive. */
export function checkedLimit(limit: number = DEFAULT_LIMIT): number {
  checkedType(limit, "number", 'StreamReader: "limit"');
  if (!(limit > 0)) {
    throw new RangeError(`StreamReader: limit must be positive, got ${limit}`);
  }
  return limit;
}

function checkInteger(n: number, name: string): void {
  if (!Number.isInteger(n)) {
    throw new TypeError(
      `StreamReader.${name}: n must be an integer, got ${typeof n === "number" ? n : kindOf(n)}`,
    );
  }
}

/** @throws {RangeError} There is none, or an empty one. */
function checkedSeparators(given: Bytes | readonly Bytes[]): readonly Uint8Array[] {
  const several = Array.isArray(given) ? (given as readonly Bytes[]) : [given as Bytes];
  const separators = Array.from(several, (one) => bytesFrom(one, "read up to a separator"));
  separators.sort((a, b) => a.length - b.length);
  if (separators.length === 0 || separators[0]?.length === 0) {
    throw new RangeError(
      `Cannot read up to a separator: ${separators.length === 0 ? "none was given" : "one of them is empty"}`,
    );
  }
  return separators;
}

const nextLine = /* @__PURE__ */ coroutine(function* (
  reader: StreamReader,
): Coroutine<IteratorResult<Uint8Array, undefined>> {
  const line = yield* reader.readline();
  return line.length === 0 ? { done: true, value: undefined } : { done: false, value: line };
});
