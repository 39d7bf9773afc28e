/** Python's joinable threads without an object of class Thread. */
import { kindOf, nameOf, showAsText } from "../base/text.ts";
import type { AnyFunction } from "../base/functions.ts";
import { checkedOptions, checkedType } from "../base/options.ts";
import { program } from "../program/program.ts";
import { RuntimeError } from "../errors.ts";
import { RUNNING } from "../memory/agent-table.ts";
import { TAKES_NOTHING, type Waiting, waitingFor } from "../waiting/task-waits.ts";
import {
  type CheckedWait,
  checkedDeadline,
  type SyncWaitOptions,
  type WaitOptions,
} from "../waiting/wait-options.ts";
import type { WaitPoint } from "../waiting/wait-point.ts";
import { endOfThread, FUNCTION_ONLY, startThread } from "./thread-host.ts";
import { reportUnraisable } from "./unraisable-hook.ts";

/**
 * What a joinable thread can be waited for with.
 *
 * Python: `_thread._ThreadHandle`
 *
 * @example
 * ```ts
 * import { startJoinableThread, ThreadHandle } from "heddle/_thread";
 *
 * const handle = new ThreadHandle();
 * console.log(handle.isDone()); // false
 * startJoinableThread(() => undefined, { handle });
 * await handle.join({ timeout: 30_000 });
 * console.log(handle.isDone()); // true
 * ```
 */
export class ThreadHandle {
  static {
    showAsText(this.prototype);
  }

  #ident: number | undefined;

  /** The thread's ident; undefined before the start. Python: `_thread._ThreadHandle.ident` */
  get ident(): number | undefined {
    return this.#ident;
  }

  /** Whether the thread has ended. Python: `_thread._ThreadHandle.is_done` */
  isDone(): boolean {
    return this.#ident !== undefined && program().agents.fateOf(this.#ident) !== RUNNING;
  }

  /**
   * Resolves when the thread has ended, or the time is over: ask {@link ThreadHandle.isDone}.
   *
   * Python: `_thread._ThreadHandle.join`
   *
   * @param options.timeout Longest wait in milliseconds. Default: wait for ever.
   * @param options.signal Ends the wait with the signal's reason.
   * @throws {RuntimeError} The thread has not been started, or is the calling one.
   */
  join(options?: WaitOptions): Waiting<void> {
    const join = async (wait: CheckedWait): Promise<void> => {
      // It need not stand behind those that wait for the next thread of the same agent.
      if (this.isDone()) return wait.signal?.throwIfAborted();
      await this.#end().wait(() => this.isDone(), wait);
    };
    return waitingFor(options, "ThreadHandle.join", join, {
      taking: TAKES_NOTHING,
      quick: undefined,
    });
  }

  /** The blocking twin of {@link ThreadHandle.join}. `options.timeout` is in milliseconds. Python: `_thread._ThreadHandle.join` */
  joinSync(options?: SyncWaitOptions): void {
    const deadlineMs = checkedDeadline(options, "ThreadHandle.joinSync");
    this.#end().waitSync(() => this.isDone(), deadlineMs);
  }

  /** The thread's state in words. Python: none */
  toString(): string {
    const state = this.#ident === undefined ? "not started" : this.isDone() ? "done" : "running";
    return `<ThreadHandle ${state}${this.#ident === undefined ? "" : ` ident=${this.#ident}`}>`;
  }

  #end(): WaitPoint {
    if (this.#ident === undefined) {
      throw new RuntimeError("Cannot join the thread: it has not been started");
    }
    if (this.#ident === program().ident)
      throw new RuntimeError("Cannot join the thread: it is the current thread");
    return endOfThread(this.#ident);
  }

  /** Starts `fn` in a thread that the handle stands for from now on. @internal */
  static start(handle: ThreadHandle, fn: AnyFunction, daemon: boolean): void {
    if (handle.#ident !== undefined) {
      throw new RuntimeError(
        "Cannot start the thread: its handle already belongs to another thread",
      );
    }
    handle.#ident = startThread({
      ...FUNCTION_ONLY,
      fn,
      args: [],
      name: `Thread-${program().agents.nextNumber()} (${nameOf(fn) || "anonymous"})`,
      daemon,
      onEnd: (outcome) => {
        if (outcome.kind === "threw") reportUnraisable(fn, outcome.error);
      },
    });
  }
}

/** How a joinable thread is started. Python: none */
export interface JoinableThreadOptions {
  /** Where to put the thread; a new handle by default. */
  readonly handle?: ThreadHandle | null | undefined;
  /** Whether the program may end while it runs. Default: true. */
  readonly daemon?: boolean | undefined;
}

/**
 * Starts a thread that can be joined, and returns its handle. Never waits.
 *
 * Python: `_thread.start_joinable_thread`
 *
 * @param fn Takes along what it uses of its module.
 * @throws {RuntimeError} The handle has been used for another thread.
 * @throws {NotShippableError} `fn` uses what it cannot take along.
 *
 * @example
 * ```ts
 * import { startJoinableThread } from "heddle/_thread";
 *
 * const handle = startJoinableThread(() => undefined);
 * await handle.join();
 * console.log(handle.isDone()); // true
 * ```
 */
export function startJoinableThread(
  fn: AnyFunction,
  options?: JoinableThreadOptions,
): ThreadHandle {
  const of = "startJoinableThread";
  const { handle, daemon = true } = checkedOptions(options, ["handle", "daemon"], of);
  const started = handle ?? new ThreadHandle();
  if (!(started instanceof ThreadHandle))
    throw new TypeError(`${of}: "handle" must be a ThreadHandle, got ${kindOf(started)}`);
  ThreadHandle.start(started, fn, checkedType(daemon, "boolean", `${of}: "daemon"`));
  return started;
}
