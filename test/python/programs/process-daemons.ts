/** Ends while two children run, of which one is a daemon. */
import process from "node:process";
import { Process } from "heddle/multiprocessing";

const daemon = new Process({
  target: () => new Promise(() => setInterval(() => undefined, 60_000)),
  daemon: true,
});
const other = new Process({
  target: async () => {
    await new Promise((resolve) => setTimeout(resolve, 300));
    console.log("child has ended");
  },
});
daemon.start();
other.start();
process.on("beforeExit", () => undefined);
console.log("main has ended");
