/**
 * Notices that nothing in the program will ever go on, though the main thread does
 * not block: it merely awaits, and no thread will ever do what it awaits.
 *
 *   1. The last thread to fall asleep in a wait without a timeout, or to run out of
 *      work, sees that all others sleep or have nothing to do, but for the main
 *      thread. It asks that one to look ({@link AgentTable.suspectStall}).
 *   2. While they all still sleep, the main thread stops, for a moment and now and
 *      then, to keep itself alive for them. If its event loop runs dry in that
 *      moment, nothing is left in it but what waits for the sleepers: what the
 *      user's code has opened, a timer, a server, would have prevented it.
 *   3. No agent is left then that could wake another. One of the sleepers must give up:
 *      it throws a DeadlockError ({@link AgentTable.requestAbort}). If none sleeps, and the
 *      main thread awaits what only code of its own could do, that wait is refused.
 *
 * A runtime says that its loop runs dry by `beforeExit`, to all who listen. So the
 * moments are short, and come only while all threads sleep, and on Node only if the
 * handles that are open allow it: others hear of it early only in a program that
 * stands still, or, on Deno and Bun, one that a timer wakes in just that moment.
 *
 * The main thread also looks when a promise of its own begins to wait without a timeout, and
 * from then on, as long as one does. A task's signal does not end a wait: what would cancel
 * the task keeps the event loop busy.
 *
 * What does not keep a program alive does not count: a timer that is `unref`'d. But
 * a program that listens for signals may be woken by one. Where the event loop
 * does not say that it runs dry (Deno and Bun while a top-level await is pending),
 * nothing is noticed.
 */
import { server } from "#platform";
import type { Program } from "../program/program.ts";
import { fittest, type Sleeper, sleepersBesides } from "./wait-graph.ts";
import type { Source } from "./source.ts";

/** How long the event loop is given to run dry, in milliseconds. */
const MOMENT_MS = 10;
/** The first pause between two looks, in milliseconds; each is twice as long as the one before. */
const FIRST_PAUSE_MS = 20;
const LONGEST_PAUSE_MS = 2000;

/** What it must know of the agent's pump. */
interface WatchedPump {
  readonly isBlocked: boolean;
  readonly isKeptAlive: boolean;
  readonly isAwaited: boolean;
  refuseOne(): void;
  mayGoOn(): boolean;
  whetherLoopRunsDry(withinMs: number, listener: (isDry: boolean) => void): void;
}

export class StallWatch implements Source {
  readonly isAwaited = false;
  readonly #pump: WatchedPump;
  readonly #program: Program;
  #isLooking = false;

  constructor(pump: WatchedPump, program: Program) {
    this.#pump = pump;
    this.#program = program;
  }

  hasNews(): boolean {
    return this.#program.agents.isStallSuspected;
  }

  drain(): number {
    if (!this.#program.agents.takeSuspicion()) return 0;
    // Who blocks is asleep, or will be, and then sees for itself.
    if (!this.#pump.isBlocked) this.begin();
    return 1;
  }

  /** Looks after a pause, and again and again. */
  begin(): void {
    if (!this.#isLooking) this.#pause(FIRST_PAUSE_MS);
  }

  watchWhileBlocked(): void {}

  mayGoOn(): boolean {
    return false;
  }

  #pause(pauseMs: number): void {
    this.#isLooking = true;
    server.backgroundTimer(() => {
      this.#isLooking = false;
      this.#look(Math.min(LONGEST_PAUSE_MS, pauseMs * 2));
    }, pauseMs);
  }

  #look(nextPauseMs: number): void {
    if (!this.#pump.isKeptAlive) return; // the program may end
    const sleepers = this.#sleepers();
    if (sleepers === undefined) return; // the last one to fall asleep will ask again
    if (sleepers.length === 0 && !this.#pump.isAwaited) return;
    if (this.#pump.mayGoOn() || server.listensForSignals() || !server.loopMayRunDry()) {
      return this.#pause(nextPauseMs);
    }
    this.#isLooking = true;
    this.#pump.whetherLoopRunsDry(MOMENT_MS, (isDry) => {
      if (isDry && !this.#pump.mayGoOn()) this.#endWait();
      this.#pause(nextPauseMs);
    });
  }

  #sleepers(): Sleeper[] | undefined {
    return sleepersBesides(this.#program, this.#program.slot);
  }

  #endWait(): void {
    const sleepers = this.#sleepers();
    const [fit] = fittest(this.#program, sleepers ?? []);
    if (fit !== undefined) this.#program.agents.requestAbort(fit.slot);
    else if (sleepers !== undefined) this.#pump.refuseOne();
  }
}
