/* oxlint-disable -- code as it may be written, not as it should be */
/** Calls of imports that set something up in their modules, under names that do not say so. */
import { ThreadPoolExecutor } from "heddle/concurrent/futures";
import { refused, report, same } from "../compare.mjs";
import {
  cached,
  choose,
  chosen,
  connect,
  doubled,
  given,
  Keeper,
  lift,
  liftedSoFar,
  other,
  poke,
  pokes,
  query,
  raise,
  report as reportLine,
  steps,
  warm,
} from "./private.mjs";
import { keep, step } from "./private-barrel.mjs";

// What a function sets up for itself is there in the worker, too.
const pool = new ThreadPoolExecutor({ maxWorkers: 1 });
const runThere = (fn, ...args) => pool.submit(fn, ...args);
const chooses = (n) => {
  choose(n);
  return chosen();
};
console.log(await runThere(chooses, 3));
await pool.shutdown();
await same("what a function sets up for itself", chooses, 3);
await same("a function of a module that another sets up for itself", (n) => other(n), 1);

reportLine("started");
warm();
await connect();
async function main() {
  raise();
}
await main();
lift();
keep("a");
query("a") && step();
[1, 2].forEach(() => {
  poke();
});

await refused("what a function has set up that was called", () => given());
await refused("what uses that", () => doubled());
await refused("what an awaited call has set up", () => query("a"));
await refused(
  "an object that a call by way of another module has set up",
  () => new Keeper().items,
);
await refused("what a call in a condition has set up", () => steps());
await refused("what a call in a callback has set up", () => pokes());
await refused("what a method has set up that was put into an object", () => liftedSoFar());
await same("a function that has no result", () => reportLine("there"));
await same("a function that keeps what it computes", (n) => cached(n), 4);
await same("a function that is set up by nothing", (n) => other(n) + 1, 1);
await report();
