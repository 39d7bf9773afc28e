/** Python's barrier. */
import { showAsText } from "../base/text.ts";
import { asCallback } from "../contextvars/caller-context.ts";
import { checkedFunction, isThenable } from "../base/functions.ts";
import { CAPACITY } from "../program/program.ts";
import { BARRIER } from "../program/kinds.ts";
import { isOpening, openBlock, type SharedBlock } from "../program/shared-object.ts";
import { BrokenBarrierError, type BrokenBarrierReason } from "../errors.ts";
import { load, store } from "../memory/atomics.ts";
import {
  ABORTED,
  ACTING,
  type Arrival,
  CANCELLED,
  DIED,
  FAILED,
  FILLING,
  MOST_PARTIES,
  PASSED,
  RESET,
  SharedBarrier,
  TIMEOUT,
} from "../memory/barrier.ts";
import { deadlineAfter, NEVER } from "../memory/deadline.ts";
import { checkedCount, checkedOptions, isPlainObject } from "../base/options.ts";
import { type Waiting, waiting, withTaskSignal } from "../waiting/task-waits.ts";
import {
  checkedDeadline,
  type CheckedWait,
  checkedWait,
  FOR_EVER,
  type SyncWaitOptions,
  type WaitOptions,
} from "../waiting/wait-options.ts";
import { WAIT } from "../waiting/verbs.ts";
import { mustBeAbleToBlock } from "../waiting/blocking-wait.ts";
import { tellsWaiting, WaitPoint } from "../waiting/wait-point.ts";
import {
  type Action,
  BarrierAction,
  describeAction,
  parseAction,
  readText,
  wordsOfText,
  writeText,
} from "./barrier-action.ts";

/** How a {@link Barrier} is made. Python: none */
export interface BarrierOptions {
  /** What the last one to arrive does before it lets the others go. */
  readonly action?: (() => unknown) | undefined;
  /** How long, in milliseconds, a wait lasts that says nothing else. Default: for ever. */
  readonly timeout?: number | undefined;
}

const REASONS: Readonly<Record<number, readonly [BrokenBarrierReason, string]>> = {
  [TIMEOUT]: ["timeout", "the wait of one of its threads timed out"],
  [ABORTED]: ["aborted", "it was aborted"],
  [FAILED]: ["action failed", "its action failed"],
  [DIED]: ["thread died", "a thread that had arrived died"],
  [RESET]: ["reset", "it was reset while threads waited"],
  [CANCELLED]: ["cancelled", "the wait of one of its threads was cancelled"],
};

/** Words in front of those of the barrier itself. */
const LIMIT = 0;
const OWN_WORDS = 1;

/**
 * Makes so many threads wait for each other: none goes on before all have arrived.
 *
 * It can be used again as soon as all have. If one of them cannot come, because
 * it gives up waiting, its action fails, or its thread dies, the barrier is
 * *broken*: all who wait get a {@link BrokenBarrierError}, and so does who comes
 * later, until {@link Barrier.reset}. It can be an argument or a message: it
 * arrives in the other thread as the same barrier.
 *
 * Python: `threading.Barrier`
 * Differs: a barrier breaks when a thread that has arrived dies. A party may be a promise, so one
 *   thread can be several parties. The action runs in the thread that arrives last, which must be
 *   able to find the function, as with any call that is shipped; otherwise only the thread that
 *   made the barrier can wait for it.
 *
 * @example
 * ```ts
 * import { ThreadPoolExecutor } from "heddle/concurrent/futures";
 * import { Barrier } from "heddle/threading";
 *
 * const barrier = new Barrier(3);
 * const pool = new ThreadPoolExecutor({ maxWorkers: 2 });
 * const arrive = (barrier: Barrier): number => barrier.waitSync();
 * const all = [pool.submit(arrive, barrier), pool.submit(arrive, barrier), barrier.wait()];
 * console.log((await Promise.all(all)).sort().join()); // 0,1,2
 * await pool.shutdown();
 * ```
 */
export class Barrier {
  readonly #block: SharedBlock;
  readonly #point: WaitPoint;
  readonly #barrier: SharedBarrier;
  readonly #action: BarrierAction | undefined;

  static {
    showAsText(this.prototype);
    tellsWaiting(this.prototype, (barrier) => barrier.nWaiting);
  }

  /**
   * @param parties How many must arrive.
   * @param options.action What the last one to arrive does before it lets the others go.
   * @param options.timeout How long, in milliseconds, a wait lasts that says nothing else. Default: for ever.
   * @throws {RangeError} `parties` is below 1 or above 8191; `timeout` is negative, NaN or above `TIMEOUT_MAX`.
   * @throws {TypeError} `parties` is not an integer, or `action` is not a function.
   */
  constructor(parties: number, options?: BarrierOptions) {
    const { action, timeout } = isOpening() ? {} : checkedBarrier(parties, options);
    const text = action === undefined ? "" : describeAction(action);
    const textAt = OWN_WORDS + SharedBarrier.words(CAPACITY) + WaitPoint.words();
    this.#block = openBlock(this, BARRIER, textAt + wordsOfText(text), Barrier);
    const { at, isNew, program, words } = this.#block;
    this.#point = WaitPoint.inBlock(
      this.#block,
      at + OWN_WORDS + SharedBarrier.words(CAPACITY),
      WAIT,
    );
    const { agents, slot } = program;
    this.#barrier = new SharedBarrier(words, at + OWN_WORDS, this.#point.waiters, agents, slot);
    if (isNew) {
      store(
        words,
        at + LIMIT,
        timeout === undefined || timeout === Infinity ? -1 : Math.ceil(timeout),
      );
      this.#barrier.initialize(parties);
      writeText(words, at + textAt, text);
      if (action !== undefined) this.#action = new BarrierAction(undefined, asCallback(action));
    } else {
      const received = readText(words, at + textAt);
      if (received !== "") this.#action = parseAction(received);
    }
  }

  /**
   * Arrives, and resolves once all the others have, and the action is done.
   *
   * Python: `threading.Barrier.wait`
   *
   * @param options.timeout Longest wait in milliseconds; a longer wait breaks the
   *   barrier. It counts until all have arrived. Default: what the barrier was made with.
   * @param options.signal Ends the wait with the signal's reason, and breaks the barrier, unless
   *   all have arrived by then.
   * @returns Who this was: 0 for the first to arrive, and so on up to `parties - 1`.
   * @throws {BrokenBarrierError} The barrier is broken, or was broken meanwhile.
   * @throws {NotShippableError} The calling thread did not make the barrier, and could not run its action.
   * @throws {RangeError} `timeout` is negative, NaN or above `TIMEOUT_MAX`.
   *
   * If this one arrives last and the action throws, so does this, the very same error.
   *
   * @example
   * ```ts
   * import { Barrier } from "heddle/threading";
   *
   * const barrier = new Barrier(2);
   * console.log((await Promise.all([barrier.wait(), barrier.wait()])).join()); // 0,1
   * ```
   */
  wait(options?: WaitOptions): Waiting<number> {
    return waiting(async (signal) => {
      const all = withTaskSignal(this.#withLimit(options), signal);
      const index = await this.#wait(checkedWait(all, "Barrier.wait"));
      return index;
    });
  }

  async #wait(wait: CheckedWait): Promise<number> {
    const { signal } = wait;
    signal?.throwIfAborted();
    let action: Action | undefined;
    if (this.#action !== undefined) {
      const loaded = this.#action.load();
      action = loaded instanceof Promise ? await loaded : loaded;
    }
    for (;;) {
      const arrival = this.#arrive(action);
      if (arrival.phase === ACTING) {
        await this.#point.wait(() => this.#hasActed(arrival.round), withoutLimit(wait));
      } else if (arrival.isLast) {
        return this.#act(arrival, action);
      } else {
        const index = await this.#waitFor(arrival, wait);
        return index;
      }
    }
  }

  async #waitFor({ index, round }: Arrival, wait: CheckedWait): Promise<number> {
    const isOver = (): boolean => this.#isOver(round);
    try {
      const isInTime = await this.#point.wait(isOver, wait);
      if (!isInTime && !this.#barrier.breakFilling(round, TIMEOUT)) {
        await this.#point.wait(isOver, withoutLimit(wait)); // all have arrived, and one of them acts
      }
    } catch (error) {
      if (this.#barrier.breakFilling(round, CANCELLED)) throw error;
      await this.#point.wait(isOver, FOR_EVER); // likewise: the signal came too late
      if (this.#barrier.outcomeOf(round) !== PASSED) throw error;
    }
    return this.#passed(round, index);
  }

  async #act({ index, round }: Arrival, action: Action | undefined): Promise<number> {
    if (action === undefined) return index;
    try {
      await action();
    } catch (error) {
      this.#barrier.break(round, FAILED);
      throw error;
    }
    this.#barrier.finish(round);
    return this.#passed(round, index);
  }

  /**
   * Arrives, and blocks the calling thread until all the others have, and the action is done.
   *
   * Python: `threading.Barrier.wait`
   *
   * @param options.timeout Longest wait in milliseconds; a longer wait breaks the
   *   barrier. It counts until all have arrived. Default: what the barrier was made with.
   * @returns Who this was: 0 for the first to arrive, and so on up to `parties - 1`.
   * @throws {BrokenBarrierError} The barrier is broken, or was broken meanwhile.
   * @throws {NotShippableError} The calling thread did not make the barrier, and could not run its action.
   * @throws {TypeError} The action returned a promise, which breaks the barrier.
   * @throws {RuntimeError} The action's module cannot be loaded without waiting for it.
   * @throws {RangeError} `timeout` is negative, NaN or above `TIMEOUT_MAX`.
   * @throws {CannotBlockError} The calling thread may not block.
   *
   * If this one arrives last and the action throws, so does this, the very same error.
   *
   * @example
   * ```ts
   * import { Barrier } from "heddle/threading";
   *
   * let passes = 0;
   * const barrier = new Barrier(1, { action: () => passes++ });
   * console.log(barrier.waitSync(), barrier.waitSync(), passes); // 0 0 2
   * ```
   */
  waitSync(options?: SyncWaitOptions): number {
    const deadlineMs = checkedDeadline(this.#withLimit(options), "Barrier.waitSync");
    mustBeAbleToBlock();
    const action = this.#action?.loadSync();
    for (;;) {
      const arrival = this.#arrive(action);
      if (arrival.phase === ACTING) {
        this.#point.waitSync(() => this.#hasActed(arrival.round), NEVER);
      } else if (arrival.isLast) {
        return this.#actSync(arrival, action);
      } else {
        return this.#waitForSync(arrival, deadlineMs);
      }
    }
  }

  #waitForSync({ index, round }: Arrival, deadlineMs: number): number {
    const isOver = (): boolean => this.#isOver(round);
    const isInTime = this.#point.waitSync(isOver, deadlineMs);
    if (!isInTime && !this.#barrier.breakFilling(round, TIMEOUT)) {
      this.#point.waitSync(isOver, NEVER); // all have arrived, and one of them acts
    }
    return this.#passed(round, index);
  }

  #actSync({ index, round }: Arrival, action: Action | undefined): number {
    if (action === undefined) return index;
    try {
      if (isThenable(action())) {
        throw new TypeError(
          "Cannot run the barrier's action in waitSync: it returned a promise. Use wait",
        );
      }
    } catch (error) {
      this.#barrier.break(round, FAILED);
      throw error;
    }
    this.#barrier.finish(round);
    return this.#passed(round, index);
  }

  /**
   * Breaks the barrier: all who wait get a {@link BrokenBarrierError}. Never blocks.
   *
   * Python: `threading.Barrier.abort`
   *
   * @example
   * ```ts
   * import { Barrier } from "heddle/threading";
   *
   * const barrier = new Barrier(2);
   * const waiting = barrier.wait().catch((error: Error) => error.message);
   * barrier.abort();
   * console.log(await waiting); // Cannot pass the barrier: it was aborted
   * ```
   */
  abort(): void {
    this.#barrier.abort();
  }

  /** Makes the barrier as new: whole and empty. Who waits gets a {@link BrokenBarrierError}. Never blocks. Python: `threading.Barrier.reset` */
  reset(): void {
    this.#barrier.reset();
  }

  /** How many must arrive. Python: `threading.Barrier.parties` */
  get parties(): number {
    return this.#barrier.parties;
  }

  /** How many have arrived and wait. Python: `threading.Barrier.n_waiting` */
  get nWaiting(): number {
    return this.#barrier.waiting;
  }

  /** Whether the barrier is broken. Python: `threading.Barrier.broken` */
  get broken(): boolean {
    this.#barrier.noticeDeaths();
    return this.#barrier.isBroken;
  }

  /** The state in words: `<Barrier-1 waiters=0/3>` or `<Barrier-1 broken>`. Python: `threading.Barrier.__repr__` */
  toString(): string {
    const state = this.broken ? "broken" : `waiters=${this.nWaiting}/${this.parties}`;
    return `<Barrier-${this.#block.label} ${state}>`;
  }

  #arrive(action: Action | undefined): Arrival {
    const arrival = this.#barrier.arrive(this.#block.program.ident, action !== undefined);
    const { phase } = arrival;
    if (phase !== FILLING && phase !== ACTING) throw brokenBarrier(phase);
    return arrival;
  }

  #isOver(round: number): boolean {
    this.#barrier.noticeDeaths();
    const outcome = this.#barrier.outcomeOf(round);
    return outcome !== FILLING && outcome !== ACTING;
  }

  #hasActed(round: number): boolean {
    this.#barrier.noticeDeaths();
    return this.#barrier.outcomeOf(round) !== ACTING;
  }

  #passed(round: number, index: number): number {
    const outcome = this.#barrier.outcomeOf(round);
    if (outcome !== PASSED) throw brokenBarrier(outcome);
    return index;
  }

  #withLimit<T extends SyncWaitOptions>(options: T | undefined): T | SyncWaitOptions | undefined {
    const limit = load(this.#block.words, this.#block.at + LIMIT);
    if (limit === -1) return options;
    if (options === undefined) return { timeout: limit };
    // What is wrong is refused where it is checked.
    if (!isPlainObject(options)) return options;
    const own: T = { __proto__: null, ...options };
    return own.timeout === undefined ? { ...own, timeout: limit } : own;
  }
}

function checkedBarrier(parties: unknown, options: BarrierOptions | undefined): BarrierOptions {
  const checked = checkedOptions(options, ["action", "timeout"], "Barrier");
  const count = checkedCount(parties, "parties", "Barrier");
  if (count > MOST_PARTIES) {
    throw new RangeError(`Barrier: "parties" must be at most ${MOST_PARTIES}, got ${count}`);
  }
  const { action, timeout } = checked;
  if (action !== undefined) checkedFunction(action, 'Barrier: "action"');
  deadlineAfter(timeout, "Barrier");
  return { action, timeout };
}

/** Nothing ends the wait but its signal. */
function withoutLimit({ signal }: CheckedWait): CheckedWait {
  return { ...FOR_EVER, signal };
}

function brokenBarrier(phase: number): BrokenBarrierError {
  const [reason, because] = REASONS[phase] as readonly [BrokenBarrierReason, string];
  return new BrokenBarrierError(`Cannot pass the barrier: ${because}`, { reason });
}
