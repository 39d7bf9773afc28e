/** What every worker of a pool does first. */
import { server } from "#platform";
import { announceDeath } from "../agents/announce.ts";
import { holdLifeline } from "../agents/lifeline.ts";
import { adoptProgram, program } from "../program/program.ts";
import { CallControl } from "../memory/call-control.ts";
import { AgentStatus } from "../agents/status.ts";
import type { AgentInit } from "../agents/worker-agent.ts";
import { lacksKinds, loadKinds } from "../program/kinds.ts";
import { whenLoaded } from "../wire/unpack.ts";
import type { Port } from "../platform/platform.ts";
import { loadFunction } from "../shipping/load.ts";
import { invoke } from "../calls/invoke.ts";
import { codeOf } from "../shipping/code-lookup.ts";
import { isolatedThreads, type MessageCodec, SHARED_CALLS } from "./call-codec.ts";
import { receiveInThread, type ThreadInitargs } from "./initargs.ts";
import type { ThrownValue } from "../wire/remote-error.ts";
import { MessageWorker } from "./message-worker.ts";
import type {
  InitializerFailedMessage,
  InitializerInit,
  OwnerMessage,
  PoolWorkerInit,
} from "./messages.ts";
import { ReceivedSignals } from "./signals.ts";
import { SharedWorker } from "./shared-worker.ts";
import { moduleOf, WorkerFunctions } from "./worker-functions.ts";
import type { Wrappers } from "./wrapping.ts";

/** Makes this worker one of the pool that started it, with what it finds in its worker data. */
export function startWorker(wrappers: Wrappers): void {
  server.writeOutputDirectly();
  const init = server.workerData as AgentInit;
  if (init.shared !== undefined) adoptProgram(init.shared.program);
  const { functions } = init.payload as PoolWorkerInit;
  const known = new WorkerFunctions(functions, wrappers);
  announceDeath(
    init,
    codeOf(() => known.modules()),
  );
  void work(init, known);
}

async function work(init: AgentInit, functions: WorkerFunctions): Promise<void> {
  const { index, initializer, transport } = init.payload as PoolWorkerInit;
  const requests = init.requests === undefined ? undefined : server.adoptPort(init.requests);
  holdLifeline({ lifeline: server.adoptPort(init.lifeline), requests });
  const port = server.adoptPort(init.port);
  const signals = new ReceivedSignals();
  const codec = isolatedThreads(
    codeOf(() => [moduleOf(initializer?.reference), ...functions.modules()]),
    signals,
  );
  const status = init.shared === undefined ? undefined : new AgentStatus(init.shared.status);
  if (initializer !== undefined) {
    const failure = await initialize(initializer, codec, receiveInitargs);
    if (failure !== undefined) return fail(failure.thrown, port, status);
  }
  if (transport.kind !== "shared" || status === undefined) {
    const words = transport.kind === "messages" ? transport.control : undefined;
    const control = words && new CallControl(new Int32Array(words));
    const end = (): void => server.exit(0);
    return new MessageWorker({ port, functions, codec, signals, control, end }).start();
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
    return { thrown: codec.packThrown(error) };
  }
}

/** A thread's: they may contain shared objects, whose classes may have to be loaded. */
async function receiveInitargs(args: unknown): Promise<readonly unknown[]> {
  const initargs = args as ThreadInitargs;
  if (initargs.receipt !== undefined && lacksKinds()) await loadKinds();
  return whenLoaded(() => receiveInThread(initargs, SHARED_CALLS.receiver));
}

/** Ends this worker, once its owner knows why, or can read it. */
async function fail(thrown: unknown, port: Port, status: AgentStatus | undefined): Promise<void> {
  // A module that it loaded has ended it already: on Deno, a second exit would keep it from ending.
  if (status?.isDead === true) return;
  if (status === undefined) await report(thrown, port);
  else status.writeInitializerFailure(thrown as ThrownValue);
  server.exit(1);
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
