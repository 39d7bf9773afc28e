/** The functions of a pool as one of its workers has them: loaded when first called. */
import { loadFunction } from "../shipping/load.ts";
import type { FunctionReference } from "../shipping/function-reference.ts";
import type { FunctionMessage } from "./messages.ts";
import type { Wrappers } from "./wrapping.ts";

export class WorkerFunctions {
  readonly #messages: FunctionMessage[] = [];
  readonly #loaded: (Function | undefined)[] = [];
  readonly #names: string[] = [];
  readonly #wrappers: Wrappers;

  constructor(messages: readonly FunctionMessage[], wrappers: Wrappers) {
    this.#wrappers = wrappers;
    for (const message of messages) this.add(message);
  }

  add(message: FunctionMessage): void {
    this.#messages[message.id] = message;
  }

  has(id: number): boolean {
    return this.#messages[id] !== undefined;
  }

  /** The function, when it has been loaded. */
  loaded(id: number): Function | undefined {
    return this.#loaded[id];
  }

  /** Loads the function: at once where its text was sent, later where its module must be imported. */
  load(id: number): Function | Promise<Function> {
    const fn = loadFunction((this.#messages[id] as FunctionMessage).reference);
    return fn instanceof Promise ? fn.then((loaded) => this.#keep(id, loaded)) : this.#keep(id, fn);
  }

  #keep(id: number, fn: Function): Function {
    this.#names[id] = fn.name;
    const wrap = this.#wrappers[this.#messages[id]?.wrapping ?? "none"];
    return (this.#loaded[id] = wrap === undefined ? fn : wrap(fn, this.moduleOf(id)));
  }

  /** What the user calls the function; undefined for what a thread or a process runs. */
  nameOf(id: number): string | undefined {
    const wrapping = this.#messages[id]?.wrapping;
    return wrapping === "thread" || wrapping === "process" ? undefined : (this.#names[id] ?? "");
  }

  /** The modules of all functions that have been loaded. */
  modules(): string[] {
    const urls = this.#loaded.map((_, id) => this.moduleOf(id));
    return [...new Set(urls.filter((url) => url !== undefined))];
  }

  /** The module that the function came from. */
  moduleOf(id: number): string | undefined {
    return moduleOf(this.#messages[id]?.reference);
  }
}

/** The module that a function comes from, if it comes from one. */
export function moduleOf(reference: FunctionReference | undefined): string | undefined {
  return reference === undefined || reference.kind === "source" ? undefined : reference.url;
}
