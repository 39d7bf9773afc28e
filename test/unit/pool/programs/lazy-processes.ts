/** Prints which of Node's modules for child processes are loaded by a pool without work. */
import process from "node:process";
import { ProcessPoolExecutor } from "heddle/concurrent/futures";

const pool = new ProcessPoolExecutor();
const { moduleLoadList } = process as unknown as { moduleLoadList: readonly string[] };
console.log(moduleLoadList.filter((name) => /child_process/.test(name)).join(" ") || "none");
await pool.shutdown();
