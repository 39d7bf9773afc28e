/** What the methods of a connection check that send and receive bytes. */
import { checkedInteger, checkedOptions, LARGEST } from "../../base/options.ts";
import { kindOf } from "../../base/text.ts";
import { OSError, RuntimeError } from "../../errors.ts";
import { BufferTooShort } from "../../process-errors.ts";
import type { SyncWaitOptions, WaitOptions } from "../../waiting/wait-options.ts";
import { NotLoaded } from "../../wire/unpack.ts";
import { bytesOf, isRaw } from "../channels/message.ts";

/** Bytes, or an array that lies on them. Python: `bytes` */
export type Bytes = ArrayBufferView | ArrayBuffer;

/** Which bytes are sent, and how long to wait until there is room. Python: none */
export interface SendBytesOptions extends WaitOptions {
  /** Index of the first byte. Default: 0. */
  readonly offset?: number | undefined;
  /** How many bytes. Default: all from the first. */
  readonly size?: number | undefined;
}

/** The same, where the wait blocks the thread. Python: none */
export interface SendBytesSyncOptions extends SyncWaitOptions {
  /** Index of the first byte. Default: 0. */
  readonly offset?: number | undefined;
  /** How many bytes. Default: all from the first. */
  readonly size?: number | undefined;
}

/** How many bytes are expected, and how long to wait for them. Python: none */
export interface RecvBytesOptions extends WaitOptions {
  /** Most bytes that a message may have. Default: any number. */
  readonly maxlength?: number | undefined;
}

/** The same, where the wait blocks the thread. Python: none */
export interface RecvBytesSyncOptions extends SyncWaitOptions {
  /** Most bytes that a message may have. Default: any number. */
  readonly maxlength?: number | undefined;
}

/** Where bytes are put, and how long to wait for them. Python: none */
export interface RecvBytesIntoOptions extends WaitOptions {
  /** Index of the first byte to fill. Default: 0. */
  readonly offset?: number | undefined;
}

/** The same, where the wait blocks the thread. Python: none */
export interface RecvBytesIntoSyncOptions extends SyncWaitOptions {
  /** Index of the first byte to fill. Default: 0. */
  readonly offset?: number | undefined;
}

/** The options of a wait, with none of the method's own. */
function withoutOwn(given: WaitOptions): WaitOptions {
  const { timeout, signal } = given;
  return {
    ...(timeout === undefined ? {} : { timeout }),
    ...(signal === undefined ? {} : { signal }),
  };
}

function checkedBytes(given: Bytes, name: string, of: string): Uint8Array {
  if (ArrayBuffer.isView(given)) {
    return new Uint8Array(given.buffer, given.byteOffset, given.byteLength);
  }
  if (given instanceof ArrayBuffer) return new Uint8Array(given);
  throw new TypeError(
    `${of}: "${name}" must be an ArrayBuffer or lie on one, got ${kindOf(given)}`,
  );
}

/** Which bytes are to be sent. */
export function checkedPart(
  bytes: Bytes,
  options: SendBytesOptions | undefined,
  of: string,
): { readonly rest: WaitOptions | undefined; readonly part: Uint8Array } {
  const whole = checkedBytes(bytes, "bytes", of);
  if (options === undefined) return { rest: undefined, part: whole };
  const given = checkedOptions(options, ["offset", "size", "timeout", "signal"], of);
  const offset = checkedInteger(given.offset ?? 0, 0, whole.length, `${of}: "offset"`);
  const left = whole.length - offset;
  const size = checkedInteger(given.size ?? left, 0, left, `${of}: "size"`);
  return { rest: withoutOwn(given), part: whole.subarray(offset, offset + size) };
}

export function checkedMaxlength(
  options: RecvBytesOptions | undefined,
  of: string,
): { readonly rest: WaitOptions | undefined; readonly maxlength: number } {
  if (options === undefined) return { rest: undefined, maxlength: Infinity };
  const given = checkedOptions(options, ["maxlength", "timeout", "signal"], of);
  const maxlength =
    given.maxlength === undefined
      ? Infinity
      : checkedInteger(given.maxlength, 0, LARGEST, `${of}: "maxlength"`);
  return { rest: withoutOwn(given), maxlength };
}

/** Where bytes are to be put. */
export function checkedTarget(
  buffer: Bytes,
  options: RecvBytesIntoOptions | undefined,
  of: string,
): { readonly rest: WaitOptions | undefined; readonly target: Uint8Array } {
  const whole = checkedBytes(buffer, "buffer", of);
  if (options === undefined) return { rest: undefined, target: whole };
  const given = checkedOptions(options, ["offset", "timeout", "signal"], of);
  const offset = checkedInteger(given.offset ?? 0, 0, whole.length, `${of}: "offset"`);
  return { rest: withoutOwn(given), target: whole.subarray(offset) };
}

/** The options of a look, which waits only if a time is given. */
export function withPatience<O extends SyncWaitOptions>(options: O | undefined, of: string): O {
  if (options === undefined) return { timeout: 0 } as O;
  const given = checkedOptions(options, ["timeout", "signal"] as never, of) as O;
  return given.timeout === undefined ? { ...given, timeout: 0 } : given;
}

/** Errors after which the message can be received in another way. */
const staying = /* @__PURE__ */ new WeakSet();

/** Whether the message is to be given back. */
export function stays(error: unknown): boolean {
  return error instanceof NotLoaded || (error instanceof Error && staying.has(error));
}

function refused<E extends Error>(error: E): E {
  staying.add(error);
  return error;
}

/** The bytes of a message. */
export function asBytes(message: Uint8Array, maxlength: number): Uint8Array {
  if (!isRaw(message)) {
    throw refused(
      new RuntimeError("Cannot receive bytes: the next message is a value. Use recv()"),
    );
  }
  const bytes = bytesOf(message);
  if (bytes.length <= maxlength) return bytes;
  throw refused(
    new OSError(
      `Cannot receive bytes: the next message has ${bytes.length}, and "maxlength" is ${maxlength}`,
      { code: "EMSGSIZE" },
    ),
  );
}

/** Writes the bytes of a message into a buffer, and returns how many they are. */
export function fill(target: Uint8Array, message: Uint8Array): number {
  const bytes = asBytes(message, Infinity);
  if (bytes.length > target.length) {
    throw new BufferTooShort(
      `Cannot receive bytes: the message has ${bytes.length}, and the buffer room for ${target.length}`,
      { bytes },
    );
  }
  target.set(bytes);
  return bytes.length;
}
