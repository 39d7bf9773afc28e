/** Values that have been packed (see pack.ts), as the receiver has them. */
import { SendError } from "../errors.ts";
import type { Channel, SentSignal } from "./channel.ts";
import { isClassText } from "../base/functions.ts";
import { asBuffer } from "./buffers.ts";
import { bareError, finishError } from "./error-description.ts";
import type { Content, Packed, PackedThrown } from "./pack.ts";
import { isNative } from "./nature.ts";
import { isContainer, replaceParts } from "./parts.ts";

type InstanceContent = Extract<Content, { readonly kind: "instance" }>;
type CodeContent = Extract<Content, { readonly kind: "instance" | "function" }>;

/** What the receiver of values needs. */
export type Receiver = Pick<Channel, "handles"> & {
  readonly signalReceiver?: { receive(sent: SentSignal): unknown } | undefined;
  readonly code: Pick<Channel["code"], "load" | "loadLater" | "isCopy">;
};

/**
 * The receiver has yet to load code that is in a value, which takes waiting. Nothing has happened
 * to the value: who can wait calls {@link load}, and then receives it again.
 */
export class NotLoaded extends SendError {
  readonly #missing: readonly CodeContent[];
  readonly #receiver: Receiver;

  constructor(missing: readonly CodeContent[], receiver: Receiver) {
    const [first] = missing as readonly [CodeContent];
    super(
      `Cannot receive ${inWords(first)}: it takes waiting to load it in this thread, ` +
        "which blocks. Use the form of the method that returns a promise",
      { path: first.name },
    );
    this.#missing = missing;
    this.#receiver = receiver;
  }

  /** Never fails: what cannot be loaded, receiving the value again says. */
  async load(): Promise<void> {
    const { code } = this.#receiver;
    await Promise.all(this.#missing.map(({ reference }) => code.loadLater(reference)));
  }
}

/** Whether code in a value has yet to be loaded here: then what {@link unpack} would throw. */
export function lacksCode({ contents }: Packed, receiver: Receiver): NotLoaded | undefined {
  const missing = contents
    .filter(isCode)
    .filter(({ reference }) => receiver.code.load(reference) === undefined);
  return missing.length === 0 ? undefined : new NotLoaded(missing, receiver);
}

function isCode(content: Content): content is CodeContent {
  return (
    typeof content !== "number" && (content.kind === "function" || content.kind === "instance")
  );
}

/**
 * Calls what receives a value, and once more if there is code to be loaded before.
 *
 * @returns A promise only then.
 */
export function whenLoaded<T>(receive: () => T): T | Promise<T> {
  try {
    return receive();
  } catch (error) {
    if (!(error instanceof NotLoaded)) throw error;
    return error.load().then(receive);
  }
}

/**
 * Puts into the holes of a value what belongs there. No code of the user's has seen the value yet.
 *
 * @throws {NotLoaded} A function or class in it takes waiting to load.
 * @throws {SendError} A function or class in it cannot be had here.
 */
export function unpack(packed: Packed, receiver: Receiver): unknown {
  return new Unpacker(packed, receiver, false).value(packed.packed);
}

/** The same for what was thrown: what cannot be had is text. */
export function unpackThrown(packed: PackedThrown, receiver: Receiver): unknown {
  const unpacker = new Unpacker(packed, receiver, true);
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
  /** The functions, and classes of objects, by the indexes of their contents; or why they cannot be had. */
  readonly #code = new Map<number, Function | string>();
  readonly #takesText: boolean;

  constructor({ holes, contents }: Packed, receiver: Receiver, takesText: boolean) {
    this.#contents = contents;
    this.#receiver = receiver;
    this.#takesText = takesText;
    this.#findCode();
    for (const [i, hole] of holes.entries()) if (hole !== undefined) this.#indexes.set(hole, i);
    // All of them are there before any of them gets its fields: they may refer to each other.
    try {
      for (const [i, content] of contents.entries()) this.objects.push(this.#shell(content, i));
    } catch (error) {
      this.#dropRest();
      throw error;
    }
    for (const [i, content] of contents.entries()) this.#finish(content, i);
  }

  /** Before anything else, since it may have to be done again. */
  #findCode(): void {
    const missing: CodeContent[] = [];
    for (const [i, content] of this.#contents.entries()) {
      if (!isCode(content)) continue;
      const found = this.#receiver.code.load(content.reference);
      if (found !== undefined) this.#code.set(i, found);
      else if (this.#takesText) this.#code.set(i, "it takes waiting to load it");
      else missing.push(content);
    }
    if (missing.length > 0) throw new NotLoaded(missing, this.#receiver);
  }

  /** The shared objects after the one that cannot be had, which no agent receives. */
  #dropRest(): void {
    for (const content of this.#contents.slice(this.objects.length + 1))
      if (typeof content === "number") this.#receiver.handles?.unsend(content);
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
    const { name } = this.#contents[index] as InstanceContent;
    throw new SendError(
      `Cannot receive an object: the arguments that "${name}" makes it of contain it`,
      { path: name },
    );
  }

  #shell(content: Content, index: number): unknown {
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
        return bareError(content, this.#receiver.code.load);
      case "function":
        return this.#codeOf(content, index);
      default:
        return this.#shellOf(content, index);
    }
  }

  #shellOf(content: InstanceContent, index: number): unknown {
    if (content.args !== undefined) return UNMADE;
    const Class = this.#codeOf(content, index);
    return typeof Class === "string" ? Class : Object.create(Class.prototype as object);
  }

  #finish(content: Content, index: number): void {
    if (typeof content === "number") return;
    if (content.kind === "part") this.value(content.value);
    else if (content.kind === "error") {
      finishError(this.objects[index] as Error, content, ([at, value]) =>
        at === -1 ? this.value(value) : this.#made(at),
      );
    } else if (content.kind === "function") this.#giveFields(index, content, 0);
    else if (content.kind === "instance" && content.args === undefined) {
      this.#giveFields(index, content, content.hidden);
    } else if (content.kind === "instance") this.#made(index);
  }

  /** @param hidden How many at the end of the list are not enumerable. */
  #giveFields(index: number, { keys, values }: CodeContent, hidden: number): void {
    const object = this.objects[index];
    if (typeof object === "string") return; // it stands in the place of one that cannot be had
    if (typeof object === "function" && !this.#receiver.code.isCopy(object)) return;
    for (const [i, key] of keys.entries()) {
      Object.defineProperty(object, key, {
        value: this.value(values[i]),
        enumerable: i < keys.length - hidden,
        writable: true,
        configurable: true,
      });
    }
  }

  #construct(index: number): unknown {
    const content = this.#contents[index] as InstanceContent;
    const { name } = content;
    this.objects[index] = MAKING;
    const make = this.#codeOf(content, index);
    if (typeof make === "string") return (this.objects[index] = make);
    const args = (content.args as readonly unknown[]).map((argument) => this.value(argument));
    const object: unknown = mustBeConstructed(make)
      ? Reflect.construct(make, args)
      : Reflect.apply(make, undefined, args);
    if (object === undefined) {
      throw new SendError(`Cannot receive an object: "${name}" returned nothing`, { path: name });
    }
    return (this.objects[index] = object);
  }

  #codeOf(content: CodeContent, index: number): Function | string {
    const found = this.#code.get(index) as Function | string;
    if (typeof found === "function") return found;
    if (this.#takesText) return `[${inWords(content)}]`;
    throw new SendError(`Cannot receive ${inWords(content)}: ${found}`, { path: content.name });
  }
}

function inWords({ kind, name }: CodeContent): string {
  return kind === "function" ? `the function "${name}"` : `an instance of ${name}`;
}

/** Also what the runtime has written in no language: `Map`. */
function mustBeConstructed(fn: Function): boolean {
  return isClassText(fn) || (isNative(fn) && Object.hasOwn(fn, "prototype"));
}
