/**
 * Promises that wait for a shared object.
 *
 * An agent is in an object's wait set once, however many of its promises wait: they stand
 * in a queue of the agent's own, first come first served. An agent that chooses it rings
 * its bell; the pump then looks here, and the first in the queue tries to take.
 *
 * An agent that blocks cannot use what its promises wait for. If it is chosen on their
 * behalf meanwhile, it passes the choice on, and enters again afterwards.
 */
import type { WebAbortSignal } from "../base/web-types.ts";
import { threadRegistry } from "../base/registry.ts";
import type { AdaptiveSpin } from "../memory/adaptive-spin.ts";
import { NEVER, remaining } from "../memory/deadline.ts";
import type { WaitSet } from "../memory/wait-set.ts";
import { program, type Program } from "../program/program.ts";
import { agentPump, type Pump } from "./pump.ts";
import type { Flight, Source } from "./source.ts";
import { awaitError } from "./deadlock.ts";
import { type Refuse, untilCalled } from "./until-called.ts";

/** Something to wait for. */
export interface Waitable {
  readonly waiters: WaitSet;
  /** Address of the shared object's block. */
  readonly address: number;
  readonly verb: number;
  readonly spin: AdaptiveSpin;
}

/** Who awaits it keeps the program alive. */
const PENDING_WAIT: Flight = { keepsAlive: false, runsCode: false, mayEnd: false };

/** One promise's wait. */
export interface PromiseWait {
  /** Ends the wait without calling back; does nothing once it is over. */
  cancel(): void;
}

interface Waiter {
  readonly tryTake: () => boolean;
  readonly settle: () => void;
  /** There if nothing but the program's own code ends the wait. */
  readonly refuse: Refuse | undefined;
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
class PromiseWaits implements Source {
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

  start(on: Waitable, waiter: Waiter): PromiseWait {
    let queue = this.#queues.get(keyOf(on));
    if (queue === undefined) {
      queue = new Queue(on);
      this.#queues.set(keyOf(on), queue);
      this.#program.record.noteSet(on.waiters.at);
    }
    queue.waiters.push(waiter);
    this.#pump.begin(PENDING_WAIT);
    if (waiter.refuse !== undefined) this.#pump.watchForStall();
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
    if (queue === undefined) return;
    queue.isOut = true;
    // The pump looked when the block ended, and saw the agent in the set: it listens now.
    this.#program.agents.ring(this.#program.slot);
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

  get isAwaited(): boolean {
    return this.#refusable() !== undefined;
  }

  refuseOne(): void {
    const [queue, waiter] = this.#refusable() ?? [];
    if (queue === undefined || waiter === undefined) return;
    waiter.refuse?.(awaitError(this.#program, queue.on));
  }

  #refusable(): readonly [Queue, Waiter] | undefined {
    for (const queue of this.#queues.values()) {
      const waiter = queue.waiters.find(({ refuse }) => refuse !== undefined);
      if (waiter !== undefined) return [queue, waiter];
    }
    return undefined;
  }

  watchWhileBlocked(): void {}

  mayGoOn(): boolean {
    return false;
  }
}

/** The waits of this agent's promises. */
export function promiseWaits(): PromiseWaits {
  return threadRegistry("waits@1", () => new PromiseWaits());
}

/**
 * Resolves once `tryTake` has said yes, with true; with false when the deadline came first.
 *
 * @throws What the signal gives as its reason.
 */
export async function waitForPromise(
  on: Waitable,
  tryTake: () => boolean,
  deadlineMs: number,
  signal: WebAbortSignal | undefined,
): Promise<boolean> {
  signal?.throwIfAborted();
  const waits = promiseWaits();
  if (!waits.has(on) && tryTake()) return true;
  if (deadlineMs !== NEVER && remaining(deadlineMs) === 0) return false;
  return untilCalled(
    (settle, refuse) => {
      const wait = waits.start(on, { tryTake, settle, refuse });
      return () => wait.cancel();
    },
    deadlineMs,
    signal,
  );
}
