/**
 * The order of the steps of several threads, in one shared word.
 *
 *   2n        it is the turn of step n, which has not begun
 *   2n + 1    step n is under way
 *
 *   2n → 2n + 1        the agent that takes step n: one compareExchange, so that of
 *                      two agents that both mean to take it one is told of its mistake
 *   2n + 1 → 2n + 2    the same agent, at the end of its step; it then notifies all
 *
 * The word only grows. Who waits for step n sleeps on the value that it has seen,
 * and looks again at each change: all are notified, since any one notified alone
 * might wait for a later step and take the wake-up along. The word is changed
 * first and notified second, and a wait compares the word before it sleeps, so no
 * wake-up is lost. An asynchronous waiter that gave up takes none along either.
 *
 * Not promised: an end to a wait whose step's agent died. That is what timeouts
 * are for.
 *
 * Explored under every schedule in test/model/sequencer.test.ts.
 */
import { server } from "#platform";
import { CannotBlockError, RuntimeError, TimeoutError } from "../errors.ts";
import { compareExchange, load, notify, store, wait, waitAsync } from "../memory/atomics.ts";
import { deadlineAfter, NEVER, remaining } from "../memory/deadline.ts";
import { checkedType, checkedOptions } from "../base/options.ts";
import { showAsText } from "../base/text.ts";
import { Step } from "./step.ts";

const TURN = 0;
/** Twice this number and one still fit into the word. */
const LAST_STEP = 2 ** 30 - 2;

/** How long to wait for a step. Python: none */
export interface StepOptions {
  /** Longest wait in milliseconds. Default: wait for ever. */
  readonly timeout?: number | undefined;
}

/**
 * Makes steps of several threads happen in a stated order.
 *
 * Steps are numbered from 0. A thread that asks for a step gets it when the step
 * before has ended. Every thread makes a sequencer of its own over the same words.
 *
 * Python: none
 *
 * @example A thread takes the step between two of this one
 * ```ts
 * import { isMainThread, task } from "heddle";
 * import { ThreadPoolExecutor } from "heddle/concurrent/futures";
 * import { Sequencer } from "heddle/testing";
 *
 * const double = task(import.meta.url, (words: Int32Array, total: Int32Array): void => {
 *   const step = new Sequencer(words).stepSync(1, { timeout: 30_000 });
 *   total[0] = 2 * (total[0] as number);
 *   step.end();
 * });
 *
 * if (isMainThread) {
 *   const order = new Sequencer();
 *   const total = new Int32Array(new SharedArrayBuffer(4));
 *   const pool = new ThreadPoolExecutor({ maxWorkers: 1 });
 *   const doubled = pool.submit(double, order.words, total);
 *   const first = await order.step(0);
 *   total[0] = 20;
 *   first.end();
 *   const last = await order.step(2, { timeout: 30_000 });
 *   total[0] = (total[0] as number) + 2;
 *   last.end();
 *   await doubled;
 *   console.log(total[0]); // 42
 *   await pool.shutdown();
 * }
 * ```
 */
export class Sequencer {
  static {
    showAsText(this.prototype, ({ current }) => `<Sequencer at step ${current}>`);
  }

  /** What to pass to the other threads. Python: none */
  readonly words: Int32Array;

  /**
   * @param words {@link Sequencer.words} of another thread's sequencer, or their
   *   buffer. Default: new ones, for a new order.
   * @throws {TypeError} `words` is not a shared Int32Array or a SharedArrayBuffer.
   */
  constructor(words: Int32Array | SharedArrayBuffer = new SharedArrayBuffer(4)) {
    const given = words instanceof SharedArrayBuffer ? new Int32Array(words) : words;
    if (!(given instanceof Int32Array) || !(given.buffer instanceof SharedArrayBuffer)) {
      throw new TypeError("Sequencer: words must be a SharedArrayBuffer or an Int32Array on one");
    }
    this.words = given;
  }

  /** The step that is under way or next. Never waits. Python: none */
  get current(): number {
    return load(this.words, TURN) >> 1;
  }

  /**
   * Begins a step, waiting until the one before has ended.
   *
   * Blocks the calling thread. Where blocking is not allowed (a browser's main
   * thread), use {@link Sequencer.step}, which returns a promise.
   *
   * Python: none
   *
   * @param step Its number.
   * @param options.timeout Longest wait in milliseconds. Default: wait for ever.
   * @returns The step, to be ended by `end()` or `using`.
   * @throws {TimeoutError} Its turn did not come in time. The message names the
   *   step that was under way or awaited.
   * @throws {RuntimeError} The step has begun or ended before: each happens once.
   * @throws {RangeError} `step` is not a step's number, or `timeout` is negative, NaN or
   *   above 2³¹ − 1.
   * @throws {CannotBlockError} The calling thread may not block.
   *
   * @example
   * ```ts
   * import { Sequencer } from "heddle/testing";
   *
   * const order = new Sequencer();
   * order.stepSync(0).end();
   * console.log(order.current); // 1
   * try {
   *   order.stepSync(2, { timeout: 10 });
   * } catch (error) {
   *   console.log((error as Error).message); // Timed out after 10 ms waiting to begin step 2: step 1 has not begun
   * }
   * ```
   */
  stepSync(step: number, options?: StepOptions): Step {
    const { timeout, deadlineMs } = checkedStep(step, options);
    for (;;) {
      const seen = this.#tryBegin(step);
      if (seen instanceof Step) return seen;
      const leftMs = remaining(deadlineMs);
      if (leftMs === 0) throw late(step, timeout, seen);
      if (!server.capabilities.block) {
        throw new CannotBlockError(
          `Cannot block for step ${step} in this thread: use step(), which returns a promise`,
        );
      }
      if (wait(this.words, TURN, seen, leftMs) !== "timed-out") continue;
      // The turn may have come with the timeout.
      const last = this.#tryBegin(step);
      if (last instanceof Step) return last;
      throw late(step, timeout, last);
    }
  }

  /**
   * Begins a step once the one before has ended. Never blocks; keeps the program
   * running while it waits.
   *
   * Python: none
   *
   * @param step Its number.
   * @param options.timeout Longest wait in milliseconds. Default: wait for ever.
   * @returns The step, to be ended by `end()` or `using`.
   * @throws {TimeoutError} Its turn did not come in time.
   * @throws {RuntimeError} The step has begun or ended before: each happens once.
   * @throws {RangeError} `step` is not a step's number, or `timeout` is negative, NaN or
   *   above 2³¹ − 1.
   *
   * @example
   * ```ts
   * import { Sequencer } from "heddle/testing";
   *
   * const order = new Sequencer();
   * const log: string[] = [];
   * const say = async (number: number, word: string): Promise<void> => {
   *   const step = await order.step(number);
   *   log.push(word);
   *   step.end();
   * };
   * await Promise.all([say(2, "order"), say(0, "in"), say(1, "good")]);
   * console.log(log.join(" ")); // in good order
   * ```
   */
  async step(step: number, options?: StepOptions): Promise<Step> {
    const { timeout, deadlineMs } = checkedStep(step, options);
    for (;;) {
      const seen = this.#tryBegin(step);
      if (seen instanceof Step) return seen;
      const leftMs = remaining(deadlineMs);
      if (leftMs === 0) throw late(step, timeout, seen);
      const changed = waitAsync === undefined ? nextLook() : waitAsync(this.words, TURN, seen);
      if (changed !== undefined) await withinTime(changed, leftMs);
    }
  }

  /** Begins the step if it is its turn; otherwise returns the word, for which to wait to change. */
  #tryBegin(step: number): Step | number {
    const seen = compareExchange(this.words, TURN, 2 * step, 2 * step + 1);
    if (seen === 2 * step) return new Step(step, () => this.#end(step));
    if (seen > 2 * step) {
      const state = seen === 2 * step + 1 ? "is under way" : "has ended";
      throw new RuntimeError(`Cannot begin step ${step}: it ${state}, and each step happens once`);
    }
    return seen;
  }

  #end(step: number): void {
    store(this.words, TURN, 2 * step + 2);
    notify(this.words, TURN);
  }
}

function checkedStep(
  step: number,
  options: StepOptions | undefined,
): { readonly timeout: number | undefined; readonly deadlineMs: number } {
  const { timeout } = checkedOptions(options, ["timeout"], "Sequencer.step");
  checkedType(step, "number", "Sequencer.step: step");
  if (!(Number.isInteger(step) && step >= 0 && step <= LAST_STEP))
    throw new RangeError(`Sequencer.step: step must be an integer of at least 0, got ${step}`);
  return { timeout, deadlineMs: deadlineAfter(timeout, "Sequencer.step") };
}

function late(step: number, timeoutMs: number | undefined, seen: number): TimeoutError {
  const state = seen % 2 === 0 ? "has not begun" : "has not ended";
  return new TimeoutError(
    `Timed out after ${timeoutMs} ms waiting to begin step ${step}: step ${seen >> 1} ${state}`,
  );
}

/** Where nothing says that a word has changed: resolves when it is time to look again. */
async function nextLook(): Promise<void> {
  return new Promise((resolve) => void server.backgroundTimer(resolve, 1));
}

/** Waits for a change, but no longer than that, and keeps the program running meanwhile. */
async function withinTime(changed: Promise<unknown>, leftMs: number): Promise<void> {
  const alive = server.keepAlive();
  alive.hold();
  let timer: { cancel(): void } | undefined;
  const timeIsUp = new Promise<void>((resolve) => {
    if (leftMs !== NEVER) timer = server.backgroundTimer(resolve, leftMs);
  });
  await Promise.race([changed, timeIsUp]);
  timer?.cancel();
  alive.release();
}
