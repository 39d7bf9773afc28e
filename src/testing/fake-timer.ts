/** The longest delay that a timer takes; every runtime makes 1 ms of more, of less than 1 and of NaN. */
const LONGEST_DELAY_MS = 2 ** 31 - 1;

export function checkedDelay(delayMs: unknown): number {
  const delay = Math.trunc(Number(delayMs));
  return delay >= 1 && delay <= LONGEST_DELAY_MS ? delay : 1;
}

/** What a {@link FakeTimer} asks of its clock. */
export interface TimerHost {
  /** Counts the timer's delay from now on. */
  start(timer: FakeTimer): void;
  clear(timer: FakeTimer): void;
}

/** A timer of a fake clock, with what runtimes' own timers can be asked. */
export class FakeTimer {
  readonly id: number;
  readonly delayMs: number;
  readonly repeats: boolean;
  readonly run: () => void;
  dueMs = 0;
  readonly #host: TimerHost;
  #isRef = true;

  constructor(id: number, delayMs: number, repeats: boolean, run: () => void, host: TimerHost) {
    this.id = id;
    this.delayMs = delayMs;
    this.repeats = repeats;
    this.run = run;
    this.#host = host;
  }

  ref(): this {
    this.#isRef = true;
    return this;
  }

  unref(): this {
    this.#isRef = false;
    return this;
  }

  hasRef(): boolean {
    return this.#isRef;
  }

  refresh(): this {
    this.#host.start(this);
    return this;
  }

  close(): this {
    this.#host.clear(this);
    return this;
  }

  [Symbol.toPrimitive](): number {
    return this.id;
  }
}
