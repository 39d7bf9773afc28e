/**
 * Decides what happens next: a depth-first search over schedules.
 *
 * Called by the agent that has the turn, wherever there is a choice:
 *
 *   at an operation     it goes on; or it dies; or another agent takes the turn,
 *                       which is a preemption
 *   when it can't       another agent takes the turn, for free
 *   in a spin loop      the same: `pause` lets the others go first
 *   at its first operation after it started, slept or paused, and when falling
 *   asleep              it goes on, or it dies
 *
 * "Another agent takes the turn" includes that its timed wait expires.
 *
 * Nothing is lost by letting only the agent that has the turn die: one that dies
 * while others run cannot be told by them from one that died at its last step and
 * is reported later, and the report (the reaper) is scheduled like an agent.
 *
 * A run is told by its path: which option was taken wherever there were several.
 * The next run takes the same path up to the last place that has an option left,
 * and that option there; see {@link Scheduler.backtrack}.
 *
 * After M. Musuvathi, S. Qadeer, "Iterative context bounding for systematic
 * testing of multithreaded programs".
 */
import { agentOf, decision, DIE, EXPIRE, kindOf, NOBODY, STEP } from "./decision.ts";
import { NotExplorable } from "./not-explorable.ts";
import {
  DEATHS,
  DEPTH,
  DONE,
  EVENTS,
  EXPIRIES,
  type ExplorerState,
  NOTES,
  NOWHERE,
  PATH_LENGTH,
  PREEMPTIONS,
  READY,
  RUN,
  STEP_WORDS,
  STEPS,
  TIMED,
  WAITS_BEGUN,
} from "./state.ts";

const OTHER_COURSE =
  "the same schedule took another course this time, so a body does not do the same each time";

/** How much may happen in one run. */
export interface Bounds {
  readonly preemptions: number;
  readonly deaths: number;
  readonly expiries: number;
}

export class Scheduler {
  readonly #state: ExplorerState;
  readonly #bounds: Bounds;
  readonly #mortal: readonly boolean[];
  readonly #agents: number;
  /** The decisions to make, when a schedule is replayed. */
  readonly #replay: readonly number[] | undefined;
  readonly #options: number[] = [];

  /** @param mortal For each agent whether it may die. */
  constructor(
    state: ExplorerState,
    bounds: Bounds,
    mortal: readonly boolean[],
    replay?: readonly number[],
  ) {
    this.#state = state;
    this.#agents = mortal.length;
    this.#mortal = mortal;
    this.#replay = replay;
    this.#bounds = replay
      ? { preemptions: Infinity, deaths: Infinity, expiries: Infinity }
      : bounds;
  }

  /** Begins the next run. */
  reset(): void {
    const state = this.#state;
    for (const counter of [
      STEPS,
      EVENTS,
      PREEMPTIONS,
      DEATHS,
      EXPIRIES,
      DEPTH,
      NOTES,
      WAITS_BEGUN,
    ]) {
      state.set(counter, 0);
    }
    state.status.fill(DONE);
    state.status.fill(READY, 0, this.#agents);
    state.waits.fill(NOWHERE);
    state.asyncWaits.fill(NOWHERE);
    state.expired.fill(0);
    state.dead.fill(0);
    state.next(RUN);
  }

  /** Changes the path to that of the next run; returns false when there is none. */
  backtrack(): boolean {
    // Each run goes down its path to the end, and further.
    if (this.#state.get(DEPTH) !== this.#state.get(PATH_LENGTH))
      throw new NotExplorable(OTHER_COURSE);
    const { path, widths } = this.#state;
    let length = this.#state.get(PATH_LENGTH);
    while (length > 0 && (path[length - 1] as number) + 1 >= (widths[length - 1] as number))
      length--;
    this.#state.set(PATH_LENGTH, length);
    if (length === 0) return false;
    path[length - 1]!++;
    return true;
  }

  /** The agent is at an operation. */
  atOperation(agent: number): number {
    this.#options.length = 0;
    this.#options.push(decision(STEP, agent));
    this.#mayDie(agent);
    if (this.#state.get(PREEMPTIONS) < this.#bounds.preemptions) this.#others(agent);
    const chosen = this.#choose();
    if (agentOf(chosen) !== agent) this.#state.next(PREEMPTIONS);
    return this.#carryOut(chosen);
  }

  /** The agent is at an operation that the choice of this agent has already been for. */
  atFirstOperation(agent: number): number {
    if (!this.#canDie(agent)) return decision(STEP, agent);
    this.#options.length = 0;
    this.#options.push(decision(STEP, agent));
    this.#mayDie(agent);
    return this.#carryOut(this.#choose());
  }

  /** The agent is about to sleep: STEP lets it. */
  atSleep(agent: number): number {
    const { length } = this.#replay ?? [];
    const index = this.#state.get(EVENTS);
    if (index < length && this.#replay?.[index] !== decision(DIE, agent))
      return decision(STEP, agent);
    return this.atFirstOperation(agent);
  }

  /** The agent spins: the others go first. */
  atPause(agent: number): number {
    this.#options.length = 0;
    this.#others(agent);
    if (this.#options.length === 0) return decision(STEP, agent);
    return this.#carryOut(this.#choose());
  }

  /** The agent that had the turn cannot continue, or is not known to. */
  atRest(): number {
    this.#options.length = 0;
    this.#others(NOBODY);
    if (this.#options.length === 0) return NOBODY;
    return this.#carryOut(this.#choose());
  }

  #canDie(agent: number): boolean {
    return (
      this.#mortal[agent] === true &&
      this.#state.dead[agent] === 0 &&
      this.#state.get(DEATHS) < this.#bounds.deaths
    );
  }

  #mayDie(agent: number): void {
    if (this.#canDie(agent)) this.#options.push(decision(DIE, agent));
  }

  #others(agent: number): void {
    const { status } = this.#state;
    const mayExpire = this.#mayExpire();
    for (let other = 0; other < this.#agents; other++) {
      if (other === agent) continue;
      if (status[other] === READY) this.#options.push(decision(STEP, other));
      else if (mayExpire && status[other] === TIMED) this.#options.push(decision(EXPIRE, other));
    }
  }

  #mayExpire(): boolean {
    if (this.#replay === undefined) return this.#state.get(EXPIRIES) < this.#bounds.expiries;
    // Not beyond the end of the schedule: it would hide the deadlock that is to be shown.
    return kindOf(this.#replay[this.#state.get(EVENTS)] ?? NOBODY) === EXPIRE;
  }

  #choose(): number {
    const state = this.#state;
    const options = this.#options;
    if (this.#replay) return this.#chooseAsBefore(this.#replay[state.get(EVENTS)]);
    if (options.length === 1) return options[0] as number;
    const depth = state.next(DEPTH);
    if (depth === state.get(PATH_LENGTH)) {
      state.path[depth] = 0;
      state.widths[depth] = options.length;
      state.next(PATH_LENGTH);
    } else if (state.widths[depth] !== options.length) {
      throw new NotExplorable(OTHER_COURSE);
    }
    return options[state.path[depth] as number] as number;
  }

  #chooseAsBefore(wanted: number | undefined): number {
    const options = this.#options;
    if (wanted === undefined) return options[0] as number;
    // An agent may die at the very operation for which it is given the turn.
    const found = options.includes(wanted) ? wanted : decision(STEP, agentOf(wanted));
    if (!options.includes(found)) {
      const events = this.#state.get(EVENTS);
      throw new NotExplorable(`the schedule to replay does not fit after ${events} events`);
    }
    return found;
  }

  #carryOut(chosen: number): number {
    const state = this.#state;
    const agent = agentOf(chosen);
    if (kindOf(chosen) === EXPIRE) {
      state.next(EXPIRIES);
      state.expired[agent] = 1;
      state.status[agent] = READY;
      state.waits[agent] = NOWHERE;
      state.record(chosen, 0, 0, 0, 0, 0);
    } else if (kindOf(chosen) === DIE) {
      state.next(DEATHS);
      state.dead[agent] = 1;
      state.asyncWaits[agent] = NOWHERE;
      state.record(chosen, 0, 0, 0, 0, 0);
    }
    return chosen;
  }

  /** The decisions of this run so far. */
  schedule(): number[] {
    const { events } = this.#state;
    return Array.from(
      { length: this.#state.get(EVENTS) },
      (_, index) => events[index * STEP_WORDS] as number,
    );
  }
}
