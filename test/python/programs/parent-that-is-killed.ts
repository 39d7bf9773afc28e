/** Starts a process that kills this one, which blocks and has not read what it was sent. Prints its number. */
import process from "node:process";
import { fileURLToPath } from "node:url";
import { Process } from "heddle/multiprocessing";
import { pid } from "../../support/processes.ts";

const extension = import.meta.url.endsWith(".js") ? ".js" : ".ts";
const preload = fileURLToPath(new URL(`kills-parent${extension}`, import.meta.url));
const flag = "deno" in process.versions || "bun" in process.versions ? "preload" : "import";
const child = new Process({ target: pid, execArgv: [`--${flag}=${preload}`], stdout: "ignore" });
child.start();
console.log(child.pid);
Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
