/**
 * A wait for a shared object that blocks the thread.
 *
 * It spins for as long as that has been paying, then enters the object's wait set and
 * sleeps on the agent's bell. While it sleeps, deadlocks are looked for.
 */
import { server } from "#platform";
import { CannotBlockError } from "../errors.ts";
import { AdaptiveSpin } from "../memory/adaptive-spin.ts";
import { pause } from "../memory/atomics.ts";
import { NEVER } from "../memory/deadline.ts";
import { program, type Program } from "../program/program.ts";
import { answerSiteRequest, refuseDeadlock } from "./deadlock.ts";
import { promiseWaits, type Waitable } from "./promise-wait.ts";
import { agentPump, type Pump } from "./pump.ts";
import { FINISH } from "./verbs.ts";

/** Looks at the clock once in so many spins. */
const SPINS_PER_CLOCK = 16;
/** A waiter that has been asleep sleeps again at once. */
const NO_SPIN = /* @__PURE__ */ new AdaptiveSpin(0);

/**
 * Blocks the calling thread until `tryTake` says yes.
 *
 * @param tryTake Takes what is waited for, if it can be had now.
 * @returns Whether it did; false when the deadline came first.
 * @throws {CannotBlockError} The calling thread may not block.
 */
export function waitBlocking(on: Waitable, tryTake: () => boolean, deadlineMs: number): boolean {
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
  if (server.capabilities.block) return;
  throw new CannotBlockError(
    "Cannot block this thread: blocking is not allowed here. Use the form of the method that returns a promise",
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
    if (this.#deadlineMs !== NEVER) return;
    const { mayRunCode } = this.#pump;
    if (mayRunCode && this.#pump.mayGoOn()) return;
    this.#isAsleep = true;
    this.#mayBeRefused = true;
    this.#program.record.fallAsleep(mayRunCode);
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

  #leave(hasTaken: boolean): void {
    const { record, slot } = this.#program;
    const { waiters } = this.#on;
    this.#wakeUp();
    record.endWait();
    if (this.#mayBeRefused) clearRefusals(this.#program);
    record.dropSet(waiters.at);
    const wasChosen = !waiters.withdraw(slot);
    if (wasChosen && (!hasTaken || this.#wasIn)) waiters.wakeOne();
    promiseWaits().reenter(this.#on);
  }
}

/** The agent waits no more: others need not be refused for it, nor it itself. */
function clearRefusals({ agents, slot }: Program): void {
  agents.endGivingUp(slot);
  agents.takeAbortRequest(slot);
}

/**
 * Blocks the calling thread until `isDone`: for what the calls of this agent's pools bring about.
 *
 * @returns Whether it is done; false when the deadline came first.
 * @throws {DeadlockError} No thread that could bring it about will ever run again.
 */
export function blockForCalls(isDone: () => boolean, deadlineMs: number): boolean {
  const own = program();
  const { record } = own;
  const pump = agentPump();
  let isAsleep = false;
  let mayBeRefused = false;
  const wakeUp = (): void => {
    if (isAsleep) record.wakeUp();
    isAsleep = false;
  };
  const asleep = (): void => {
    record.beginWait(0, FINISH); // each time: a wait within this one may have written there
    answerSiteRequest(own);
    if (deadlineMs !== NEVER || pump.mayGoOn()) return;
    isAsleep = mayBeRefused = true;
    record.fallAsleep(true);
    refuseDeadlock(own);
  };
  const woken = (): void => {
    wakeUp();
    record.endWait();
    answerSiteRequest(own);
  };
  try {
    return pump.block(isDone, deadlineMs, { prepare: undefined, asleep, woken, spin: undefined });
  } finally {
    wakeUp();
    record.endWait();
    if (mayBeRefused) clearRefusals(own);
  }
}
