/**
 * Passing the turn: one word for each agent, which is 1 while the turn is on its way to it.
 *
 * The giver writes 1 and notifies; the agent puts it back to 0 and has the turn.
 * Only one agent has it, so nobody else writes the word meanwhile, but for the end
 * of an exploration, when all agents are sent on at once, to leave.
 */
import { atomics } from "./real-atomics.ts";

/** Words from one agent's turn to the next one's: a cache line of its own. */
const STRIDE = 32;
/** Looks for the turn so many times before sleeping. */
const SPINS = 50;

export class Baton {
  readonly #words: Int32Array;

  static words(agents: number): number {
    return agents * STRIDE;
  }

  constructor(words: Int32Array) {
    this.#words = words;
  }

  give(agent: number): void {
    atomics.store(this.#words, agent * STRIDE, 1);
    atomics.notify(this.#words, agent * STRIDE);
  }

  await(agent: number): void {
    const at = agent * STRIDE;
    for (let spins = 0; atomics.load(this.#words, at) === 0;) {
      if (++spins > SPINS) atomics.wait(this.#words, at, 0);
    }
    atomics.store(this.#words, at, 0);
  }
}
