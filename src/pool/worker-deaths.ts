/** Deaths of a pool's workers: what is known of one, and the errors for what it costs. */
import { platform } from "#platform";
import type { Agent } from "../agents/agent.ts";
import { errorText } from "../base/text.ts";
import type { Call } from "../calls/call.ts";
import type { BrokenExecutor } from "../errors.ts";
import { decodeThrown, type ThrownValue } from "../wire/remote-error.ts";
import type { AgentKind } from "./agent-kind.ts";

/** Whether another worker takes the place of one that died, or the pool breaks. */
export type OnDeath = "replace" | "break";

/** So many workers in a row that die before they begin a call break the pool: another would, too. */
const MOST_VAIN_STARTS = 3;

export interface Death<A extends Agent = Agent> {
  readonly worker: A;
  /** How the worker died, or why the pool must break: the end of a sentence. */
  readonly reason: string;
  readonly cause: unknown;
  /** Whether another worker would die as well. */
  readonly isHopeless: boolean;
}

export class WorkerDeaths<A extends Agent> {
  readonly #kind: AgentKind<A>;
  /** Workers that have died in a row before they began a call. */
  #vainStarts = 0;

  constructor(kind: AgentKind<A>) {
    this.#kind = kind;
  }

  /**
   * What is known of a worker that has died; reports what its initializer threw.
   *
   * @param failure That, if it did.
   */
  describe(worker: A, failure: ThrownValue | undefined): Death<A> {
    if (failure === undefined) {
      const reason = `worker "${worker.name}" died: ${worker.describeDeath()}`;
      return { worker, reason, cause: worker.deathCause(), isHopeless: false };
    }
    const origin = { agent: worker.title, submitFrames: "" };
    const cause = decodeThrown(failure, this.#kind.codec.receiver, origin);
    const place = `initializer of worker "${worker.name}"`;
    platform.errorStream.write(`Exception in ${place}:\n${errorText(cause)}\n`);
    const reason = `the ${place} threw ${String(cause)}`;
    return { worker, reason, cause, isHopeless: true };
  }

  /** A call has come to its end. */
  noteProgress(): void {
    this.#vainStarts = 0;
  }

  /** A worker has died that had begun so many calls; says whether to replace it would be in vain. */
  isInVain(begun: number): boolean {
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
    const error = this.#kind.broken(`${attempt}: ${reason}`, { worker, cause, started });
    const frames = call?.site?.frames();
    if (frames !== undefined) error.stack = `${error.name}: ${error.message}\n${frames}`;
    return error;
  }
}
