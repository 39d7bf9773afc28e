/** First code of every worker of a pool. */
import { platform } from "#platform";
import { announceDeath } from "../agent/announce.ts";
import { AgentStatus } from "../agent/status.ts";
import type { AgentInit } from "../agent/worker-agent.ts";
import { Doorbell } from "../memory/doorbell.ts";
import { loadFunction } from "../task/load.ts";
import { encodeThrown } from "../wire/remote-error.ts";
import { call } from "./call.ts";
import { locateClass } from "./error-classes.ts";
import { MessageWorker } from "./message-worker.ts";
import type { InitializerFailedMessage, InitializerInit, PoolWorkerInit } from "./messages.ts";
import { SharedWorker } from "./shared-worker.ts";
import { WorkerFunctions } from "./worker-functions.ts";

const init = platform.workerData as AgentInit;
const { index, functions, initializer, transport } = init.payload as PoolWorkerInit;
const port = platform.adoptPort(init.port);
// Nothing is ever received through the lifeline; it is open as long as this thread lives.
const lifeline = platform.adoptPort(init.lifeline);

const known = new WorkerFunctions(functions);

announceDeath(init, (constructor) => locateClass(constructor, ...known.modules()));
void start();

async function start(): Promise<void> {
  lifeline.ref();
  if (initializer !== undefined && !(await initialize(initializer))) return;
  if (transport.kind === "shared" && init.shared !== undefined) {
    const status = new AgentStatus(init.shared.status);
    const doorbell = new Doorbell(init.shared.doorbell);
    new SharedWorker({ index, init: transport, functions: known, port, status, doorbell }).start();
  } else {
    new MessageWorker(port, known).start();
  }
}

/** Runs the user's initializer; on failure reports it, ends this worker and returns false. */
async function initialize({ reference, args }: InitializerInit): Promise<boolean> {
  try {
    const outcome = call(await loadFunction(reference), args);
    if (outcome.kind === "threw") throw outcome.error;
    if (outcome.kind === "promised") await outcome.promise;
    return true;
  } catch (error) {
    const url = reference.kind === "source" ? undefined : reference.url;
    const thrown = encodeThrown(error, (constructor) => locateClass(constructor, url));
    const message: InitializerFailedMessage = { kind: "initializer failed", thrown };
    port.postMessage(message);
    return platform.exit(1);
  }
}
