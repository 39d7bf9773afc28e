/** Values that have been packed (see pack.ts), as the receiver has them. */
import { SendError } from "../errors.ts";
import type { Channel, SentSignal } from "./channel.ts";
import { asBuffer } from "./buffers.ts";
import { bareError, finishError } from "./error-description.ts";
import type { Content, Packed, PackedThrown } from "./pack.ts";
import { isContainer, replaceParts } from "./parts.ts";

type InstanceContent = Extract<Content, { readonly kind: "instance" }>;

/** What the receiver of values needs. */
export type Receiver = Pick<Channel, "handles"> & {
  readonly signalReceiver?: { receive(sent: SentSignal): unknown } | undefined;
  readonly classes: Pick<Channel["classes"], "load">;
};

/**
 * Puts into the holes of a value what belongs there. No code of the user's has seen the value yet.
 *
 * @throws {SendError} The class of an object cannot be loaded here.
 */
export function unpack(packed: Packed, receiver: Receiver): unknown {
  return new Unpacker(packed, receiver).value(packed.packed);
}

/** The same for what was thrown. */
export function unpackThrown(packed: PackedThrown, receiver: Receiver): unknown {
  const unpacker = new Unpacker(packed, receiver);
  return packed.at === -1 ? unpacker.value(packed.packed) : unpacker.objects[packed.at];
}

/** In place of an object whose making needs others. */
const UNMADE = Symbol("unmade");
/** In place of one that is being made. */
const MAKING = Symbol("making");

class Unpacker {
  /** What the contents stand for. */
  readonly objects: unknown[] = [];
  readonly #contents: readonly Content[];
  readonly #receiver: Receiver;
  readonly #indexes = new Map<object, number>();
  readonly #met = new Set<object>();

  constructor({ holes, contents }: Packed, receiver: Receiver) {
    this.#contents = contents;
    this.#receiver = receiver;
    for (const [i, hole] of holes.entries()) if (hole !== undefined) this.#indexes.set(hole, i);
    // All of them are there before any of them gets its fields: they may refer to each other.
    for (const content of contents) this.objects.push(this.#shell(content));
    for (const [i, content] of contents.entries()) this.#finish(content, i);
  }

  value(value: unknown): unknown {
    if (typeof value !== "object" || value === null) return value;
    const index = this.#indexes.get(value);
    if (index !== undefined) return this.#made(index);
    if (this.#met.has(value)) return value;
    this.#met.add(value);
    if (isContainer(value)) replaceParts(value, value, (part) => this.value(part));
    return value;
  }

  #made(index: number): unknown {
    const object = this.objects[index];
    if (object === UNMADE) return this.#construct(index);
    if (object !== MAKING) return object;
    const { exportName } = this.#contents[index] as InstanceContent;
    throw new SendError(
      `Cannot receive an object: the arguments that "${exportName}" makes it of contain it`,
      { path: exportName },
    );
  }

  #shell(content: Content): unknown {
    if (typeof content === "number") return this.#receiver.handles?.receive(content);
    switch (content.kind) {
      case "part":
        return content.value;
      case "buffer":
        return asBuffer(content.bytes);
      case "signal":
        return content.sent === undefined
          ? AbortSignal.abort(content.reason && unpackThrown(content.reason, this.#receiver))
          : this.#receiver.signalReceiver?.receive(content.sent);
      case "error":
        return bareError(content, this.#receiver.classes.load);
      default:
        return content.args === undefined
          ? (Object.create(this.#load(content).prototype as object) as object)
          : UNMADE;
    }
  }

  #finish(content: Content, index: number): void {
    if (typeof content === "number") return;
    if (content.kind === "part") this.value(content.value);
    else if (content.kind === "error") {
      finishError(this.objects[index] as Error, content, ([at, value]) =>
        at === -1 ? this.value(value) : this.#made(at),
      );
    } else if (content.kind === "instance" && content.args === undefined) {
      const { keys, values, hidden } = content;
      for (const [i, key] of keys.entries()) {
        Object.defineProperty(this.objects[index], key, {
          value: this.value(values[i]),
          enumerable: i < keys.length - hidden,
          writable: true,
          configurable: true,
        });
      }
    } else if (content.kind === "instance") this.#made(index);
  }

  #construct(index: number): unknown {
    const content = this.#contents[index] as InstanceContent;
    const { exportName } = content;
    this.objects[index] = MAKING;
    const make = this.#load(content);
    const args = (content.args as readonly unknown[]).map((argument) => this.value(argument));
    const object: unknown = isClass(make)
      ? Reflect.construct(make, args)
      : Reflect.apply(make, undefined, args);
    if (object === undefined) {
      throw new SendError(`Cannot receive an object: "${exportName}" returned nothing`, {
        path: exportName,
      });
    }
    return (this.objects[index] = object);
  }

  #load({ url, exportName }: InstanceContent): Function {
    const loaded = this.#receiver.classes.load({ url, exportName });
    if (typeof loaded === "function") return loaded;
    throw new SendError(
      `Cannot receive an instance of ${exportName}: its class cannot be loaded from ${url} without ` +
        "waiting for it. Import it before",
      { path: exportName },
    );
  }
}

function isClass(fn: Function): boolean {
  return /^class\b/.test(Function.prototype.toString.call(fn));
}
