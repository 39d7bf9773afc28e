/** The functions that a pool has been asked to run, each under a number the workers know it by. */
import type { FunctionReference } from "../task/function-reference.ts";
import { resolveFunction } from "../task/resolve.ts";
import type { FunctionMessage } from "./messages.ts";

/** How a function stands: usable, still being looked for, or not to be had. */
export type FunctionEntry =
  | { readonly state: "ready"; readonly id: number }
  | { readonly state: "resolving"; readonly ready: Promise<number> };

export class FunctionTable {
  readonly #entries = new Entries();
  /** The same functions, called once for each row of columns of arguments. */
  readonly #eachEntries = new Entries();
  readonly #messages: FunctionMessage[] = [];
  readonly #announce: (message: FunctionMessage) => void;

  /** @param announce Tells the workers that exist about a new function. */
  constructor(announce: (message: FunctionMessage) => void) {
    this.#announce = announce;
  }

  /** What a new worker must be told. */
  get messages(): readonly FunctionMessage[] {
    return this.#messages;
  }

  /**
   * @throws {NotShippableError} Another thread could not run the function.
   * @throws {TypeError} `fn` is no function.
   */
  lookUp(fn: Function, each: boolean): FunctionEntry {
    const entries = each ? this.#eachEntries : this.#entries;
    const known = entries.byFunction.get(fn);
    if (known !== undefined) return known;
    const reference = resolveFunction(fn);
    const entry: FunctionEntry =
      reference instanceof Promise
        ? { state: "resolving", ready: this.#finish(fn, reference, each) }
        : { state: "ready", id: this.#idOf(reference, each) };
    entries.byFunction.set(fn, entry);
    return entry;
  }

  async #finish(
    fn: Function,
    resolving: Promise<FunctionReference>,
    each: boolean,
  ): Promise<number> {
    const { byFunction } = each ? this.#eachEntries : this.#entries;
    try {
      const id = this.#idOf(await resolving, each);
      byFunction.set(fn, { state: "ready", id });
      return id;
    } catch (error) {
      byFunction.delete(fn);
      throw error;
    }
  }

  #idOf(reference: FunctionReference, each: boolean): number {
    const { idByReference } = each ? this.#eachEntries : this.#entries;
    const known = idByReference.get(reference);
    if (known !== undefined) return known;
    const message: FunctionMessage = {
      kind: "function",
      id: this.#messages.length,
      reference,
      each,
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
