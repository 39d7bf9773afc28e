/** Python's JoinableQueue. */
import type { Waiting } from "../../waiting/task-waits.ts";
import {
  checkedDeadline,
  type SyncWaitOptions,
  type WaitOptions,
} from "../../waiting/wait-options.ts";
import { channelOf, Queue } from "./queue.ts";

/**
 * A {@link Queue} that knows which of its items have been done with.
 *
 * Python: `multiprocessing.JoinableQueue`
 * Differs: as {@link Queue} does.
 *
 * @example
 * ```ts
 * import { JoinableQueue, Process } from "heddle/multiprocessing";
 *
 * const tasks = new JoinableQueue<number>();
 * const work = async (tasks: JoinableQueue<number>): Promise<void> => {
 *   for (;;) {
 *     await tasks.get();
 *     tasks.taskDone();
 *   }
 * };
 * new Process({ target: work, args: [tasks], daemon: true }).start();
 * for (const n of [1, 2, 3]) await tasks.put(n);
 * await tasks.join();
 * console.log(tasks.empty()); // true
 * ```
 */
export class JoinableQueue<T = unknown> extends Queue<T> {
  /**
   * Reports one item done that was got. When all are that were put, those go on that wait in
   * `join`. Blocks until the process answers that made the queue.
   *
   * Python: `multiprocessing.queues.JoinableQueue.task_done`
   *
   * @throws {RangeError} All items have been reported done already.
   */
  taskDone(): void {
    if (channelOf(this).taskDone()) return;
    throw new RangeError(
      "Cannot report an item done: taskDone() was called more often than items were put",
    );
  }

  /**
   * Resolves once every item that was put has been reported done.
   *
   * Python: `multiprocessing.queues.JoinableQueue.join`
   * Differs: takes a timeout; Python's `join` does not.
   *
   * @param options.timeout Longest wait in milliseconds. Default: wait for ever.
   * @param options.signal Ends the wait with the signal's reason.
   * @throws {TimeoutError} Some had not been when the timeout came.
   */
  join(options?: WaitOptions): Waiting<void> {
    return channelOf(this).join(options, "JoinableQueue.join");
  }

  /** The blocking twin of {@link JoinableQueue.join}. `options.timeout` is in milliseconds. Python: `multiprocessing.queues.JoinableQueue.join` */
  joinSync(options?: SyncWaitOptions): void {
    channelOf(this).joinSync(checkedDeadline(options, "JoinableQueue.joinSync"));
  }
}
