/**
 * How an agent listens to its bell where the engine has no waitAsync: a thread that
 * runs nothing else, its helper, sleeps on the bell in its place, and reports by message.
 *
 *   IDLE     nothing is asked; the helper sleeps on this word
 *   ASKED    the helper is to sleep on the bell, and to report once it is not armed
 *   CLOSED   the agent ends, and the helper with it
 *
 *   IDLE → ASKED     the agent, having armed its bell and looked once more
 *   ASKED → IDLE     the helper, before it reports
 *   any → CLOSED     the agent
 *
 * The helper may come late, and find the bell rung: it reports at once. It may miss a ring
 * after which the agent, awake for another reason, has armed its bell again: the agent
 * has looked since, and the helper sleeps on for its next ring. A report too many makes the agent
 * look once too often. An agent whose helper has died takes that for a report, looks, and
 * asks another helper.
 *
 * Agent and helper sleep on the same word while the agent blocks; a ring wakes both.
 *
 * Explored under every schedule, the helper's death included, in test/model/bell-watch.test.ts.
 */
import { compareExchange, load, notify, store, wait } from "./atomics.ts";
import type { Doorbell } from "./doorbell.ts";

const IDLE = 0;
const ASKED = 1;
const CLOSED = 2;

const STATE = 0;

export class BellWatch {
  readonly words: Int32Array;
  readonly #bell: Doorbell;

  static readonly WORDS = 1;

  /**
   * @param words Zeroed shared memory.
   * @param bell The agent's.
   */
  constructor(words: Int32Array, bell: Doorbell) {
    this.words = words;
    this.#bell = bell;
  }

  /** Agent: asks for a report once the bell, which it has armed, is rung. */
  ask(): void {
    store(this.words, STATE, ASKED);
    notify(this.words, STATE);
  }

  /** Agent: ends the helper. */
  close(): void {
    store(this.words, STATE, CLOSED);
    notify(this.words, STATE);
    this.#bell.ringAlways();
  }

  /** Helper: blocks until there is something to report; returns false when it is to end. */
  next(): boolean {
    for (;;) {
      const state = load(this.words, STATE);
      if (state === CLOSED) return false;
      if (state === IDLE) wait(this.words, STATE, IDLE);
      else if (this.#bell.isArmed) this.#bell.sleep(Infinity);
      else if (compareExchange(this.words, STATE, ASKED, IDLE) === ASKED) return true;
    }
  }
}
