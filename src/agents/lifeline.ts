/** What threads ask of the main thread's warden, by their lifelines. */
import { registered, threadRegistry } from "../base/registry.ts";
import type { Port } from "../platform/platform.ts";

/** Asks the main thread's warden, through those between, to own the children of a thread. */
export interface KeepRequest {
  readonly kind: "keep";
  /** Carries what the thread wants, and what its children report. */
  readonly port: object;
  /** The thread's. */
  readonly slot: number;
  /** What tells it from other agents that have its slot later. */
  readonly agent: number;
}

/** Has requests that come through a port be passed on, as those of lifelines are. */
export interface RouteRequest {
  readonly kind: "route";
  readonly port: object;
}

/** Says that agents have died, some of which may go on sleeping. */
export interface DeathsRequest {
  readonly kind: "deaths";
}

/** What a thread sends by its lifeline. */
export type LifelineRequest = KeepRequest | RouteRequest | DeathsRequest;

/** The first message of what owns a thread's children to the thread. */
export const OPEN = "open";

const WAYS_UP = "ways up@1";

/** How a thread's requests reach its creator. */
interface WaysUp {
  /** Read by the creator or, once it has blocked, by its warden. */
  readonly lifeline: Port;
  /** Where there is such a port the creator reads it, and its warden alone reads the lifeline. */
  readonly requests: Port | undefined;
}

/** Worker: keeps its end of the lifeline for as long as the thread lives. */
export function holdLifeline(ways: WaysUp): void {
  ways.lifeline.ref();
  threadRegistry(WAYS_UP, () => ways);
}

function waysUp(): WaysUp | undefined {
  return registered(WAYS_UP) as WaysUp | undefined;
}

/** Whether heddle has started the calling thread. */
export function hasCreator(): boolean {
  return waysUp() !== undefined;
}

/** Sends a request towards the main thread; returns whether there is a way. */
export function sendUp(request: LifelineRequest): boolean {
  const ways = waysUp();
  if (ways !== undefined) post(ways.requests ?? ways.lifeline, request);
  return ways !== undefined;
}

/** Sends a request by the lifeline, where {@link sendUp} has another way. */
export function sendUpByLifeline(make: () => LifelineRequest): void {
  const ways = waysUp();
  if (ways?.requests !== undefined) post(ways.lifeline, make());
}

/** Posts a request with what it carries. */
export function post(port: Port, request: LifelineRequest): void {
  port.postMessage(request, request.kind === "deaths" ? [] : [request.port]);
}
