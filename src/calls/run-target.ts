/** How a thread or a process calls what it is for: its target, or the `run` of an object of the user's class. */
import { type DescribedFunction, referenceIn } from "../shipping/described-function.ts";
import { loadFunction } from "../shipping/load.ts";

/** What it receives for that, besides the arguments. */
export interface TargetStart {
  /** Whether the function shipped is the class of the thread or process, whose `run` is to be called. */
  readonly runsClass: boolean;
  /** Own fields of the object, where its class is a user's. */
  readonly fields: Readonly<Record<string, unknown>> | undefined;
  /** The target of such an object: its `run` may call it by `super.run()`. */
  readonly target: DescribedFunction | undefined;
}

/** The method by which a user's class makes the object that runs in the new thread or process. */
export const ADOPT: unique symbol = /* @__PURE__ */ Symbol.for("heddle.adopt");

interface Adopts {
  [ADOPT](
    start: TargetStart,
    target: Function | undefined,
    args: readonly unknown[],
  ): { run(): unknown };
}

/** @param what What it is the target of: `thread`. */
export function runTarget(
  target: Function,
  start: TargetStart,
  args: readonly unknown[],
  what: string,
): unknown {
  if (!start.runsClass) return Reflect.apply(target, undefined, args) as unknown;
  const run = (own: Function | undefined): unknown => {
    const { [ADOPT]: adopt } = target as unknown as Adopts;
    return Reflect.apply(adopt, target, [start, own, args]).run();
  };
  const own = start.target === undefined ? undefined : loadTarget(start.target, what);
  return own instanceof Promise ? own.then(run) : run(own);
}

/** The target of an object; where it cannot be had, a function that says why. */
function loadTarget(target: DescribedFunction, what: string): Function | Promise<Function> {
  try {
    return loadFunction(referenceIn(target, `Cannot call the target of the ${what}`));
  } catch (error) {
    return () => {
      throw error;
    };
  }
}
