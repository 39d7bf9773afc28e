/** What every worker of a pool does first. */
import { platform } from "#platform";
import { announceDeath } from "../agents/announce.ts";
import { adoptProgram, program } from "../program/program.ts";
import { AgentStatus } from "../agents/status.ts";
import type { AgentInit } from "../agents/worker-agent.ts";
import { handleCodec, lacksKinds, loadKinds } from "../program/kinds.ts";
import { type Packed, unpack } from "../wire/handles.ts";
import type { Port } from "../platform/platform.ts";
import { loadFunction } from "../shipping/load.ts";
import { invoke } from "../calls/invoke.ts";
import { locateClass } from "../shipping/classes.ts";
import { type MessageCodec, THREAD_MESSAGES } from "./call-codec.ts";
import { MessageWorker } from "./message-worker.ts";
import type {
  InitializerFailedMessage,
  InitializerInit,
  OwnerMessage,
  PoolWorkerInit,
} from "./messages.ts";
import { SharedWorker } from "./shared-worker.ts";
import { WorkerFunctions } from "./worker-functions.ts";
import type { Wrappers } from "./wrapping.ts";

/** Makes this worker one of the pool that started it, with what it finds in its worker data. */
export function startWorker(wrappers: Wrappers): void {
  platform.writeOutputDirectly();
  const init = platform.workerData as AgentInit;
  if (init.shared !== undefined) adoptProgram(init.shared.program);
  const { functions } = init.payload as PoolWorkerInit;
  const known = new WorkerFunctions(functions, wrappers);
  announceDeath(init, (constructor) => locateClass(constructor, ...known.modules()));
  void work(init, known);
}

async function work(init: AgentInit, functions: WorkerFunctions): Promise<void> {
  const { index, initializer, transport } = init.payload as PoolWorkerInit;
  // Nothing is ever received through the lifeline; it is open as long as this thread lives.
  platform.adoptPort(init.lifeline).ref();
  const port = platform.adoptPort(init.port);
  const status = init.shared === undefined ? undefined : new AgentStatus(init.shared.status);
  if (initializer !== undefined) {
    const failure = await initialize(initializer, THREAD_MESSAGES, receiveInitargs);
    if (failure !== undefined) return fail(failure.thrown, port, status);
  }
  if (transport.kind !== "shared" || status === undefined) {
    return new MessageWorker(port, functions, THREAD_MESSAGES).start();
  }
  const { agents, slot } = program();
  const doorbell = agents.bell(agents.parentOf(slot));
  new SharedWorker({ index, init: transport, functions, port, status, doorbell }).start();
}

/** Runs the user's initializer; returns what it threw, packed, if it did. */
export async function initialize(
  { reference, args }: InitializerInit,
  codec: MessageCodec,
  receive: (args: unknown) => Promise<readonly unknown[]>,
): Promise<{ readonly thrown: unknown } | undefined> {
  try {
    const fn = await loadFunction(reference);
    const outcome = invoke(fn, await receive(args));
    if (outcome.kind === "threw") throw outcome.error;
    if (outcome.kind === "promised") await outcome.promise;
    return undefined;
  } catch (error) {
    const url = reference.kind === "source" ? undefined : reference.url;
    return { thrown: codec.packThrown(error, url) };
  }
}

/** A thread's: they may contain shared objects, whose classes may have to be loaded. */
async function receiveInitargs(args: unknown): Promise<readonly unknown[]> {
  if (Array.isArray(args)) return args as unknown[];
  if (lacksKinds()) await loadKinds();
  return unpack(args as Packed, handleCodec) as unknown[];
}

/** Ends this worker, once its owner knows why, or can read it. */
async function fail(thrown: unknown, port: Port, status: AgentStatus | undefined): Promise<never> {
  if (status === undefined) await report(thrown, port);
  else status.writeInitializerFailure(THREAD_MESSAGES.unpackThrown(thrown));
  return platform.exit(1);
}

/** Reports what the initializer threw; resolves once the owner has received it. */
export async function report(thrown: unknown, port: Port): Promise<void> {
  return new Promise((resolve) => {
    port.onMessage((message) => {
      if ((message as OwnerMessage).kind === "acknowledged") resolve();
    });
    const message: InitializerFailedMessage = { kind: "initializer failed", thrown };
    port.postMessage(message);
  });
}
