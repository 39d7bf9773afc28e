/** What ends a run from outside: Ctrl-C, and the end of all that the program could wait for. */
import { server } from "#platform";
import { CancelledError, DeadlockError, KeyboardInterrupt } from "../../errors.ts";
import type { Session } from "../engine/loop-core.ts";
import type { TaskFace } from "../events.ts";

/** The exit code of a program that Ctrl-C has ended, as a shell expects it. */
const INTERRUPTED = 130;

/** Tasks that are named. */
const MOST_TASKS = 10;

/** What a run waits for that has no tasks any more. */
const CLOSING =
  "  calls of toThread() and runInExecutor() that threads still run, servers and connections";

/**
 * Runs the main task of a session until it is done, or something from outside ends it.
 *
 * @param run Runs it, and returns what it returns.
 * @throws {KeyboardInterrupt} Ctrl-C was pressed, and the task was cancelled for that.
 */
export async function whileWatched<T>(
  session: Session,
  main: TaskFace,
  run: () => Promise<T>,
): Promise<T> {
  let isInterrupted = false;
  const inWords = (): string => waitsInWords(session);
  const isOver = server.watchRun({
    inWords,
    interrupt: () => {
      isInterrupted = true;
      main.cancel();
    },
    giveUp: () => session.onExit?.(stuck(session)),
  });
  try {
    return await run();
  } catch (error) {
    if (!isInterrupted || !(error instanceof CancelledError) || main.uncancel() > 0) throw error;
    const interrupt = new KeyboardInterrupt("The program was interrupted", { cause: error });
    server.exitCodeIfUncaught(interrupt, INTERRUPTED);
    throw interrupt;
  } finally {
    // Until the runner is closed, Ctrl-C ends the program at once.
    if (isInterrupted) session.onClosed ??= server.watchRun({ inWords });
    isOver();
  }
}

function waitsInWords({ tasks, isClosing }: Session): string {
  if (isClosing) return CLOSING;
  const lines = [...tasks].slice(0, MOST_TASKS).map((task) => `  ${String(task)}`);
  if (tasks.size > MOST_TASKS) lines.push(`  and ${tasks.size - MOST_TASKS} more tasks`);
  return lines.join("\n");
}

function stuck({ tasks }: Session): DeadlockError {
  const names = [...tasks].map((task) => JSON.stringify(task.getName())).join(", ");
  return new DeadlockError(
    `Cannot continue the run: all remaining tasks are waiting for something that can never complete: ${names}`,
  );
}
