/**
 * What a barrier's last arriver does, in whichever thread that is: the function
 * itself where the barrier was made, and elsewhere the one of the same name.
 *
 * How it is found there is a text in the barrier's block: its length, and two
 * code units a word.
 */
import { load, store } from "../memory/atomics.ts";
import {
  type DescribedFunction,
  describeFunction,
  referenceIn,
} from "../shipping/described-function.ts";
import type { FunctionReference } from "../shipping/function-reference.ts";
import { loadFunction, loadFunctionSync } from "../shipping/load.ts";

export type Action = () => unknown;

/** The action of one barrier, as one agent has it. */
export class BarrierAction {
  readonly #description: DescribedFunction | undefined;
  #function: Action | undefined;

  constructor(description: DescribedFunction | undefined, fn?: Action) {
    this.#description = description;
    this.#function = fn;
  }

  /** The function; a promise only where a module must be loaded first. */
  load(): Action | Promise<Action> {
    if (this.#function !== undefined) return this.#function;
    const loaded = loadFunction(this.#reference) as Action | Promise<Action>;
    return loaded instanceof Promise ? loaded.then(this.#keep) : this.#keep(loaded);
  }

  loadSync(): Action {
    return (this.#function ??= loadFunctionSync(this.#reference) as Action);
  }

  readonly #keep = (fn: Action): Action => (this.#function = fn);

  get #reference(): FunctionReference {
    const attempt = "Cannot wait for the barrier: this thread cannot run its action";
    return referenceIn(this.#description as DescribedFunction, attempt);
  }
}

/** Says how other threads find the function. */
export function describeAction(fn: Action): string {
  return JSON.stringify(describeFunction(fn));
}

export function parseAction(text: string): BarrierAction {
  return new BarrierAction(JSON.parse(text) as DescribedFunction);
}

/** Words that a text needs. */
export function wordsOfText(text: string): number {
  return 1 + Math.ceil(text.length / 2);
}

export function writeText(words: Int32Array, at: number, text: string): void {
  for (let i = 0; i < text.length; i += 2) {
    const second = i + 1 < text.length ? text.charCodeAt(i + 1) : 0;
    store(words, at + 1 + i / 2, text.charCodeAt(i) | (second << 16));
  }
  store(words, at, text.length);
}

export function readText(words: Int32Array, at: number): string {
  const length = load(words, at);
  let text = "";
  for (let i = 0; i < length; i++) {
    const word = load(words, at + 1 + (i >> 1));
    text += String.fromCharCode((i & 1) === 0 ? word & 0xffff : word >>> 16);
  }
  return text;
}
