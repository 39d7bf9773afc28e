/** The functions that a pool has been asked to run, each under a number the workers know it by. */
import { resolveFunction } from "#functions";
import { isClassText } from "../base/functions.ts";
import { NotShippableError } from "../errors.ts";
import type { FunctionReference } from "../shipping/function-reference.ts";
import { hasProperties, isMadeAnew, references } from "../shipping/references.ts";
import type { FunctionMessage } from "./messages.ts";
import type { Wrapping } from "../calls/call.ts";

/** How a function stands: usable, still being looked for, or not to be had. */
export type FunctionEntry =
  | ReadyEntry
  | {
      readonly state: "resolving";
      readonly ready: Promise<number>;
      readonly isMadeAnew: false;
      readonly check?: undefined;
    };

interface ReadyEntry {
  readonly state: "ready";
  readonly id: number;
  /** Whether workers make it of its text alone. */
  readonly isMadeAnew: boolean;
  /** Throws if something has changed since that the function reads. */
  readonly check: (() => void) | undefined;
}

const RESOLVING = { state: "resolving", isMadeAnew: false } as const;

/** Why no agent may block for the result of a call whose function is still being looked for. */
export const STILL_RESOLVING: string =
  "Cannot block for the result: the function's module awaits at its top level, so looking the function up " +
  "takes a turn of the event loop. Await the result, or mark the function with task()";

export class FunctionTable {
  /** A function is another one to the workers in each of its wrappings. */
  readonly #entries: Readonly<Record<Wrapping, Entries>> = {
    none: new Entries(),
    context: new Entries(),
    rows: new Entries(),
    thread: new Entries(),
    process: new Entries(),
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
   * @throws {NotShippableError} Another thread could not run the function, or it gives no one
   *   result, or something has changed that it reads.
   * @throws {TypeError} `fn` is not a function.
   */
  lookUp(fn: Function, wrapping: Wrapping): FunctionEntry {
    const entries = this.#entries[wrapping];
    const known = entries.byFunction.get(fn);
    // One that has got properties since is another to the worker, or is refused.
    if (known !== undefined && !(known.isMadeAnew && hasProperties(fn))) {
      known.check?.();
      return known;
    }
    // A thread's object, or a process's, is made of its class.
    if (wrapping !== "thread" && wrapping !== "process") checkCallable(fn);
    const reference = resolveFunction(fn);
    const entry: FunctionEntry =
      reference instanceof Promise
        ? { ...RESOLVING, ready: this.#finish(fn, reference, wrapping) }
        : this.#ready(reference, wrapping);
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
      const entry = this.#ready(await resolving, wrapping);
      byFunction.set(fn, entry);
      return entry.id;
    } catch (error) {
      byFunction.delete(fn);
      throw error;
    }
  }

  #ready(reference: FunctionReference, wrapping: Wrapping): ReadyEntry {
    const id = this.#idOf(reference, wrapping);
    const check = references().checks.get(reference);
    return { state: "ready", id, isMadeAnew: isMadeAnew(reference), check };
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

/** Refuses what a worker could run in vain only: a class, and what gives its results one by one. */
function checkCallable(fn: Function): void {
  if (typeof fn !== "function") return; // which is refused where it is looked for
  const named = fn.name === "" ? "(anonymous)" : `"${fn.name}"`;
  const refuse = (what: string, why: string): never => {
    throw new NotShippableError(`Cannot ship the ${what} ${named}: ${why}`, {
      functionName: fn.name,
    });
  };
  if (isClassText(fn))
    refuse("class", "it is to be constructed, not called. Ship a function that makes an instance");
  if (/Generator/.test(Object.prototype.toString.call(fn))) {
    refuse(
      "generator function",
      "a call has one result, and this one would give its values one by one. Return them in an " +
        "array, or put each into a queue that you pass as an argument",
    );
  }
}

class Entries {
  readonly byFunction = new WeakMap<Function, FunctionEntry>();
  /** Functions with the same text share a reference: an arrow function in a loop is sent once. */
  readonly idByReference = new Map<FunctionReference, number>();
}
