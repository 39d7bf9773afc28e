/**
 * Keeps the program alive for threads that the main thread has not started itself.
 *
 * A thread may start another and end first. What the main thread started is over
 * then, but Python's programs live until the last thread that is not a daemon has
 * ended. Whatever such a thread does last rings the main thread's bell.
 */
import type { Program } from "../program/program.ts";
import type { Flight, Source, Watcher } from "./source.ts";

const GUARD: Flight = { keepsAlive: true, runsCode: false, mayEnd: false };

class ThreadGuard implements Source {
  readonly isAwaited = false;
  readonly #pump: Watcher;
  readonly #program: Program;

  constructor(pump: Watcher, program: Program) {
    this.#pump = pump;
    this.#program = program;
  }

  start(): void {
    this.#pump.add(this);
    this.#pump.begin(GUARD);
  }

  hasNews(): boolean {
    return !this.#program.hasNonDaemonThreads();
  }

  drain(): number {
    if (!this.hasNews()) return 0;
    this.#pump.remove(this);
    this.#pump.end(GUARD);
    return 1;
  }

  watchWhileBlocked(): void {}

  mayGoOn(): boolean {
    return false;
  }
}

/** Holds the main thread until no thread is left that the program must live for. */
export function startThreadGuard(pump: Watcher, program: Program): void {
  new ThreadGuard(pump, program).start();
}
