/** The functions of a pool as one of its workers has them: loaded when first called. */
import { loadFunction } from "../task/load.ts";
import { forEachRow } from "./each-row.ts";
import type { FunctionMessage } from "./messages.ts";

export class WorkerFunctions {
  readonly #messages: FunctionMessage[] = [];
  readonly #loaded: (Function | undefined)[] = [];

  constructor(messages: readonly FunctionMessage[]) {
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
    const isEach = this.#messages[id]?.each === true;
    return (this.#loaded[id] = isEach ? forEachRow(fn, this.moduleOf(id)) : fn);
  }

  /** The modules of all functions that have been loaded. */
  modules(): string[] {
    const urls = this.#loaded.map((_, id) => this.moduleOf(id));
    return [...new Set(urls.filter((url) => url !== undefined))];
  }

  /** The module that the function came from. */
  moduleOf(id: number): string | undefined {
    const reference = this.#messages[id]?.reference;
    return reference === undefined || reference.kind === "source" ? undefined : reference.url;
  }
}
