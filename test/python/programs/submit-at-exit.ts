import process from "node:process";
import { ThreadPoolExecutor } from "heddle/concurrent/futures";
import { square } from "../../support/tasks.ts";

const pool = new ThreadPoolExecutor({ maxWorkers: 1 });
process.on("exit", () => {
  try {
    pool.submit(square, 2);
    console.log("submitted");
  } catch (error) {
    console.log(String(error));
  }
});
console.log(await pool.submit(square, 3));
