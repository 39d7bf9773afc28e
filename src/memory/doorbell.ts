/**
 * How workers tell an agent that something has happened for it.
 *
 *   QUIET   the agent is awake and will look by itself
 *   ARMED   the agent sleeps, or is about to: ring
 *
 *   QUIET → ARMED   the agent, which then looks once more before it sleeps
 *   ARMED → QUIET   an agent that rings: the one whose compareExchange succeeds notifies,
 *                   so a batch of results costs one wake-up; or the agent itself,
 *                   when that second look found something
 *
 * No ring is lost: the agent arms first and looks second, a worker publishes
 * first and rings second. A worker that dies between its compareExchange and its
 * notify is reported dead, and that report rings by {@link Doorbell.ringAlways}.
 *
 * Explored under every schedule in test/model/doorbell.test.ts.
 */
import { compareExchange, load, notify, store, wait, waitAsync } from "./atomics.ts";

const QUIET = 0;
const ARMED = 1;

export class Doorbell {
  /** Called when the bell is rung by means of this object: by code of one agent. */
  onRing: (() => void) | undefined = undefined;
  readonly #words: Int32Array;
  readonly #at: number;

  /** @param at Index of the bell's word, which starts as zero. */
  constructor(words: Int32Array, at: number = 0) {
    this.#words = words;
    this.#at = at;
  }

  /** Whether the agent sleeps, or is about to, and has not been rung yet. */
  get isArmed(): boolean {
    return load(this.#words, this.#at) === ARMED;
  }

  /** Wakes the agent if it sleeps. Call after publishing what it should see. */
  ring(): void {
    this.onRing?.();
    if (
      load(this.#words, this.#at) === ARMED &&
      compareExchange(this.#words, this.#at, ARMED, QUIET) === ARMED
    ) {
      notify(this.#words, this.#at);
    }
  }

  /** Wakes the agent even if another agent was about to and may have died. */
  ringAlways(): void {
    this.onRing?.();
    store(this.#words, this.#at, QUIET);
    notify(this.#words, this.#at);
  }

  /** Agent: asks to be rung. It must look once more before it sleeps. */
  arm(): void {
    store(this.#words, this.#at, ARMED);
  }

  /** Agent: is awake again. */
  disarm(): void {
    store(this.#words, this.#at, QUIET);
  }

  /** Agent: sleeps until rung, blocking its thread, at most `timeoutMs` milliseconds. */
  sleep(timeoutMs: number): void {
    wait(this.#words, this.#at, ARMED, timeoutMs);
  }

  /** Whether {@link Doorbell.listen} can be called; otherwise another thread must sleep in the agent's place. */
  get canListen(): boolean {
    return waitAsync !== undefined;
  }

  /** Agent: resolves when rung; undefined when that has happened already. */
  listen(): Promise<unknown> | undefined {
    return waitAsync?.(this.#words, this.#at, ARMED);
  }
}
