/**
 * A place in a shared object where agents wait, blocking their thread or with a promise.
 *
 * Either way the agent enters the place's wait set, and the agent that chooses it rings its bell.
 * A chosen waiter that does not take must choose another, or the wake-up is lost:
 *
 *   gives up (timeout, signal)        withdraws; if it was chosen, wakes another
 *   took just before it was chosen    likewise
 *   dies                              the agent that reports it (program/program.ts)
 */
import { server } from "#platform";
import { AdaptiveSpin } from "../memory/adaptive-spin.ts";
import { WaitSet } from "../memory/wait-set.ts";
import { CAPACITY, program } from "../program/program.ts";
import type { SharedBlock } from "../program/shared-object.ts";
import { waitBlocking } from "./blocking-wait.ts";
import { promiseWaits, type Waitable, waitForPromise } from "./promise-wait.ts";
import type { CheckedWait } from "./wait-options.ts";

/** How long to spin before a sleep, at most, unless the object says otherwise. */
const SPIN_MS = 0.15;

/** What a point is made of. */
interface PointParts {
  readonly waiters: WaitSet;
  /** Address of the object's block. */
  readonly address: number;
  /** What agents want here (see verbs.ts). */
  readonly verb: number;
  /** Longest spin before a sleep. */
  readonly spinMs: number;
}

export class WaitPoint implements Waitable {
  readonly address: number;
  readonly verb: number;
  readonly waiters: WaitSet;
  readonly spin: AdaptiveSpin;

  constructor({ address, verb, waiters, spinMs }: PointParts) {
    this.address = address;
    this.verb = verb;
    this.waiters = waiters;
    this.spin = new AdaptiveSpin(server.parallelism() > 1 ? spinMs : 0);
  }

  /** Words that a point in a block needs. */
  static words(): number {
    return WaitSet.words(CAPACITY);
  }

  /** @param at Index of the point's first word, in the block's memory. */
  static inBlock(
    { address, program: own, words }: SharedBlock,
    at: number,
    verb: number,
  ): WaitPoint {
    return new WaitPoint({
      address,
      verb,
      waiters: new WaitSet(words, at, own.agents),
      spinMs: SPIN_MS,
    });
  }

  /**
   * Resolves once `tryTake` has said yes, with true; with false when the deadline came first.
   *
   * @param tryTake Takes what is waited for, if it can be had now.
   * @throws What the signal gives as its reason.
   */
  wait(tryTake: () => boolean, { deadlineMs, signal }: CheckedWait): Promise<boolean> {
    return waitForPromise(this, tryTake, deadlineMs, signal);
  }

  /**
   * Blocks the calling thread until `tryTake` says yes; false when the deadline came first.
   *
   * @throws {CannotBlockError} The calling thread may not block.
   */
  waitSync(tryTake: () => boolean, deadlineMs: number): boolean {
    return tryTake() || waitBlocking(this, tryTake, deadlineMs);
  }

  /** Whether a newcomer must wait, because promises of this agent are waiting already. */
  get mustQueue(): boolean {
    return promiseWaits().has(this);
  }

  /** How many wait: promises of this agent, and other agents, which count once each. */
  get count(): number {
    const { agents, slot } = program();
    let count = promiseWaits().count(this);
    if (this.waiters.size <= 0) return count;
    for (const other of agents.live()) if (other !== slot && this.waiters.has(other)) count++;
    return count;
  }
}

const COUNT_OF_WAITING: unique symbol = /* @__PURE__ */ Symbol.for("heddle.waiting");

/** Gives a class the hidden method by which {@link countWaiting} asks its objects. */
export function tellsWaiting<T extends object>(prototype: T, count: (object: T) => number): void {
  Object.defineProperty(prototype, COUNT_OF_WAITING, {
    value(this: T): number {
      return count(this);
    },
  });
}

/** How many wait for an object; undefined when it is none that can be waited for. */
export function countWaiting(object: object): number | undefined {
  return (object as { readonly [COUNT_OF_WAITING]?: () => number })[COUNT_OF_WAITING]?.();
}
