/**
 * How an agent learns that its pools have something for it.
 *
 * One pump an agent, whatever the number of pools: all their workers ring the
 * same doorbell, so an agent can wait for any of them at once, awaiting or
 * blocking. While work is in flight the pump
 *
 *   POLLING     looks at the pools in every turn of the event loop, for as long
 *               as that has been paying (a wake-up costs more than a few looks); while
 *               something comes from another process, for as long as each turn brings something
 *   LISTENING   has armed the doorbell and gone to sleep, in waitAsync; where there is none, a
 *               helper sleeps in its place (agents/bell-helper.ts)
 *   BLOCKED     is inside {@link Pump.block}, which looks and sleeps by itself
 *
 * and a ref'd handle keeps the agent alive. With nothing in flight it is IDLE.
 *
 * A turn handles a bounded number of results, so that timers and sockets live.
 */
import { platform, server } from "#platform";
import { lacksKinds, loadKinds } from "../program/kinds.ts";
import { listenByHelper } from "../agents/bell-helper.ts";
import { MAIN_SLOT, program, type Program } from "../program/program.ts";
import { AdaptiveSpin } from "../memory/adaptive-spin.ts";
import { pause } from "../memory/atomics.ts";
import type { Doorbell } from "../memory/doorbell.ts";
import { RuntimeError } from "../errors.ts";
import type { KeepAlive } from "../platform/platform.ts";
import { registered, threadRegistry } from "../base/registry.ts";
import { CALL, type Flight, type Source } from "./source.ts";
import { StallWatch } from "./stall-watch.ts";
import { startThreadGuard } from "./thread-guard.ts";

/** Most results handled in one turn of the event loop. */
const RESULTS_PER_TURN = 512;
/** Longest spin or polling phase, in milliseconds. */
const SPIN_MS = 0.1;
/** A blocking wait is watched, for deaths and deadlocks, once it has lasted this many milliseconds. */
const UNWATCHED_MS = 50;
/** Looks at the clock once in so many spins. */
const SPINS_PER_CLOCK = 32;

/** How {@link Pump.block} waits. */
export interface BlockOptions {
  /** Called before each sleep: makes sure that another agent will ring. */
  readonly prepare: (() => void) | undefined;
  /** Called when the agent has looked once more, and is going to sleep, for long maybe. */
  readonly asleep: (() => void) | undefined;
  /** Called after each sleep. */
  readonly woken: (() => void) | undefined;
  /** How long to spin; undefined for as long as has been paying for pools. */
  readonly spin: AdaptiveSpin | undefined;
}

/** A wait of which nothing has to be known. */
const PLAIN: BlockOptions = {
  prepare: undefined,
  asleep: undefined,
  woken: undefined,
  spin: undefined,
};

const IDLE = 0;
const POLLING = 1;
const LISTENING = 2;

export class Pump {
  readonly #program: Program = program();
  readonly doorbell: Doorbell = this.#program.agents.bell(this.#program.slot);
  readonly #sources = new Set<Source>();
  readonly #keepAlive: KeepAlive = server.keepAlive();
  readonly #polling: AdaptiveSpin;
  readonly #blocking: AdaptiveSpin;
  #stallWatch: StallWatch | undefined;
  #inFlight = 0;
  #keepers = 0;
  readonly #onceNotKeptAlive: (() => void)[] = [];
  #codeRunners = 0;
  #mayEnd = 0;
  #outsiders = 0;
  /** Ends the look for a dry loop that is under way: something happens. */
  #endLook: ((isDry: boolean) => void) | undefined;
  #state: typeof IDLE | typeof POLLING | typeof LISTENING = IDLE;
  #isBlocked = false;
  #isLoadingKinds = false;
  /** Whether an earlier {@link Doorbell.listen} is still waiting to be rung. */
  #hasListener = false;
  #pollUntilMs = 0;

  constructor() {
    const spinMs = server.parallelism() > 1 ? SPIN_MS : 0;
    this.#polling = new AdaptiveSpin(spinMs);
    this.#blocking = new AdaptiveSpin(spinMs);
    if (this.#program.slot !== MAIN_SLOT) return;
    this.#stallWatch = new StallWatch(this, this.#program);
    this.add(this.#stallWatch);
  }

  /** A promise waits that nothing ends but another agent, or code of this one: looks whether there is any. */
  watchForStall(): void {
    this.#stallWatch?.begin();
  }

  /** Whether any such promise waits. */
  get isAwaited(): boolean {
    for (const { isAwaited } of this.#sources) if (isAwaited) return true;
    return false;
  }

  /** Refuses one of them. */
  refuseOne(): void {
    for (const source of this.#sources) if (source.isAwaited) return source.refuseOne?.();
  }

  /** Whether the event loop may run dry in this moment, although the agent waits for others. */
  get isLooking(): boolean {
    return this.#endLook !== undefined;
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
  begin(flight: Flight = CALL): void {
    this.#inFlight++;
    this.#endLook?.(false);
    if (flight.keepsAlive && this.#keepers++ === 0) this.#keepAlive.hold();
    if (flight.runsCode) this.#codeRunners++;
    if (flight.mayEnd) this.#mayEnd++;
    if (flight.comesFromOutside === true) this.#outsiders++;
    if (this.#state === IDLE && !this.#isBlocked) this.#watch();
  }

  /** One piece of work less is in flight. */
  end(flight: Flight = CALL): void {
    this.#inFlight--;
    this.#endLook?.(false);
    if (flight.keepsAlive && --this.#keepers === 0) this.#letGo();
    if (flight.runsCode) this.#codeRunners--;
    if (flight.mayEnd) this.#mayEnd--;
    if (flight.comesFromOutside === true) this.#outsiders--;
  }

  #letGo(): void {
    if (this.#program.slot === MAIN_SLOT && this.#program.hasNonDaemonThreads()) {
      return startThreadGuard(this, this.#program);
    }
    this.#keepAlive.release();
    const listeners = this.#onceNotKeptAlive.splice(0);
    for (const listener of listeners) platform.nextTurn(listener);
  }

  /** Whether there is something that the agent must live for. */
  get isKeptAlive(): boolean {
    return this.#keepers > 0;
  }

  /** Calls back, in a later turn, once {@link Pump.isKeptAlive} is false. */
  onceNotKeptAlive(listener: () => void): void {
    this.#onceNotKeptAlive.push(listener);
  }

  /** Finds out whether heddle alone keeps the agent alive; false where the runtime cannot tell. */
  whetherLoopRunsDry(withinMs: number, listener: (isDry: boolean) => void): void {
    const { agents } = this.#program;
    const bells = [...agents.slots()].map((slot) => agents.bell(slot));
    const end = (isDry: boolean): void => {
      this.#endLook = undefined;
      for (const bell of bells) bell.onRing = undefined;
      timer.cancel();
      stopListening();
      if (this.#keepers > 0) this.#keepAlive.hold();
      listener(isDry);
    };
    const timer = server.backgroundTimer(() => end(false), withinMs);
    const stopListening = server.onNothingLeft(() => end(true));
    this.#endLook = end;
    // Code of this agent has woken it, which not every runtime counts as something left to do; or
    // another one, which will do something.
    for (const bell of bells) bell.onRing = () => end(false);
    this.#keepAlive.release();
  }

  /** Whether something may be about to happen for the agent, though all threads seem to sleep. */
  mayGoOn(): boolean {
    if (this.#mayEnd > 0) return true;
    for (const source of this.#sources) if (source.hasNews() || source.mayGoOn()) return true;
    return false;
  }

  /** Whether code of the user's may run while the agent blocks. */
  get mayRunCode(): boolean {
    return this.#codeRunners > 0;
  }

  /** Whether the agent is inside {@link Pump.block}. */
  get isBlocked(): boolean {
    return this.#isBlocked;
  }

  /** Handles what has come without waiting. */
  drainAll(): number {
    // What has come may contain objects whose class must be loaded first; who blocks cannot.
    if (!this.#isBlocked && (this.#isLoadingKinds || lacksKinds(this.#program)))
      return this.#loadKinds();
    let handled = 0;
    for (const source of this.#sources) handled += source.drain(RESULTS_PER_TURN);
    return handled;
  }

  /** Handles nothing until the classes are there: each turn of the event loop asks again. */
  #loadKinds(): number {
    if (this.#isLoadingKinds) return 0;
    this.#isLoadingKinds = true;
    void loadKinds().then(() => (this.#isLoadingKinds = false));
    return 0;
  }

  /**
   * Blocks this agent until `isDone`, handling results meanwhile.
   *
   * @param isDone Asked often. Once it has said yes it is not asked again.
   * @returns Whether it is done; false when the deadline came first.
   */
  block(isDone: () => boolean, deadlineMs: number, options: BlockOptions = PLAIN): boolean {
    const nested = this.#isBlocked;
    this.#isBlocked = true;
    try {
      return this.#blockUntil(isDone, deadlineMs, options);
    } finally {
      this.#isBlocked = nested;
      this.doorbell.disarm();
      if (!nested) this.#resume();
    }
  }

  /**
   * Sleeps until `isDone`, woken by the doorbell, and handles nothing that comes meanwhile.
   * The pump listens again afterwards: what came has rung for this sleep, and not for it.
   */
  sleepUntil(isDone: () => boolean, deadlineMs: number): void {
    for (;;) {
      this.doorbell.arm();
      if (isDone()) break;
      const leftMs = deadlineMs - performance.now();
      if (leftMs <= 0) break;
      this.doorbell.sleep(leftMs);
    }
    this.doorbell.disarm();
    if (!this.#isBlocked) this.#resume();
  }

  #blockUntil(isDone: () => boolean, deadlineMs: number, options: BlockOptions): boolean {
    const { prepare, asleep, woken, spin = this.#blocking } = options;
    const startMs = performance.now();
    let isWatched = false;
    for (;;) {
      while (this.drainAll() > 0);
      if (isDone()) return true;
      let nowMs = performance.now();
      if (nowMs >= deadlineMs) return false;
      const spun = this.#spin(isDone, spin, Math.min(deadlineMs, nowMs + spin.budget()), nowMs);
      if (spun === DONE) return true;
      if (spun === NEWS) continue;
      this.doorbell.arm();
      prepare?.(); // Only now: an agent that is chosen before it has armed its bell is not rung.
      if (isDone()) return true;
      if (this.#hasNews()) continue;
      nowMs = performance.now();
      if (!isWatched && nowMs - startMs >= UNWATCHED_MS) {
        isWatched = true;
        for (const source of this.#sources) source.watchWhileBlocked();
        continue;
      }
      const watchAtMs = isWatched ? Infinity : startMs + UNWATCHED_MS;
      if (isWatched) asleep?.();
      this.doorbell.sleep(Math.max(0, Math.min(deadlineMs, watchAtMs, this.#wakeAtMs()) - nowMs));
      this.#haltIfDead();
      woken?.();
    }
  }

  #spin(isDone: () => boolean, spin: AdaptiveSpin, endMs: number, nowMs: number): Spun {
    if (endMs <= nowMs) return NOTHING;
    for (let spins = 1; ; spins++) {
      const isOver = isDone();
      if (isOver || this.#hasNews()) {
        spin.record(true);
        return isOver ? DONE : NEWS;
      }
      if (spins % SPINS_PER_CLOCK === 0 && performance.now() >= endMs) break;
      pause();
    }
    spin.record(false);
    return NOTHING;
  }

  /** Where terminating stops no sleeper, a terminated thread must not go on when it is woken. */
  #haltIfDead(): void {
    const { agents, slot } = this.#program;
    if (agents.isLive(slot)) return;
    // An exit handler of the user's, though, must come to its end: no agent could wake it.
    if (this.#program.isEnding) throw new RuntimeError("Cannot wait: the thread is ending");
    this.#program.stop();
  }

  #wakeAtMs(): number {
    let firstMs = Infinity;
    for (const { wakeAtMs = Infinity } of this.#sources) if (wakeAtMs < firstMs) firstMs = wakeAtMs;
    return firstMs;
  }

  #hasNews(): boolean {
    for (const source of this.#sources) if (source.hasNews()) return true;
    return false;
  }

  /** Goes from IDLE to whichever way of watching has been paying. */
  #watch(): void {
    const budgetMs = this.#outsiders > 0 ? 0 : this.#polling.budget();
    if (budgetMs > 0 || this.#outsiders > 0) {
      this.#state = POLLING;
      this.#pollUntilMs = performance.now() + budgetMs;
      platform.nextTurn(this.#poll);
    } else {
      this.#listen();
    }
  }

  readonly #poll = (): void => {
    if (this.#state !== POLLING) return;
    const hasHandled = this.drainAll() > 0;
    const mustNotSpin = this.#outsiders > 0;
    if (hasHandled && !mustNotSpin) {
      this.#polling.record(true);
      this.#pollUntilMs = performance.now() + SPIN_MS;
    }
    if (this.#inFlight === 0) {
      this.#state = IDLE;
    } else if (mustNotSpin ? hasHandled : performance.now() < this.#pollUntilMs) {
      platform.nextTurn(this.#poll);
    } else {
      if (!mustNotSpin) this.#polling.record(false);
      this.#listen();
    }
  };

  #listen(): void {
    this.#state = LISTENING;
    this.doorbell.arm();
    // A death that was announced before the bell was armed has rung for nothing.
    if (this.#program.endThread !== undefined) this.#haltIfDead();
    if (this.#hasNews()) {
      this.doorbell.disarm();
      platform.nextTurn(this.#wake);
    } else if (!this.#hasListener) {
      const rung = this.doorbell.canListen ? this.doorbell.listen() : listenByHelper();
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
    this.#haltIfDead();
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

/** How a spin ended. */
const NOTHING = 0;
const NEWS = 1;
const DONE = 2;
type Spun = typeof NOTHING | typeof NEWS | typeof DONE;

const PUMP = "pump@1";

/** The calling agent's pump. */
export function agentPump(): Pump {
  return threadRegistry(PUMP, () => new Pump());
}

/** The same, unless nothing has needed one yet: most workers only run calls. */
export function pumpInUse(): Pump | undefined {
  return registered(PUMP) as Pump | undefined;
}
