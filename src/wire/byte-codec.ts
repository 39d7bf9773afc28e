/**
 * Values as bytes, for an agent that shares no memory with this one.
 *
 *   any immutable value   itself
 *   Uint8Array            what the hand codec has written
 *   [bytes]               what the runtime has written, as structured clone would copy it
 *   [bytes, true]         likewise, of a value that has been packed (see pack.ts)
 *
 * A value is encoded before it is part of a message, so that one that cannot be sent spoils
 * no message, and no channel of a runtime copies, drops or flattens what it does not know.
 */
import { SendError } from "../errors.ts";
import type { Channel } from "./channel.ts";
import { Decoder } from "./decode.ts";
import { DECLINED, Encoder } from "./encode.ts";
import { type Packed, pack } from "./pack.ts";
import { isPlain } from "./plain.ts";
import { sendError } from "./send-error.ts";
import { isImmutable } from "./send.ts";
import { detach, hasMarks, transferList } from "./transfer.ts";
import { unpack } from "./unpack.ts";

/** Longest value that is tried by the hand codec. */
const SCRATCH_BYTES = 8 * 1024;

export interface ByteCodecOptions {
  readonly channel: Channel;
  /** The runtime's own writing and reading of values. */
  readonly serialize: (value: unknown) => Uint8Array;
  readonly deserialize: (bytes: Uint8Array) => unknown;
}

export class ByteCodec {
  readonly #options: ByteCodecOptions;
  readonly #out = new Uint8Array(SCRATCH_BYTES);
  readonly #in = new Uint8Array(SCRATCH_BYTES);
  readonly #encoder: Encoder;
  readonly #decoder: Decoder;
  /** Code of the user's may run while a value is written or read: a getter, or the module of an error's class. */
  #isBusy = false;

  constructor(options: ByteCodecOptions) {
    this.#options = options;
    this.#encoder = new Encoder(this.#out.buffer);
    this.#decoder = new Decoder(this.#in.buffer);
  }

  /**
   * @param root What an error calls the value.
   * @throws {SendError} Something in it cannot be sent.
   */
  encode(value: unknown, root: string): unknown {
    return isImmutable(value) ? value : this.write(value, root);
  }

  /**
   * The same, but an immutable value is written too.
   *
   * @param leave Gets the buffers that are marked to be moved, which are empty once the value is sent.
   */
  write(
    value: unknown,
    root: string,
    leave: typeof detach = detach,
  ): Uint8Array | readonly unknown[] {
    if (this.#isBusy) return new ByteCodec(this.#options).write(value, root, leave);
    this.#isBusy = true;
    try {
      if (hasMarks()) return this.#encodeAndMove(value, root, leave);
      const length = this.#encoder.write(value, 0, SCRATCH_BYTES);
      return length === DECLINED ? this.#encodeByRuntime(value, root) : this.#out.slice(0, length);
    } catch (refusal) {
      if (refusal instanceof SendError) throw refusal;
      throw sendError(value, root, refusal, this.#options.channel.carrier);
    } finally {
      this.#isBusy = false;
    }
  }

  #encodeByRuntime(value: unknown, root: string): readonly unknown[] {
    const { serialize, channel } = this.#options;
    if (isImmutable(value) || isPlain(value)) {
      try {
        return [serialize(value)];
      } catch {
        // Such as process.env: a copy of it can be written.
      }
    }
    return [serialize(pack(value, root, channel)), true];
  }

  /** Buffers that are marked to be moved: their bytes are copied all the same, and they are emptied. */
  #encodeAndMove(value: unknown, root: string, leave: typeof detach): readonly unknown[] {
    const packed = pack(value, root, this.#options.channel);
    const moved = transferList(value);
    const encoded = [this.#options.serialize(packed), true];
    if (moved.length > 0) leave(moved);
    return encoded;
  }

  decode(encoded: unknown): unknown {
    if (isImmutable(encoded)) return encoded;
    if (!(encoded instanceof Uint8Array)) return this.#decodeByRuntime(encoded as unknown[]);
    if (this.#isBusy) return new ByteCodec(this.#options).decode(encoded);
    this.#isBusy = true;
    try {
      this.#in.set(encoded);
      return this.#decoder.read(0);
    } finally {
      this.#isBusy = false;
    }
  }

  #decodeByRuntime([bytes, isPacked]: readonly unknown[]): unknown {
    const value = this.#options.deserialize(bytes as Uint8Array);
    return isPacked === true ? unpack(value as Packed, this.#options.channel) : value;
  }
}
