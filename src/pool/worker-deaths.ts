/** Deaths of a pool's workers: what is known of one, and the errors for what it costs. */
import { platform } from "#platform";
import type { Agent } from "../agents/agent.ts";
import { errorText } from "../base/text.ts";
import type { Call } from "../calls/call.ts";
import { type BrokenExecutor, CancelledError } from "../errors.ts";
import { decodeThrown, type ThrownValue } from "../wire/remote-error.ts";
import type { AgentKind } from "./agent-kind.ts";
import type { EndMessage } from "./messages.ts";

/** So many workers in a row that die before they begin a call break the pool: another would, too. */
const MOST_VAIN_STARTS = 3;

/** What errors say of a call that a pool cannot run. */
export const NOT_STARTED = "Cannot run the call, which had not started";

/** What errors say of a call of a pool that has broken. */
export function fateOf(started: boolean, ranInDeadWorker: boolean): string {
  if (!started) return NOT_STARTED;
  return ranInDeadWorker
    ? "Cannot finish the call"
    : "Cannot finish the call, which another worker was running";
}

export interface Death<A extends Agent = Agent> {
  readonly worker: A;
  /** How the worker died, or why the pool must break: the end of a sentence. */
  readonly reason: string;
  readonly cause: unknown;
  /** Whether another worker would die as well. */
  readonly isHopeless: boolean;
  /** Whether the pool has ended the worker, for a call that did not stop. */
  readonly wasStopped: boolean;
}

export class WorkerDeaths<A extends Agent> {
  readonly #kind: AgentKind<A>;
  /** Workers that have died in a row before they began a call. */
  #vainStarts = 0;
  /** Those that the pool has ended for calls that did not stop, and whose deaths have not been described. */
  readonly #stopped = new WeakSet<A>();

  constructor(kind: AgentKind<A>) {
    this.#kind = kind;
  }

  /**
   * What is known of a worker that has died; reports what its initializer threw.
   *
   * @param failure That, if it did.
   */
  describe(worker: A, failure: ThrownValue | undefined): Death<A> {
    if (this.#stopped.delete(worker)) {
      const reason = `worker "${worker.name}" was ended by force, for another call that was cancelled and did not stop. \
Whether this call, which had been sent to the worker with that one, was over is not known`;
      return { worker, reason, cause: undefined, isHopeless: false, wasStopped: true };
    }
    if (failure === undefined) {
      const reason = `worker "${worker.name}" died: ${worker.describeDeath()}`;
      const cause = worker.deathCause();
      return { worker, reason, cause, isHopeless: false, wasStopped: false };
    }
    const origin = { agent: worker.title, submitFrames: "" };
    const cause = decodeThrown(failure, this.#kind.codec.receiver, origin);
    const place = `initializer of worker "${worker.name}"`;
    platform.errorStream.write(`Exception in ${place}:\n${errorText(cause)}\n`);
    const reason = `the ${place} threw ${String(cause)}`;
    return { worker, reason, cause, isHopeless: true, wasStopped: false };
  }

  /**
   * Ends a worker whose call did not stop; returns the call's error.
   *
   * @param id What the worker knows the call by.
   * @param graceMs How long the call was given.
   */
  stop(worker: A, id: number, graceMs: number | undefined): CancelledError {
    this.#stopped.add(worker);
    worker.stop();
    const { title, isAbandoned } = worker;
    const why = `The call was cancelled, and did not stop within ${graceMs ?? 0} ms`;
    if (!isAbandoned) return new CancelledError(`${why}: ${title} has been ended`);
    const message: EndMessage = { kind: "end", call: id };
    worker.port.postMessage(message);
    return new CancelledError(
      `${why}: ${title} has been abandoned. This runtime cannot stop a thread that does not let its event loop turn: \
it goes on until the call lets it, or returns. Poll cancelRequested() in its loop, or run it in a process`,
    );
  }

  /** A call has come to its end. */
  noteProgress(): void {
    this.#vainStarts = 0;
  }

  /** A worker has died that had begun so many calls; says whether to replace it would be in vain. */
  isInVain({ wasStopped }: Death<A>, begun: number): boolean {
    if (wasStopped) return false;
    this.#vainStarts = begun === 0 ? this.#vainStarts + 1 : 0;
    return this.#vainStarts === MOST_VAIN_STARTS;
  }

  /**
   * The error for what a death costs.
   *
   * @param attempt What cannot be done because of it: `Cannot …`.
   * @param started Whether a worker had begun the call.
   */
  error(
    attempt: string,
    { worker, reason, cause }: Death<A>,
    started: boolean,
    call?: Call,
  ): BrokenExecutor {
    const name = call?.wishes?.name;
    const which = name === undefined ? attempt : attempt.replace("the call", `the call "${name}"`);
    const error = this.#kind.broken(`${which}: ${reason}`, { worker, cause, started });
    const frames = call?.site?.frames();
    if (frames !== undefined) error.stack = `${error.name}: ${error.message}\n${frames}`;
    return error;
  }
}
