/** Runs a function of a module that starts a process whenever it is loaded, as in the child. */
import { Process } from "heddle/multiprocessing";
import { one, started } from "./starts-process.ts";

const child = new Process({ target: one });
child.start();
await child.join().then(
  () => console.log("no error"),
  (error: unknown) => console.log(String(error)),
);
console.log(await started);
