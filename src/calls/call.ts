/** One call of a function that a pool has been asked for, as its owner sees it. */
import type { Giving } from "../base/advice.ts";
import type { WebAbortSignal } from "../base/web-types.ts";
import type { NamedEntry } from "../contextvars/entries.ts";
import { CALL, type Flight } from "../waiting/source.ts";
import type { SubmitSite } from "./submit-site.ts";

/** Not handed to the workers yet. */
export const WAITING = -1;
/** Settled or cancelled: nothing more will happen to it. */
export const OVER = -2;

/**
 * What happens to the result is up to the subclass: a Future's call settles the
 * future, one item of a `map` fills its place in the output.
 */
export abstract class Call {
  /** The id under which the workers know the call, {@link WAITING} or {@link OVER}. */
  id: number = WAITING;
  /** The number under which the workers know the function. */
  functionId: number = 0;
  /** What a transport keeps with a call that it cannot hand over yet. */
  load: unknown;
  /** What stacks call the agent that ran it; known once it has succeeded. */
  ranOn: string = "";
  /** Whether the program lives until it is over, and whether user code may run then. */
  flight: Flight = CALL;
  /** Where it was submitted; noted by the pool unless it is known before. */
  site: SubmitSite | undefined;
  /** What the program has asked for besides. */
  wishes: CallWishes | undefined;
  /** Whether it has failed before it was over: what comes of it then is ignored. */
  hasFailed: boolean = false;

  /** How its program gives the function arguments, for advice. Default: as to a future's. */
  get giving(): Giving | undefined {
    return undefined;
  }

  abstract succeed(value: unknown): void;
  abstract fail(error: unknown): void;
  /** It was asked to stop, and has stopped or been stopped. */
  stopped(error: Error): void {
    this.fail(error);
  }
  /** Cancels the call, if it has not started, on behalf of the code that submitted it. */
  abstract abort(): void;
}

/** What a program may ask for a call, besides its function and arguments. */
export interface CallWishes {
  /** How long it may run, in milliseconds. */
  readonly timeoutMs: number;
  /** When it must be over, by the clock of `performance.now()`; Infinity if that does not matter. */
  readonly deadlineMs: number;
  /** Cancels it. */
  readonly signal: WebAbortSignal | undefined;
  /** How long it may take to stop then. */
  readonly graceMs: number;
  /** Calls of a greater number come first; undefined for 0, where nothing else has one. */
  readonly priority: number | undefined;
  /** How errors call it. */
  readonly name: string | undefined;
}

/**
 * How a worker wraps the function before calling it.
 *
 *   none     calls it with the arguments
 *   rows     the arguments are columns, and it is called for each row of them
 *   context  the first argument is {@link Surroundings}
 *   thread   it is the target of a thread (see _thread/run-thread.ts)
 *   process  it is the target of a process (see multiprocessing/run-process.ts)
 */
export type Wrapping = "none" | "rows" | "context" | "thread" | "process";

/** What surrounds a call in its worker: its name, if that is not its function's, and the values of a context, if it has one. */
export type Surroundings = readonly [
  name: string | undefined,
  entries: readonly NamedEntry[] | undefined,
];

/** What futures and maps ask of the executor that runs their calls. */
export interface CallHost {
  /** How many calls can run at once. */
  readonly workers: number;
  /** Whether one call can be made for many rows of arguments. Default: true. */
  readonly callsRows?: false | undefined;
  /**
   * @param wrapping How the worker wraps `fn` before calling it.
   * @throws {Error} The call cannot be taken.
   */
  start(call: Call, fn: Function, args: readonly unknown[], wrapping?: Wrapping): void;
  /** Takes a call back that has not started; says whether it was in time. */
  cancel(call: Call): boolean;
  /** Asks a call that has started to stop, and ends it after the grace; false if it is over. Absent where none can be asked. */
  stop?(call: Call, graceMs: number): boolean;
  isRunning(call: Call): boolean;
  /** @throws {Error} The caller must not block for this call's result, and why. */
  checkBlocking(call?: Call): void;
}

/** What workers are doing. */
export interface PoolState {
  /** Why no calls are taken; empty while they are. */
  readonly refusal: "" | "shut down" | "broken";
  /** How many workers there are. */
  readonly workers: number;
  /** Calls that have been submitted, and are not over. */
  readonly unsettled: number;
  /** Those of them that no worker has begun. */
  readonly queued: number;
}
