/** Python's semaphore that notices a release too many. */
import { BOUNDED_SEMAPHORE } from "../program/kinds.ts";
import { Semaphore } from "./semaphore.ts";

/**
 * A semaphore that never has more permits than at first: to give back one too many is an error.
 *
 * It can be an argument or a message: it arrives in the other thread as the same semaphore.
 *
 * Python: `threading.BoundedSemaphore`
 *
 * @example
 * ```ts
 * import { BoundedSemaphore } from "heddle/threading";
 *
 * const semaphore = new BoundedSemaphore(2);
 * semaphore.acquireSync();
 * console.log(String(semaphore)); // <BoundedSemaphore-1 value=1/2>
 * semaphore.release();
 * try {
 *   semaphore.release();
 * } catch (error) {
 *   console.log((error as Error).name); // RangeError
 * }
 * ```
 */
export class BoundedSemaphore extends Semaphore {
  /** Which kind of shared object the instances are. @internal */
  static override readonly kind: number = BOUNDED_SEMAPHORE;
}
