/** Never shuts its pool down; prints a result, and the number of the process. */
import { ProcessPoolExecutor } from "heddle/concurrent/futures";
import { pid } from "../../../support/processes.ts";
import { square, startTicking } from "../../../support/tasks.ts";

const pool = new ProcessPoolExecutor({ maxWorkers: 1 });
await pool.submit(startTicking);
console.log(await pool.submit(square, 5), await pool.submit(pid));
