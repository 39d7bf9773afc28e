/** First code of every worker of an executor's pool. */
import { startWorker } from "./worker-start.ts";
import { POOL_WRAPPERS } from "./wrapping.ts";

startWorker(POOL_WRAPPERS);
