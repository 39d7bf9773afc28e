/** Never shuts its pool down, and leaves its worker busy with an interval. */
import { ThreadPoolExecutor } from "heddle/concurrent/futures";
import { square, startTicking } from "../../../support/tasks.ts";

const pool = new ThreadPoolExecutor({ maxWorkers: 2 });
await pool.submit(startTicking);
console.log(await pool.submit(square, 5));
