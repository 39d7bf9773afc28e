import type { Spawnable } from "./events.ts";
import { Runner, type RunOptions } from "./runner.ts";

/**
 * Runs a coroutine, or an async function, as a task; returns what it returns.
 *
 * In the end, tasks that it has left behind are cancelled and waited for. Several runs
 * may share the thread's loop, and with it locks and queues; each has tasks of its own, and
 * what its code sets of the loop, such as the exception handler, is set for that run only.
 *
 * Python: `asyncio.run`
 *
 * Differs: returns a promise. The loop stays open after the run, unless `loopFactory` made it.
 *
 * @param options.debug Whether to switch debug mode on, or off.
 * @param options.loopFactory Makes the loop to use.
 * @throws {RuntimeError} The calling code runs in a loop: in there, wait for the
 *   coroutine, or make it a task.
 * @throws {TypeError} It is nothing that can be run.
 * @throws {KeyboardInterrupt} Ctrl-C was pressed, and the coroutine was cancelled for that.
 *   Pressed again, it ends the program at once.
 * @throws {DeadlockError} The program would end here, since the tasks wait for what never happens.
 *
 * @example In both styles
 * ```ts
 * import { type Coroutine, run, sleep } from "heddle/asyncio";
 *
 * async function main(): Promise<string> {
 *   await sleep(1);
 *   return "async";
 * }
 *
 * function* main2(): Coroutine<string> {
 *   yield* sleep(1);
 *   return "generator";
 * }
 *
 * console.log(await run(main)); // async
 * console.log(await run(main2())); // generator
 * ```
 */
export async function run<T>(main: Spawnable<T>, options?: RunOptions): Promise<T> {
  const runner = new Runner(options);
  try {
    return await runner.run(main);
  } finally {
    await runner.close();
  }
}
