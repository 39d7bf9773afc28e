/**
 * The warden: one worker that runs no user code, never blocks, and watches the
 * lifelines of other workers.
 *
 * An agent that blocks in `resultSync` sees no exit event. Most deaths announce
 * themselves all the same; a worker that runs out of memory or is terminated
 * cannot. The runtime closes the ports of a thread that ends, though, so the agent
 * that holds the other end of its lifeline learns of it. An agent that is about to block
 * for long hands those ends to a warden, which then marks the dead and rings.
 *
 * It is started by the first long blocking wait and not before: pools that are
 * only awaited never pay for it.
 */
import { server } from "#platform";
import type { Port } from "../platform/platform.ts";
import { program, type ProgramInit } from "../program/program.ts";
import { RELEASE } from "../base/release.ts";
import type { Greeting } from "../wire/protocol.ts";
import { workerCode, type WorkerRole } from "./worker-file.ts";
import type { WorkerAgent } from "./worker-agent.ts";

/** One lifeline for the warden to hold. */
export interface WatchRequest {
  readonly lifeline: unknown;
  readonly status: ArrayBufferLike;
  readonly slot: number;
  /** The agent's number: another one may have the slot when this one's end is noticed. */
  readonly agent: number;
}

export interface WardenInit extends Greeting {
  readonly role: WorkerRole;
  readonly port: unknown;
  /** It has no slot of its own: no agent waits for it, and it does not wait for any. */
  readonly program: ProgramInit;
}

export class Warden {
  readonly #port: Port;

  constructor() {
    const { memory, slot } = program();
    const { port1, port2 } = server.channel();
    this.#port = port1;
    const init: WardenInit = {
      protocol: RELEASE,
      role: "warden",
      port: port2.raw,
      program: { memory, slot },
    };
    server.spawn(workerCode(), {
      name: "heddle warden",
      data: init,
      transfer: [port2.raw],
    });
  }

  /** Hands the worker's lifeline over; does nothing when that was done before. */
  watch(agent: WorkerAgent): void {
    const { lifeline } = agent;
    if (lifeline === undefined || agent.isDead) return;
    agent.lifeline = undefined;
    const request: WatchRequest = {
      lifeline: lifeline.raw,
      status: agent.status.memory,
      slot: agent.slot,
      agent: agent.number,
    };
    this.#port.postMessage(request, [lifeline.raw]);
  }
}
