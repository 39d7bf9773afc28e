/** Reads one failure, and leaves another unread. */
import { ThreadPoolExecutor, wait } from "heddle/concurrent/futures";
import { fail } from "../../../support/tasks.ts";

const pool = new ThreadPoolExecutor({ maxWorkers: 1 });
const futures = [pool.submit(fail, "read"), pool.submit(fail, "unread")];
await wait(futures);
await futures[0]?.exception();
