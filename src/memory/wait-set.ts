/**
 * The agents that wait for one thing: a bit each.
 *
 * An agent is in the set as often as it has waiters, that is once: how many of
 * its own calls wait, and in what order, it keeps to itself. So the set has a
 * fixed size, no links that a death could tear, and a dead agent's bit is simply
 * passed over.
 *
 *   absent → waiting    the agent itself
 *   waiting → absent    the agent itself (it has what it waited for, or gives up);
 *                       or the agent that wakes it: it is *chosen*, and must look
 *
 * COUNT is how many bits are set, so that a release without waiters costs one
 * load. It goes up before a bit is set and down after one is cleared: a death in
 * between leaves it too high, which costs others a scan, never too low.
 *
 * Why no wake-up is lost: a waiter sets its bit first and looks second, a waker
 * changes the state first and looks for bits second. The chosen one may find the
 * thing taken by a newcomer; it then enters again. It may have given up at the
 * same moment; it then sees its bit cleared, and wakes the next one
 * ({@link WaitSet.withdraw}). It may die; the agent that reports that rings all agents.
 *
 * Not fair between agents, but no agent is passed over for ever: the search for
 * the next one begins behind the last.
 *
 * Explored under every schedule in test/model/wait-set.test.ts.
 */
import { add, and, load, or, store, sub } from "./atomics.ts";

/** What a wait set must know of agents. */
export interface Wakeable {
  readonly capacity: number;
  isLive(agent: number): boolean;
  /** Wakes the agent if it sleeps. */
  ring(agent: number): void;
}

const COUNT = 0;
const LAST = 1;
const BITS = 2;

export class WaitSet {
  readonly #words: Int32Array;
  /** Index of the set's first word. */
  readonly at: number;
  readonly #agents: Wakeable;

  /** Words that a set needs. */
  static words(agents: number): number {
    return BITS + Math.ceil(agents / 32);
  }

  constructor(words: Int32Array, at: number, agents: Wakeable) {
    this.#words = words;
    this.at = at;
    this.#agents = agents;
  }

  /** How many agents wait. */
  get size(): number {
    return load(this.#words, this.at + COUNT);
  }

  has(agent: number): boolean {
    return (load(this.#words, this.#wordOf(agent)) & bitOf(agent)) !== 0;
  }

  /** Agent: enters itself, unless it is in; it must look at the state once more afterwards. */
  enter(agent: number): void {
    if (this.has(agent)) return;
    add(this.#words, this.at + COUNT, 1);
    or(this.#words, this.#wordOf(agent), bitOf(agent));
  }

  /**
   * Takes the agent out.
   *
   * @returns False when it was not in. If it had entered, it has been chosen
   *   since, and must wake another one unless it takes what it was woken for.
   */
  withdraw(agent: number): boolean {
    const bit = bitOf(agent);
    if ((and(this.#words, this.#wordOf(agent), ~bit) & bit) === 0) return false;
    sub(this.#words, this.at + COUNT, 1);
    return true;
  }

  /** Chooses a waiting agent and wakes it; says whether there was one. */
  wakeOne(): boolean {
    if (load(this.#words, this.at + COUNT) <= 0) return false;
    return this.#choose();
  }

  /** Wakes all agents that wait now. */
  wakeAll(): void {
    if (load(this.#words, this.at + COUNT) <= 0) return;
    const { capacity } = this.#agents;
    for (let agent = 0; agent < capacity; agent++) {
      if ((agent & 31) === 0 && load(this.#words, this.#wordOf(agent)) === 0) agent += 31;
      else if (this.has(agent) && this.withdraw(agent)) this.#agents.ring(agent);
    }
  }

  #choose(): boolean {
    const { capacity } = this.#agents;
    const start = load(this.#words, this.at + LAST);
    for (let i = 1; i <= capacity; i++) {
      const agent = (start + i) % capacity;
      if ((agent & 31) === 0 && load(this.#words, this.#wordOf(agent)) === 0) {
        i += Math.min(31, capacity - agent - 1); // no bit in this word
        continue;
      }
      if (!this.has(agent) || !this.withdraw(agent) || !this.#agents.isLive(agent)) continue;
      store(this.#words, this.at + LAST, agent);
      this.#agents.ring(agent);
      return true;
    }
    return false;
  }

  #wordOf(agent: number): number {
    return this.at + BITS + (agent >>> 5);
  }
}

function bitOf(agent: number): number {
  return 1 << (agent & 31);
}
