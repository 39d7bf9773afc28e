/** From the cores that the engine works on to what users have of them. */
import { InternalError } from "../../errors.ts";
import { coreOf, Future, Loop, Task } from "./classes.ts";
import { FutureCore } from "./future-core.ts";
import { LoopCore } from "./loop-core.ts";
import type { TaskCore } from "./task-core.ts";

/** Whether it is a future of this copy of heddle. */
export function isFuture(value: unknown): value is Future<unknown> {
  return coreOf(value) !== undefined;
}

/** A pending future of a loop. */
export function futureOn<T>(loop: LoopCore): Future<T> {
  return new Future<T>(new FutureCore<T>(loop));
}

/** What users have of a future that they have at all. */
export function futureOf<T>({ face }: FutureCore<T>): Future<T> {
  if (face instanceof Future) return face;
  throw new InternalError("A future that users do not have was to be given to them");
}

/** What users have of a task. */
export function taskOf<T>({ face }: TaskCore<T>): Task<T> {
  if (face instanceof Task) return face;
  throw new InternalError("The face of a task is not a Task");
}

let loopOfThread: LoopCore | undefined;

/** The loop that the thread's runs share, which always runs. */
export function threadLoop(): LoopCore {
  return (loopOfThread ??= LoopCore.always(new Loop()));
}
