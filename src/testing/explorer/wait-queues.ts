/**
 * Who sleeps on which word: what `wait`, `waitAsync` and `notify` mean to an exploration.
 *
 * A word is told by a number of its own (turn-atomics.ts). An agent has at most one
 * wait of each kind. Those on one word are woken in the order in which they began.
 */
import { NOBODY } from "./decision.ts";
import { NotExplorable } from "./not-explorable.ts";
import {
  type ExplorerState,
  IDLING,
  NOTIFIED,
  NOWHERE,
  PARKED,
  READY,
  TIMED,
  WAITS_BEGUN,
} from "./state.ts";

export class WaitQueues {
  readonly #state: ExplorerState;
  readonly #agents: number;

  constructor(state: ExplorerState, agents: number) {
    this.#state = state;
    this.#agents = agents;
  }

  /** Puts an agent to sleep on a word. */
  park(agent: number, word: number, hasTimeout: boolean): void {
    const state = this.#state;
    state.waits[agent] = word;
    state.waitOrder[agent] = state.next(WAITS_BEGUN);
    state.expired[agent] = 0;
    state.status[agent] = hasTimeout ? TIMED : PARKED;
  }

  /** Begins an agent's asynchronous wait on a word. */
  listen(agent: number, word: number): void {
    const state = this.#state;
    if (state.asyncWaits[agent] !== NOWHERE) {
      throw new NotExplorable("an agent may have one waitAsync at a time");
    }
    state.asyncWaits[agent] = word;
    state.asyncOrder[agent] = state.next(WAITS_BEGUN);
  }

  /** Whether the agent's asynchronous wait was notified. */
  isNotified(agent: number): boolean {
    const at = this.#state.asyncWaits[agent];
    if (at === NOWHERE) throw new NotExplorable("an agent idles that has called no waitAsync");
    return at === NOTIFIED;
  }

  /** Puts an agent to sleep until its asynchronous wait is notified. */
  idle(agent: number): void {
    this.#state.status[agent] = IDLING;
  }

  /** Ends an agent's asynchronous wait. */
  stopListening(agent: number): void {
    this.#state.asyncWaits[agent] = NOWHERE;
  }

  /** Wakes those that wait on a word, the longest asleep first; returns how many. */
  notify(word: number, count: number): number {
    let woken = 0;
    while (woken < count && this.#wakeFirst(word)) woken++;
    return woken;
  }

  #wakeFirst(word: number): boolean {
    const { waits, waitOrder, asyncWaits, asyncOrder, status } = this.#state;
    let first = NOBODY;
    let firstOrder = Infinity;
    let isAsync = false;
    for (let agent = 0; agent < this.#agents; agent++) {
      if (waits[agent] === word && (waitOrder[agent] as number) < firstOrder) {
        first = agent;
        firstOrder = waitOrder[agent] as number;
        isAsync = false;
      }
      if (asyncWaits[agent] === word && (asyncOrder[agent] as number) < firstOrder) {
        first = agent;
        firstOrder = asyncOrder[agent] as number;
        isAsync = true;
      }
    }
    if (first === NOBODY) return false;
    if (isAsync) {
      asyncWaits[first] = NOTIFIED;
      if (status[first] === IDLING) status[first] = READY;
    } else {
      waits[first] = NOWHERE;
      status[first] = READY;
    }
    return true;
  }
}
