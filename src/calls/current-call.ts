/**
 * The call of a pool that the calling agent runs, as code in it sees it.
 *
 * An agent runs one call at a time. Its worker says which; the code that asks may have loaded
 * another copy of heddle, so the answer is found through the thread's registry.
 */
import { threadRegistry } from "../base/registry.ts";
import type { WebAbortSignal } from "../base/web-types.ts";
import { CancelledError } from "../errors.ts";
import { lookFirst } from "./look-first.ts";

/**
 * A call that a worker runs, as code in it sees it. It remains about that call when it is over.
 *
 * Python: none
 */
export interface CurrentCall {
  /** The name that it was given, or else that of its function, which may be empty. Python: none */
  readonly name: string;
  /**
   * Whether the call has been asked to stop, by `future.cancel({ running: true })`. Looks at shared
   * memory, so that a loop that never awaits can ask. Python: none
   */
  readonly cancelRequested: boolean;
  /**
   * Aborted, with a `CancelledError`, once the call has been asked to stop: for `fetch` and others that
   * take a signal. Code that never awaits learns of it when it asks `aborted`. Python: none
   */
  readonly signal: WebAbortSignal;
}

interface Finder {
  find: () => CurrentCall | undefined;
  rename: (name: string) => void;
}

function finder(): Finder {
  return threadRegistry("current call@1", () => ({
    find: () => undefined,
    rename: () => undefined,
  }));
}

/** The call that the calling agent runs has a name of its own. */
export function nameCurrentCall(name: string): void {
  finder().rename(name);
}

/** The call that the calling agent runs; undefined outside one. */
export function findCurrentCall(): CurrentCall | undefined {
  return finder().find();
}

/** The error by which a call says that it stops because it has been asked to. */
export function stopAsAsked(): CancelledError {
  return new CancelledError("The call was asked to stop");
}

class RunningCall implements CurrentCall {
  readonly name: string;
  /** Undefined once the call is over. */
  #isAsked: (() => boolean) | undefined;
  #wasAsked = false;
  #controller: AbortController | undefined;
  #isAborting = false;

  constructor(name: string, isAsked: () => boolean) {
    this.name = name;
    this.#isAsked = isAsked;
  }

  get cancelRequested(): boolean {
    if (!this.#wasAsked && this.#isAsked?.() === true) this.#wasAsked = true;
    return this.#wasAsked;
  }

  get signal(): WebAbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      lookFirst(this.#controller.signal, () => this.look());
      this.look();
    }
    return this.#controller.signal;
  }

  /** Aborts the signal, if there is one and there is a request. */
  look(): void {
    const controller = this.#controller;
    if (controller === undefined || !this.cancelRequested) return;
    if (this.#isAborting) return; // a runtime asks the signal itself while it aborts it
    this.#isAborting = true;
    controller.abort(stopAsAsked());
  }

  end(): void {
    this.look();
    this.#isAsked = undefined;
  }
}

/** A worker's: which call it runs. */
export class CallInProgress {
  readonly #nameOf: (functionId: number) => string | undefined;
  readonly #isAsked: (id: number) => boolean;
  #id = -1;
  #functionId = 0;
  /** That of the call, if it is not the function's. */
  #name: string | undefined;
  /** Made when code in the call asks for it. */
  #call: RunningCall | undefined;

  /**
   * @param nameOf The name of a function; undefined if its calls are not those of an executor.
   * @param isAsked Whether the call of that id, which runs, has been asked to stop.
   */
  constructor(
    nameOf: (functionId: number) => string | undefined,
    isAsked: (id: number) => boolean,
  ) {
    this.#nameOf = nameOf;
    this.#isAsked = isAsked;
    const registered = finder();
    registered.find = () => this.#find();
    registered.rename = (name) => (this.#name = name);
  }

  begin(id: number, functionId: number): void {
    this.#id = id;
    this.#functionId = functionId;
    this.#name = undefined;
  }

  /** The message has come that there may be a request. */
  look(): void {
    this.#call?.look();
  }

  /** The call is over, and its outcome has not been published yet. */
  end(): void {
    this.#call?.end();
    this.#call = undefined;
    this.#id = -1;
  }

  #find(): CurrentCall | undefined {
    const id = this.#id;
    if (id === -1 || this.#call !== undefined) return this.#call;
    const name = this.#name ?? this.#nameOf(this.#functionId);
    if (name !== undefined) this.#call = new RunningCall(name, () => this.#isAsked(id));
    return this.#call;
  }
}
