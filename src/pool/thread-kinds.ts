/** Threads as the workers of a pool: with a part in the program's shared memory, or by messages alone. */
import { platform } from "#platform";
import { agentWarden } from "../agents/warden.ts";
import { WorkerAgent } from "../agents/worker-agent.ts";
import { BrokenThreadPool, UnsupportedError } from "../errors.ts";
import { program } from "../program/program.ts";
import { CALLERS_CODE } from "../shipping/code-lookup.ts";
import type { AgentKind, Breakage } from "./agent-kind.ts";
import { isolatedThreads, SHARED_CALLS } from "./call-codec.ts";
import { MessageTransport } from "./message-transport.ts";
import { CAPACITY } from "./pool-memory.ts";
import { SharedTransport } from "./shared-transport.ts";

/** How the threads of a pool are made. */
export interface ThreadSettings {
  /** Most calls in shared memory at once: a power of two, or undefined for the usual number. */
  readonly capacity: number | undefined;
  /** Size of the threads' stacks; undefined for the runtime's own. */
  readonly stackSizeBytes: number | undefined;
}

const USUAL: ThreadSettings = {
  capacity: undefined,
  stackSizeBytes: undefined,
};

/** Threads that take calls from shared memory. */
export function sharingThreads(settings: ThreadSettings = USUAL): AgentKind<WorkerAgent> {
  return {
    start: (order) => startThread(order, settings, true),
    transport: (listener, workers) =>
      new SharedTransport({ workers, capacity: settings.capacity ?? CAPACITY }, listener),
    codec: SHARED_CALLS,
    broken,
    checkBlocking: () => undefined,
    watchWhileBlocked: (agent) => agentWarden().watch(agent),
    seesSleep: true,
    isAsleep: (agent) => program().recordOf(agent.slot).isIdle,
  };
}

/** Threads that get calls by message, for where memory cannot be shared. */
export function messagedThreads(settings: ThreadSettings = USUAL): AgentKind<WorkerAgent> {
  const codec = isolatedThreads(CALLERS_CODE);
  return {
    start: (order) => startThread(order, settings, false),
    transport: (listener) => new MessageTransport(listener, codec),
    codec,
    broken,
    checkBlocking() {
      throw new UnsupportedError(
        "Cannot block for a result without shared memory; await it instead. In a browser, shared memory needs " +
          "the headers Cross-Origin-Opener-Policy: same-origin and Cross-Origin-Embedder-Policy: require-corp",
        { capability: "sharedMemory", runtime: platform.name },
      );
    },
    watchWhileBlocked: () => undefined,
    seesSleep: false,
    isAsleep: () => false,
  };
}

function startThread(
  { name, init, expectsMessages, onDeath }: Parameters<AgentKind["start"]>[0],
  { stackSizeBytes }: ThreadSettings,
  sharedMemory: boolean,
): WorkerAgent {
  return new WorkerAgent({
    name,
    sharedMemory,
    stackSizeBytes,
    payload: init,
    receiver: SHARED_CALLS.receiver,
    expectsMessages,
    onDeath,
  });
}

function broken(message: string, breakage: Breakage<WorkerAgent>): BrokenThreadPool {
  const { worker, cause, started } = breakage;
  return new BrokenThreadPool(message, {
    ...(cause === undefined ? {} : { cause }),
    worker: worker.name,
    exitCode: worker.exitCode,
    started,
  });
}
