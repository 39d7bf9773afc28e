/** How processes start: in one way, for which Python's functions exist all the same. */
import { checkedOptions, checkedType } from "../base/options.ts";
import { threadRegistry } from "../base/registry.ts";
import { define } from "../base/define.ts";
import { STARTER } from "../pool/process-kind.ts";
import type { ChildStarter } from "../platform/process/ipc.ts";
import { helpedChildren } from "./channels/children.ts";
import { showAsText } from "../base/text.ts";
import { RuntimeError } from "../errors.ts";
import { server } from "#platform";
import { Pipe } from "./connection/pipe.ts";
import { Pool } from "./pool/pool.ts";
import { Process } from "./process.ts";
import { activeChildren, currentProcess, parentProcess } from "./processes.ts";
import { JoinableQueue } from "./queues/joinable-queue.ts";
import { Queue } from "./queues/queue.ts";
import { SimpleQueue } from "./queues/simple-queue.ts";

/** A new runtime, which loads the target and nothing else. */
const SPAWN = "spawn";

/** Why there are no others of Python's. */
const MISSING: Readonly<Record<string, string>> = {
  fork: "a runtime of JavaScript has threads of its own, which a copy of the process would not have",
  forkserver: "there is no fork to serve",
};

function chosen(): { isSet: boolean } {
  return threadRegistry("start method@1", () => ({ isSet: false }));
}

/**
 * How many processes and threads can run at once: the processors that this process may use, or
 * fewer where its control group grants less.
 *
 * Python: `multiprocessing.cpu_count`
 * Differs: counts what this process may use, as Python's `os.process_cpu_count`.
 *
 * @example
 * ```ts
 * import { cpuCount } from "heddle/multiprocessing";
 *
 * console.log(cpuCount() >= 1); // true
 * ```
 */
export function cpuCount(): number {
  return server.parallelism();
}

/**
 * Does nothing: a child never runs the program's main module.
 *
 * Python: `multiprocessing.freeze_support`
 *
 * @example
 * ```ts
 * import { freezeSupport } from "heddle/multiprocessing";
 *
 * freezeSupport();
 * ```
 */
export function freezeSupport(): void {}

/**
 * The ways in which a process can be started: `spawn`, a new runtime. JavaScript cannot have
 * Python's `fork` and `forkserver`, since a runtime has threads of its own, which a copy of the
 * process would not have.
 *
 * Python: `multiprocessing.get_all_start_methods`
 *
 * @example
 * ```ts
 * import { getAllStartMethods } from "heddle/multiprocessing";
 *
 * console.log(...getAllStartMethods()); // spawn
 * ```
 */
export function getAllStartMethods(): string[] {
  return [SPAWN];
}

/**
 * The way in which processes start. Undefined only if it has not been set and `allowNone` is true.
 *
 * Python: `multiprocessing.get_start_method`
 *
 * @example
 * ```ts
 * import { getStartMethod } from "heddle/multiprocessing";
 *
 * console.log(getStartMethod()); // spawn
 * ```
 */
export function getStartMethod(options?: {
  readonly allowNone?: boolean | undefined;
}): string | undefined {
  const { allowNone = false } = checkedOptions(options, ["allowNone"], "getStartMethod");
  checkedType(allowNone, "boolean", 'getStartMethod: "allowNone"');
  return allowNone && !chosen().isSet ? undefined : SPAWN;
}

/**
 * Sets the way in which processes start, of which there is one.
 *
 * Python: `multiprocessing.set_start_method`
 *
 * @param method `spawn`; undefined for what holds unless it is set.
 * @param options.force Whether it may have been set before. Default: false.
 * @throws {RuntimeError} It has been set before.
 * @throws {RangeError} There is no such method.
 *
 * @example
 * ```ts
 * import { setStartMethod } from "heddle/multiprocessing";
 *
 * setStartMethod("spawn");
 * ```
 */
export function setStartMethod(
  method: string | undefined,
  options?: { readonly force?: boolean | undefined },
): void {
  const { force = false } = checkedOptions(options, ["force"], "setStartMethod");
  checkedType(force, "boolean", 'setStartMethod: "force"');
  if (chosen().isSet && !force) {
    throw new RuntimeError("Cannot set the start method: it has been set. Pass { force: true }");
  }
  if (method !== undefined) checkMethod(method, "setStartMethod: method");
  chosen().isSet = method !== undefined;
}

function checkMethod(method: string, what: string): void {
  if (checkedType(method, "string", what) === SPAWN) return;
  const why = Object.hasOwn(MISSING, method) ? `: ${MISSING[method] as string}` : "";
  throw new RangeError(`${what} must be "spawn", got ${JSON.stringify(method)}${why}`);
}

/**
 * The names of this module for one way of starting processes.
 *
 * Python: `multiprocessing.context.SpawnContext`
 *
 * @example
 * ```ts
 * import { getContext } from "heddle/multiprocessing";
 *
 * const context = getContext("spawn");
 * const child = new context.Process({ target: () => 42 });
 * child.start();
 * console.log(await child); // 42
 * ```
 */
export class SpawnContext {
  /** @internal */
  declare readonly [STARTER]: () => ChildStarter;
  /** The class {@link Process}. Python: `multiprocessing.context.SpawnContext.Process` */
  readonly Process: typeof Process = Process;
  /** The class {@link Pool}. Python: `multiprocessing.context.BaseContext.Pool` */
  readonly Pool: typeof Pool = Pool;
  /** The class {@link Queue}. Python: `multiprocessing.context.BaseContext.Queue` */
  readonly Queue: typeof Queue = Queue;
  /** The class {@link JoinableQueue}. Python: `multiprocessing.context.BaseContext.JoinableQueue` */
  readonly JoinableQueue: typeof JoinableQueue = JoinableQueue;
  /** The class {@link SimpleQueue}. Python: `multiprocessing.context.BaseContext.SimpleQueue` */
  readonly SimpleQueue: typeof SimpleQueue = SimpleQueue;
  /** As the function {@link Pipe}. Python: `multiprocessing.context.BaseContext.Pipe` */
  readonly Pipe: typeof Pipe = Pipe;
  /** As the function {@link freezeSupport}. Python: `multiprocessing.context.BaseContext.freeze_support` */
  readonly freezeSupport: typeof freezeSupport = freezeSupport;
  /** As the function {@link activeChildren}. Python: `multiprocessing.context.BaseContext.active_children` */
  readonly activeChildren: typeof activeChildren = activeChildren;
  /** As the function {@link cpuCount}. Python: `multiprocessing.context.BaseContext.cpu_count` */
  readonly cpuCount: typeof cpuCount = cpuCount;
  /** As the function {@link currentProcess}. Python: `multiprocessing.context.BaseContext.current_process` */
  readonly currentProcess: typeof currentProcess = currentProcess;
  /** As the function {@link parentProcess}. Python: `multiprocessing.context.BaseContext.parent_process` */
  readonly parentProcess: typeof parentProcess = parentProcess;

  static {
    showAsText(this.prototype);
    // Not written as a method, since its key is an imported symbol.
    define(this.prototype, STARTER, helpedChildren);
  }

  /** As the function {@link getStartMethod}. Python: `multiprocessing.context.BaseContext.get_start_method` */
  getStartMethod(): string {
    return SPAWN;
  }

  /** In words. Python: none */
  toString(): string {
    return "<SpawnContext>";
  }
}

/**
 * The names of this module for one way of starting processes.
 *
 * Python: `multiprocessing.get_context`
 *
 * @param method `spawn`, as by default.
 * @throws {RangeError} There is no such method.
 *
 * @example
 * ```ts
 * import { getContext } from "heddle/multiprocessing";
 *
 * console.log(getContext().getStartMethod()); // spawn
 * ```
 */
export function getContext(method?: string): SpawnContext {
  if (method !== undefined) checkMethod(method, "getContext: method");
  return (contexts().spawn ??= new SpawnContext());
}

function contexts(): { spawn: SpawnContext | undefined } {
  return threadRegistry("contexts@1", () => ({ spawn: undefined }));
}
