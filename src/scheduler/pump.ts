/**
 * How an agent learns that its pools have something for it.
 *
 * One pump an agent, whatever the number of pools: all their workers ring the
 * same doorbell, so an agent can wait for any of them at once, awaiting or
 * blocking. While work is in flight the pump
 *
 *   POLLING     looks at the pools in every turn of the event loop, for as long
 *               as that has been paying (a wake-up costs more than a few looks)
 *   LISTENING   has armed the doorbell and gone to sleep
 *   BLOCKED     is inside {@link Pump.block}, which looks and sleeps by itself
 *
 * and a ref'd handle keeps the agent alive. With nothing in flight it is IDLE.
 *
 * A turn handles a bounded number of results, so that timers and sockets live.
 */
import { platform } from "#platform";
import { AdaptiveSpin } from "../memory/adaptive-spin.ts";
import { Doorbell } from "../memory/doorbell.ts";
import type { KeepAlive } from "../platform/platform.ts";

/** A pool, as far as the pump is concerned. */
export interface Source {
  /** Handles results that have come, at most `limit`; returns how many it did. */
  drain(limit: number): number;
  /** Whether {@link drain} would find anything. */
  hasNews(): boolean;
  /** Called while the agent blocks: makes sure that deaths are noticed, and says so if one was. */
  watchWhileBlocked(): void;
}

/** Most results handled in one turn of the event loop. */
const RESULTS_PER_TURN = 512;
/** Longest spin or polling phase, in milliseconds. */
const SPIN_MS = 0.1;
/** A blocking wait gets a watch on deaths once it has lasted this many milliseconds. */
const UNWATCHED_MS = 50;
/** Looks at the clock once in so many spins. */
const SPINS_PER_CLOCK = 32;

const IDLE = 0;
const POLLING = 1;
const LISTENING = 2;

export class Pump {
  readonly doorbell: Doorbell = new Doorbell();
  readonly #sources = new Set<Source>();
  readonly #keepAlive: KeepAlive = platform.keepAlive();
  readonly #polling: AdaptiveSpin;
  readonly #blocking: AdaptiveSpin;
  #inFlight = 0;
  #state: typeof IDLE | typeof POLLING | typeof LISTENING = IDLE;
  #isBlocked = false;
  /** Whether an earlier {@link Doorbell.listen} is still waiting to be rung. */
  #hasListener = false;
  #pollUntilMs = 0;

  constructor() {
    const spinMs = platform.parallelism() > 1 ? SPIN_MS : 0;
    this.#polling = new AdaptiveSpin(spinMs);
    this.#blocking = new AdaptiveSpin(spinMs);
  }

  add(source: Source): void {
    this.#sources.add(source);
  }

  remove(source: Source): void {
    this.#sources.delete(source);
  }

  /** Whether some pool of this agent could still have something for it. */
  get hasWorkInFlight(): boolean {
    return this.#inFlight > 0;
  }

  /** One more piece of work is in flight. */
  begin(): void {
    if (this.#inFlight++ === 0) this.#keepAlive.hold();
    if (this.#state === IDLE && !this.#isBlocked) this.#watch();
  }

  /** One piece of work less is in flight. */
  end(): void {
    if (--this.#inFlight === 0) this.#keepAlive.release();
  }

  /** Handles what has come without waiting. */
  drainAll(): number {
    let handled = 0;
    for (const source of this.#sources) handled += source.drain(RESULTS_PER_TURN);
    return handled;
  }

  /**
   * Blocks this agent until `isDone`, handling results meanwhile.
   *
   * @returns Whether it is done; false when the deadline came first.
   */
  block(isDone: () => boolean, deadlineMs: number): boolean {
    const nested = this.#isBlocked;
    this.#isBlocked = true;
    try {
      return this.#blockUntil(isDone, deadlineMs);
    } finally {
      this.#isBlocked = nested;
      this.doorbell.disarm();
      if (!nested) this.#resume();
    }
  }

  #blockUntil(isDone: () => boolean, deadlineMs: number): boolean {
    const startMs = performance.now();
    let isWatched = false;
    for (;;) {
      while (this.drainAll() > 0);
      if (isDone()) return true;
      let nowMs = performance.now();
      if (nowMs >= deadlineMs) return false;
      if (this.#spinForNews(nowMs)) continue;
      this.doorbell.arm();
      if (this.#hasNews()) continue;
      nowMs = performance.now();
      if (!isWatched && nowMs - startMs >= UNWATCHED_MS) {
        isWatched = true;
        for (const source of this.#sources) source.watchWhileBlocked();
        continue;
      }
      const watchAtMs = isWatched ? Infinity : startMs + UNWATCHED_MS;
      this.doorbell.sleep(Math.max(0, Math.min(deadlineMs, watchAtMs) - nowMs));
    }
  }

  #spinForNews(nowMs: number): boolean {
    const budgetMs = this.#blocking.budget();
    if (budgetMs === 0) return false;
    const endMs = nowMs + budgetMs;
    for (let spins = 1; ; spins++) {
      if (this.#hasNews()) {
        this.#blocking.record(true);
        return true;
      }
      if (spins % SPINS_PER_CLOCK === 0 && performance.now() >= endMs) break;
    }
    this.#blocking.record(false);
    return false;
  }

  #hasNews(): boolean {
    for (const source of this.#sources) if (source.hasNews()) return true;
    return false;
  }

  /** Goes from IDLE to whichever way of watching has been paying. */
  #watch(): void {
    const budgetMs = this.#polling.budget();
    if (budgetMs > 0) {
      this.#state = POLLING;
      this.#pollUntilMs = performance.now() + budgetMs;
      platform.nextTurn(this.#poll);
    } else {
      this.#listen();
    }
  }

  readonly #poll = (): void => {
    if (this.#state !== POLLING) return;
    if (this.drainAll() > 0) {
      this.#polling.record(true);
      this.#pollUntilMs = performance.now() + SPIN_MS;
    }
    if (this.#inFlight === 0) {
      this.#state = IDLE;
    } else if (performance.now() < this.#pollUntilMs) {
      platform.nextTurn(this.#poll);
    } else {
      this.#polling.record(false);
      this.#listen();
    }
  };

  #listen(): void {
    this.#state = LISTENING;
    this.doorbell.arm();
    if (this.#hasNews()) {
      this.doorbell.disarm();
      platform.nextTurn(this.#wake);
    } else if (!this.#hasListener) {
      const rung = this.doorbell.listen();
      if (rung === undefined) platform.nextTurn(this.#wake);
      else {
        this.#hasListener = true;
        void rung.then(() => {
          this.#hasListener = false;
          this.#wake();
        });
      }
    }
  }

  readonly #wake = (): void => {
    if (this.#state !== LISTENING) return;
    this.#state = IDLE;
    this.drainAll();
    if (this.#inFlight > 0) this.#watch();
  };

  /** Goes on watching after a blocking wait, which has taken over the doorbell. */
  #resume(): void {
    if (this.#state === LISTENING) this.#listen();
    else if (this.#state === IDLE && this.#inFlight > 0) this.#watch();
  }
}

let pump: Pump | undefined;

/** The calling agent's pump. */
export function agentPump(): Pump {
  return (pump ??= new Pump());
}
