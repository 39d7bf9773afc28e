/** What a pool must know of the agents that are its workers, and what is not the same for all kinds of them. */
import type { Agent } from "../agents/agent.ts";
import type { BrokenExecutor } from "../errors.ts";
import type { CallCodec } from "./call-codec.ts";
import type { Initializer } from "./initargs.ts";
import type { PoolWorkerInit } from "./messages.ts";
import type { Transport, TransportListener } from "./transport.ts";

/** A worker to start. */
export interface WorkerOrder {
  readonly name: string;
  readonly init: PoolWorkerInit;
  /** Whether the pool knows of messages of the worker's that have not come yet. */
  readonly expectsMessages: () => boolean;
  /**
   * Called once, when its death is known, the messages that are expected have come and the
   * creator's event loop turns.
   */
  readonly onDeath: () => void;
}

/** How a worker died, as far as an error says it in its fields. */
export interface Breakage<A extends Agent> {
  readonly worker: A;
  readonly cause: unknown;
  /** Whether a worker had begun the call that the error is for. */
  readonly started: boolean;
}

export interface AgentKind<A extends Agent = Agent> {
  /** @throws {Error} No such agent can be started. */
  start(order: WorkerOrder): A;
  /** @param workers Most workers at once. */
  transport(listener: TransportListener, workers: number): Transport<A>;
  readonly codec: CallCodec;
  /** The error of calls that a dead worker cannot finish, or a broken pool cannot run. */
  broken(message: string, breakage: Breakage<A>): BrokenExecutor;
  /**
   * The calling agent is about to block for what these agents do.
   *
   * @throws {Error} It must not, and why.
   */
  checkBlocking(agents: readonly A[]): void;
  /** While the calling agent blocks: makes sure that the worker's death is noticed all the same. */
  watchWhileBlocked(agent: A): void;
  /** Whether the worker sleeps, and no call is on its way to it. False where that cannot be seen. */
  isAsleep(agent: A): boolean;
  /** Whether {@link AgentKind.isAsleep} can tell. */
  readonly seesSleep: boolean;
}

/** Whether another worker takes the place of one that died, or the pool breaks. */
export type OnDeath = "replace" | "break";

/** How a pool is made. */
export interface WorkerPoolOptions<A extends Agent> {
  /** What the workers are. */
  readonly kind: AgentKind<A>;
  readonly maxWorkers: number;
  /** Workers are called this, an underscore and a number. */
  readonly namePrefix: string;
  readonly initializer: Initializer | undefined;
  /** How long the pool may have nothing to do before its workers end, in milliseconds; Infinity if they never do. */
  readonly idleMs: number;
  /** What stacks call the worker that ran a call; undefined for its own title. */
  readonly title: (() => string) | undefined;
  /** What the death of a worker costs: the calls that it had begun, or the pool. */
  readonly onDeath: OnDeath;
}
