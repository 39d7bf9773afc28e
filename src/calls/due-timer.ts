/** A timer for what is due at some instant, and may become due earlier. It keeps no program alive. */
import { server } from "#platform";

/** No timer goes off later. */
const LONGEST_MS = 2_147_483_647;

export class DueTimer {
  readonly #run: () => void;
  #timer: { cancel(): void } | undefined;
  /** When it goes off. */
  #atMs = Infinity;

  /** @param run Called then, if the event loop turns. */
  constructor(run: () => void) {
    this.#run = run;
  }

  /** Goes off at that instant at the latest. */
  setBy(atMs: number): void {
    if (atMs >= this.#atMs) return;
    this.#timer?.cancel();
    this.#atMs = atMs;
    const delayMs = Math.min(LONGEST_MS, Math.max(0, Math.ceil(atMs - performance.now())));
    this.#timer = server.backgroundTimer(() => {
      this.#atMs = Infinity;
      this.#run();
    }, delayMs);
  }

  clear(): void {
    this.#timer?.cancel();
    this.#atMs = Infinity;
  }
}
