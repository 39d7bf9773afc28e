/** First code of every worker that runs threads. */
import { startWorker } from "../pool/worker-start.ts";
import { asThread } from "./run-thread.ts";

startWorker({ thread: asThread });
