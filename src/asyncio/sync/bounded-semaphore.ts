import { Semaphore } from "./semaphore.ts";

/**
 * A {@link Semaphore} that refuses to have more permits than at first.
 *
 * Python: `asyncio.BoundedSemaphore`
 *
 * @example
 * ```ts
 * import { BoundedSemaphore } from "heddle/asyncio";
 *
 * const permits = new BoundedSemaphore(1);
 * try {
 *   permits.release();
 * } catch (error) {
 *   console.log(String(error)); // RangeError: Cannot release the BoundedSemaphore: all 1 of its permits are free
 * }
 * ```
 */
export class BoundedSemaphore extends Semaphore {
  readonly #most: number;

  /**
   *
   * Python: `asyncio.BoundedSemaphore`
   *
   * @param value How many permits there are.
   * @throws {TypeError} `value` is not an integer.
   * @throws {RangeError} `value` is below 0.
   */
  constructor(value: number = 1) {
    super(value);
    this.#most = value;
  }

  /**
   * Gives a permit back.
   *
   * Python: `asyncio.BoundedSemaphore.release`
   *
   * @throws {RangeError} There are as many as at first already.
   */
  override release(): void {
    if (this.value >= this.#most) {
      throw new RangeError(
        `Cannot release the BoundedSemaphore: all ${this.#most} of its permits are free`,
      );
    }
    super.release();
  }
}
