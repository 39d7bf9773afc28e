/** What promises have besides `then`, made of it. */

/** The type of `catch`. */
export type Catch<T> = <E = never>(
  // oxlint-disable-next-line typescript/no-explicit-any -- as in Promise
  onRejected?: ((reason: any) => E | PromiseLike<E>) | null,
) => Promise<T | E>;

/** The type of `finally`. */
export type Finally<T> = (onFinally?: (() => unknown) | null) => Promise<T>;

/** Adds `catch` and `finally` to what has `then`. */
export function addCatchAndFinally(prototype: PromiseLike<unknown>): void {
  define(prototype, "catch", function catchRejection(onRejected) {
    return this.then(undefined, onRejected as never);
  });
  define(prototype, "finally", function callFinally(onFinally) {
    if (typeof onFinally !== "function") return this.then();
    return this.then(
      async (value) => {
        await onFinally();
        return value;
      },
      async (reason: unknown) => {
        await onFinally();
        throw reason;
      },
    );
  });
}

function define(
  prototype: PromiseLike<unknown>,
  name: string,
  value: (this: PromiseLike<unknown>, callback: unknown) => PromiseLike<unknown>,
): void {
  Object.defineProperty(prototype, name, { value, writable: true, configurable: true });
}
