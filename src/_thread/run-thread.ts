/** What a thread does from its first line to its last, in the worker that runs it. */
import { server } from "#platform";
import { program } from "../program/program.ts";
import { RLOCK } from "../program/kinds.ts";
import { kindOfBlock } from "../program/shared-object.ts";
import { beginContext } from "../contextvars/entries.ts";
import { SystemExit } from "../process-errors.ts";
import { isThenable } from "../base/functions.ts";
import { runTarget } from "../calls/run-target.ts";
import type { ThreadStart, TimerStart } from "./thread-start.ts";

/** Makes of a thread's target the function that the worker calls. */
export function asThread(target: Function): Function {
  return (start: ThreadStart, ...args: unknown[]): unknown => {
    begin(start, target);
    try {
      const value =
        start.timer === undefined
          ? runTarget(target, start, args, "thread")
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

async function runLater(
  target: Function,
  start: ThreadStart,
  args: readonly unknown[],
  { finished, intervalMs }: TimerStart,
): Promise<unknown> {
  if (await finished.wait({ timeout: intervalMs })) return undefined;
  try {
    return await runTarget(target, start, args, "thread");
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
