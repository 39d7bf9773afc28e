/** Consumers of an async iteration: those that have asked for a result that is not there yet. */
import { Failure } from "../../calls/outcome.ts";
import { NEVER, remaining } from "../../memory/deadline.ts";
import { type TaskSignal, taskWait, type Waiting } from "../../waiting/task-waits.ts";

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

/** What a consumer gets. */
type Outcome<T> = Step<T> | Failure;

interface Consumer<T> {
  readonly settle: (outcome: Outcome<T>) => void;
}

export class Consumers<T> {
  readonly #supply: Supply<T>;
  readonly #deadlineMs: number;
  readonly #waiting: Consumer<T>[] = [];
  /** What tasks had got that were cancelled: comes next, the last first. */
  readonly #givenBack: Outcome<T>[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @param deadlineMs When the supply fails if it still waits. */
  constructor(supply: Supply<T>, deadlineMs: number) {
    this.#supply = supply;
    this.#deadlineMs = deadlineMs;
  }

  /** Whether the supply is not to be taken from otherwise: a consumer waits, or something comes before. */
  get areFirst(): boolean {
    return this.#waiting.length > 0 || this.#givenBack.length > 0;
  }

  /** For heddle's own use: a task does not see that it waits. */
  next(): Promise<Step<T>> {
    return new Promise((resolve, reject) => {
      const settle = (outcome: Outcome<T>): void => {
        if (outcome instanceof Failure) reject(outcome.error);
        else resolve(outcome);
      };
      this.#add({ settle });
    });
  }

  /** For users. A task that is cancelled takes nothing. */
  nextForUser(): Waiting<Step<T>> {
    const wait = taskWait<Outcome<T>, Step<T>>((taskSignal) => this.#outcome(taskSignal), {
      deliver(outcome) {
        if (outcome instanceof Failure) throw outcome.error;
        return outcome;
      },
      giveBack: (outcome) => {
        if (outcome instanceof Failure || !outcome.done) this.#givenBack.push(outcome);
        this.serve();
        return true;
      },
    });
    return wait ?? (this.next() as Waiting<Step<T>>);
  }

  #outcome(taskSignal: TaskSignal): Promise<Outcome<T>> {
    return new Promise((resolve, reject) => {
      const consumer: Consumer<T> = { settle: resolve };
      this.#add(consumer);
      if (!this.#waiting.includes(consumer)) return;
      const signal = taskSignal();
      signal.addEventListener("abort", () => {
        const index = this.#waiting.indexOf(consumer);
        if (index !== -1) this.#waiting.splice(index, 1);
        reject(signal.reason); // of no effect if it has been served
      });
    });
  }

  #add(consumer: Consumer<T>): void {
    this.#waiting.push(consumer);
    this.serve();
  }

  /** Gives waiting consumers what has become available to them. */
  serve(): void {
    while (this.#waiting.length > 0) {
      const status = this.#givenBack.length > 0 ? undefined : this.#supply.status();
      if (status === WAITING) return this.#armTimer();
      // Before anything is taken: a failure ends the supply, which serves those who still wait.
      const consumer = this.#waiting.shift() as Consumer<T>;
      consumer.settle(
        status === undefined ? (this.#givenBack.pop() as Outcome<T>) : this.#take(status),
      );
    }
  }

  #take(status: Status): Outcome<T> {
    if (status === READY) return { done: false, value: this.#supply.take() };
    if (status === FAILED) return new Failure(this.#supply.takeError());
    this.#supply.ended();
    return { done: true, value: undefined };
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
