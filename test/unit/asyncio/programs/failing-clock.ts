/** A clock of the user's that fails when the step of an async function is over. */
import process from "node:process";
import { Loop, run, sleep } from "heddle/asyncio";

let isToFail = false;

const clock = {
  time: () => performance.now(),
  wakeAt(timeMs: number, wake: () => void) {
    if (isToFail) throw new RangeError("no more alarms");
    const timer = setTimeout(wake, Math.max(0, timeMs - performance.now()));
    return { cancel: () => clearTimeout(timer) };
  },
};

process.on("uncaughtException", (error) => {
  console.log("uncaught", error.message);
  process.exit(3);
});
process.on("unhandledRejection", (error) => {
  console.log("rejected", String(error));
  process.exit(4);
});

const main = async (): Promise<void> => {
  await sleep(1);
  isToFail = true;
  await sleep(60_000); // not over before the loop asks for an alarm, however busy the machine is
};
await run(main, { loopFactory: () => new Loop({ clock }) });
