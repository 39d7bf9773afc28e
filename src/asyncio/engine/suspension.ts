/** What tasks wait for: what a coroutine yields must be a future that its task can wait for. */
import { RuntimeError } from "../../errors.ts";
import { coreInside, FAILED, FutureCore } from "./future-core.ts";

/** A task, as an error names it. */
type WaitingTask = FutureCore & { readonly quotedName: string };

/**
 * What a task waits for that has yielded this: the future, or one that fails at once
 * with the reason why it cannot be waited for, so that the coroutine gets to know.
 */
export function checkedSuspension(yielded: unknown, task: WaitingTask): FutureCore {
  const future = yielded instanceof FutureCore ? yielded : coreInside(yielded);
  if (future !== undefined && future !== task && future.loop === task.loop) return future;
  const refusal = new FutureCore<never>(task.loop);
  refusal.settle(FAILED, new RuntimeError(`Cannot wait: ${whyNot(future, yielded, task)}`));
  return refusal;
}

function whyNot(future: FutureCore | undefined, yielded: unknown, task: WaitingTask): string {
  const name = task.quotedName;
  if (future === task) return `the task ${name} would wait for itself`;
  if (future !== undefined) {
    const other = String(future.face ?? "<Future>");
    return `the task ${name} belongs to another event loop than the future ${other}`;
  }
  const what = typeof yielded === "object" ? "an object" : typeof yielded;
  return `the task ${name} has yielded ${what} that is not a future; write yield* instead of yield`;
}

/** What a task waits for, to go after its name. */
export function waitInWords(awaited: readonly FutureCore[]): string {
  const words = awaited.map((future) => future.awaitedInWords);
  return words.length === 0 ? "" : ` wait_for=${words.join(",")}`;
}
