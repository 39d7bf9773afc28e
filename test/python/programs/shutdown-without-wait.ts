import { ThreadPoolExecutor } from "heddle/concurrent/futures";
import { later } from "../../support/tasks.ts";

const pool = new ThreadPoolExecutor({ maxWorkers: 1 });
const running = pool.submit(later, 21);
running.addDoneCallback((future) => console.log(`finished ${future.resultSync()}`));
void pool.shutdown({ wait: false });
console.log("shut down");
