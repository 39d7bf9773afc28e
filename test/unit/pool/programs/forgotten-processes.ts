/**
 * Never shuts its pool down; prints a result, the number of the process, and whether that was
 * there when nothing kept the program alive any more: in time it would end of having no work.
 */
import process from "node:process";
import { ProcessPoolExecutor } from "heddle/concurrent/futures";
import { isRunning, pid } from "../../../support/processes.ts";
import { square, startTicking } from "../../../support/tasks.ts";

const pool = new ProcessPoolExecutor({ maxWorkers: 1 });
await pool.submit(startTicking);
const number = await pool.submit(pid);
console.log(await pool.submit(square, 5), number);
process.once("beforeExit", () => console.log(isRunning(number)));
