import { checkedFunction } from "../../base/functions.ts";
import { kindOf } from "../../base/text.ts";
import { coreOf, type Loop, type Task, loopOf } from "../engine/classes.ts";
import { bindFuture, Future } from "../../concurrent/futures/future.ts";
import { CannotBlockError } from "../../errors.ts";
import { callWhenDone } from "../engine/future-core.ts";
import { coreOfLoop } from "../engine/loop-core.ts";
import type { Coroutine } from "../events.ts";
import type { LoopHandle } from "./loop-handle.ts";
import { runRemotely } from "./remote-calls.ts";
import { RemoteLoop } from "./remote-loop.ts";
import { installThreads } from "./support.ts";

/** What a function returns that a loop is to run. */
type Started<T> = Coroutine<T> | PromiseLike<T>;

/**
 * Has a loop run the coroutine that `fn(...args)` returns, from any thread.
 *
 * Returns at once with a future of the calling thread, for which it can also block:
 * `runCoroutineThreadsafe(fn, args, loop).resultSync()`. Cancelling the future cancels
 * the task, and the other way round.
 *
 * Python: `asyncio.run_coroutine_threadsafe`
 *
 * Differs: takes a function and its arguments, since a coroutine cannot cross to another thread.
 *
 * @param fn A generator function or async function. For another thread's loop it
 *   takes along what it uses of its module, and may use no variable of an enclosing function.
 * @param args For another thread's loop, they are copied.
 * @param loop A loop of this thread, or what another's has arrived as.
 * @throws {TypeError} `fn` is not a function, or `loop` is not a loop.
 * @throws {NotShippableError} The other thread could not run `fn`; says why and what to do.
 * @throws {SendError} An argument cannot be copied.
 * @throws {RuntimeError} The loop is closed, or its thread has ended.
 *
 * @example
 * ```ts
 * import { getRunningLoop, run, runCoroutineThreadsafe, sleep } from "heddle/asyncio";
 *
 * await run(async () => {
 *   const later = async (word: string): Promise<string> => sleep(5, word);
 *   console.log(await runCoroutineThreadsafe(later, ["hello"], getRunningLoop())); // hello
 * });
 * ```
 */
export function runCoroutineThreadsafe<A extends unknown[], T>(
  fn: (...args: A) => Started<T>,
  args: A,
  loop: LoopHandle,
): Future<T> {
  checkedFunction(fn, "runCoroutineThreadsafe: fn");
  if (!Array.isArray(args))
    throw new TypeError(`runCoroutineThreadsafe: args must be an array, got ${kindOf(args)}`);
  installThreads();
  if (loop instanceof RemoteLoop) return runRemotely(loop, fn, args) as Future<T>;
  const own = coreOfLoop(loop);
  if (own !== undefined) return runHere(loopOf(own), () => fn(...args));
  throw new TypeError(
    `runCoroutineThreadsafe: loop must be a Loop or a RemoteLoop, got ${kindOf(loop)}`,
  );
}

function runHere<T>(loop: Loop, call: () => Started<T>): Future<T> {
  const future = new Future<T>();
  let task: Task<T> | undefined;
  let isOver = false;
  bindFuture(future, {
    cancel: () => {
      if (!isOver) loop.callSoonThreadsafe(() => task?.cancel());
      isOver = true;
      return true;
    },
    isRunning: () => true,
    checkBlocking: () => {
      throw new CannotBlockError(
        "Cannot block for the result: the coroutine runs in the loop of this thread. Await it",
      );
    },
  });
  const end = (act: () => void): void => {
    if (isOver) return;
    isOver = true;
    act();
  };
  loop.callSoonThreadsafe(() => {
    if (isOver) return;
    try {
      task = loop.createTask(call);
    } catch (error) {
      end(() => future.setException(error));
      throw error;
    }
    const running = task;
    callWhenDone(
      coreOf(running),
      (result) => end(() => future.setResult(result)),
      (error) =>
        end(() => (running.cancelled() ? void future.cancel() : future.setException(error))),
    );
  });
  return future;
}
