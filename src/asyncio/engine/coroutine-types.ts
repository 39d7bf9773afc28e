/** What can be waited for, and what can be made a task. Types only. */

declare const SUSPEND: unique symbol;

/**
 * What a coroutine hands to its loop when it has to wait. Only heddle's own operations make one.
 *
 * Python: none
 */
export interface Suspend {
  /** Exists in types only. */
  readonly [SUSPEND]: true;
}

/**
 * A generator that a task can run: `function* work(): Coroutine<number> { yield* sleep(1); return 2; }`.
 *
 * Calling the function runs nothing: as in Python, a coroutine runs when it is
 * waited for by `yield*`, or made a task.
 *
 * Python: `collections.abc.Coroutine`
 */
export type Coroutine<T> = Generator<Suspend, T, unknown>;

/**
 * An operation that starts when it is waited for: by `yield*` in a generator, by `await` in an async function.
 *
 * Python: `collections.abc.Awaitable`
 */
export interface Awaitable<T> extends PromiseLike<T> {
  /** Waits, by `yield*`. Python: `collections.abc.Awaitable` */
  [Symbol.iterator](): Iterator<Suspend, T, unknown>;
}

/**
 * What a task can be made of: a coroutine, any operation of heddle's, or a function that returns one, or a promise.
 *
 * An async function is given as it is, or in an arrow function with its arguments:
 * `createTask(() => work(1))`. Its promise is refused: it would run already, and
 * could not be cancelled.
 *
 * Python: none
 */
export type Spawnable<T> = Coroutine<T> | Awaitable<T> | (() => Coroutine<T> | PromiseLike<T>);

/** What the task of a {@link Spawnable} results in. Python: none */
export type Result<C> =
  C extends Generator<unknown, infer T, unknown>
    ? T
    : C extends PromiseLike<infer T>
      ? T
      : C extends () => Generator<unknown, infer T, unknown>
        ? T
        : C extends () => PromiseLike<infer T>
          ? T
          : never;

/**
 * The body of a block such as {@link timeout}: a generator function, an async function or a plain one.
 *
 * Python: none
 */
export type Body<A extends unknown[], T> = (...args: A) => Coroutine<T> | PromiseLike<T> | T;
