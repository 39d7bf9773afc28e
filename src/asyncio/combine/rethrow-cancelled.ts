import { CancelledError } from "../../errors.ts";

/**
 * Throws a {@link CancelledError} again, and does nothing with any other error.
 *
 * The first line of a `catch` that means to catch everything else: JavaScript has no
 * way of leaving cancellations out.
 *
 * Python: none
 *
 * @example
 * ```ts
 * import { rethrowCancelled, run, sleep } from "heddle/asyncio";
 *
 * await run(async () => {
 *   try {
 *     await sleep(1);
 *     throw new Error("broken");
 *   } catch (error) {
 *     rethrowCancelled(error);
 *     console.log(`failed: ${(error as Error).message}`); // failed: broken
 *   }
 * });
 * ```
 */
export function rethrowCancelled(error: unknown): void {
  if (error instanceof CancelledError) throw error;
}
