/** Consumers of an async iteration: those that have asked for a result that is not there yet. */
import { NEVER, remaining } from "../../memory/deadline.ts";

export const WAITING = 0;
export const READY = 1;
export const FAILED = 2;
export const ENDED = 3;

/** What an iteration has for its next consumer. */
export type Status = typeof WAITING | typeof READY | typeof FAILED | typeof ENDED;

/** What consumers take from. */
export interface Supply<T> {
  status(): Status;
  /** The next result; called when there is one. */
  take(): T;
  /** Why there is no next result; called when it has failed, which ends the iteration. */
  takeError(): unknown;
  /** The consumers have learned that there are no more results. */
  ended(): void;
}

/** Not a promise of a value, which would wait for a value that can itself be awaited. */
export type Step<T> =
  | {
      /** There is another result. */
      done: false;
      /** The result. */
      value: T;
    }
  | {
      /** There are no more. */
      done: true;
      /** Nothing. */
      value: undefined;
    };

interface Consumer<T> {
  resolve(step: Step<T>): void;
  reject(error: unknown): void;
}

export class Consumers<T> {
  readonly #supply: Supply<T>;
  readonly #deadlineMs: number;
  readonly #waiting: Consumer<T>[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @param deadlineMs When the supply fails if it still waits. */
  constructor(supply: Supply<T>, deadlineMs: number) {
    this.#supply = supply;
    this.#deadlineMs = deadlineMs;
  }

  /** Whether a consumer waits. */
  get areWaiting(): boolean {
    return this.#waiting.length > 0;
  }

  next(): Promise<Step<T>> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      this.serve();
    });
  }

  /** Gives waiting consumers what has become available to them. */
  serve(): void {
    while (this.#waiting.length > 0) {
      const status = this.#supply.status();
      if (status === WAITING) return this.#armTimer();
      const consumer = this.#waiting.shift() as Consumer<T>;
      if (status === READY) consumer.resolve({ done: false, value: this.#supply.take() });
      else if (status === FAILED) consumer.reject(this.#supply.takeError());
      else {
        this.#supply.ended();
        consumer.resolve({ done: true, value: undefined });
      }
    }
  }

  /** Nothing will come any more that a time limit could be for. */
  stopTimer(): void {
    if (this.#timer !== undefined) clearTimeout(this.#timer);
  }

  #armTimer(): void {
    if (this.#deadlineMs === NEVER || this.#timer !== undefined) return;
    this.#timer = setTimeout(
      () => {
        this.#timer = undefined;
        this.serve();
      },
      Math.ceil(remaining(this.#deadlineMs)),
    );
  }
}
