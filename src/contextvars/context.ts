import { platform } from "#platform";
import { KeyError } from "../errors.ts";
import { checkedFunction, isThenable } from "../base/functions.ts";
import { isObject } from "../base/options.ts";
import { kindOf, wrongType, showAsText } from "../base/text.ts";
import {
  CONTENTS,
  type Contents,
  copyContents,
  currentContents,
  emptyContents,
  runWith,
  snapshot,
} from "./contents.ts";
import type { ContextVar } from "./context-var.ts";
import { isVariable } from "./variables.ts";

let hasWarned = false;

function warnOfLoss(): void {
  if (hasWarned) return;
  hasWarned = true;
  platform.errorStream.write(
    "Context.run was given an async function. This runtime cannot follow it past its first await: " +
      "run synchronous code, or a task with the option context\n",
  );
}

/** Whether the value is a context, of whichever copy of heddle. Not public. */
export function isContext(value: unknown): value is Context {
  return isObject(value) && CONTENTS in value;
}

/** What a context holds. Not public. */
export function contentsOf(context: Context): Contents {
  const contents = (context as Partial<{ readonly [CONTENTS]: Contents }> | null)?.[CONTENTS];
  if (contents !== undefined) return contents;
  throw new TypeError(`Cannot use the context: expected a Context, got ${kindOf(context)}`);
}

/** The context that holds these. Not public. */
export let contextOf: (contents: Contents) => Context;

/**
 * The values of {@link ContextVar}s: what one request, task or test sees of them.
 *
 * Code that is called by {@link Context.run} reads and sets the variables of that
 * context, and so does whatever it awaits or leaves to timers and callbacks.
 * Outside any `run`, code has the context of its thread, which begins empty.
 *
 * A context is a read-only mapping from variables to values; only
 * {@link ContextVar.set} and {@link ContextVar.reset} change it. Never waits.
 *
 * Python: `contextvars.Context`
 * Differs: asynchronous code that starts in a context stays in it; in Python, tasks get a copy.
 *   Iteration gives the variables, as in Python, not entries as with a Map.
 *
 * @example
 * ```ts
 * import { Context, ContextVar } from "heddle/contextvars";
 *
 * const locale = new ContextVar("locale", { default: "en" });
 * const context = new Context();
 * await context.run(async () => {
 *   await Promise.resolve();
 *   locale.set("fr");
 * });
 * console.log(context.get(locale), locale.get()); // fr en
 * for (const variable of context) console.log(variable.name); // locale
 * ```
 */
export class Context {
  #contents: Contents = emptyContents();

  static {
    showAsText(this.prototype);
    contextOf = (contents) => {
      // Another copy of heddle may have made one, of a class of its own.
      if (contents.context instanceof Context) return contents.context;
      const context = new Context();
      context.#contents = contents;
      contents.context = context;
      return context;
    };
  }

  /** @internal */
  get [CONTENTS](): Contents {
    this.#contents.context ??= this;
    return this.#contents;
  }

  /**
   * Makes an empty context; {@link copyContext} makes one like the current.
   *
   * Python: `contextvars.Context`
   *
   * @throws {TypeError} Arguments were given.
   */
  constructor() {
    if (arguments.length > 0) throw new TypeError("Context: the constructor takes no arguments");
  }

  /**
   * Calls `fn` with this context as the current one, and returns what it returns.
   *
   * What `fn` leaves to be done later, after awaits and in timers, runs in this
   * context too. It is entered until `fn` returns, be it with a promise: before
   * that promise settles, other code may enter the context.
   *
   * Python: `contextvars.Context.run`
   *
   * Differs: takes no keyword arguments. Asynchronous code that `fn` starts stays in the context;
   *   not in browsers, where a warning is written to the console, once.
   *
   * @throws {TypeError} `fn` is not a function.
   * @throws {RuntimeError} The context is entered already: the calling code runs
   *   in it, or was called from code that does.
   *
   * @example
   * ```ts
   * import { ContextVar, copyContext } from "heddle/contextvars";
   *
   * const level = new ContextVar("level", { default: 0 });
   * const context = copyContext();
   * const add = (n: number): number => {
   *   level.set(level.get() + n);
   *   return level.get();
   * };
   * console.log(context.run(add, 2), context.run(add, 3)); // 2 5
   * console.log(level.get()); // 0
   * ```
   */
  run<A extends unknown[], R>(fn: (...args: A) => R, ...args: A): R {
    checkedFunction(fn, "Context.run: fn");
    const returned = runWith(this.#contents, () => fn(...args));
    if (!platform.asyncContext && isThenable(returned)) warnOfLoss();
    return returned;
  }

  /**
   * Makes a context with the same values. Changes in one do not show in the other.
   *
   * Takes the same time however many values there are.
   *
   * Python: `contextvars.Context.copy`
   */
  copy(): Context {
    return contextOf(copyContents(this.#contents));
  }

  /** How many variables have a value here. Python: `contextvars.Context.__len__` */
  get size(): number {
    return this.#contents.values.size;
  }

  /**
   * Whether the variable has a value here; its default is none.
   *
   * Python: `contextvars.Context.__contains__`
   *
   * @throws {TypeError} `variable` is not a ContextVar.
   */
  has(variable: ContextVar<unknown>): boolean {
    return this.#contents.values.has(checkedVariable(variable));
  }

  /**
   * Returns the variable's value here, or else `fallback`; the variable's default does not count.
   *
   * Python: `contextvars.Context.get`
   *
   * @throws {TypeError} `variable` is not a ContextVar.
   */
  get<T>(variable: ContextVar<T>): T | undefined;
  get<T, D>(variable: ContextVar<T>, fallback: D): T | D;
  get(variable: ContextVar<unknown>, fallback?: unknown): unknown {
    return this.has(variable) ? this.#contents.values.get(variable) : fallback;
  }

  /**
   * Returns the variable's value here; the variable's default does not count.
   *
   * Python: `contextvars.Context.__getitem__`
   *
   * @throws {KeyError} The variable has no value here.
   * @throws {TypeError} `variable` is not a ContextVar.
   *
   * @example
   * ```ts
   * import { Context, ContextVar } from "heddle/contextvars";
   *
   * const user = new ContextVar("user", { default: "nobody" });
   * const context = new Context();
   * try {
   *   context.lookup(user);
   * } catch (error) {
   *   console.log((error as Error).name); // KeyError
   * }
   * context.run(() => user.set("ada"));
   * console.log(context.lookup(user)); // ada
   * ```
   */
  lookup<T>(variable: ContextVar<T>): T {
    if (!this.has(variable)) {
      throw new KeyError(`Cannot look up ${String(variable)}: it has no value in the context`);
    }
    return this.#contents.values.get(variable) as T;
  }

  /** The variables that have a value here and now. Python: `contextvars.Context.keys` */
  keys(): IterableIterator<ContextVar<unknown>> {
    return this.#snapshot().keys();
  }

  /** The values that are here now. Python: `contextvars.Context.values` */
  values(): IterableIterator<unknown> {
    return this.#snapshot().values();
  }

  /** The variables and their values, as they are now. Python: `contextvars.Context.items` */
  entries(): IterableIterator<[ContextVar<unknown>, unknown]> {
    return this.#snapshot().entries();
  }

  /** The variables that have a value here and now. Python: `contextvars.Context.__iter__` */
  [Symbol.iterator](): IterableIterator<ContextVar<unknown>> {
    return this.keys();
  }

  /**
   * Whether the other is a context in which the same variables have the same values.
   *
   * Values are compared as by a Map's keys: objects by identity.
   *
   * Python: `contextvars.Context.__eq__`
   * Differs: a method in place of `==`. Values are compared by identity; Python compares them by
   *   `==`.
   */
  equals(other: unknown): boolean {
    if (!isContext(other)) return false;
    const [mine, theirs] = [this.#contents.values, contentsOf(other).values];
    if (mine === theirs) return true;
    if (mine.size !== theirs.size) return false;
    for (const [variable, value] of mine) {
      // As === says, but for NaN.
      const isSame = [theirs.get(variable)].includes(value);
      if (!isSame || !theirs.has(variable)) return false;
    }
    return true;
  }

  /** How many variables have a value. Python: `contextvars.Context.__repr__` */
  toString(): string {
    return `<Context size=${this.size}>`;
  }

  get [Symbol.toStringTag](): string {
    return "Context";
  }

  #snapshot(): ReadonlyMap<ContextVar<unknown>, unknown> {
    return snapshot(this.#contents) as ReadonlyMap<ContextVar<unknown>, unknown>;
  }
}

/**
 * Makes a context with the values that variables have now. Changes in one do not show in the other.
 *
 * Takes the same time however many values there are. Never waits.
 *
 * Python: `contextvars.copy_context`
 *
 * @example
 * ```ts
 * import { ContextVar, copyContext } from "heddle/contextvars";
 *
 * const user = new ContextVar<string>("user");
 * user.set("ada");
 * const context = copyContext();
 * user.set("bob");
 * console.log(context.lookup(user)); // ada
 * console.log(context.run(() => user.get())); // ada
 * ```
 */
export function copyContext(): Context {
  return contextOf(copyContents(currentContents()));
}

/** @throws {TypeError} It is not a ContextVar. */
function checkedVariable(variable: ContextVar<unknown>): ContextVar<unknown> {
  if (isVariable(variable)) return variable;
  throw wrongType("Context: the key", "a ContextVar", variable);
}
