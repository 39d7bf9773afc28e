import { nextPath } from "../../agents/process-identity.ts";
import type { AnyFunction } from "../../base/functions.ts";
import { checkedCount, checkedObject, checkedOptions } from "../../base/options.ts";
import { wrongType } from "../../base/text.ts";
import { threadRegistry } from "../../base/registry.ts";
import { platform, server } from "#platform";
import { UnsupportedError } from "../../errors.ts";
import { childProcesses, STARTER } from "../../pool/process-kind.ts";
import type { ChildStarter } from "../../platform/process/ipc.ts";
import { WorkerPool } from "../../pool/worker-pool.ts";
import { PoolExecutor, terminateWorkersOf } from "./pool-executor.ts";
import { checkedWorkerOptions, IDLE_MS } from "./worker-options.ts";

/** How a {@link ProcessPoolExecutor} is made. Python: none */
export interface ProcessPoolExecutorOptions<I extends AnyFunction = AnyFunction> {
  /** Most worker processes. Default: as many as can run at once: the number of processors. */
  readonly maxWorkers?: number | undefined;
  /** Runs once in every worker before its first call. The pool breaks if it throws. */
  readonly initializer?: I | undefined;
  /** The arguments of `initializer`; they are copied to each worker. */
  readonly initargs?: Parameters<I> | undefined;
  /**
   * What the death of a worker costs. `replace`: the calls that it had begun; another worker takes
   * its place. `break`: the pool, as in Python. Default: `replace`.
   */
  readonly onWorkerDeath?: "replace" | "break" | undefined;
  /** How many calls a worker makes, before it ends and another takes its place. Default: any number. */
  readonly maxTasksPerChild?: number | undefined;
  /**
   * How processes start: a context of `heddle/multiprocessing`, whose processes another thread
   * owns. Then a call that is awaited takes longer, and one that is blocked for less long. Default:
   * this thread owns them, until it blocks for one.
   */
  readonly mpContext?: StartContext | undefined;
}

/** A context of `heddle/multiprocessing`, which says how processes start. Python: none */
export interface StartContext {
  /** `spawn`. Python: `multiprocessing.context.BaseContext.get_start_method` */
  getStartMethod(): string;
}

/** One whose processes another thread owns. */
interface HelpedContext extends StartContext {
  [STARTER](): ChildStarter;
}

const NAME = "ProcessPoolExecutor";

const OPTIONS = [
  "maxWorkers",
  "initializer",
  "initargs",
  "onWorkerDeath",
  "maxTasksPerChild",
  "mpContext",
] as const;

/** How many of them this thread has made, those of other copies of heddle included. */
function executors(): { count: number } {
  return threadRegistry("process executors@1", () => ({ count: 0 }));
}

/**
 * Runs functions in a pool of processes.
 *
 * It takes the functions that a `ThreadPoolExecutor` takes, and differs from it as processes
 * differ from threads. A worker that crashes, or is killed, leaves the program intact.
 * Processes share no memory: a lock, a queue or a `SharedArrayBuffer` among the arguments or in
 * the result is a `SendError` that names it.
 * A process takes longer to start than a thread, and a call takes longer to get there.
 *
 * Workers start when there is work for them and never keep the program running; work that has
 * been submitted does. They end with the program, however it ends, and print where it prints.
 *
 * Python: `concurrent.futures.ProcessPoolExecutor`
 * Differs: the program's main module is
 *   loaded in a worker only for a function that it marks, and what it submits then is
 *   not done. Ctrl-C does not interrupt the workers, but the program, with which they end.
 *
 * @example
 * ```ts
 * import { ProcessPoolExecutor } from "heddle/concurrent/futures";
 *
 * const pool = new ProcessPoolExecutor({ maxWorkers: 2 });
 * const square = (n: number): number => n * n;
 * console.log(await pool.map(square, [1, 2, 3])); // [ 1, 4, 9 ]
 * await pool.shutdown();
 * ```
 */
export class ProcessPoolExecutor extends PoolExecutor {
  /**
   * @param options.maxWorkers Most worker processes. Default: the number of processors.
   * @param options.initializer Runs once in every worker before its first call.
   * @param options.initargs The arguments of `initializer`.
   * @param options.onWorkerDeath What the death of a worker costs: its calls, or the pool.
   * @param options.maxTasksPerChild How many calls a worker makes, before another takes its place.
   * @param options.mpContext How processes start.
   * @throws {RangeError} `maxWorkers` is less than 1 or more than 4096.
   * @throws {TypeError} An option is unknown or of the wrong type.
   * @throws {NotShippableError} Another process could not run `initializer`.
   * @throws {SendError} One of `initargs` cannot be sent.
   * @throws {UnsupportedError} The runtime has no processes.
   */
  constructor(options?: ProcessPoolExecutorOptions) {
    const own = checkedOptions(options, OPTIONS, NAME);
    if (!server.capabilities.processes) {
      throw new UnsupportedError("Cannot make a pool of processes: there are none in a browser", {
        capability: "processes",
        runtime: platform.name,
      });
    }
    const mostCalls =
      own.maxTasksPerChild === undefined
        ? undefined
        : checkedCount(own.maxTasksPerChild, "maxTasksPerChild", NAME);
    if (own.mpContext !== undefined) checkedContext(own.mpContext);
    const kind = childProcesses(
      (name) => ({
        identity: { name, path: nextPath(), daemon: false },
        ignoresInterrupts: true,
      }),
      mostCalls,
      (own.mpContext as Partial<HelpedContext> | undefined)?.[STARTER],
    );
    const { maxWorkers, initializer, onDeath } = checkedWorkerOptions(own, NAME, kind.codec);
    const title = `${NAME}-${executors().count++}`;
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

  /**
   * Ends the workers by force, and the pool with them: every call that is not over fails with
   * `BrokenProcessPool`.
   *
   * Python: `concurrent.futures.ProcessPoolExecutor.kill_workers`
   *
   * @example
   * ```ts
   * import { ProcessPoolExecutor } from "heddle/concurrent/futures";
   *
   * const pool = new ProcessPoolExecutor({ maxWorkers: 1 });
   * const spinning = pool.submit(() => { for (;;); });
   * pool.killWorkers();
   * console.log((await spinning.exception() as Error).name); // BrokenProcessPool
   * ```
   */
  killWorkers(): void {
    terminateWorkersOf(this, "killWorkers()");
  }

  /**
   * The same.
   *
   * Python: `concurrent.futures.ProcessPoolExecutor.terminate_workers`
   * Differs: by SIGKILL too, since nothing of a worker could answer SIGTERM but code of the user's.
   */
  terminateWorkers(): void {
    terminateWorkersOf(this, "terminateWorkers()");
  }
}

function checkedContext(context: StartContext): void {
  checkedObject(context, `${NAME}: "mpContext"`);
  if (typeof context.getStartMethod !== "function") {
    throw wrongType(`${NAME}: "mpContext"`, "a context of heddle/multiprocessing", context);
  }
}
