/** Telling apart what a task can be made of, and beginning it: once. */
import { kindOf } from "../../base/text.ts";
import { isObject } from "../../base/options.ts";
import { isThenable } from "../../base/functions.ts";
import { RuntimeError } from "../../errors.ts";
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
  if (!isObject(value)) return false;
  const { next, throw: throwMethod } = value as Partial<Coroutine<unknown>>;
  // An asynchronous generator gives promises, which no task waits for.
  const isGenerator = typeof next === "function" && typeof throwMethod === "function";
  return isGenerator && !(Symbol.asyncIterator in value);
}

/** Whether it can be waited for by `yield*`: a coroutine, a future, an operation of heddle's. */
export function isIterated(value: unknown): value is Iterated {
  if (!isObject(value)) return false;
  const { [Symbol.iterator]: iterate } = value as Partial<Iterated>;
  return typeof iterate === "function" && (isCoroutine(value) || isThenable(value));
}

/** An operation that is written by hand, and notes whether it has begun. */
interface Noted {
  operationHasBegun: boolean;
}

/**
 * Begins a coroutine. Later waits for it are refused: what ran once would give nothing the
 * second time.
 *
 * A generator has no place for such a note but its own properties, and `yield*` asks for one
 * of them: its iterator. Operations have a state that says it: a property that is added makes
 * another shape of each of their classes, and all that handles them slower.
 *
 * @throws {RuntimeError} It has begun already.
 */
export function beginOnce<C extends object>(coroutine: C): C {
  if (hasBegun(coroutine)) refuse();
  note(coroutine);
  return coroutine;
}

/** Does the same for an operation. */
export function beginNoted<C extends Noted>(operation: C): C {
  if (operation.operationHasBegun) refuse();
  operation.operationHasBegun = true;
  return operation;
}

/** Whether it runs, or has run. */
export function hasBegun(coroutine: object): boolean {
  const { operationHasBegun, [Symbol.iterator]: iterate } = coroutine as Partial<Noted & Iterated>;
  return operationHasBegun === true || iterate === refuse;
}

/** Closes a coroutine that is not going to run. */
export function close(coroutine: Coroutine<unknown>): void {
  note(coroutine);
  coroutine.return(undefined);
}

function note(coroutine: object): void {
  (coroutine as { [Symbol.iterator]: () => unknown })[Symbol.iterator] = refuse;
}

function refuse(): never {
  throw new RuntimeError(
    "Cannot reuse already awaited coroutine: it runs once. Make another one, or a task, which can be awaited again",
  );
}

/**
 * The error for what no task can be made of.
 *
 * @param attempt What cannot be done, as the error says it.
 */
export function notSpawnable(
  value: unknown,
  attempt: string,
  what: string = describe(value),
): TypeError {
  return new TypeError(`${attempt}: expected a coroutine, got ${what}`);
}

function describe(value: unknown): string {
  if (isThenable(value))
    return "a promise: what it stands for runs already; pass a function, such as () => work(1), or use fromPromise()";
  const what = kindOf(value);
  return `${what === "object" ? "this object" : what}: a coroutine or a function is needed`;
}
