/** Who may have a short lock of the program, and whether it still lives. */
import type { Owners } from "../memory/short-lock.ts";
import type { Program } from "./program.ts";

/**
 * How long an agent that counts as dead may take its last steps, in milliseconds:
 * one that is terminated is reported dead at once, and stops a little later.
 */
const LAST_STEPS_MS = 20;

export class LockOwners implements Owners {
  readonly #program: Program;
  /** When this agent first saw another one dead. */
  readonly #deadSince = new Map<number, number>();

  constructor(program: Program) {
    this.#program = program;
  }

  isGone(owner: number): boolean {
    const { agents } = this.#program;
    if (agents.hasLeft(owner)) {
      this.#deadSince.delete(owner);
      return true;
    }
    if (agents.isLive(agents.slotOf(owner))) return false;
    const nowMs = performance.now();
    const sinceMs = this.#deadSince.get(owner);
    if (sinceMs === undefined) this.#deadSince.set(owner, nowMs);
    return sinceMs !== undefined && nowMs - sinceMs >= LAST_STEPS_MS;
  }

  stopIfGone(): void {
    const { agents, slot, isEnding } = this.#program;
    if (!agents.isLive(slot) && !isEnding) this.#program.stop();
  }
}
