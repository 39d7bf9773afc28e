/**
 * The calls of a pool that have been asked to stop, and when each one's grace is over.
 *
 *   ASKED   told, and given time
 *   DUE     its time is over: it is taken from its worker
 *
 *   ASKED → DUE   once: of several requests, the earliest deadline counts
 *
 * A call is forgotten when it is over. While the owner's event loop turns a timer says that one is
 * due; while the owner blocks, its pump asks ({@link CallStops.nextMs}).
 */
import type { Call } from "./call.ts";
import { CancelledError, RemoteError } from "../errors.ts";
import { DueTimer } from "./due-timer.ts";

interface Stop {
  deadlineMs: number;
  graceMs: number;
  isDue: boolean;
}

export class CallStops {
  readonly #end: (call: Call) => void;
  readonly #stops = new Map<Call, Stop>();
  readonly #timer = new DueTimer(() => this.run());

  /** @param end Called once for a call that is due. */
  constructor(end: (call: Call) => void) {
    this.#end = end;
  }

  /** The call has been asked. */
  ask(call: Call, graceMs: number): void {
    const deadlineMs = performance.now() + graceMs;
    const stop = this.#stops.get(call);
    if (stop === undefined) this.#stops.set(call, { deadlineMs, graceMs, isDue: false });
    else if (stop.deadlineMs > deadlineMs) Object.assign(stop, { deadlineMs, graceMs });
    if (graceMs === 0) this.run();
    else this.#timer.setBy(this.nextMs);
  }

  isAsked(call: Call): boolean {
    return this.#stops.has(call);
  }

  /** How long the call was given, in milliseconds; undefined if it has not been asked. */
  graceOf(call: Call): number | undefined {
    return this.#stops.get(call)?.graceMs;
  }

  /** The call is over. */
  forget(call: Call): void {
    if (this.#stops.size > 0 && this.#stops.delete(call) && this.#stops.size === 0) this.clear();
  }

  /** When the next one is due; Infinity if none will be. */
  get nextMs(): number {
    let nextMs = Infinity;
    for (const { deadlineMs, isDue } of this.#stops.values()) {
      if (!isDue && deadlineMs < nextMs) nextMs = deadlineMs;
    }
    return nextMs;
  }

  /** Takes the calls that are due from their workers; returns how many. */
  run(): number {
    if (this.#stops.size === 0) return 0;
    const nowMs = performance.now();
    let count = 0;
    for (const [call, stop] of this.#stops) {
      if (stop.isDue || stop.deadlineMs > nowMs) continue;
      stop.isDue = true;
      count++;
      this.#end(call);
    }
    this.#timer.setBy(this.nextMs);
    return count;
  }

  clear(): void {
    this.#stops.clear();
    this.#timer.clear();
  }
}

/** The error by which a call that was asked to stop has stopped because of that, if it has. */
export function stopIn(error: unknown): CancelledError | undefined {
  if (error instanceof CancelledError) return error;
  // What Node's functions throw when their signal is aborted. Its class may be none that is known here.
  const name = error instanceof RemoteError ? error.remoteName : (error as Error | undefined)?.name;
  const cause = name === "AbortError" ? (error as Error).cause : undefined;
  return cause instanceof CancelledError ? cause : undefined;
}
