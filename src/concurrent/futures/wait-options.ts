/** How the waiting methods honour their options. */
import { TimeoutError } from "../../errors.ts";
import { NEVER, remaining } from "../../memory/deadline.ts";
import { checkedWait, type WaitOptions } from "../../waiting/wait-options.ts";

const LATE: unique symbol = /* @__PURE__ */ Symbol("late");

/**
 * Waits for what `subscribe` announces, no longer than the options say.
 *
 * @param names The method that waits, and what it waits for, as errors name them.
 * @param subscribe Starts listening; may call back at once. Returns how to stop.
 */
export async function withDeadline<T>(
  options: WaitOptions | undefined,
  { of, what }: { readonly of: string; readonly what: string },
  subscribe: (resolve: (value: T) => void) => () => void,
): Promise<T> {
  const { timeout, deadlineMs, signal } = checkedWait(options, of);
  const outcome = await new Promise<T | typeof LATE>((resolve, reject) => {
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
      resolve(LATE);
    };
    if (timeout === 0) expire();
    else timer = setTimeout(expire, remaining(deadlineMs));
  });
  if (outcome !== LATE) return outcome;
  // Made here, in a step of what the user awaits: so the stack names the line of the user's.
  throw new TimeoutError(`Timed out after ${timeout} ms waiting for ${what}`);
}
