import type { Awaitable } from "../events.ts";
import { RuntimeError } from "../../errors.ts";
import { Acquirable } from "./acquirable.ts";
import { WaitInLine } from "./wait-in-line.ts";
import { wake, Waiters } from "./waiters.ts";

let lineOf: (lock: Lock) => Waiters;
let take: (lock: Lock) => void;

const TAKEN: IteratorReturnResult<true> = { done: true, value: true };

/**
 * A lock that one task has at a time, among the tasks of one event loop.
 *
 * Fair: who waited first gets it first. It does not note who has it: any code may
 * release it. For threads there is `Lock` of `heddle/threading`, which tasks can
 * wait for too.
 *
 * Python: `asyncio.Lock`
 *
 * @example
 * ```ts
 * import { Lock, run, sleep, taskGroup } from "heddle/asyncio";
 *
 * const lock = new Lock();
 * const begun: string[] = [];
 * async function turn(name: string): Promise<void> {
 *   await lock.with(async () => {
 *     begun.push(name);
 *     await sleep(1);
 *     console.log(begun.length); // 1, 2
 *   });
 * }
 * await run(
 *   taskGroup((group) => {
 *     group.createTask(() => turn("A"));
 *     group.createTask(() => turn("B"));
 *   }),
 * );
 * ```
 */
export class Lock extends Acquirable {
  readonly #waiters = new Waiters(this);
  #isLocked = false;

  static {
    lineOf = (lock) => lock.#waiters;
    take = (lock) => {
      lock.#isLocked = true;
    };
  }

  constructor() {
    if (arguments.length > 0) throw new TypeError("Lock: the constructor takes no arguments");
    super();
  }

  /** Whether some task has the lock. Python: `asyncio.Lock.locked` */
  locked(): boolean {
    return this.#isLocked;
  }

  /**
   * Waits until the lock is the caller's.
   *
   * Python: `asyncio.Lock.acquire`
   *
   * @throws {RuntimeError} Somebody waits, or has waited, for it in another event loop.
   */
  override acquire(): Awaitable<true> {
    return new Acquisition(this);
  }

  /**
   * Frees the lock, and wakes the first who waits for it.
   *
   * Python: `asyncio.Lock.release`
   *
   * @throws {RuntimeError} Nobody has it.
   */
  override release(): void {
    if (!this.#isLocked) throw new RuntimeError("Cannot release the lock: it is not acquired");
    this.#isLocked = false;
    wakeFirst(this);
  }

  /** The lock's state in words: `<Lock locked, waiters:2>`. Python: `asyncio.Lock.__repr__` */
  override toString(): string {
    return `<Lock ${this.#isLocked ? "locked" : "unlocked"}${this.#waiters.inWords}>`;
  }
}

/** The first only: who was woken already is about to take it. */
function wakeFirst(lock: Lock): void {
  const { first } = lineOf(lock);
  if (first !== undefined) wake(first);
}

class Acquisition extends WaitInLine<true> {
  readonly #lock: Lock;
  protected readonly line: Waiters;

  constructor(lock: Lock) {
    super();
    this.#lock = lock;
    this.line = lineOf(lock);
  }

  protected tryTake(wasWoken: boolean): typeof TAKEN | undefined {
    // Who was woken has it: newcomers stand behind those who wait.
    if (!wasWoken && (this.#lock.locked() || !this.line.areAllCancelled)) return undefined;
    take(this.#lock);
    return TAKEN;
  }

  protected giveUp(): void {
    if (!this.#lock.locked()) wakeFirst(this.#lock);
  }
}
