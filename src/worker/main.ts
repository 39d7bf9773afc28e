/** First code of every thread and process that heddle starts. What it finds in its worker data says what it is. */
import { server } from "#platform";
import { startBellHelper } from "../agents/bell-helper.ts";
import { startWarden } from "../agents/warden-start.ts";
import type { WorkerRole } from "../agents/worker-file.ts";
import { provideKindsByImport } from "../program/load-kinds.ts";
import { startWorker } from "../pool/worker-start.ts";
import { checkState, noteModule } from "../shipping/module-state.ts";
import { references } from "../shipping/references.ts";
import { POOL_WRAPPERS, type Wrappers } from "../pool/wrapping.ts";
import { checkProtocol, type Greeting } from "../wire/protocol.ts";
import { asThread } from "../_thread/run-thread.ts";

const data = server.workerData as (Greeting & { readonly role: WorkerRole }) | undefined;
const wrappers: Wrappers = { ...POOL_WRAPPERS, thread: asThread };

if (data !== undefined) checkProtocol(data);
provideKindsByImport();
Object.assign(references(), { noteModule, checkState });
if (data === undefined) void startAsProcess();
else if (data.role === "warden") startWarden();
else if (data.role === "bell") startBellHelper();
else if (data.role === "courier") void startAsCourier();
else startWorker(wrappers);

/** Most programs have none. */
async function startAsCourier(): Promise<void> {
  (await import("../multiprocessing/channels/courier.ts")).startCourier();
}

/** The main thread of a child process has no worker data. Threads do not need the code. */
async function startAsProcess(): Promise<void> {
  const { startProcess } = await import("../pool/process-start.ts");
  const { asProcess, exitCode } = await import("../multiprocessing/run-process.ts");
  await startProcess({ ...wrappers, process: asProcess }, exitCode);
}
