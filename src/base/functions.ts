/** Functions and promises that users pass. */
import { isObject } from "./options.ts";
import { wrongType } from "./text.ts";

/** Any function. Python: none */
// oxlint-disable-next-line typescript/no-explicit-any -- the only parameter type that accepts every function
export type AnyFunction = (...args: any[]) => unknown;

/**
 * Returns the function that a user gave.
 *
 * @param what The parameter, as an error names it: `Thread: "target"`.
 * @throws {TypeError} It is not a function.
 */
export function checkedFunction<F>(fn: F, what: string): F {
  if (typeof fn === "function") return fn;
  throw wrongType(what, "a function", fn);
}

/**
 * Whether it is a list of something. What tasks wait for is iterable, too, but no list: a future
 * gives itself until it is done.
 */
export function isIterable(value: unknown): value is Iterable<unknown> {
  return (
    typeof (value as Partial<Iterable<unknown>> | null | undefined)?.[Symbol.iterator] ===
      "function" && !isThenable(value)
  );
}

/**
 * Returns what a user gave to be iterated over.
 *
 * @throws {TypeError} It is not iterable.
 */
export function checkedIterable<T>(items: Iterable<T>, what: string): Iterable<T> {
  if (isIterable(items)) return items;
  throw wrongType(what, "iterable", items);
}

/** Whether it is an object with methods of these names. */
export function hasMethods(value: unknown, names: readonly PropertyKey[]): value is object {
  return (
    isObject(value) &&
    names.every((name) => typeof (value as Record<PropertyKey, unknown>)[name] === "function")
  );
}

/** Whether it is a class, as far as its text shows: what a compiler made a function of is one. */
export function isClassText(fn: Function): boolean {
  return /^class\b/.test(Function.prototype.toString.call(fn));
}

/** Whether `await` would wait for it. */
export function isThenable(value: unknown): value is PromiseLike<unknown> {
  return isObject(value) && typeof (value as Partial<PromiseLike<unknown>>).then === "function";
}

const SETTLED: Promise<void> = /* @__PURE__ */ Promise.resolve();

/**
 * Calls a function that does not throw in a microtask. Where the runtime makes an async resource of
 * each `queueMicrotask`, it takes three times as long.
 */
export function inMicrotask(fn: () => void): void {
  void SETTLED.then(fn);
}

/** The text of a native function, as it was last seen: the same for all, and quick to compare. */
let nativeText = "";

/**
 * Whether `then` was given this by `await` or a promise: nameless native functions of one parameter. A
 * bound function has a name.
 */
export function isNativeReaction(reaction: unknown): boolean {
  if (typeof reaction !== "function" || reaction.name !== "") return false;
  const text = Function.prototype.toString.call(reaction);
  if (text !== nativeText && !text.endsWith("[native code] }")) return false;
  nativeText = text;
  return reaction.length === 1;
}
