/** What a thread does from its first line to its last, in the worker that runs it. */
import { server } from "#platform";
import { program } from "../program/program.ts";
import { RLOCK } from "../program/kinds.ts";
import { kindOfBlock } from "../program/shared-object.ts";
import { beginContext } from "../contextvars/entries.ts";
import { SystemExit } from "../process-errors.ts";
import { isThenable } from "../base/functions.ts";
import { type DescribedFunction, referenceIn } from "../shipping/described-function.ts";
import { loadFunction } from "../shipping/load.ts";
import { ADOPT, type ThreadStart, type TimerStart } from "./thread-start.ts";

interface Runnable {
  run(): unknown;
}

/** Makes of a thread's target the function that the worker calls. */
export function asThread(target: Function): Function {
  return (start: ThreadStart, ...args: unknown[]): unknown => {
    begin(start, target);
    try {
      const value =
        start.timer === undefined
          ? run(target, start, args)
          : runLater(target, start, args, start.timer);
      if (isThenable(value)) return finish(value);
      end();
      return value;
    } catch (error) {
      end();
      return quiet(error);
    }
  };
}

function begin(start: ThreadStart, target: Function): void {
  const own = program();
  own.ident = start.ident;
  own.record.functionName = target.name;
  beginContext(start.context);
}

function run(target: Function, start: ThreadStart, args: readonly unknown[]): unknown {
  if (!start.runsClass) return Reflect.apply(target, undefined, args) as unknown;
  const own = start.target === undefined ? undefined : loadTarget(start.target);
  if (own instanceof Promise) return own.then((loaded) => runObject(target, start, loaded, args));
  return runObject(target, start, own, args);
}

/** The target of a thread's object; where it cannot be had, a function that says why. */
function loadTarget(target: DescribedFunction): Function | Promise<Function> {
  try {
    return loadFunction(referenceIn(target, "Cannot call the target of the thread"));
  } catch (error) {
    return () => {
      throw error;
    };
  }
}

function runObject(
  Class: Function,
  start: ThreadStart,
  target: Function | undefined,
  args: readonly unknown[],
): unknown {
  const { [ADOPT]: adopt } = Class as unknown as Adopts;
  return Reflect.apply(adopt, Class, [start, target, args]).run();
}

interface Adopts {
  [ADOPT](start: ThreadStart, target: Function | undefined, args: readonly unknown[]): Runnable;
}

async function runLater(
  target: Function,
  start: ThreadStart,
  args: readonly unknown[],
  { finished, intervalMs }: TimerStart,
): Promise<unknown> {
  if (await finished.wait({ timeout: intervalMs })) return undefined;
  try {
    return await run(target, start, args);
  } finally {
    finished.set();
  }
}

async function finish(promise: PromiseLike<unknown>): Promise<unknown> {
  try {
    return await promise;
  } catch (error) {
    return quiet(error);
  } finally {
    end();
  }
}

/** A thread may end itself by a SystemExit. */
function quiet(error: unknown): undefined {
  if (!(error instanceof SystemExit)) throw error;
  return undefined;
}

function end(): void {
  const own = program();
  const { agents, record, slot } = own;
  record.functionName = "";
  record.hasLeftovers = server.capabilities.seesOpenHandles && !server.loopIsIdle();
  own.ident = 0;
  const ownsSomething = record.held().some((address) => kindOfBlock(own, address) === RLOCK);
  record.dropAllHeld();
  agents.endThread(slot);
  if (record.keepsProgramAlive) agents.bell(0).ringAlways();
  // Only this thread could have released what it owns: those who wait for it must look.
  if (ownsSomething) agents.announceDeaths();
}
