import { showAsText } from "../../base/text.ts";
import type { Awaitable, Body, Coroutine } from "../events.ts";
import { BrokenBarrierError, type BrokenBarrierReason } from "../../errors.ts";
import { checkedCount } from "../../base/options.ts";
import { callBody, Given } from "../engine/block-body.ts";
import { Condition } from "./condition.ts";
import { coroutine } from "../engine/coroutine.ts";

const FILLING = "filling";
const DRAINING = "draining";
const RESETTING = "resetting";
const BROKEN = "broken";

/**
 *   FILLING → DRAINING     the last party comes
 *   DRAINING → FILLING     the last party leaves
 *   FILLING → RESETTING    reset, while some wait
 *   DRAINING → RESETTING   likewise
 *   RESETTING → FILLING    the last of those has left
 *   any → BROKEN           abort
 *   BROKEN → FILLING       reset, when nobody is inside
 *   BROKEN → RESETTING     reset, while some have not left
 */
type State = typeof FILLING | typeof DRAINING | typeof RESETTING | typeof BROKEN;

interface Crowd {
  readonly condition: Condition;
  readonly parties: number;
  state: State;
  /** Parties that are inside: that have come, and not yet left. */
  inside: number;
}

/**
 * Lets tasks of one event loop wait for each other: all go on once so many wait.
 *
 * It can be used again and again.
 *
 * Python: `asyncio.Barrier`
 *
 * @example
 * ```ts
 * import { Barrier, gather, run } from "heddle/asyncio";
 *
 * const barrier = new Barrier(3);
 * const indexes = await run(async () => gather([1, 2, 3].map(() => barrier.wait())));
 * console.log(indexes.sort().join()); // 0,1,2
 * ```
 */
export class Barrier {
  static {
    showAsText(this.prototype);
  }

  readonly #crowd: Crowd;

  /**
   *
   * Python: `asyncio.Barrier`
   *
   * @param parties How many must wait for all to go on.
   * @throws {TypeError} `parties` is not an integer.
   * @throws {RangeError} `parties` is below 1.
   */
  constructor(parties: number) {
    checkedCount(parties, "parties", "Barrier");
    this.#crowd = { condition: new Condition(), parties, state: FILLING, inside: 0 };
  }

  /** How many must wait for all to go on. Python: `asyncio.Barrier.parties` */
  get parties(): number {
    return this.#crowd.parties;
  }

  /** How many wait now. Python: `asyncio.Barrier.n_waiting` */
  get nWaiting(): number {
    return this.#crowd.state === FILLING ? this.#crowd.inside : 0;
  }

  /** Whether the barrier was aborted. Python: `asyncio.Barrier.broken` */
  get broken(): boolean {
    return this.#crowd.state === BROKEN;
  }

  /**
   * Waits until as many wait as there are parties.
   *
   * Python: `asyncio.Barrier.wait`
   *
   * Differs: a cancelled wait does not break the barrier, as in Python's asyncio; with threads it
   *   does.
   *
   * @returns A number from 0 to `parties - 1`, another one for each who waits.
   * @throws {BrokenBarrierError} The barrier is broken, or was aborted or reset meanwhile.
   */
  wait(): Awaitable<number> {
    return passThrough(this.#crowd);
  }

  /**
   * Waits as {@link Barrier.wait} does, and runs `body` with the number.
   *
   * Python: `asyncio.Barrier.__aenter__`, `asyncio.Barrier.__aexit__`
   */
  with<T>(body: Body<[position: number], T>): Awaitable<T> {
    return runBehind(this, new Given(body, 'Barrier.with: "body"')) as Awaitable<T>;
  }

  /**
   * Makes the barrier empty and whole again. Who waits gets a {@link BrokenBarrierError}.
   *
   * Python: `asyncio.Barrier.reset`
   */
  reset(): Awaitable<void> {
    return changeState(this.#crowd, ({ inside }) => (inside > 0 ? RESETTING : FILLING));
  }

  /**
   * Breaks the barrier: who waits, and who will, gets a {@link BrokenBarrierError}.
   *
   * Python: `asyncio.Barrier.abort`
   */
  abort(): Awaitable<void> {
    return changeState(this.#crowd, () => BROKEN);
  }

  /** The state in words: `<Barrier filling, waiters:1/3>`. Python: `asyncio.Barrier.__repr__` */
  toString(): string {
    const waiters = this.broken ? "" : `, waiters:${this.nWaiting}/${this.parties}`;
    return `<Barrier ${this.#crowd.state}${waiters}>`;
  }
}

const passThrough = /* @__PURE__ */ coroutine(function* (crowd: Crowd): Coroutine<number> {
  const { condition } = crowd;
  yield* condition.acquire();
  try {
    yield* condition.waitFor(() => crowd.state !== DRAINING && crowd.state !== RESETTING);
    if (crowd.state === BROKEN) throw broken("aborted");
    const index = crowd.inside++;
    try {
      if (index + 1 === crowd.parties) {
        crowd.state = DRAINING;
        condition.notifyAll();
      } else {
        yield* untilFull(crowd);
      }
      return index;
    } finally {
      leave(crowd);
    }
  } finally {
    condition.release();
  }
});

function* untilFull(crowd: Crowd): Coroutine<void> {
  yield* crowd.condition.waitFor(() => crowd.state !== FILLING);
  const state = crowd.state;
  if (state === BROKEN) throw broken("aborted");
  if (state === RESETTING) throw broken("reset");
}

function leave(crowd: Crowd): void {
  crowd.inside -= 1;
  if (crowd.inside > 0) return;
  if (crowd.state === RESETTING || crowd.state === DRAINING) crowd.state = FILLING;
  crowd.condition.notifyAll();
}

const changeState = /* @__PURE__ */ coroutine(function* (
  crowd: Crowd,
  next: (crowd: Crowd) => State,
): Coroutine<void> {
  yield* crowd.condition.acquire();
  crowd.state = next(crowd);
  crowd.condition.notifyAll();
  crowd.condition.release();
});

const runBehind = /* @__PURE__ */ coroutine(function* (
  barrier: Barrier,
  body: Given<Body<[number], unknown>>,
): Coroutine<unknown> {
  const position = yield* barrier.wait();
  return yield* callBody(body, position);
});

function broken(reason: BrokenBarrierReason): BrokenBarrierError {
  return new BrokenBarrierError(`Cannot wait for the barrier: it was ${reason}`, { reason });
}
