/**
 * How an agent waits for a shared object: blocking its thread, or with a promise.
 *
 * Either way it enters the object's wait set, and whoever chooses it rings its
 * bell; the pump then looks here. An agent is in a set once, however many of its
 * promises wait: they stand in a queue of the agent's own, first come first served.
 *
 * An agent that blocks cannot use what its promises wait for. If it is chosen on
 * their behalf meanwhile, it passes the choice on, and enters again afterwards.
 *
 * Who is chosen and does not take must choose another, or the wake-up is lost:
 *
 *   gives up (timeout, signal)        withdraws; if it was chosen, wakes another
 *   took just before it was chosen    likewise
 *   dies                              whoever reports it (program/program.ts)
 */
import { platform } from "#platform";
import { program, type Program } from "../program/program.ts";
import { CannotBlockError } from "../errors.ts";
import { AdaptiveSpin } from "../memory/adaptive-spin.ts";
import { pause } from "../memory/atomics.ts";
import { NEVER, remaining } from "../memory/deadline.ts";
import type { WaitSet } from "../memory/wait-set.ts";
import type { WebAbortSignal } from "../base/web-types.ts";
import { threadRegistry } from "../base/registry.ts";
import { answerSiteRequest, refuseDeadlock } from "./deadlock.ts";
import { agentPump, type Pump } from "./pump.ts";
import { type Flight, type Source } from "./source.ts";
import { untilCalled } from "./until-called.ts";

/** Something to wait for. */
export interface Waitable {
  readonly waiters: WaitSet;
  /** Address of the shared object's block. */
  readonly address: number;
  readonly verb: number;
  readonly spin: AdaptiveSpin;
}

/** Looks at the clock once in so many spins. */
const SPINS_PER_CLOCK = 16;
/** A waiter that has been asleep sleeps again at once. */
const NO_SPIN = /* @__PURE__ */ new AdaptiveSpin(0);

/** Who awaits it keeps the program alive. */
const PENDING_WAIT: Flight = { keepsAlive: false, runsCode: false, mayEnd: false };

/**
 * Blocks the calling thread until `tryTake` says yes.
 *
 * @param tryTake Takes what is waited for, if it can be had now.
 * @returns Whether it did; false when the deadline came first.
 * @throws {CannotBlockError} The calling thread may not block.
 */
export function waitSync(on: Waitable, tryTake: () => boolean, deadlineMs: number): boolean {
  if (tryTake()) return true;
  mustBeAbleToBlock();
  if (spinFor(tryTake, deadlineMs, on.spin)) return true;
  return new BlockingWait(on, tryTake, deadlineMs).run();
}

/** Tries again and again for as long as that has been paying; cheaper than any sleep. */
function spinFor(tryTake: () => boolean, deadlineMs: number, spin: AdaptiveSpin): boolean {
  const budgetMs = spin.shortBudget();
  if (budgetMs === 0) return false;
  const endMs = Math.min(performance.now() + budgetMs, deadlineMs);
  for (let spins = 1; ; spins++) {
    pause();
    if (tryTake()) {
      spin.record(true);
      return true;
    }
    if (spins % SPINS_PER_CLOCK === 0 && performance.now() >= endMs) break;
  }
  spin.record(false);
  return false;
}

/** @throws {CannotBlockError} The calling thread may not block. */
export function mustBeAbleToBlock(): void {
  if (platform.capabilities.block) return;
  throw new CannotBlockError(
    "Cannot block this thread: use the form of the method that returns a promise",
  );
}

class BlockingWait {
  readonly #on: Waitable;
  readonly #tryTake: () => boolean;
  readonly #deadlineMs: number;
  readonly #program: Program = program();
  readonly #pump: Pump = agentPump();
  #hasEntered = false;
  /** Whether the agent's record says that only a wake-up ends its sleep. */
  #isAsleep = false;
  /** Whether others may have chosen the agent to give up. */
  #mayBeRefused = false;
  /** Whether the agent was in the set when it last tried. */
  #wasIn = false;

  constructor(on: Waitable, tryTake: () => boolean, deadlineMs: number) {
    this.#on = on;
    this.#tryTake = tryTake;
    this.#deadlineMs = deadlineMs;
  }

  run(): boolean {
    let hasTaken = false;
    try {
      const options = {
        prepare: this.#prepare,
        asleep: this.#asleep,
        woken: this.#woken,
        spin: NO_SPIN,
      };
      hasTaken = this.#pump.block(this.#try, this.#deadlineMs, options);
      return hasTaken;
    } finally {
      if (this.#hasEntered) this.#leave(hasTaken);
    }
  }

  readonly #try = (): boolean => {
    if (this.#hasEntered) this.#wasIn = this.#on.waiters.has(this.#program.slot);
    return this.#tryTake();
  };

  readonly #prepare = (): void => {
    const { record, slot } = this.#program;
    if (!this.#hasEntered) {
      this.#hasEntered = true;
      record.noteSet(this.#on.waiters.at);
      record.beginWait(this.#on.address, this.#on.verb);
    }
    this.#on.waiters.enter(slot);
  };

  readonly #asleep = (): void => {
    answerSiteRequest(this.#program); // the bell may have been armed again since it was rung
    if (this.#deadlineMs !== NEVER || this.#pump.mayRunCode) return;
    this.#isAsleep = true;
    this.#mayBeRefused = true;
    this.#program.record.fallAsleep();
    refuseDeadlock(this.#program);
  };

  readonly #woken = (): void => {
    this.#wakeUp();
    answerSiteRequest(this.#program);
  };

  #wakeUp(): void {
    if (!this.#isAsleep) return;
    this.#isAsleep = false;
    this.#program.record.wakeUp();
  }

  #clearRefusals(): void {
    const { agents, slot } = this.#program;
    agents.endGivingUp(slot);
    agents.takeDoom(slot);
  }

  #leave(hasTaken: boolean): void {
    const { record, slot } = this.#program;
    const { waiters } = this.#on;
    this.#wakeUp();
    record.endWait();
    if (this.#mayBeRefused) this.#clearRefusals();
    record.dropSet(waiters.at);
    const wasChosen = !waiters.withdraw(slot);
    if (wasChosen && (!hasTaken || this.#wasIn)) waiters.wakeOne();
    asyncWaits().reenter(this.#on);
  }
}

/** One promise's wait. */
export interface AsyncWait {
  /** Ends the wait without calling back; does nothing once it is over. */
  cancel(): void;
}

interface Waiter {
  readonly tryTake: () => boolean;
  readonly settle: () => void;
}

/** The promises of one agent that wait for the same thing, whichever handle of it they have. */
class Queue {
  readonly on: Waitable;
  readonly waiters: Waiter[] = [];
  /** The agent was chosen while it blocked, and has passed that on. */
  isOut = true;

  constructor(on: Waitable) {
    this.on = on;
  }
}

/** What is the same for all handles of one object: an agent may have several, and is in the wait set once. */
function keyOf({ waiters }: Waitable): number {
  return waiters.at;
}

/** All promises of this agent that wait for shared objects. */
class AsyncWaits implements Source {
  readonly #program: Program = program();
  readonly #pump: Pump = agentPump();
  /** By {@link keyOf}. */
  readonly #queues = new Map<number, Queue>();
  #deaths = this.#program.agents.deaths;

  constructor() {
    this.#pump.add(this);
  }

  /** Whether some promise of this agent waits for it: newcomers must stand behind. */
  has(on: Waitable): boolean {
    return this.#queues.has(keyOf(on));
  }

  /** How many promises of this agent wait for it. */
  count(on: Waitable): number {
    return this.#queues.get(keyOf(on))?.waiters.length ?? 0;
  }

  start(on: Waitable, waiter: Waiter): AsyncWait {
    let queue = this.#queues.get(keyOf(on));
    if (queue === undefined) {
      queue = new Queue(on);
      this.#queues.set(keyOf(on), queue);
      this.#program.record.noteSet(on.waiters.at);
    }
    queue.waiters.push(waiter);
    this.#pump.begin(PENDING_WAIT);
    this.#serve(queue);
    return { cancel: () => this.#cancel(on, waiter) };
  }

  #cancel(on: Waitable, waiter: Waiter): void {
    const queue = this.#queues.get(keyOf(on));
    const index = queue?.waiters.indexOf(waiter) ?? -1;
    if (queue === undefined || index === -1) return;
    queue.waiters.splice(index, 1);
    this.#pump.end(PENDING_WAIT);
    if (queue.waiters.length > 0) return; // they will look when the agent is chosen
    this.#close(queue, true);
  }

  /** Lets the first waiters take what there is, and waits on if some are left. */
  #serve(queue: Queue): void {
    const { slot } = this.#program;
    const { waiters } = queue.on;
    for (;;) {
      const wasIn = waiters.has(slot);
      const { length } = queue.waiters;
      while (queue.waiters[0]?.tryTake() === true) this.#settleFirst(queue);
      if (queue.waiters.length === 0) return this.#close(queue, wasIn && length > 0);
      queue.isOut = false;
      if (wasIn) return;
      waiters.enter(slot); // and look once more
    }
  }

  #settleFirst(queue: Queue): void {
    const waiter = queue.waiters.shift() as Waiter;
    this.#pump.end(PENDING_WAIT);
    waiter.settle();
  }

  /** @param passOn Whether to wake another one if the agent has been chosen. */
  #close(queue: Queue, passOn: boolean): void {
    const { waiters } = queue.on;
    this.#queues.delete(keyOf(queue.on));
    this.#program.record.dropSet(waiters.at);
    const wasChosen = !waiters.withdraw(this.#program.slot);
    if (wasChosen && passOn && !queue.isOut) waiters.wakeOne();
  }

  /** A blocking wait for the same thing has taken the agent out of the set. */
  reenter(on: Waitable): void {
    const queue = this.#queues.get(keyOf(on));
    if (queue !== undefined) queue.isOut = true;
  }

  // What the pump asks.

  hasNews(): boolean {
    if (this.#queues.size === 0) return false;
    if (this.#program.agents.deaths !== this.#deaths) return true;
    for (const queue of this.#queues.values()) if (this.#isChosen(queue)) return true;
    return false;
  }

  #isChosen(queue: Queue): boolean {
    if (queue.isOut) return !this.#pump.isBlocked;
    return !queue.on.waiters.has(this.#program.slot);
  }

  drain(): number {
    if (this.#queues.size === 0) return 0;
    const { deaths } = this.#program.agents;
    const lookAtAll = deaths !== this.#deaths;
    this.#deaths = deaths;
    let served = 0;
    for (const queue of this.#queues.values()) {
      if (!lookAtAll && !this.#isChosen(queue)) continue;
      served++;
      if (this.#pump.isBlocked) this.#stepAside(queue);
      else this.#serve(queue);
    }
    return served;
  }

  #stepAside(queue: Queue): void {
    const { waiters } = queue.on;
    waiters.withdraw(this.#program.slot);
    queue.isOut = true;
    waiters.wakeOne();
  }

  watchWhileBlocked(): void {}

  mayGoOn(): boolean {
    return false;
  }
}

function asyncWaits(): AsyncWaits {
  return threadRegistry("waits@1", () => new AsyncWaits());
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

/** How many wait: promises of this agent, and other agents, which count once each. */
export function waitingCount(on: Waitable): number {
  const { agents, slot } = program();
  let count = asyncWaits().count(on);
  if (on.waiters.size <= 0) return count;
  for (const other of agents.live()) if (other !== slot && on.waiters.has(other)) count++;
  return count;
}

/** Whether a newcomer must wait, because promises of this agent are waiting already. */
export function mustQueue(on: Waitable): boolean {
  return asyncWaits().has(on);
}

/**
 * Waits for `tryTake` to say yes, and then calls back; see {@link waitSync}.
 */
function startWait(on: Waitable, tryTake: () => boolean, settle: () => void): AsyncWait {
  return asyncWaits().start(on, { tryTake, settle });
}

/**
 * Resolves once `tryTake` has said yes, with true; with false when the deadline came first.
 *
 * @throws What the signal gives as its reason.
 */
export async function wait(
  on: Waitable,
  tryTake: () => boolean,
  deadlineMs: number,
  signal?: WebAbortSignal,
): Promise<boolean> {
  signal?.throwIfAborted();
  if (!mustQueue(on) && tryTake()) return true;
  if (deadlineMs !== NEVER && remaining(deadlineMs) === 0) return false;
  return untilCalled(
    (done) => {
      const waiting = startWait(on, tryTake, done);
      return () => waiting.cancel();
    },
    deadlineMs,
    signal,
  );
}
