/** How calls get to the workers of a pool and their results back. */
import type { Agent } from "../agents/agent.ts";
import type { FunctionMessage, MessageTransportInit, SharedTransportInit } from "./messages.ts";
import type { ThrownValue } from "../wire/remote-error.ts";
import type { Call } from "../calls/call.ts";

/** What a transport tells the pool it works for. */
export interface TransportListener {
  /** @param worker The worker's number. */
  succeeded(call: Call, value: unknown, worker: number): void;
  /** @param worker The worker's number. */
  threw(call: Call, thrown: ThrownValue, worker: number): void;
  /** The result has come, and cannot be made a value here. */
  unreadable(call: Call, error: unknown): void;
  /** The call, which was asked to stop, was not begun and will not be. */
  skipped(call: Call): void;
  /**
   * The call has been taken from its worker, which begins no other, and must be ended by force.
   *
   * @param id What the worker knows it by.
   */
  ended(call: Call, worker: number, id: number): void;
}

export interface Transport<A extends Agent = Agent> {
  /** What a worker that is about to start finds. */
  initFor(worker: number): SharedTransportInit | MessageTransportInit;
  /** Takes note of a worker that has just been started. */
  attach(index: number, agent: A): void;
  /** Tells the workers that exist about a new function. */
  announce(message: FunctionMessage): void;
  /**
   * Takes a call; its arguments are copied now.
   *
   * @throws {SendError} An argument cannot be sent. The call has not been taken.
   */
  submit(call: Call, functionId: number, args: readonly unknown[]): void;
  /** Takes a call back that no worker has started; says whether it was in time. */
  cancel(call: Call): boolean;
  /** Asks a call that a worker has, or will have, to stop; false if it is over. */
  ask(call: Call): boolean;
  /** Takes a call that has been asked from its worker, now or soon, unless it is over by then: the listener learns of it. */
  end(call: Call): void;
  isRunning(call: Call): boolean;
  /** Whether a worker is known to have begun the call. */
  hasBegun(call: Call): boolean;
  /** The calls that no worker has started. */
  queued(): readonly Call[];
  /** Hands results to the listener, at most `limit`; returns how many. */
  drain(limit: number): number;
  hasNews(): boolean;
  /** Whether messages of that worker's, or of any, are known to be on their way. */
  expectsMessages(agent?: A): boolean;
  /** What the worker's initializer threw, if it did. */
  initializerFailure(agent: A): ThrownValue | undefined;
  /** Whether there is a free worker for every call that none has started. */
  hasIdleWorkers(): boolean;
  /** Ends one worker once it has nothing to do. */
  retire(worker: number): void;
  /** No call will follow: workers end once there is nothing left to do. */
  close(): void;
  /**
   * Takes back the calls that a dead worker had begun, or may have. What it had finished is handed
   * to the listener. Another worker may then have its number.
   */
  bury(worker: number): readonly Call[];
  /** Takes every call back that is not settled, each with whether a worker had started it. */
  abandon(): Iterable<readonly [call: Call, started: boolean, worker: number]>;
}
