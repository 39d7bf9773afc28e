/* oxlint-disable -- code as it may be written, not as it should be */
/** State of imported modules that something changes here, and nothing does in a worker. */
import { either, refused, report, same } from "../compare.mjs";
import "./setup.mjs";
import { ticked } from "./ticks.mjs";
import * as counters from "./counters.mjs";
import initial, {
  advance,
  cache,
  cached,
  change,
  compute,
  computed,
  count,
  double,
  end,
  enter,
  first,
  grow,
  late,
  leave,
  list,
  load,
  Machine,
  note,
  now,
  outer,
  raise,
  ready,
  registry,
  second,
  size,
  state,
  swap,
  text,
  unchanged,
  words,
} from "./counters.mjs";
import { renamed, again } from "./again.mjs";
import * as all from "./again.mjs";
import common, { hits } from "./common.cjs";
import { level, lift } from "./awaits.mjs";

const early = (() => {
  try {
    return declaredLater;
  } catch {
    return "none";
  }
})();
let assignedEarly;
try {
  assignedEarly = declaredLater;
} catch {
  assignedEarly = "none";
}
const holder = { get: () => declaredLater };
let throughHolder;
try {
  throughHolder = holder.get();
} catch {
  throughHolder = "none";
}
const promised = await Promise.resolve()
  .then(() => declaredLater)
  .catch(() => "none");
const settled = await Promise.allSettled([(async () => declaredLater)()]).then(
  ([{ status }]) => status,
);
const declaredLater = 1;
await same("a const that was read too early", () => early);
await same("one that was read too early in a statement", () => assignedEarly);
await same("one that an object's function read too early", () => throughHolder);
await either("one that a callback read too early", () => promised);
await either("one that an async function read too early", () => settled);
await same("that const", () => [declaredLater]);

await same("an exported let as it was", () => count);
await same("one that is written to and has not been", () => unchanged);
await same("one of a namespace", () => counters.count + counters["unchanged"]);
await same("one whose value is not a literal", () => computed);
await same("one that its own module has set", () => ready);
await same("one that a module sets, which is imported for its effect", () => size);
await same("one that nothing has set", () => words === undefined);
await same("an exported object as it was", () => [state.n, state.still, state]);
await same("an exported map as it was", () => [...registry]);
await same("a default that was copied", () => initial);
await same("a re-export as it was", () => renamed);
await same("CommonJS's exports as they were", () => hits);
await same("what awaited as it was", () => level);
await same("what depends on time is not compared", () => typeof late.at);
await same("a cache", () => cached(3));

// A function that was shipped before the change, and again after it.
const shipped = () => count + 1;
await same("before a change", shipped);
await same("what an item of a namespace is before a change", () => all.renamed);

raise();
grow();
swap();
double();
compute();
advance();
enter("a", 1);
note("b");
change();
end();
leave(1);
const hitIt = (what) => what.hit();
hitIt(common);
lift();
cached(4);
Machine.make();

await refused("an exported let", () => count);
await refused("by a namespace", () => counters.count);
await refused("by a namespace, in brackets", () => counters["count"]);
await refused(
  "by a namespace as a whole",
  () => Object.values(counters).length && { ...counters }.count,
);
await refused("by another namespace", () => all.renamed);
await refused("by a re-export", () => renamed);
await refused("after a change", (n) => shipped() + n, 1);
await refused("the same function after a change", shipped);
await refused("text", () => text);
await refused("what a pattern declares", () => [first, second]);
await refused("under another name", () => String(outer));
await refused("what is not a literal at first", () => computed);
await refused("what its own module has set at first", () => ready);
await refused("a property of an object", () => state.n);
await refused("a property of an object of a property", () => state.deep.m);
await refused("the object", () => JSON.stringify(state));
await refused("the object of a re-export", () => again.n);
await same("a property that has not changed", () => state.still);
await refused("what a map holds", () => registry.get("a"));
await refused("what a list holds", () => list.length);
await same("a let that has not changed", () => unchanged);
await same("a default that has been copied", () => initial);
await refused("what CommonJS exports", () => common.hits);
await same("what was copied of CommonJS's", () => [hits]);
await refused("what a module exports that awaits", () => level);
await refused("what an import elsewhere has changed", () => now);
await same("a function that computes what it keeps", () => cached(4));
await either("a static of a class", () => Machine.made);
await refused("in a function that it calls", () => helper());
function helper() {
  return count;
}
class Counting {
  value = count;
}
await refused("in a class that it makes", () => new Counting().value);

await same("what changes another when it is imported", () => ticked);
await same("what that has changed in the worker, too", () => [now]);

// A worker may change its own.
await same("what the call itself has loaded", () => {
  load(["a"]);
  return words.size;
});
await same("what an earlier call has loaded", () => words.has("a"));
await report();
