/** Hand codec, reading side: the mirror of encode.ts. */
import { InternalError } from "../errors.ts";
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

import { asBuffer } from "./buffers.ts";
import type { HandleCodec } from "./handles.ts";
import { SHARED_VIEWS, type SharedBufferLookUp } from "./shared-buffers.ts";

/** Longest run of characters that is made in one call; more could overflow the stack. */
const CHUNK = 4096;
/** From this length on, TextDecoder is faster than fromCharCode. */
const LONG_TEXT = 48;

export interface DecoderOptions {
  /** Finds shared memory by its number. */
  readonly sharedBuffer: SharedBufferLookUp | undefined;
  /** Receives shared objects. */
  readonly handles: HandleCodec | undefined;
}

/** Reads plain data only. */
const PLAIN: DecoderOptions = {
  sharedBuffer: undefined,
  handles: undefined,
};

function nobodyAnnounced(number: number): never {
  throw new InternalError(
    `Cannot decode a value: the shared buffer ${number} has not been announced`,
  );
}

export class Decoder {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #text: InstanceType<typeof TextDecoder> | undefined;
  readonly #sharedBuffer: SharedBufferLookUp;
  readonly #handles: HandleCodec | undefined;
  #at = 0;
  /** Why a shared object of the value cannot be received. */
  #refusal: unknown;

  constructor(memory: ArrayBufferLike, options: DecoderOptions = PLAIN) {
    this.#handles = options.handles;
    this.#sharedBuffer = options.sharedBuffer ?? nobodyAnnounced;
    this.#bytes = new Uint8Array(memory);
    this.#view = new DataView(memory);
  }

  /** Reads what {@link Encoder.writeList} wrote at byte `start`. */
  readList(start: number): unknown[] {
    this.#at = start;
    const length = this.#takeInt32();
    const values: unknown[] = [];
    for (let i = 0; i < length; i++) values.push(this.#take());
    if (this.#refusal !== undefined) this.#refuse();
    return values;
  }

  /** Reads what {@link Encoder.write} wrote at byte `start`. */
  read(start: number): unknown {
    this.#at = start;
    const value = this.#take();
    if (this.#refusal !== undefined) this.#refuse();
    return value;
  }

  /** Not before the whole value has been read: the shared objects after one that cannot be received are given back. */
  #refuse(): never {
    const error = this.#refusal;
    this.#refusal = undefined;
    throw error as Error;
  }

  #take(): unknown {
    const tag = this.#bytes[this.#at++];
    switch (tag) {
      case INT32:
        return this.#takeInt32();
      case UNDEFINED:
        return undefined;
      case SHORT_ASCII:
        return this.#takeAscii(this.#bytes[this.#at++] as number);
      case DOUBLE:
        this.#at += 8;
        return this.#view.getFloat64(this.#at - 8, true);
      case TRUE:
        return true;
      case FALSE:
        return false;
      case NULL:
        return null;
      case OBJECT:
        return this.#takeRecord();
      case ARRAY:
        return this.#takeArray();
      case INT32_ARRAY:
        return this.#takeIntegers();
      case ASCII:
        return this.#takeAscii(this.#takeInt32());
      case UTF16:
        return this.#takeWideString();
      case BIGINT:
        this.#at += 8;
        return this.#view.getBigInt64(this.#at - 8, true);
      case BYTES:
        return this.#takeBytes();
      case BUFFER:
        return asBuffer(this.#takeBytes());
      case SHARED_BUFFER:
        return this.#sharedBuffer(this.#takeInt32());
      case HANDLE_ADDRESS:
        return this.#takeHandle();
      case SHARED_VIEW:
        return this.#takeSharedView();
      default:
        throw new InternalError(
          `Cannot decode a value: unknown tag ${tag} at byte ${this.#at - 1}`,
        );
    }
  }

  #takeInt32(): number {
    this.#at += 4;
    return this.#view.getInt32(this.#at - 4, true);
  }

  #takeAscii(length: number): string {
    const start = this.#at;
    this.#at += length;
    if (length >= LONG_TEXT) {
      return (this.#text ??= new TextDecoder()).decode(this.#bytes.slice(start, start + length));
    }
    let text = "";
    for (let i = start; i < start + length; i++)
      text += String.fromCharCode(this.#bytes[i] as number);
    return text;
  }

  #takeWideString(): string {
    const length = this.#takeInt32();
    let text = "";
    for (let done = 0; done < length; done += CHUNK) {
      const units = new Array<number>(Math.min(CHUNK, length - done));
      for (let i = 0; i < units.length; i++, this.#at += 2) {
        units[i] = this.#view.getUint16(this.#at, true);
      }
      text += String.fromCharCode(...units);
    }
    return text;
  }

  #takeArray(): unknown[] {
    const length = this.#takeInt32();
    const values: unknown[] = [];
    for (let i = 0; i < length; i++) values.push(this.#take());
    return values;
  }

  #takeIntegers(): number[] {
    const length = this.#takeInt32();
    const values = new Array<number>(length);
    for (let i = 0, at = this.#at; i < length; i++, at += 4)
      values[i] = this.#view.getInt32(at, true);
    this.#at += length * 4;
    return values;
  }

  #takeRecord(): Record<string, unknown> {
    const count = this.#takeInt32();
    const record: Record<string, unknown> = {};
    for (let i = 0; i < count; i++) {
      const key = this.#take() as string;
      const value = this.#take();
      if (key === "__proto__") {
        // An assignment would set the prototype instead.
        Object.defineProperty(record, key, {
          value,
          writable: true,
          enumerable: true,
          configurable: true,
        });
      } else {
        record[key] = value;
      }
    }
    return record;
  }

  #takeHandle(): object {
    const address = this.#takeInt32();
    if (this.#handles === undefined) {
      throw new InternalError(
        `Cannot decode a value: shared objects are not expected here, found one at ${address}`,
      );
    }
    if (this.#refusal !== undefined) {
      this.#handles.unsend(address);
      return {};
    }
    try {
      return this.#handles.receive(address);
    } catch (error) {
      this.#refusal = error;
      return {};
    }
  }

  #takeSharedView(): ArrayBufferView {
    const View = SHARED_VIEWS[this.#bytes[this.#at++] as number] as (typeof SHARED_VIEWS)[number];
    const buffer = this.#sharedBuffer(this.#takeInt32());
    const byteOffset = this.#takeInt32();
    return new View(buffer, byteOffset, this.#takeInt32());
  }

  #takeBytes(): Uint8Array {
    const length = this.#takeInt32();
    this.#at += length;
    return this.#bytes.slice(this.#at - length, this.#at);
  }
}
