import { server } from "#platform";

/** Says when a pool has had nothing to do for long. */
export class IdleTimer {
  readonly #idleMs: number;
  readonly #isIdle: () => boolean;
  readonly #listener: () => void;
  /** Goes off when the pool may have had nothing to do for so long; it may turn out that it had. */
  #timer: { cancel(): void } | undefined;
  #sinceMs = 0;

  /**
   * @param idleMs How long, in milliseconds; Infinity never says so.
   * @param isIdle Whether the pool has nothing to do now.
   */
  constructor(idleMs: number, isIdle: () => boolean, listener: () => void) {
    this.#idleMs = idleMs;
    this.#isIdle = isIdle;
    this.#listener = listener;
  }

  /** The last thing that there was to do is done. */
  restart(): void {
    if (this.#idleMs === Infinity) return;
    this.#sinceMs = performance.now();
    this.#timer ??= server.backgroundTimer(this.#look, this.#idleMs);
  }

  /** It would hold the pool, with its memory. */
  cancel(): void {
    this.#timer?.cancel();
  }

  readonly #look = (): void => {
    this.#timer = undefined;
    if (!this.#isIdle()) return;
    const leftMs = this.#sinceMs + this.#idleMs - performance.now();
    if (leftMs > 0) this.#timer = server.backgroundTimer(this.#look, leftMs);
    else this.#listener();
  };
}
