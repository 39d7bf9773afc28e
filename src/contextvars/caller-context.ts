/**
 * What a callback is called in: what was current where it was registered.
 *
 * The runtime itself has what a program keeps in `AsyncLocalStorage` follow promises, timers
 * and awaits, and with it the ambient scope (contents.ts). It does not follow a function that
 * heddle keeps and calls later: a loop, a pump or a server calls it from wherever they run,
 * and there it would find what another request has left. So the context is captured where a
 * function is handed to heddle, and restored around each call.
 *
 * There are two kinds. A callback runs in a copy of the context variables, made where it is
 * registered, as Python's handles do: what it sets is not seen by the code that registered it.
 * It belongs to no task. A continuation, which `then` is given, goes on with the code that
 * waits, as after an await: with the same variables, in the same task.
 *
 * To capture takes 38 ns on Node 24, 20 to 40 on Bun, 130 to 320 on Deno, with the closure that is
 * made; to restore 30, 30, and 280 to 500 (the fastest and the median of 400 interleaved batches of
 * 1000, on a busy machine). Promises do both themselves, for less: what `await` and `then` wait for
 * is a promise, so that `submit`, awaits and the waits of locks and queues capture nothing, which
 * test/unit/contextvars/captures.test.ts counts. A generator's task does both by itself, once and
 * for each step: of 990 ns for making one and waiting for its end, 80 are that, and 130 of 1650 for
 * one with four `sleep(0)` (Node 24, with and without it in turns). Neither can be left out: no
 * public API tells whether a context is empty, or the same as another, or has been changed by
 * `enterWith` since it was entered. And two tasks cannot share a capture: on Node 20 and 22, that
 * is where `enterWith` writes.
 */
import { platform } from "#platform";
import type { AsyncScope } from "../platform/platform.ts";
import {
  type Contents,
  contextState,
  copyContents,
  currentContents,
  runInScope,
} from "./contents.ts";

type Fn<A extends unknown[], R> = (...args: A) => R;

/** Calls functions as the code that captured it would. */
export class CallerContext {
  readonly #scope: AsyncScope = platform.asyncScope();
  /** Current in the function, if the async scope does not say so. */
  readonly #contents: Contents | undefined;

  constructor() {
    this.#contents = platform.asyncContext ? contextState().step : currentContents();
  }

  call<A extends unknown[], R>(fn: Fn<A, R>, ...args: A): R {
    return this.#scope.runInAsyncScope(callAsStep<A, R>, undefined, this.#contents, fn, args);
  }

  /** The function, to be called in the context; what is not a function as it is. */
  bound<F>(fn: F): F {
    if (typeof fn !== "function") return fn;
    return ((...args: unknown[]) =>
      this.call(fn as unknown as Fn<unknown[], unknown>, ...args)) as F;
  }
}

/** Whether a promise that the calling code makes does not restore its context variables. */
export function needsCallerContext(): boolean {
  return contextState().step !== undefined || !platform.asyncContext;
}

/** The function, to be called later as a callback of the calling code. */
export function asCallback<A extends unknown[], R>(fn: Fn<A, R>): Fn<A, R> {
  const scope = platform.asyncScope();
  const contents = copyContents(currentContents());
  return (...args) => scope.runInAsyncScope(callDetached<A, R>, undefined, contents, fn, args);
}

/** Calls a function with these variables current, as no part of a task. */
export function callDetached<A extends unknown[], R>(contents: Contents, fn: Fn<A, R>, args: A): R {
  // Where no ambient value is there, none is made: that is dear (contents.ts).
  if (contextState().ambient === undefined) return callAsStep(contents, fn, args);
  return runInScope({ contents, task: null }, () => fn(...args));
}

/** Calls a function as a step in which these variables are current, or what is ambient. */
export function callAsStep<A extends unknown[], R>(
  contents: Contents | undefined,
  fn: Fn<A, R>,
  args: A,
): R {
  const state = contextState();
  const { step, stepTask } = state;
  state.step = contents;
  state.stepTask = null;
  try {
    return fn(...args);
  } finally {
    state.step = step;
    state.stepTask = stepTask;
  }
}

/** What an iterator is for code that only asks it for items: it gives them, or promises of them. */
export interface Asked<R> {
  next(): R;
  return(value: undefined): R;
}

/** An iterator whose code runs in the calling code's context, whichever code asks it for items. */
export function iteratorInContext<R>(iterator: Asked<R>): Asked<R> {
  const context = new CallerContext();
  return {
    next: () => context.call(() => iterator.next()),
    return: () => context.call(() => iterator.return(undefined)),
  };
}
