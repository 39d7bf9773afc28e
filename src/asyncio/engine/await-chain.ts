/**
 * Whether the code of a task awaits what is about to be rejected, directly or through others.
 *
 *   await Promise.race([sleep(1000), other]);   // `other` was first
 *   await another;                              // the sleep is still there: awaited by no one
 *
 * A cancellation that is thrown into such a wait reaches no code. Promises do not tell who
 * awaits them, but V8 follows them for its asynchronous stack traces: from the promise that
 * the running reaction settles, over awaits, `then`, and the combinators that are not settled
 * yet, to the outermost function. So the error is not given to the wait directly: the wait's
 * promise is resolved with one that a reaction of ours rejects, and there the stack is read.
 * If it ends in a function of ours that awaits the task's own promise, the task has the error.
 *
 * A function that the stack must show if the engine follows promises at all, {@link asking},
 * tells that it does. JavaScriptCore and SpiderMonkey do not.
 */
import { withUserFrames } from "../../wire/stack.ts";

const ROOT = "heddle: the task's own promise";
const CONTROL = "heddle: the wait that was cancelled";

/** By literal names, which no minifier changes. */
const marked = {
  async "heddle: the task's own promise"(settled: PromiseLike<unknown>): Promise<void> {
    await settled;
  },
  async "heddle: the wait that was cancelled"(...look: Parameters<typeof lookAndThrow>) {
    await lookAndThrow(...look);
  },
};

/** Says of a promise that whatever it awaits is awaited by the task, or by a part of it. */
export function markAsRoot(settled: PromiseLike<unknown>): void {
  void marked[ROOT](settled);
}

/**
 * Rejects what waits by means of `resolve`, and tells whether a promise that is marked as a
 * root awaits that; undefined where the engine does not say.
 */
export function rejectAndLook(
  resolve: (value: unknown) => void,
  error: unknown,
  looked: (isAwaited: boolean | undefined) => void,
): void {
  let open: () => void = () => undefined;
  const gate = new Promise<void>((opened) => {
    open = opened;
  });
  // In this order: the waiting promise hangs on to this one before the stack is read.
  resolve(marked[CONTROL](gate, error, looked));
  open();
}

async function lookAndThrow(
  gate: Promise<void>,
  error: unknown,
  looked: (isAwaited: boolean | undefined) => void,
): Promise<never> {
  await gate;
  const names = asyncStack();
  looked(names.includes(CONTROL) ? names.includes(ROOT) : undefined);
  throw withUserFrames(error) as Error;
}

/** A frame, as V8 and JavaScriptCore give it. */
interface Site {
  getFunctionName?(): string | null;
}

interface StackSettings {
  stackTraceLimit?: number | undefined;
  prepareStackTrace?: ((error: unknown, sites: readonly Site[]) => unknown) | undefined;
}

/** More functions than await each other in sensible programs. */
const MOST_FRAMES = 200;

/** The names of the functions on the asynchronous stack; none where they cannot be had. */
function asyncStack(): readonly unknown[] {
  const settings = Error as unknown as StackSettings;
  const { stackTraceLimit, prepareStackTrace } = settings;
  const hadPrepare = Object.hasOwn(settings, "prepareStackTrace");
  try {
    settings.stackTraceLimit = MOST_FRAMES;
    settings.prepareStackTrace = (_, sites) => sites.map((site) => site.getFunctionName?.());
    const names: unknown = new Error("asynchronous stack").stack;
    return Array.isArray(names) ? names : [];
  } catch {
    return []; // Error is frozen
  } finally {
    restore(settings, { stackTraceLimit, prepareStackTrace, hadPrepare });
  }
}

function restore(
  settings: StackSettings,
  { stackTraceLimit, prepareStackTrace, hadPrepare }: StackSettings & { hadPrepare: boolean },
): void {
  try {
    if (stackTraceLimit !== undefined) settings.stackTraceLimit = stackTraceLimit;
    if (hadPrepare) settings.prepareStackTrace = prepareStackTrace;
    else delete settings.prepareStackTrace;
  } catch {
    // Error is frozen: nothing was changed.
  }
}
