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
 * The main thread's also owns the children of all threads (child-keeper.ts).
 *
 * It is started by the first long blocking wait, or the first child of a thread, and not before:
 * pools that are only awaited never pay for it.
 */
import { server } from "#platform";
import type { Port } from "../platform/platform.ts";
import { program, type ProgramInit } from "../program/program.ts";
import { RELEASE } from "../base/release.ts";
import type { Greeting } from "../wire/protocol.ts";
import { workerCode, type WorkerRole } from "./worker-file.ts";
import { type LifelineRequest, post, sendUp } from "./lifeline.ts";

/** One lifeline for the warden to hold. */
export interface WatchRequest {
  readonly kind: "watch";
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
  /** Leads to the main thread's warden; undefined in that one. */
  readonly route: unknown;
}

/** A worker whose lifeline the warden can hold. */
interface Watched {
  lifeline: Port | undefined;
  readonly isDead: boolean;
  readonly status: { readonly memory: ArrayBufferLike };
  readonly slot: number;
  readonly number: number;
}

class Warden {
  readonly #port: Port;

  constructor() {
    const { memory, slot } = program();
    const { port1, port2 } = server.channel();
    this.#port = port1;
    const route = server.channel();
    const isRouted = sendUp({ kind: "route", port: route.port2.raw });
    const init: WardenInit = {
      protocol: RELEASE,
      role: "warden",
      port: port2.raw,
      program: { memory, slot },
      route: isRouted ? route.port1.raw : undefined,
    };
    server.spawn(workerCode(), {
      name: "heddle warden",
      data: init,
      transfer: isRouted ? [port2.raw, route.port1.raw] : [port2.raw],
    });
  }

  /** Has it follow the request of a thread. */
  follow(request: LifelineRequest): void {
    post(this.#port, request);
  }

  /** Hands the worker's lifeline over; does nothing when that was done before. */
  watch(agent: Watched): void {
    const { lifeline } = agent;
    if (lifeline === undefined || agent.isDead) return;
    agent.lifeline = undefined;
    const request: WatchRequest = {
      kind: "watch",
      lifeline: lifeline.raw,
      status: agent.status.memory,
      slot: agent.slot,
      agent: agent.number,
    };
    this.#port.postMessage(request, [lifeline.raw]);
  }
}

/** The agent's warden, once something has needed one. */
let warden: Warden | undefined;

/** The calling agent's, which is started if there is none. */
export function agentWarden(): Warden {
  return (warden ??= new Warden());
}

/** Passes a request of a thread that the calling agent has created on to the main thread's warden. */
export function passOn(message: unknown): void {
  const request = message as LifelineRequest;
  if (!sendUp(request)) agentWarden().follow(request);
}

/**
 * Agents have died that may go on sleeping, as some runtimes cannot stop a thread that sleeps: ends
 * their children.
 */
export function reportSleepers(): void {
  if (!sendUp({ kind: "deaths" })) warden?.follow({ kind: "deaths" });
}
