/** The functions that a pool has been asked to run, each under a number the workers know it by. */
import { resolveFunction } from "#functions";
import type { FunctionReference } from "../shipping/function-reference.ts";
import type { FunctionMessage } from "./messages.ts";
import type { Wrapping } from "../calls/call.ts";

/** How a function stands: usable, still being looked for, or not to be had. */
export type FunctionEntry =
  | { readonly state: "ready"; readonly id: number }
  | { readonly state: "resolving"; readonly ready: Promise<number> };

export class FunctionTable {
  /** A function is another one to the workers in each of its wrappings. */
  readonly #entries: Readonly<Record<Wrapping, Entries>> = {
    none: new Entries(),
    context: new Entries(),
    rows: new Entries(),
    thread: new Entries(),
  };
  readonly #messages: FunctionMessage[] = [];
  readonly #announce: (message: FunctionMessage) => void;

  /** @param announce Tells the workers that exist about a new function. */
  constructor(announce: (message: FunctionMessage) => void) {
    this.#announce = announce;
  }

  /** The functions that a new worker receives. */
  get messages(): readonly FunctionMessage[] {
    return this.#messages;
  }

  /**
   * @throws {NotShippableError} Another thread could not run the function.
   * @throws {TypeError} `fn` is not a function.
   */
  lookUp(fn: Function, wrapping: Wrapping): FunctionEntry {
    const entries = this.#entries[wrapping];
    const known = entries.byFunction.get(fn);
    if (known !== undefined) return known;
    const reference = resolveFunction(fn);
    const entry: FunctionEntry =
      reference instanceof Promise
        ? { state: "resolving", ready: this.#finish(fn, reference, wrapping) }
        : { state: "ready", id: this.#idOf(reference, wrapping) };
    entries.byFunction.set(fn, entry);
    return entry;
  }

  async #finish(
    fn: Function,
    resolving: Promise<FunctionReference>,
    wrapping: Wrapping,
  ): Promise<number> {
    const { byFunction } = this.#entries[wrapping];
    try {
      const id = this.#idOf(await resolving, wrapping);
      byFunction.set(fn, { state: "ready", id });
      return id;
    } catch (error) {
      byFunction.delete(fn);
      throw error;
    }
  }

  #idOf(reference: FunctionReference, wrapping: Wrapping): number {
    const { idByReference } = this.#entries[wrapping];
    const known = idByReference.get(reference);
    if (known !== undefined) return known;
    const message: FunctionMessage = {
      kind: "function",
      id: this.#messages.length,
      reference,
      wrapping,
    };
    this.#messages.push(message);
    this.#announce(message);
    idByReference.set(reference, message.id);
    return message.id;
  }
}

class Entries {
  readonly byFunction = new WeakMap<Function, FunctionEntry>();
  /** Functions with the same text share a reference: an arrow function in a loop is sent once. */
  readonly idByReference = new Map<FunctionReference, number>();
}
