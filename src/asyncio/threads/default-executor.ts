import { copyContext } from "../../contextvars/context.ts";
import { type NamedEntry, namedEntries } from "../../contextvars/entries.ts";
import type { AnyFunction } from "../../base/functions.ts";
import {
  submitInContext,
  ThreadPoolExecutor,
} from "../../concurrent/futures/thread-pool-executor.ts";
import { addressOf } from "../../wire/handles.ts";
import type { Future } from "../engine/future.ts";
import type { Loop } from "../engine/loop.ts";
import { currentSession } from "../engine/session-of-caller.ts";
import { wrapFuture } from "./wrap-future.ts";

/** What runs a loop's calls in other threads where no executor is given. */
export class DefaultExecutor {
  readonly #loop: Loop;
  #pool: ThreadPoolExecutor | undefined;

  constructor(loop: Loop) {
    this.#loop = loop;
  }

  /** Takes the place of the pool that is made otherwise. */
  set(pool: unknown): void {
    if (!(pool instanceof ThreadPoolExecutor)) {
      throw new TypeError("Loop.setDefaultExecutor: the executor must be a ThreadPoolExecutor");
    }
    this.#pool = pool;
  }

  /** Runs a call; what is set in the caller's context is seen by it as far as it can be copied. */
  submitInContext(fn: AnyFunction, args: readonly unknown[]): Future<unknown> {
    const call = submitInContext(this.get(), entriesToSend(), fn, args);
    return wrapFuture(call, { loop: this.#loop });
  }

  /** The pool, which the run that first needs it shuts down when it ends. */
  get(): ThreadPoolExecutor {
    if (this.#pool !== undefined) return this.#pool;
    this.#pool = new ThreadPoolExecutor({ threadNamePrefix: "asyncio" });
    currentSession(this.#loop).closers.add(async () => this.shutdown());
    return this.#pool;
  }

  /** Waits until all calls are done; the next one makes another pool. */
  async shutdown(): Promise<void> {
    const pool = this.#pool;
    this.#pool = undefined;
    await pool?.shutdown();
  }
}

/** The values of the current context that another thread can have. */
function entriesToSend(): NamedEntry[] {
  return namedEntries(copyContext()).filter(([, value]) => canBeSent(value));
}

function canBeSent(value: unknown): boolean {
  if (typeof value === "function" || typeof value === "symbol") return false;
  if (typeof value !== "object" || value === null || addressOf(value) !== undefined) return true;
  try {
    structuredClone(value);
    return true;
  } catch {
    return false;
  }
}
