import { ThreadPoolExecutor } from "heddle/concurrent/futures";
import { square } from "../../support/tasks.ts";

const pool = new ThreadPoolExecutor({ maxWorkers: 2 });
for (let n = 0; n < 5; n++) {
  pool
    .submit(square, n)
    .addDoneCallback((future) => console.log(`finished ${future.resultSync()}`));
}
