/**
 * The lock inside `Lock`, `RLock` and whatever else must exclude other threads:
 * a mutex in shared memory, the waiting for it, and the taking over from a thread
 * that can release it no more.
 *
 * The locks of a thread that crashed pass to the next waiter. So do those of a thread
 * that exited normally, if only it could have released them; a lock that any thread
 * may release stays locked.
 */
import { platform } from "#platform";
import { CAPACITY, type Program } from "../program/program.ts";
import type { SharedBlock } from "../program/shared-object.ts";
import { kindName } from "../program/kinds.ts";
import { CRASHED_THREAD, RUNNING } from "../memory/agent-table.ts";
import { Mutex } from "../memory/mutex.ts";
import { WaitSet } from "../memory/wait-set.ts";
import { nameOfThread } from "./deadlock.ts";
import { noteSite, siteOfCall } from "./lock-sites.ts";
import { ACQUIRE } from "./verbs.ts";
import type { CheckedWait } from "./wait-options.ts";
import { WaitPoint } from "./wait-point.ts";

const SPIN_MS = 0.05;

export class SharedLock extends WaitPoint {
  readonly #mutex: Mutex;
  readonly #program: Program;
  readonly #isLost: (owner: number) => boolean;
  readonly #block: SharedBlock;

  /** Words that it needs. */
  static override words(): number {
    return Mutex.WORDS + WaitSet.words(CAPACITY);
  }

  /**
   * @param at Index of its first word, in the block's memory.
   * @param isOwned Whether only the holder may release it.
   */
  constructor(block: SharedBlock, at: number, isOwned: boolean) {
    const { program, words } = block;
    const { agents } = program;
    super({
      address: block.address,
      verb: ACQUIRE,
      waiters: new WaitSet(words, at + Mutex.WORDS, agents),
      spinMs: SPIN_MS,
    });
    this.#block = block;
    this.#program = program;
    this.#mutex = new Mutex(words, at, this.waiters);
    this.#isLost = (owner) => {
      const fate = agents.fateOf(owner);
      return isOwned ? fate !== RUNNING : fate === CRASHED_THREAD;
    };
  }

  /** Takes it for the calling thread if it is free. */
  tryAcquire(): boolean {
    const { agents, ident, record } = this.#program;
    if (!this.#mutex.tryAcquire(ident)) return false;
    record.noteHeld(this.address);
    if (agents.tracesLocks) noteSite(this.#program, this.address, siteOfCall(this.#program));
    return true;
  }

  /** Blocks until the calling thread has it; says whether that was in time. */
  acquireSync(deadlineMs: number): boolean {
    return this.waitSync(this.#taker(), deadlineMs);
  }

  /**
   * Resolves once the calling thread has it; with false if that was not in time.
   *
   * @param taken Called at the very moment it is taken, before anything else can run in this agent.
   */
  async acquire(wait: CheckedWait, taken?: () => void): Promise<boolean> {
    const take = this.#taker();
    if (taken === undefined) return this.wait(take, wait);
    const takeAndTell = (): boolean => {
      if (!take()) return false;
      taken();
      return true;
    };
    return this.wait(takeAndTell, wait);
  }

  #taker(): () => boolean {
    const { agents, ident } = this.#program;
    const site = siteOfCall(this.#program);
    let deaths = -1;
    return () => {
      if (this.#mutex.spinAcquire(ident)) {
        this.#program.record.noteHeld(this.address);
        noteSite(this.#program, this.address, site);
        return true;
      }
      const now = agents.deaths;
      if (now === deaths) return false;
      deaths = now;
      return this.#takeOver(ident, site);
    };
  }

  #takeOver(ident: number, site: Error | undefined): boolean {
    const { owner } = this.#mutex;
    if (!this.#mutex.tryTakeOver(ident, this.#isLost)) return false;
    this.#program.record.noteHeld(this.address);
    noteSite(this.#program, this.address, site);
    platform.errorStream.write(
      `Warning: ${kindName(this.#block.kind)}-${this.#block.label} was held by ${nameOfThread(this.#program, owner)} ` +
        'when that thread ended. The data it protects may be inconsistent (see "abandoned")\n',
    );
    return true;
  }

  /** Frees it; returns the ident of the thread that had it, or 0. */
  release(): number {
    const owner = this.#mutex.release();
    const { ident, record, agents } = this.#program;
    if (owner === ident) record.dropHeld(this.address);
    else if (owner !== 0 && agents.fateOf(owner) === RUNNING) {
      this.#program.recordOf(agents.slotOf(owner)).dropHeld(this.address);
    }
    return owner;
  }

  /** Ident of the thread that has it, or 0. */
  get owner(): number {
    return this.#mutex.owner;
  }

  get isAbandoned(): boolean {
    return this.#mutex.isAbandoned;
  }
}

/** The method by which a condition gets what it needs of its lock, also of one of another copy of heddle. */
export const FOR_CONDITION: unique symbol = /* @__PURE__ */ Symbol.for(
  "heddle.forCondition@1",
) as never;

/** What a condition needs of its lock. */
export interface LockForCondition {
  readonly shared: SharedLock;
  /** Whether the calling thread, or task, has it. */
  isOwned(): boolean;
  /** Frees it, however often it was acquired; what this returns is to be called once `shared` is taken again. */
  releaseAll(): () => void;
}
