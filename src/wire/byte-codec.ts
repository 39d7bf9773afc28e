/**
 * Values as bytes, for an agent that shares no memory with this one.
 *
 *   any immutable value   itself
 *   Uint8Array            what the hand codec has written
 *   [bytes]               what the runtime has written, as structured clone would copy it
 *   [bytes, true]         likewise, with holes for errors (see handles.ts), and their descriptions
 *
 * A value is encoded before it is part of a message, so that one that cannot be sent spoils
 * no message, and no channel of a runtime copies, drops or flattens what it does not know.
 */
import { SendError } from "../errors.ts";
import { Decoder } from "./decode.ts";
import { DECLINED, Encoder } from "./encode.ts";
import { fill, punch, type Punched } from "./handles.ts";
import type { ClassLookup } from "./remote-error.ts";
import { canCarry, type Carrier, checkCarried, sendError } from "./send-error.ts";
import { isImmutable } from "./send.ts";
import { hasMarks, transferList } from "./transfer.ts";
import { valueCodec } from "./value-codec.ts";

/** Longest value that is tried by the hand codec. */
const SCRATCH_BYTES = 8 * 1024;

export interface ByteCodecOptions {
  readonly classes: ClassLookup;
  /** What the bytes are for. */
  readonly carrier: Carrier;
  /** The runtime's own writing and reading of values. */
  readonly serialize: (value: unknown) => Uint8Array;
  readonly deserialize: (bytes: Uint8Array) => unknown;
}

export class ByteCodec {
  readonly #options: ByteCodecOptions;
  readonly #errors: Pick<ReturnType<typeof valueCodec>, "describeError" | "rebuildError">;
  readonly #out = new Uint8Array(SCRATCH_BYTES);
  readonly #in = new Uint8Array(SCRATCH_BYTES);
  readonly #encoder: Encoder;
  readonly #decoder: Decoder;
  /** Code of the user's may run while a value is written or read: a getter, or the module of an error's class. */
  #isBusy = false;

  constructor(options: ByteCodecOptions) {
    this.#options = options;
    const codec = valueCodec(options.classes, undefined, (value) =>
      canCarry(value, options.carrier),
    );
    this.#errors = codec;
    this.#encoder = new Encoder(this.#out.buffer, codec);
    this.#decoder = new Decoder(this.#in.buffer, codec);
  }

  /**
   * @param root What an error calls the value.
   * @throws {SendError} Something in it cannot be sent.
   */
  encode(value: unknown, root: string): unknown {
    if (isImmutable(value)) return value;
    if (this.#isBusy) return new ByteCodec(this.#options).encode(value, root);
    this.#isBusy = true;
    try {
      const moved = hasMarks() ? this.#listMoved(value, root) : [];
      const length = this.#encoder.write(value, 0, SCRATCH_BYTES);
      const encoded =
        length === DECLINED ? this.#encodeByRuntime(value, root) : this.#out.slice(0, length);
      // Its bytes have gone elsewhere, and it was promised to be empty then.
      if (moved.length > 0) structuredClone(undefined, { transfer: moved });
      return encoded;
    } catch (refusal) {
      if (refusal instanceof SendError) throw refusal;
      throw sendError(value, root, refusal, this.#options.carrier);
    } finally {
      this.#isBusy = false;
    }
  }

  #encodeByRuntime(value: unknown, root: string): readonly unknown[] {
    const { serialize, carrier } = this.#options;
    checkCarried(value, root, carrier);
    const punched = punch(value, (part) => (part instanceof Error ? part : undefined));
    if (punched === undefined) return [serialize(value)];
    const contents = punched.contents.map((error) => this.#errors.describeError(error));
    return [serialize({ ...punched, contents }), true];
  }

  /** The buffers that are marked to be moved; their bytes are copied all the same. */
  #listMoved(value: unknown, root: string): ArrayBuffer[] {
    const moved = transferList(value);
    if (moved.every((part) => part instanceof ArrayBuffer)) return moved;
    throw sendError(value, root, undefined, this.#options.carrier);
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

  #decodeByRuntime([bytes, isPunched]: readonly unknown[]): unknown {
    const value = this.#options.deserialize(bytes as Uint8Array);
    if (isPunched !== true) return value;
    const punched = value as Punched<unknown>;
    return fill({
      ...punched,
      contents: punched.contents.map((error) => this.#errors.rebuildError(error)),
    });
  }
}
