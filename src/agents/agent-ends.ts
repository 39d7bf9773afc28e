import type { Agent } from "./agent.ts";

/** Waits for the ends of agents. */
export class AgentEnds<A extends Agent> {
  readonly #agents: readonly A[];
  readonly #ended = new WeakSet<A>();

  /** @param agents Those that there are, whenever that is asked. */
  constructor(agents: readonly A[]) {
    this.#agents = agents;
  }

  /** Resolves once all have ended but for those that are abandoned. */
  async all(): Promise<void> {
    // A worker that retired just as a call came is replaced: wait for its successor, too.
    for (let waitFor: A[] | undefined; waitFor?.length !== 0;) {
      waitFor = this.#agents.filter((agent) => !this.#ended.has(agent) && !agent.isAbandoned);
      await Promise.all(waitFor.map((agent) => agent.ended));
      for (const agent of waitFor) this.#ended.add(agent);
    }
  }
}
