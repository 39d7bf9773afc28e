/** What promises have besides `then`, made of it. */
import { define } from "./define.ts";

/** The type of `catch`. */
export type Catch<T> = <E = never>(
  // oxlint-disable-next-line typescript/no-explicit-any -- as in Promise
  onRejected?: ((reason: any) => E | PromiseLike<E>) | null,
) => Promise<T | E>;

/** The type of `finally`. */
export type Finally<T> = (onFinally?: (() => unknown) | null) => Promise<T>;

type Thenable = PromiseLike<unknown>;

/** Adds `catch` and `finally` to what has `then`. */
export function addCatchAndFinally(prototype: Thenable): void {
  define(prototype, "catch", function catchRejection(this: Thenable, onRejected: unknown) {
    return this.then(undefined, onRejected as never);
  });
  define(prototype, "finally", function callFinally(this: Thenable, onFinally: unknown) {
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
