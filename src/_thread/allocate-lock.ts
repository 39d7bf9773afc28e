import { Lock } from "./lock.ts";

/**
 * Returns a new lock, which is free.
 *
 * Python: `_thread.allocate_lock`
 *
 * @example
 * ```ts
 * import { allocateLock } from "heddle/_thread";
 *
 * const lock = allocateLock();
 * console.log(lock.acquireSync(), lock.acquireSync({ timeout: 0 })); // true false
 * ```
 */
export function allocateLock(): Lock {
  return new Lock();
}
