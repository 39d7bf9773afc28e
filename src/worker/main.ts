/** First code of every worker that heddle starts. What it finds in its worker data says what it is. */
import { platform } from "#platform";
import { startBellHelper } from "../agents/bell-helper.ts";
import { startWarden } from "../agents/warden-start.ts";
import type { WorkerRole } from "../agents/worker-file.ts";
import { provideKindsByImport } from "../program/load-kinds.ts";
import { startWorker } from "../pool/worker-start.ts";
import { POOL_WRAPPERS } from "../pool/wrapping.ts";
import { asThread } from "../_thread/run-thread.ts";

const { role } = platform.workerData as { readonly role: WorkerRole };

provideKindsByImport();
if (role === "warden") startWarden();
else if (role === "bell") startBellHelper();
else startWorker({ ...POOL_WRAPPERS, thread: asThread });
