/** How the waiting methods honour their options. */
import { TimeoutError } from "../../errors.ts";
import { NEVER, remaining } from "../../memory/deadline.ts";
import { checkedWait, type WaitOptions } from "../../waiting/wait-options.ts";

/**
 * Waits for what `subscribe` announces, no longer than the options say.
 *
 * @param what What is waited for, as an error names it.
 * @param subscribe Starts listening; may call back at once. Returns how to stop.
 */
export function withDeadline<T>(
  options: WaitOptions | undefined,
  what: string,
  subscribe: (resolve: (value: T) => void) => () => void,
): Promise<T> {
  const { timeout, deadlineMs, signal } = checkedWait(options, `Waiting for ${what}`);
  return new Promise<T>((resolve, reject) => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let unsubscribe = (): void => {};
    let isOver = false;
    const end = (): void => {
      isOver = true;
      if (timer !== undefined) clearTimeout(timer);
      signal?.removeEventListener("abort", abort);
      unsubscribe();
    };
    const abort = (): void => {
      end();
      reject(signal?.reason);
    };
    unsubscribe = subscribe((value) => {
      end();
      resolve(value);
    });
    if (isOver) return;
    if (signal?.aborted === true) return abort();
    signal?.addEventListener("abort", abort);
    if (deadlineMs === NEVER) return;
    const expire = (): void => {
      end();
      reject(new TimeoutError(`Waited ${timeout} ms for ${what}`));
    };
    if (timeout === 0) expire();
    else timer = setTimeout(expire, remaining(deadlineMs));
  });
}
