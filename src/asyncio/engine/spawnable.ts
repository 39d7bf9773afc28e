/** Telling apart what a task can be made of. */
import { isThenable } from "../../base/functions.ts";
import type { Coroutine, Suspend } from "../events.ts";

interface Iterated {
  [Symbol.iterator](): Iterator<Suspend, unknown, unknown>;
}

const generatorFunction: object = /* @__PURE__ */ Object.getPrototypeOf(function* () {});

/** Whether calling it only makes a generator, and runs none of its code. */
export function isGeneratorFunction(value: unknown): value is () => Coroutine<unknown> {
  return typeof value === "function" && Object.getPrototypeOf(value) === generatorFunction;
}

/** Whether it is a generator, or an object with a generator's methods. */
export function isCoroutine(value: unknown): value is Coroutine<unknown> {
  if (typeof value !== "object" || value === null) return false;
  const { next, throw: throwMethod } = value as Partial<Coroutine<unknown>>;
  return typeof next === "function" && typeof throwMethod === "function";
}

/** Whether it can be waited for by `yield*`: a coroutine, a future, an operation of heddle's. */
export function isIterated(value: unknown): value is Iterated {
  if (typeof value !== "object" || value === null) return false;
  if (typeof (value as Partial<Iterated>)[Symbol.iterator] !== "function") return false;
  return isCoroutine(value) || isThenable(value);
}
