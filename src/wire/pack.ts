/**
 * Values that structured clone would not copy right, made such that it does.
 *
 * Whatever needs care is replaced by an empty object, a hole, and what belongs into the holes
 * is listed beside the value in the same message, where structured clone keeps the holes the
 * same objects:
 *
 *   value     { lock: Lock-3, error: TypeError }
 *   message   { packed: { lock: {}₁, error: {}₂ }, holes: [{}₁, {}₂],
 *               contents: [address of Lock-3, description of the error] }
 *
 * What belongs into a hole may have holes itself: errors that are each other's causes, objects
 * that refer to each other. All contents are in one flat list, and what is nested too deep
 * is a content of its own, so neither packing nor unpacking goes deeper than MAX_DEPTH, and
 * structured clone does not either. The packer visits objects in the order in which
 * structured clone does: what it has cut, structured clone finds cut.
 *
 * A content that only another content refers to is named by its index, without a hole, so that
 * an error with a chain of causes is a tree, which the hand codec writes.
 */
import type { WebAbortSignal } from "../base/web-types.ts";
import { type Channel, type CodeReference, reports, type SentSignal } from "./channel.ts";
import { describeError, type EncodedError, inWords } from "./error-description.ts";
import { isBuffer } from "./buffers.ts";
import { addressOf } from "./handles.ts";
import {
  CONTAINER,
  ERROR,
  INSTANCE,
  isClonedWhole,
  isError,
  LEAF,
  natureOf,
  refusalOfSignal,
  SHARED,
  SIGNAL,
  VIEW,
} from "./nature.ts";
import { emptyLike, replaceParts } from "./parts.ts";
import { isWhole, MAX_DEPTH } from "./plain.ts";
import { findCulprit, Refusal, refused } from "./send-error.ts";
import { hasMarks, isMarked, transferList } from "./transfer.ts";

/** Errors of one value whose stacks are sent: to write and send them takes longer than all else. */
const MOST_STACKS = 1000;

/** What belongs into a hole; a number is the address of a shared object. */
export type Content =
  | number
  | PartContent
  | BufferContent
  | ErrorContent
  | FunctionContent
  | InstanceContent
  | SignalContent;

/** A container that lies too deep. */
interface PartContent {
  readonly kind: "part";
  readonly value: unknown;
}

/** A Buffer, which structured clone takes for a Uint8Array. */
interface BufferContent {
  readonly kind: "buffer";
  readonly bytes: Uint8Array;
}

interface ErrorContent extends EncodedError {
  readonly kind: "error";
}

/** A function or a class. */
interface FunctionContent {
  readonly kind: "function";
  readonly reference: CodeReference;
  readonly name: string;
  readonly keys: readonly string[];
  readonly values: readonly unknown[];
}

interface InstanceContent {
  readonly kind: "instance";
  readonly reference: CodeReference;
  /** What errors call the class, or what makes the object. */
  readonly name: string;
  /** Arguments for what makes the object; without, it is made of its fields. */
  readonly args: readonly unknown[] | undefined;
  readonly keys: readonly string[];
  readonly values: readonly unknown[];
  /** How many fields at the end of the list are not enumerable. */
  readonly hidden: number;
}

interface SignalContent {
  readonly kind: "signal";
  /** Why it was aborted. */
  readonly reason: PackedThrown | undefined;
  /** How it is forwarded, if it may still abort. */
  readonly sent: SentSignal | undefined;
}

/** A value with holes in it, and what belongs there. */
export interface Packed {
  readonly packed: unknown;
  /** By index of their contents; where no value has the hole, it is undefined. */
  readonly holes: readonly (object | undefined)[];
  readonly contents: readonly Content[];
}

/**
 * Packs a value.
 *
 * @param root What an error calls it.
 * @throws {SendError} Something in it cannot be sent.
 */
export function pack(value: unknown, root: string, channel: Channel): Packed {
  try {
    const packer = new Packer(channel);
    return packer.finish(packer.pack(value));
  } catch (error) {
    if (hasMarks()) transferList(value); // marks are for one attempt
    throw error instanceof Refusal ? refused(error, value, root, channel) : error;
  }
}

/** Packs what was thrown; what cannot be sent is text. */
export function packThrown(thrown: unknown, channel: Channel): PackedThrown {
  const packer = new Packer(channel);
  const at = isError(thrown) ? packer.indexOf(thrown) : -1;
  if (at !== -1) return { ...packer.finish(undefined), at };
  const sent = packer.packIfPossible(thrown);
  return { ...packer.finish(sent === undefined ? inWords(thrown) : sent.packed), at };
}

/** A thrown value, packed: the content with the index `at`, or `packed` if that is -1. */
export interface PackedThrown extends Packed {
  readonly at: number;
}

/** Counts the handles in what is about to be sent. */
export function sendHandles(packed: Packed, { handles }: Channel): void {
  for (const address of addressesIn(packed)) handles?.send(address);
}

/** Takes that back, of what will not be received. */
export function unsendHandles(packed: Packed, { handles }: Pick<Channel, "handles">): void {
  for (const address of addressesIn(packed)) handles?.unsend(address);
}

/** The addresses of the shared objects in it. */
export function addressesIn({ contents }: Packed): readonly number[] {
  return contents.filter((content) => typeof content === "number");
}

/** Whether a packed value may be received only once. */
export function hasHandles(packed: Packed): boolean {
  return addressesIn(packed).length > 0;
}

class Packer {
  readonly #channel: Channel;
  /** Copies of containers and views; for what has a hole, the index of its content. */
  readonly #copies = new Map<object, object | number>();
  readonly #holes: (object | undefined)[] = [];
  readonly #contents: Content[] = [];
  /** Makes the contents that are still missing, in order. */
  readonly #ahead: (() => Content)[] = [];

  constructor(channel: Channel) {
    this.#channel = channel;
  }

  finish(packed: unknown): Packed {
    // Each may add others.
    for (const [i, make] of this.#ahead.entries()) {
      if (make !== undefined) this.#contents[i] = make();
    }
    return { packed, holes: this.#holes, contents: this.#contents };
  }

  pack(value: unknown, depth: number = 0): unknown {
    if (typeof value === "function") return this.#function(value);
    if (typeof value !== "object" || value === null) {
      if (typeof value === "symbol") throw new Refusal(value);
      return value;
    }
    const known = this.#copies.get(value);
    if (known !== undefined) return typeof known === "number" ? this.#hole(known) : known;
    const nature = natureOf(value, this.#channel.carrier);
    switch (nature) {
      case LEAF:
        return value;
      case CONTAINER:
        if (depth < MAX_DEPTH) return this.#copy(value, depth);
        return this.#hole(
          this.#add(value, () => ({ kind: "part", value: this.#fill(emptyLike(value), value, 0) })),
        );
      case VIEW:
        return this.#view(value as ArrayBufferView);
      case SHARED:
        return this.#hole(this.#add(value, addressOf(value) as number));
      case ERROR:
        return this.#hole(this.indexOf(value as Error));
      case INSTANCE:
        return this.#instance(value);
      case SIGNAL:
        return this.#signal(value as WebAbortSignal);
      default:
        throw new Refusal(value, nature);
    }
  }

  /** Undefined if there is something in the value that cannot be sent. */
  packIfPossible(value: unknown): { readonly packed: unknown } | undefined {
    try {
      const { carrier, code } = this.#channel;
      if (findCulprit(value, "", carrier, code) !== undefined) return undefined;
      return { packed: this.pack(value) };
    } catch {
      return undefined; // code of the value's own has thrown
    }
  }

  indexOf(error: Error): number {
    const known = this.#copies.get(error);
    if (known !== undefined) return known as number;
    const keepsFrames = this.#contents.length < MOST_STACKS;
    return this.#add(error, () => ({
      kind: "error",
      ...describeError(error, {
        keepsFrames,
        locate: this.#channel.code.locate,
        indexOf: (other) => this.indexOf(other),
        pack: (value) => this.packIfPossible(value),
      }),
    }));
  }

  /** @returns The index of the new content. */
  #add(value: object, content: Content | (() => Content)): number {
    const index = this.#contents.length;
    this.#copies.set(value, index);
    this.#holes.push(undefined);
    if (typeof content === "function") this.#ahead[index] = content;
    else this.#ahead.length = index + 1;
    return this.#contents.push(typeof content === "function" ? 0 : content) - 1;
  }

  #hole(index: number): object {
    return (this.#holes[index] ??= {});
  }

  #copy(container: object, depth: number): object {
    const copy = emptyLike(container);
    this.#copies.set(container, copy); // before its parts, so that a cycle finds it
    return this.#fill(copy, container, depth);
  }

  #fill(copy: object, container: object, depth: number): object {
    replaceParts(container, copy, (part) => this.pack(part, depth + 1));
    return copy;
  }

  #view(view: ArrayBufferView): unknown {
    const bytes = isWhole(view) || isMarked(view.buffer) ? view : ownBytes(view);
    if (isBuffer(view)) {
      const plain = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      return this.#hole(this.#add(view, { kind: "buffer", bytes: plain }));
    }
    if (bytes !== view) this.#copies.set(view, bytes);
    return bytes;
  }

  #signal(signal: WebAbortSignal): object {
    const { carrier, signalSender } = this.#channel;
    const refusal = refusalOfSignal(signal, carrier);
    if (refusal !== undefined && signalSender === undefined) throw new Refusal(signal, refusal);
    const make = (): SignalContent =>
      signal.aborted
        ? {
            kind: "signal",
            reason: packThrown(signal.reason, reports(this.#channel.code)),
            sent: undefined,
          }
        : { kind: "signal", reason: undefined, sent: signalSender?.send(signal) };
    return this.#hole(this.#add(signal, make));
  }

  #function(fn: Function): object {
    const known = this.#copies.get(fn);
    if (known !== undefined) return this.#hole(known as number);
    const described = this.#channel.code.describeFunction(fn);
    if (typeof described === "string") throw new Refusal(fn, described);
    const { reference, hasFields } = described;
    const make = (): Content => {
      const keys = hasFields ? Object.keys(fn) : [];
      const fields = fn as unknown as Record<string, unknown>;
      const values = keys.map((key) => this.pack(fields[key]));
      return { kind: "function", reference, name: fn.name, keys, values };
    };
    return this.#hole(this.#add(fn, make));
  }

  #instance(instance: object): unknown {
    const { code, carrier } = this.#channel;
    const described = code.describe(instance);
    if (typeof described === "string") {
      // Some of the runtime's classes look like any other, and structured clone knows them.
      if (carrier.messageOnly && isClonedWhole(instance)) return instance;
      throw new Refusal(instance, described);
    }
    const { reference, name, args } = described;
    const make = (): Content => {
      if (args !== undefined) {
        const packed = args.map((argument) => this.pack(argument));
        return { kind: "instance", reference, name, args: packed, keys: [], values: [], hidden: 0 };
      }
      const shown = Object.keys(instance);
      const all = Object.getOwnPropertyNames(instance);
      const keys = [...shown, ...all.filter((key) => !shown.includes(key))];
      const values = keys.map((key) => this.pack((instance as Record<string, unknown>)[key]));
      const hidden = all.length - shown.length;
      return { kind: "instance", reference, name, args, keys, values, hidden };
    };
    return this.#hole(this.#add(instance, make));
  }
}

/** The same view, on a copy of its own bytes. */
function ownBytes(view: ArrayBufferView): ArrayBufferView {
  const { buffer, byteOffset, byteLength } = view;
  const own = buffer.slice(byteOffset, byteOffset + byteLength);
  if (isBuffer(view)) return new Uint8Array(own);
  const View = view.constructor as new (buffer: ArrayBufferLike) => ArrayBufferView;
  return new View(own);
}
