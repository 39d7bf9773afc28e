/** What code in a call of an executor can ask about it. */
import { type CurrentCall, findCurrentCall, stopAsAsked } from "../../calls/current-call.ts";

/**
 * The executor's call that the calling worker runs; undefined outside one, as in the main thread, in a
 * `Thread`, and in an initializer. Never waits.
 *
 * Code that a call has left behind, such as a timer, sees the call that its worker runs by then: keep
 * what this returned during the call.
 *
 * Python: none
 *
 * @example End a request when the call is cancelled
 * ```ts
 * import { currentCall, ThreadPoolExecutor } from "heddle/concurrent/futures";
 *
 * const pool = new ThreadPoolExecutor({ maxWorkers: 1 });
 * async function download(): Promise<string> {
 *   const { signal } = currentCall()!;
 *   return new Promise((_, reject) => {
 *     setTimeout(reject, 60_000, new Error("no answer")); // or fetch(url, { signal })
 *     signal.addEventListener("abort", () => reject(signal.reason));
 *   });
 * }
 * const call = pool.submit(download);
 * while (!call.running()) await new Promise((resolve) => setTimeout(resolve, 1));
 * call.cancel({ running: true, grace: Infinity });
 * await call.catch((error: Error) => console.log(error.name)); // CancelledError
 * await pool.shutdown({ wait: false });
 * ```
 */
export function currentCall(): CurrentCall | undefined {
  return findCurrentCall();
}

/**
 * Whether the call that the calling worker runs has been asked to stop, by
 * `future.cancel({ running: true })`. Never waits; a loop that never awaits can ask it, in shared memory.
 * False outside a call.
 *
 * Python: none
 *
 * @example
 * ```ts
 * import { cancelRequested, ThreadPoolExecutor } from "heddle/concurrent/futures";
 *
 * const pool = new ThreadPoolExecutor({ maxWorkers: 1 });
 * const count = (): number => {
 *   let n = 0;
 *   while (!cancelRequested()) n++;
 *   return n;
 * };
 * const counting = pool.submit(count);
 * while (!counting.running()) await new Promise((resolve) => setTimeout(resolve, 1));
 * counting.cancel({ running: true, grace: Infinity });
 * console.log(typeof (await counting.result().catch(() => 0))); // number
 * await pool.shutdown();
 * ```
 */
export function cancelRequested(): boolean {
  return findCurrentCall()?.cancelRequested ?? false;
}

/**
 * Throws if the call that the calling worker runs has been asked to stop. If the call lets the error
 * out, its future is cancelled. Never waits.
 *
 * Python: none
 *
 * @throws {CancelledError} It has.
 *
 * @example
 * ```ts
 * import { throwIfCancelled } from "heddle/concurrent/futures";
 *
 * throwIfCancelled(); // outside a call there is nothing to cancel
 * ```
 */
export function throwIfCancelled(): void {
  if (cancelRequested()) throw stopAsAsked();
}
