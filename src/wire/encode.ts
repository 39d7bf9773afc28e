/**
 * Hand codec, writing side.
 *
 * Writes the small values that most calls take and return (numbers, strings,
 * flat arrays and objects, bytes) straight into shared memory. What it writes, it
 * writes as structured clone would copy it. Everything else it declines, and the
 * caller sends that value by message instead: class instances, Maps, Dates,
 * cycles, one object met twice, sparse arrays, whatever does not fit.
 *
 * Declining costs nothing but the attempt, so the rule for a doubtful case is to
 * decline.
 */
import {
  ARRAY,
  ASCII,
  BIGINT,
  BUFFER,
  BYTES,
  DOUBLE,
  FALSE,
  HANDLE_ADDRESS,
  INT32,
  INT32_ARRAY,
  NULL,
  OBJECT,
  SHARED_BUFFER,
  SHARED_VIEW,
  SHORT_ASCII,
  TRUE,
  UNDEFINED,
  UTF16,
} from "./tags.ts";

import { isBuffer } from "./buffers.ts";
import { addressOf, type HandleCodec } from "./handles.ts";
import { isRecord } from "./plain.ts";
import { isProxy } from "./proxies.ts";
import { SHARED_VIEWS, type SharedBufferNumbers } from "./shared-buffers.ts";

/** Returned when a value does not fit or is none that this codec writes. */
export const DECLINED = -1;

/** Deepest nesting and most objects in one value: beyond, the message lane is as fast. */
const MAX_OBJECTS = 64;

const INT64_MIN = -(2n ** 63n);
const INT64_MAX = 2n ** 63n - 1n;

export interface EncoderOptions {
  /** Numbers for shared memory in values; without, such values are declined. */
  readonly sharedBuffers: SharedBufferNumbers | undefined;
  /** Sends shared objects in values; without, such values are declined. */
  readonly handles: HandleCodec | undefined;
}

/** Writes plain data only. */
const PLAIN: EncoderOptions = {
  sharedBuffers: undefined,
  handles: undefined,
};

export class Encoder {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;
  #end = 0;
  /** Objects already met in the value that is being written. */
  readonly #met: object[] = [];
  readonly #sharedBuffers: SharedBufferNumbers | undefined;
  readonly #handles: HandleCodec | undefined;
  /** Addresses of the shared objects in the value that is being written. */
  #addresses: number[] = [];
  /** Those of the value that was written last. */
  #sent: readonly number[] | undefined;

  constructor(memory: ArrayBufferLike, options: EncoderOptions = PLAIN) {
    this.#sharedBuffers = options.sharedBuffers;
    this.#handles = options.handles;
    this.#bytes = new Uint8Array(memory);
    this.#view = new DataView(memory);
  }

  /**
   * Writes a list of values at byte `start`, without going past byte `end`.
   *
   * @returns The bytes written, or {@link DECLINED}.
   */
  writeList(values: readonly unknown[], start: number, end: number): number {
    this.#begin(start, end);
    const length = values.length;
    if (!this.#room(4)) return DECLINED;
    this.#putInt32(length);
    for (let i = 0; i < length; i++) if (!this.#put(values[i])) return DECLINED;
    if (this.#addresses.length > 0) this.#sendHandles();
    return this.#at - start;
  }

  /** The same for a single value. */
  write(value: unknown, start: number, end: number): number {
    this.#begin(start, end);
    if (!this.#put(value)) return DECLINED;
    if (this.#addresses.length > 0) this.#sendHandles();
    return this.#at - start;
  }

  /** Not before the whole value is written: one that is declined is not sent. */
  #sendHandles(): void {
    for (const address of this.#addresses) this.#handles?.send(address);
    this.#sent = this.#addresses;
  }

  /** The shared objects in the value that was written last, if it was not declined: they have been counted. */
  takeHandles(): readonly number[] | undefined {
    const taken = this.#sent;
    this.#sent = undefined;
    return taken;
  }

  #begin(start: number, end: number): void {
    this.#at = start;
    this.#end = end;
    if (this.#met.length > 0) this.#met.length = 0;
    if (this.#addresses.length > 0) this.#addresses = [];
    this.#sent = undefined;
  }

  #room(bytes: number): boolean {
    return this.#at + bytes <= this.#end;
  }

  #put(value: unknown): boolean {
    switch (typeof value) {
      case "number":
        return this.#putNumber(value);
      case "string":
        return this.#putString(value);
      case "undefined":
        return this.#putTag(UNDEFINED);
      case "boolean":
        return this.#putTag(value ? TRUE : FALSE);
      case "bigint":
        return this.#putBigInt(value);
      case "object":
        return value === null ? this.#putTag(NULL) : this.#putObject(value);
      default:
        return false;
    }
  }

  #putTag(tag: number): boolean {
    if (!this.#room(1)) return false;
    this.#bytes[this.#at++] = tag;
    return true;
  }

  #putInt32(value: number): void {
    this.#view.setInt32(this.#at, value, true);
    this.#at += 4;
  }

  #putNumber(value: number): boolean {
    if ((value | 0) === value && !(value === 0 && 1 / value < 0)) {
      if (!this.#room(5)) return false;
      this.#bytes[this.#at++] = INT32;
      this.#putInt32(value);
      return true;
    }
    if (!this.#room(9)) return false;
    this.#bytes[this.#at++] = DOUBLE;
    this.#view.setFloat64(this.#at, value, true);
    this.#at += 8;
    return true;
  }

  #putBigInt(value: bigint): boolean {
    if (value < INT64_MIN || value > INT64_MAX || !this.#room(9)) return false;
    this.#bytes[this.#at++] = BIGINT;
    this.#view.setBigInt64(this.#at, value, true);
    this.#at += 8;
    return true;
  }

  #putString(text: string): boolean {
    const length = text.length;
    const isShort = length < 256;
    const head = isShort ? 2 : 5;
    if (!this.#room(head + length)) return false;
    const start = this.#at;
    const bytes = this.#bytes;
    for (let i = 0, at = start + head; i < length; i++, at++) {
      const code = text.charCodeAt(i);
      if (code > 127) return this.#putWideString(text);
      bytes[at] = code;
    }
    if (isShort) {
      bytes[start] = SHORT_ASCII;
      bytes[start + 1] = length;
    } else {
      bytes[start] = ASCII;
      this.#view.setInt32(start + 1, length, true);
    }
    this.#at = start + head + length;
    return true;
  }

  #putWideString(text: string): boolean {
    const length = text.length;
    if (!this.#room(5 + length * 2)) return false;
    this.#bytes[this.#at++] = UTF16;
    this.#putInt32(length);
    for (let i = 0; i < length; i++, this.#at += 2) {
      this.#view.setUint16(this.#at, text.charCodeAt(i), true);
    }
    return true;
  }

  #putObject(value: object): boolean {
    if (this.#met.length === MAX_OBJECTS || this.#met.includes(value)) return false;
    this.#met.push(value);
    if (Array.isArray(value)) return this.#putArray(value);
    const prototype: unknown = Object.getPrototypeOf(value);
    if (prototype === Object.prototype) return this.#putRecord(value as Record<string, unknown>);
    if (ArrayBuffer.isView(value)) return this.#putView(value, prototype);
    const address = addressOf(value);
    if (address !== undefined) return this.#putHandle(address);
    return value instanceof SharedArrayBuffer && this.#putSharedBuffer(value);
  }

  #putHandle(address: number): boolean {
    if (this.#handles === undefined || !this.#room(5)) return false;
    this.#bytes[this.#at++] = HANDLE_ADDRESS;
    this.#putInt32(address);
    this.#addresses.push(address);
    return true;
  }

  #putView(view: ArrayBufferView, prototype: unknown): boolean {
    if (view.buffer instanceof SharedArrayBuffer) return this.#putSharedView(view, view.buffer);
    if (prototype === Uint8Array.prototype) return this.#putBytes(BYTES, view as Uint8Array);
    return isBuffer(view) && this.#putBytes(BUFFER, view);
  }

  #putSharedBuffer(buffer: SharedArrayBuffer): boolean {
    if (this.#sharedBuffers === undefined || !this.#room(5)) return false;
    this.#bytes[this.#at++] = SHARED_BUFFER;
    this.#putInt32(this.#sharedBuffers.numberOf(buffer));
    return true;
  }

  #putSharedView(view: ArrayBufferView, buffer: SharedArrayBuffer): boolean {
    const kind = SHARED_VIEWS.indexOf(view.constructor as (typeof SHARED_VIEWS)[number]);
    if (this.#sharedBuffers === undefined || kind < 0 || !this.#room(14)) return false;
    // Offsets of 2 GiB and more do not fit into 4 bytes.
    if (view.byteOffset + view.byteLength > 0x7fffffff) return false;
    this.#bytes[this.#at++] = SHARED_VIEW;
    this.#bytes[this.#at++] = kind;
    this.#putInt32(this.#sharedBuffers.numberOf(buffer));
    this.#putInt32(view.byteOffset);
    this.#putInt32((view as Uint8Array).length);
    return true;
  }

  #putArray(values: readonly unknown[]): boolean {
    const length = values.length;
    if (Object.getPrototypeOf(values) !== Array.prototype || !this.#room(5 + length)) return false;
    if (isProxy(values)) return false;
    if (this.#putIntegers(values)) return true;
    // Object.keys also finds holes and properties beside the elements.
    if (Object.keys(values).length !== length) return false;
    this.#bytes[this.#at++] = ARRAY;
    this.#putInt32(length);
    for (let i = 0; i < length; i++) if (!this.#put(values[i])) return false;
    return true;
  }

  /** Writes an array of nothing but integers, or leaves the position where it was. */
  #putIntegers(values: readonly unknown[]): boolean {
    const length = values.length;
    if (length === 0 || !this.#room(5 + length * 4)) return false;
    const view = this.#view;
    for (let i = 0, at = this.#at + 5; i < length; i++, at += 4) {
      const value = values[i];
      if (typeof value !== "number" || (value | 0) !== value || (value === 0 && 1 / value < 0)) {
        return false;
      }
      view.setInt32(at, value, true);
    }
    if (hasNamedProperties(values)) return false;
    this.#bytes[this.#at++] = INT32_ARRAY;
    this.#putInt32(length);
    this.#at += length * 4;
    return true;
  }

  #putRecord(record: Record<string, unknown>): boolean {
    if (isProxy(record)) return false;
    const keys = Object.keys(record);
    if (keys.length === 0 && !isRecord(record)) return false;
    if (!this.#room(5 + keys.length * 3)) return false;
    this.#bytes[this.#at++] = OBJECT;
    this.#putInt32(keys.length);
    for (const key of keys) {
      if (!this.#putString(key) || !this.#put(record[key])) return false;
    }
    return true;
  }

  /** Only the bytes of the view: what else its memory holds may be another's. */
  #putBytes(tag: typeof BYTES | typeof BUFFER, value: Uint8Array): boolean {
    // One without bytes may have been moved away.
    if (value.length === 0 || !this.#room(5 + value.length)) return false;
    this.#bytes[this.#at++] = tag;
    this.#putInt32(value.length);
    this.#bytes.set(value, this.#at);
    this.#at += value.length;
    return true;
  }
}

/** Whether an array without holes has properties beside its elements, as a RegExp match has. */
function hasNamedProperties(values: readonly unknown[]): boolean {
  let last: string | undefined;
  // oxlint-disable-next-line typescript/no-for-in-array -- it is the keys that are asked about
  for (const key in values) last = key;
  return last !== String(values.length - 1);
}
