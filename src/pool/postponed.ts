/**
 * What is done with an outcome once the functions and classes in it are loaded. Who blocks
 * meanwhile loads nothing, and must not wait for it: then it is done without them.
 */
import { agentPump } from "../waiting/pump.ts";
import type { ThrownValue } from "../wire/remote-error.ts";
import { lacksCode, type NotLoaded, type Receiver } from "../wire/unpack.ts";

export class Postponed {
  readonly #steps = new Set<() => void>();

  /** Calls back at once, unless code in what was thrown has to be waited for. */
  whenLoaded(thrown: ThrownValue, receiver: Receiver, callback: () => void): void {
    const isReady = thrown.kind === "value" || agentPump().isBlocked;
    const lacking = isReady ? undefined : lacksCode(thrown, receiver);
    if (lacking === undefined) callback();
    else this.until(lacking, callback);
  }

  /** Calls back once the code is there, or cannot be had. */
  until(lacking: NotLoaded, callback: () => void): void {
    const step = (): void => {
      if (this.#steps.delete(step)) callback();
    };
    this.#steps.add(step);
    void lacking.load().then(step);
  }

  /** Calls all back if this agent blocks; returns how many. */
  drain(): number {
    const { size } = this.#steps;
    if (size === 0 || !agentPump().isBlocked) return 0;
    for (const step of this.#steps) step();
    return size;
  }
}
