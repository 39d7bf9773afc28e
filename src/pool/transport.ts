/** How tasks get to the workers of a pool and their results back. */
import type { WorkerAgent } from "../agents/worker-agent.ts";
import type { MessageTransportInit, SharedTransportInit } from "./messages.ts";
import type { Task } from "./task.ts";

/** What a transport tells the pool it works for. */
export interface TransportListener {
  /** @param worker The worker's number. */
  succeeded(task: Task, value: unknown, worker: number): void;
  /** @param worker The worker's number. */
  threw(task: Task, thrown: unknown, worker: number): void;
}

export interface Transport {
  readonly init: SharedTransportInit | MessageTransportInit;
  /** Takes note of a worker that has just been started. */
  attach(index: number, agent: WorkerAgent): void;
  /**
   * Takes a task; its arguments are copied now.
   *
   * @throws {SendError} An argument cannot be sent. The task has not been taken.
   */
  submit(task: Task, functionId: number, args: readonly unknown[]): void;
  /** Takes a task back that no worker has started; says whether it was in time. */
  cancel(task: Task): boolean;
  isRunning(task: Task): boolean;
  /** The tasks that no worker has started. */
  queued(): readonly Task[];
  /** Hands results to the listener, at most `limit`; returns how many. */
  drain(limit: number): number;
  hasNews(): boolean;
  /** Whether there is a free worker for every task that none has started. */
  hasIdleWorkers(): boolean;
  /** Ends one worker once it has nothing to do. */
  retire(worker: number): void;
  /** No task will follow: workers end once there is nothing left to do. */
  close(): void;
  /** Takes every task back that is not settled, each with whether a worker had started it. */
  abandon(): Iterable<readonly [task: Task, started: boolean, worker: number]>;
}
