import { server } from "#platform";
import type { EndMessage } from "./agent.ts";
import { atomics } from "./real-atomics.ts";
import { type ExplorerState, RUN } from "./state.ts";

/** Reports that a run does not end: some body loops without an operation. */
export class Watchdog {
  readonly stuck: Promise<EndMessage>;
  #stop: () => void = () => undefined;

  constructor(state: ExplorerState, timeoutMs: number) {
    this.stuck = new Promise((resolve) => {
      const watch = (last: number): void => {
        const timer = server.backgroundTimer(() => {
          const current = atomics.load(state.counters, RUN);
          if (current !== last) return watch(current);
          const message = `A run has not ended within ${timeoutMs} ms: a body loops without an operation`;
          resolve({ kind: "failed", failure: "stuck", agent: undefined, message, stack: "" });
        }, timeoutMs);
        this.#stop = () => timer.cancel();
      };
      watch(atomics.load(state.counters, RUN));
    });
  }

  stop(): void {
    this.#stop();
  }
}
