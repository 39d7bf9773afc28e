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
 * In the same way a wait that begins can be asked about: a function that has got a cancellation
 * may clean up, and that must not be taken for a sign that another one has.
 *
 * A function that the stack must show if the engine follows promises over `then`, too, tells
 * that it does. JavaScriptCore follows `await` and the combinators, but not `then`, nor a
 * promise that is returned: what its stacks do not show may be awaited all the same.
 * SpiderMonkey follows none.
 */
import { withStackLimit } from "../../base/text.ts";
import { withUserFrames } from "../../wire/stack.ts";

const ROOT = "heddle: task";
const CONTROL = "heddle: wait";

/** By literal names, which no minifier changes. */
const marked = {
  async "heddle: task"(settled: PromiseLike<unknown>): Promise<void> {
    await settled;
  },
  async "heddle: wait"(look: () => Promise<unknown>) {
    // oxlint-disable-next-line typescript/return-await -- this function must be on the stack
    return await look();
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
  hangOn(
    resolve,
    async () => {
      throw withUserFrames(error) as Error;
    },
    looked,
  );
}

/** A wait that begins: what settles it. */
interface Settling {
  resolve: (value: unknown) => void;
  reject: (reason: unknown) => void;
}

/** Tells of a wait that begins what {@link rejectAndLook} does of one that ends. */
export function lookAtBeginning(
  wait: Settling,
  looked: (isAwaited: boolean | undefined) => void,
): void {
  const { resolve } = wait;
  // By a call that is awaited: JavaScriptCore would not lead on from a promise that is resolved with another.
  const settled = new Promise<() => unknown>((settle) => {
    wait.resolve = (value) => settle(() => value);
    wait.reject = (reason) =>
      settle(() => {
        throw reason;
      });
  });
  const outcome = async (): Promise<unknown> => {
    const call = await settled;
    return await call();
  };
  hangOn(resolve, outcome, looked);
}

/** Whether stacks lead over a `then`; undefined until the first look. */
let followsThen: boolean | undefined;

async function tryThen(gate: Promise<void>): Promise<void> {
  await gate;
  followsThen = asyncStack().includes(CONTROL);
}

/** Resolves a wait with the outcome of `goOn`, and looks who awaits it before that is called. */
function hangOn(
  resolve: (value: unknown) => void,
  goOn: () => Promise<unknown>,
  looked: (isAwaited: boolean | undefined) => void,
): void {
  let open!: () => void;
  const gate = new Promise<void>((opened) => {
    open = opened;
  });
  const look = async (): Promise<unknown> => {
    await gate;
    const isAwaited = asyncStack().includes(ROOT);
    looked(isAwaited || followsThen === true ? isAwaited : undefined);
    // Without the await, JavaScriptCore would not lead on from here.
    // oxlint-disable-next-line typescript/return-await
    return await goOn();
  };
  if (followsThen === undefined) void marked[CONTROL](async () => tryThen(gate).then());
  // In this order: the waiting promise hangs on to this one before the stack is read.
  resolve(marked[CONTROL](look));
  open();
}

/** A frame, as V8 and JavaScriptCore give it. */
interface Site {
  getFunctionName?(): string | null;
}

interface StackSettings {
  prepareStackTrace?: ((error: unknown, sites: readonly Site[]) => unknown) | undefined;
}

/** More functions than await each other in sensible programs. */
const MOST_FRAMES = 200;

/** The names of the functions on the asynchronous stack; none where they cannot be had. */
function asyncStack(): readonly unknown[] {
  const settings = Error as unknown as StackSettings;
  const { prepareStackTrace } = settings;
  const hadPrepare = Object.hasOwn(settings, "prepareStackTrace");
  try {
    settings.prepareStackTrace = (_, sites) => sites.map((site) => site.getFunctionName?.());
    const names: unknown = withStackLimit(MOST_FRAMES, () => new Error("here").stack);
    return Array.isArray(names) ? names : [];
  } catch {
    return []; // Error is frozen
  } finally {
    // These do not throw where Error is frozen.
    if (hadPrepare) Reflect.set(settings, "prepareStackTrace", prepareStackTrace);
    else Reflect.deleteProperty(settings, "prepareStackTrace");
  }
}
