/**
 * Starts threads: each on a worker of its own, a warm one where there is one.
 *
 *   BUSY   runs a thread
 *   WARM   has run one, and waits for the next; ends when it has waited for long
 *   LEFT   its thread has ended, but left timers or sockets: not used again, and
 *          let live as long as the program
 *
 *   BUSY → WARM → BUSY, WARM → ended, BUSY → LEFT, BUSY → dead
 *
 * A worker is a pool of one: the pool handles shipping, arguments, results, deaths
 * and exit reports.
 */
import { JOIN } from "../waiting/verbs.ts";
import { WaitPoint } from "../waiting/wait-point.ts";
import type { Outcome } from "../calls/outcome.ts";
import { server } from "#platform";
import { threadTitle, type WorkerAgent } from "../agents/worker-agent.ts";
import { program } from "../program/program.ts";
import type { NamedEntry } from "../contextvars/entries.ts";
import { BrokenThreadPool, RuntimeError, ThreadDiedError } from "../errors.ts";
import type { Flight } from "../waiting/source.ts";
import { Call } from "../calls/call.ts";
import { messagedThreads, sharingThreads } from "../pool/thread-kinds.ts";
import { WorkerPool } from "../pool/worker-pool.ts";
import { asList, type Giving } from "../base/advice.ts";
import type { DescribedFunction } from "../shipping/described-function.ts";
import { checkNotEvaluating, isSuppressed } from "../shipping/main-module.ts";
import { threadRegistry } from "../base/registry.ts";
import { userFrames, withUserFrames } from "../wire/stack.ts";
import { stackSizeForNewThreads } from "./stack-size.ts";
import type { ThreadStart, TimerStart } from "./thread-start.ts";

/** Most warm workers that are kept. */
const MOST_WARM = 16;
/** How long a worker stays warm, in milliseconds. */
const WARM_MS = 10_000;
/** Calls that a worker's memory has room for: one, and what an ended one has left. */
const CALLS = 4;

/** A thread to start. */
export interface ThreadPlan {
  /** The target; or the class of the thread, whose `run` is to be called. */
  readonly fn: Function;
  readonly args: readonly unknown[];
  readonly name: string;
  readonly daemon: boolean;
  readonly runsClass: boolean;
  readonly target: DescribedFunction | undefined;
  readonly fields: Readonly<Record<string, unknown>> | undefined;
  readonly context: readonly NamedEntry[];
  readonly timer: TimerStart | undefined;
  /** How the program gives the function arguments. */
  readonly giving: Giving;
  /** Called once the thread has ended, in a turn or a blocking wait of this agent. */
  readonly onEnd: (outcome: Outcome) => void;
}

/** The plan of a thread that is a function, and not a Thread object. */
export const FUNCTION_ONLY: Pick<
  ThreadPlan,
  "runsClass" | "target" | "fields" | "context" | "timer" | "giving"
> = {
  runsClass: false,
  target: undefined,
  fields: undefined,
  context: [],
  timer: undefined,
  giving: asList("startNewThread"),
};

const THREAD: Flight = { keepsAlive: true, runsCode: false, mayEnd: false };
const DAEMON: Flight = { keepsAlive: false, runsCode: false, mayEnd: false };

class ThreadWorker {
  readonly pool: WorkerPool<WorkerAgent>;
  readonly #stackSizeBytes = stackSizeForNewThreads();
  /** Name of the thread that it runs, or ran last. */
  threadName: string;
  warmSinceMs = 0;

  constructor(threadName: string) {
    this.threadName = threadName;
    this.pool = new WorkerPool({
      maxWorkers: 1,
      namePrefix: threadName,
      initializer: undefined,
      kind: (server.capabilities.sharedMemory ? sharingThreads : messagedThreads)({
        capacity: CALLS,
        stackSizeBytes: this.#stackSizeBytes,
      }),
      idleMs: Infinity,
      onDeath: "break",
      title: () => threadTitle(this.threadName),
    });
  }

  /** Whether it can run a thread that is started now. */
  get isUsable(): boolean {
    return this.pool.isOpen && this.#stackSizeBytes === stackSizeForNewThreads();
  }
}

class ThreadCall extends Call {
  readonly #giving: Giving;
  readonly #onEnd: (outcome: Outcome) => void;

  constructor(plan: ThreadPlan, onEnd: (outcome: Outcome) => void) {
    super();
    this.flight = plan.daemon ? DAEMON : THREAD;
    this.#giving = plan.giving;
    this.#onEnd = onEnd;
  }

  override get giving(): Giving {
    return this.#giving;
  }

  succeed(value: unknown): void {
    this.#onEnd({ kind: "returned", value });
  }

  fail(error: unknown): void {
    this.#onEnd({ kind: "threw", error });
  }

  abort(): void {}
}

class ThreadHost {
  readonly #warm: ThreadWorker[] = [];
  #isCoolingDue = false;

  start(plan: ThreadPlan): number {
    const worker = this.#worker(plan.name);
    const own = program();
    const { slot } = worker.pool.onlyWorker();
    const record = own.recordOf(slot);
    // A worker that has run no thread yet has the ident it was made with.
    const ident = own.agents.identOf(slot) || own.agents.newIdent(slot);
    worker.threadName = plan.name;
    record.name = plan.name;
    record.setDaemon(plan.daemon);
    const call = new ThreadCall(plan, (outcome) => {
      this.#takeBack(worker, slot);
      plan.onEnd(explained(outcome, plan.name));
    });
    const start: ThreadStart = {
      ident,
      runsClass: plan.runsClass,
      target: plan.target,
      fields: plan.fields,
      context: plan.context,
      timer: plan.timer,
    };
    try {
      worker.pool.submit(call, plan.fn, [start, ...plan.args], "thread");
    } catch (error) {
      own.agents.endThread(slot);
      this.#takeBack(worker, slot);
      throw withUserFrames(error);
    }
    return ident;
  }

  #worker(name: string): ThreadWorker {
    for (let worker; (worker = this.#warm.pop()) !== undefined;) {
      if (worker.isUsable) return worker;
      worker.pool.close();
    }
    return new ThreadWorker(name);
  }

  #takeBack(worker: ThreadWorker, slot: number): void {
    if (!worker.pool.isOpen || program().recordOf(slot).hasLeftovers) return;
    if (this.#warm.length >= MOST_WARM) return worker.pool.close();
    worker.warmSinceMs = performance.now();
    this.#warm.push(worker);
    if (!this.#isCoolingDue) this.#coolIn(WARM_MS);
  }

  /** Ends the workers that have been warm for long. */
  readonly #cool = (): void => {
    this.#isCoolingDue = false;
    const nowMs = performance.now();
    while (this.#warm[0] !== undefined && nowMs - this.#warm[0].warmSinceMs >= WARM_MS) {
      this.#warm.shift()?.pool.close();
    }
    const next = this.#warm[0];
    if (next === undefined) return;
    this.#coolIn(next.warmSinceMs + WARM_MS - nowMs);
  };

  #coolIn(delayMs: number): void {
    this.#isCoolingDue = true;
    server.backgroundTimer(this.#cool, delayMs);
  }
}

/** The pool's error for a worker that died, in the words of threads. */
function explained(outcome: Outcome, thread: string): Outcome {
  if (outcome.kind === "returned" || !(outcome.error instanceof BrokenThreadPool)) return outcome;
  const { message, exitCode } = outcome.error;
  const how = message.slice(message.indexOf(" died: ") + " died: ".length);
  const error = new ThreadDiedError(`Thread "${thread}" died: ${how}`, {
    ...("cause" in outcome.error ? { cause: outcome.error.cause } : {}),
    thread,
    exitCode,
  });
  error.stack = `${error.name}: ${error.message}\n${userFrames(outcome.error.stack ?? "")}`;
  return { kind: "threw", error };
}

/**
 * Starts a thread and returns its ident. Where work must not be done because this
 * worker merely loads the program's main module, nothing is started, and the ident is 0.
 *
 * @throws {RuntimeError} There are too many threads, or the program is ending.
 * @throws {NotShippableError} Another thread could not run the function.
 * @throws {SendError} An argument cannot be sent.
 */
export function startThread(plan: ThreadPlan): number {
  if (isSuppressed()) return 0;
  checkNotEvaluating("start a thread");
  if (server.isExiting()) {
    throw new RuntimeError("Cannot start a new thread: the program is ending");
  }
  return threadRegistry("thread host@1", () => new ThreadHost()).start(plan);
}

/** Where other threads wait for the end of that one. */
export function endOfThread(ident: number): WaitPoint {
  const { agents } = program();
  const waiters = agents.joiners(agents.slotOf(ident));
  return new WaitPoint({ address: -ident, verb: JOIN, waiters, spinMs: 0 });
}
