/**
 * Results that come by message to a pool in shared memory. The id of the call and the message may come
 * in either order.
 */
import type { WorkerAgent } from "../agents/worker-agent.ts";
import { InternalError } from "../errors.ts";
import type { Channel } from "../wire/channel.ts";
import { unsend } from "../wire/send.ts";
import type { ResultMessage } from "./messages.ts";

export class ResultMessages {
  /** Those that came before their ids, by id. */
  readonly arrived: Map<number, ResultMessage> = new Map<number, ResultMessage>();
  /** Who finished the calls whose results have not come, by id. */
  readonly expected: Map<number, WorkerAgent> = new Map<number, WorkerAgent>();
  readonly #channel: Channel;

  constructor(channel: Channel) {
    this.#channel = channel;
  }

  /** Whether a result of that agent's, or of any, is on its way. */
  expects(agent: WorkerAgent | undefined): boolean {
    if (agent === undefined) return this.expected.size > 0;
    for (const from of this.expected.values()) if (from === agent) return true;
    return false;
  }

  /** The agent's port has closed: nothing comes any more. */
  giveUp(agent: WorkerAgent): void {
    for (const [id, from] of this.expected) {
      if (from !== agent) continue;
      this.expected.delete(id);
      if (agent.isRetired)
        throw new InternalError(`Result ${id} of ${agent.name} did not come by message`);
    }
  }

  /** Nothing of a result that has come is received. */
  drop(id: number): void {
    const message = this.arrived.get(id);
    if (message !== undefined) unsend(message.sent, this.#channel);
    this.arrived.delete(id);
  }
}
