/** A loop's signal handlers. */
import { platform } from "#platform";
import { RuntimeError } from "../../errors.ts";

export class Signals {
  /** How to stop listening, by signal. */
  readonly #listeners = new Map<string, () => void>();

  /** Calls back whenever the signal comes, in place of what was called back before. */
  set(signal: string, onSignal: () => void): void {
    if (!platform.isMainThread)
      throw new RuntimeError("Cannot add a signal handler: only the main thread gets signals");
    const stop = platform.onSignal(signal, onSignal);
    this.remove(signal);
    this.#listeners.set(signal, stop);
  }

  remove(signal: string): boolean {
    this.#listeners.get(signal)?.();
    return this.#listeners.delete(signal);
  }

  clear(): void {
    for (const signal of this.#listeners.keys()) this.remove(signal);
  }
}
