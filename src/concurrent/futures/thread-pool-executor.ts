import { threadRegistry } from "../../base/registry.ts";
import type { AnyFunction } from "../../base/functions.ts";
import { checkedOption, checkedOptions } from "../../base/options.ts";
import { server } from "#platform";
import { messagedThreads, sharingThreads } from "../../pool/thread-kinds.ts";
import { WorkerPool } from "../../pool/worker-pool.ts";
import { PoolExecutor } from "./pool-executor.ts";
import { checkedWorkerOptions, IDLE_MS } from "./worker-options.ts";

/** How a {@link ThreadPoolExecutor} is made. Python: none */
export interface ThreadPoolExecutorOptions<I extends AnyFunction = AnyFunction> {
  /** Most worker threads. Default: as many as can run at once: the number of processors. */
  readonly maxWorkers?: number | undefined;
  /** Workers are called this, an underscore and a number. Default: `ThreadPoolExecutor-N`. */
  readonly threadNamePrefix?: string | undefined;
  /** Runs once in every worker before its first call. The pool breaks if it throws. */
  readonly initializer?: I | undefined;
  /** The arguments of `initializer`; they are copied to each worker. */
  readonly initargs?: Parameters<I> | undefined;
  /**
   * What the death of a worker costs. `replace`: the calls that it had begun; another worker takes
   * its place. `break`: the pool, as in Python. Default: `replace`.
   */
  readonly onWorkerDeath?: "replace" | "break" | undefined;
  /**
   * Whether to hand work over through shared memory. Default: wherever the
   * runtime has it. Without, work travels by message: slower, and nothing can block.
   */
  readonly sharedMemory?: boolean | undefined;
}

const NAME = "ThreadPoolExecutor";

const OPTIONS = [
  "maxWorkers",
  "threadNamePrefix",
  "initializer",
  "initargs",
  "onWorkerDeath",
  "sharedMemory",
] as const;

/** How many executors this thread has made, those of other copies of heddle included. */
function executors(): { count: number } {
  return threadRegistry("executors@1", () => ({ count: 0 }));
}

/**
 * Runs functions in a pool of threads.
 *
 * A function runs in a worker with what it uses of its module: its imports, and the
 * declarations that it reaches, which every worker evaluates anew, once. What an enclosing
 * function holds is refused: pass it as an argument. Arguments and results are copied. Workers start when there is work for them and never keep the program
 * running; work that has been submitted does.
 *
 * Python: `concurrent.futures.ThreadPoolExecutor`
 * Differs: workers are isolated: arguments and results are copies, and each worker has its own
 *   copy of a module's variables. `maxWorkers` defaults to the number of processors, not to four
 *   more, since these threads run in parallel. `InterpreterPoolExecutor` is another name of this class:
 *   its workers are as isolated as Python's interpreters.
 *
 * @example
 * ```ts
 * import { ThreadPoolExecutor } from "heddle/concurrent/futures";
 *
 * const pool = new ThreadPoolExecutor({ maxWorkers: 2 });
 * const square = (n: number): number => n * n;
 * for await (const value of pool.map(square, [1, 2, 3])) console.log(value); // 1, 4, 9
 * await pool.shutdown();
 * ```
 */
export class ThreadPoolExecutor extends PoolExecutor {
  /**
   * @param options.maxWorkers Most worker threads. Default: the number of processors.
   * @param options.threadNamePrefix Workers are called this, an underscore and a number.
   * @param options.initializer Runs once in every worker before its first call.
   * @param options.initargs The arguments of `initializer`.
   * @param options.onWorkerDeath What the death of a worker costs: its calls, or the pool.
   * @param options.sharedMemory Whether to hand work over through shared memory.
   * @throws {RangeError} `maxWorkers` is less than 1 or more than 4096.
   * @throws {TypeError} An option is unknown or of the wrong type.
   * @throws {NotShippableError} Another thread could not run `initializer`.
   */
  constructor(options?: ThreadPoolExecutorOptions) {
    const own = checkedOptions(options, OPTIONS, NAME);
    checkTypes(own);
    const sharedMemory = own.sharedMemory ?? server.capabilities.sharedMemory;
    const kind = sharedMemory ? sharingThreads() : messagedThreads();
    const { maxWorkers, initializer, onDeath } = checkedWorkerOptions(own, NAME, kind.codec);
    const title = own.threadNamePrefix || `${NAME}-${executors().count++}`;
    const pool = new WorkerPool({
      kind,
      maxWorkers,
      namePrefix: title,
      initializer,
      idleMs: IDLE_MS,
      onDeath,
      title: undefined,
    });
    super(NAME, title, pool, maxWorkers);
  }
}

function checkTypes({ threadNamePrefix, sharedMemory }: Partial<ThreadPoolExecutorOptions>): void {
  checkedOption(threadNamePrefix, "string", `${NAME}: "threadNamePrefix"`);
  checkedOption(sharedMemory, "boolean", `${NAME}: "sharedMemory"`);
}
