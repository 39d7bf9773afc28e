/**
 * Limits of a pool's calls: how long each may run, when it must be over, and the signals that cancel it.
 *
 *   WAITING   no worker is known to have begun it
 *   BEGUN     one has, and its time counts
 *   OVERDUE   its time is over, or its deadline has passed: it has failed, and is stopped
 *
 *   WAITING → BEGUN              `run`, once a worker has begun it. That is looked at again and again, since to
 *                                say so would cost every call a message
 *   WAITING, BEGUN → OVERDUE     `run`
 *
 * A call is forgotten when it is over. While the owner's event loop turns a timer says that it is time
 * to look; while the owner blocks, its pump asks ({@link CallLimits.nextMs}).
 */
import type { Call, CallWishes } from "./call.ts";
import type { WebAbortSignal } from "../base/web-types.ts";
import { CancelledError, TimeoutError } from "../errors.ts";
import { DueTimer } from "./due-timer.ts";

const WAITING = 0;
const BEGUN = 1;
const OVERDUE = 2;

interface Limit {
  readonly wishes: CallWishes;
  state: typeof WAITING | typeof BEGUN | typeof OVERDUE;
  dueMs: number;
}

/** The pool that has the calls. */
export interface LimitedPool {
  /** Whether a worker is known to have begun the call. */
  hasBegun(call: Call): boolean;
  /** Takes a call back that no worker has started; says whether it was in time. */
  cancel(call: Call): boolean;
  /** Asks a call that has started to stop, and ends it after the grace. */
  stop(call: Call, graceMs: number): boolean;
}

/** A start is noticed a tenth of the time limit later at most, within these bounds, in milliseconds. */
const SHARE = 0.1;
const SHORTEST_MS = 2;
const LONGEST_MS = 25;
/** Where there are many calls, they are looked at less often: this much for each. */
const EACH_MS = 0.0001;

export class CallLimits {
  readonly #pool: LimitedPool;
  readonly #limits = new Map<Call, Limit>();
  readonly #signals = new Map<WebAbortSignal, CallsOfSignal>();
  readonly #timer = new DueTimer(() => this.run());
  /** When to look again. */
  #nextMs = Infinity;

  constructor(pool: LimitedPool) {
    this.#pool = pool;
  }

  /** A call that has been taken. */
  add(call: Call, wishes: CallWishes): void {
    const { timeoutMs, deadlineMs, signal } = wishes;
    if (signal !== undefined) this.#callsOf(signal).add(call);
    if (timeoutMs === Infinity && deadlineMs === Infinity) return;
    this.#limits.set(call, { wishes, state: WAITING, dueMs: deadlineMs });
    this.#lookBy(Math.min(deadlineMs, performance.now() + this.#periodMs(timeoutMs)));
  }

  /** The call is over. */
  forget(call: Call, { signal }: CallWishes): void {
    if (signal !== undefined && this.#signals.get(signal)?.delete(call) === true)
      this.#signals.delete(signal);
    if (this.#limits.delete(call) && this.#limits.size === 0) this.#rest();
  }

  #rest(): void {
    this.#timer.clear();
    this.#nextMs = Infinity;
  }

  /** When {@link CallLimits.run} has something to do; Infinity if never. */
  get nextMs(): number {
    return this.#nextMs;
  }

  /** Does what there is to do by now; returns how many calls it was about. */
  run(): number {
    if (this.#nextMs === Infinity) return 0;
    const nowMs = performance.now();
    if (nowMs < this.#nextMs) {
      this.#timer.setBy(this.#nextMs); // it may go off a little too early
      return 0;
    }
    let nextMs = Infinity;
    const due: Call[] = [];
    for (const [call, limit] of this.#limits) {
      const { timeoutMs } = limit.wishes;
      if (limit.state === OVERDUE) continue;
      if (limit.state === WAITING && timeoutMs !== Infinity && this.#pool.hasBegun(call)) {
        limit.state = BEGUN;
        limit.dueMs = Math.min(limit.dueMs, nowMs + timeoutMs);
      }
      if (limit.dueMs <= nowMs) {
        due.push(call);
      } else {
        const lookMs = limit.state === WAITING ? nowMs + this.#periodMs(timeoutMs) : Infinity;
        nextMs = Math.min(nextMs, limit.dueMs, lookMs);
      }
    }
    this.#nextMs = Infinity;
    this.#lookBy(nextMs);
    // Those that wait first: a worker that a call has left would begin them.
    for (const call of due.filter((each) => !this.#drop(each))) this.#stop(call);
    return due.length;
  }

  clear(): void {
    this.#limits.clear();
    for (const calls of this.#signals.values()) calls.close();
    this.#signals.clear();
    this.#rest();
  }

  #lookBy(atMs: number): void {
    if (atMs >= this.#nextMs) return;
    this.#nextMs = atMs;
    this.#timer.setBy(atMs);
  }

  #periodMs(timeoutMs: number): number {
    if (timeoutMs === Infinity) return Infinity;
    const periodMs = Math.min(LONGEST_MS, Math.max(SHORTEST_MS, timeoutMs * SHARE));
    return periodMs + this.#limits.size * EACH_MS;
  }

  /** Fails a call that no worker has begun; false if one has. */
  #drop(call: Call): boolean {
    const limit = this.#limits.get(call);
    if (limit === undefined) return true; // another one's failure has ended it
    if (!this.#pool.cancel(call)) return false;
    call.fail(lateness(call, limit));
    return true;
  }

  #stop(call: Call): void {
    const limit = this.#limits.get(call);
    if (limit === undefined) return;
    call.hasFailed = true;
    const error = lateness(call, limit);
    limit.state = OVERDUE;
    call.fail(error);
    this.#pool.stop(call, limit.wishes.graceMs);
  }

  #callsOf(signal: WebAbortSignal): CallsOfSignal {
    let calls = this.#signals.get(signal);
    if (calls === undefined) {
      calls = new CallsOfSignal(signal, (all) => this.#abort(all, signal));
      this.#signals.set(signal, calls);
    }
    return calls;
  }

  #abort(calls: readonly Call[], signal: WebAbortSignal): void {
    const running: Call[] = [];
    for (const call of calls) {
      if (this.#pool.cancel(call)) call.stopped(cancelledBy(signal));
      else running.push(call);
    }
    for (const call of running) this.#pool.stop(call, (call.wishes as CallWishes).graceMs);
  }
}

/** The error of a call whose time is over. */
function lateness(call: Call, { wishes, state, dueMs }: Limit): TimeoutError {
  const { timeoutMs, deadlineMs, name } = wishes;
  const which = name === undefined ? "The call" : `The call "${name}"`;
  const error = new TimeoutError(
    state === BEGUN && dueMs < deadlineMs
      ? `${which} ran longer than its time limit of ${timeoutMs} ms`
      : `${which} was not over by its deadline`,
  );
  const frames = call.site?.frames();
  if (frames !== undefined) error.stack = `${error.name}: ${error.message}\n${frames}`;
  return error;
}

/** The error of a call whose signal was aborted before it began. */
export function cancelledBy(signal: WebAbortSignal): CancelledError {
  return new CancelledError("The call was cancelled by its signal", { cause: signal.reason });
}

/** Calls that one signal cancels. It has one listener, however many they are. */
class CallsOfSignal {
  readonly #calls = new Set<Call>();
  readonly #signal: WebAbortSignal;
  readonly #listener: () => void;

  constructor(signal: WebAbortSignal, abort: (calls: readonly Call[]) => void) {
    this.#signal = signal;
    this.#listener = () => abort([...this.#calls]);
    signal.addEventListener("abort", this.#listener);
  }

  add(call: Call): void {
    this.#calls.add(call);
  }

  /** Returns whether none is left. */
  delete(call: Call): boolean {
    this.#calls.delete(call);
    if (this.#calls.size > 0) return false;
    this.close();
    return true;
  }

  close(): void {
    this.#signal.removeEventListener("abort", this.#listener);
  }
}
