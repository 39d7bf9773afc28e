/* oxlint-disable -- code as it may be written, not as it should be */
/** What calls give back: functions that call themselves and each other, and functions put off. */
import { either, report, same } from "../compare.mjs";
import { methods } from "./given-back-lib.mjs";

// Functions that give back what they give back themselves.
const found = [];
function find(node) {
  return node.value ?? find(node.next);
}
found.push(find({ next: { next: { value: 3 } } }));
await same("a search that calls itself", () => found[0]);

const parity = [];
const even = (n) => (n === 0 ? "even" : odd(n - 1));
function odd(n) {
  return n === 0 ? "odd" : even(n - 1);
}
parity.push(even(7), odd(7));
await same("two functions that call each other", () => parity.join());

const made = [];
const wrap = (n) => (n === 0 ? () => made.push("made") : wrap(n - 1));
wrap(2)();
await either("a function that another gives back after some calls of itself", () => made.join());

const ticked = [];
const tick = (n) => (n > 0 ? tock(n) : () => ticked.push("tick"));
const tock = (n) => (n > 1 ? tick(n - 1) : () => ticked.push("tock"));
tick(3)();
await either("one that two functions give back by each other", () => ticked.join());

const states = [];
const start = () => ({ next: stop, enter: () => states.push("start") });
const stop = () => ({ next: start, enter: () => states.push("stop") });
start().next().enter();
await either("methods of what a method gives back", () => states.join());

const visited = [];
const visit = { node: (n) => (n > 0 ? visit.leaf(n) : visited), leaf: (n) => visit.node(n - 1) };
visit.node(3).push("end");
await either("a list that methods give back by each other", () => visited.join());

// Functions that are methods under their own names, or are not.
const put = [];
function fill(n) {
  put.push(n);
}
const holder = { fill };
holder.fill(1);
await either("a function in an object", () => put.join());

const assigned = [];
function grow(n) {
  assigned.push(n);
}
const other = {};
other.grow = grow;
other.grow(2);
await either("a function that a property is given", () => assigned.join());

const listed = [];
const extend = (n) => listed.push(n);
Object.fromEntries([["extend", extend]]).extend(3);
await either("a function in a list of entries", () => listed.join());

const renamed = [];
const raise = (n) => renamed.push(n);
const alias = raise;
({ raise: alias }).raise(4);
await either("a function by another variable", () => renamed.join());

const registered = [];
const handlers = {};
const register = (fn) => (handlers[fn.name] = fn);
function handle(n) {
  registered.push(n);
}
register(handle);
handlers.handle(5);
await either("a function that is registered by its name", () => registered.join());

const exported = [];
export function add(n) {
  exported.push(n);
}
methods().add(6);
await either("an export that another module puts into an object", () => exported.join());

const exportedLater = [];
function append(n) {
  exportedLater.push(n);
}
export { append };
methods().append(7);
await either("a function that is listed as an export, in an object", () => exportedLater.join());

const own = (n) => n + limit;
const limit = 2;
const others = [];
others.push({ own: () => 1 }.own());
await same("a function that only calls by its name lead to", () => own(1) + others[0]);

// Functions that run later, or not at all.
const later = (fn) => () => fn();
const evaluated = [];
const setUp = later(() => evaluated.push("set up"));
setUp();
await either("what a function does that was put off", () => evaluated.join());

const untouched = [];
const never = later(() => untouched.push("never"));
await same("what a function would do that is put off", () => untouched.length);

const passed = [];
const passOn = later(() => passed.push("passed"));
const call = (fn) => fn();
call(passOn);
await either("one that is passed on", () => passed.join());

const inObject = [];
const tasks = { first: later(() => inObject.push("first")) };
for (const key in tasks) tasks[key]();
await either("one in an object", () => inObject.join());

const atOnce = [];
const eager = (fn) => {
  fn();
  return () => fn();
};
const ran = eager(() => atOnce.push("at once"));
await either("one that runs at once, too", () => atOnce.join());

const eachTime = [];
const hands = (fn) => {
  [1, 2].forEach(() => fn());
  return () => 0;
};
const handed = hands(() => eachTime.push("each"));
await either("one that a callback runs", () => eachTime.join());

const immediate = [];
const inside = (fn) => {
  const run = () => fn();
  run();
  return run;
};
const within = inside(() => immediate.push("inside"));
await either("one that a function inside runs", () => immediate.join());

const defaulted = [];
const byDefault =
  (fn, first = fn()) =>
  () =>
    first;
const filled = byDefault(() => defaulted.push("by default"));
await either("one that a default runs", () => defaulted.join());

var once = (fn, result) => () => (fn && (result = fn((fn = 0))), result);
var lazyTable;
var initTable = once(() => {
  lazyTable = [1, 2, 3];
});
initTable();
await either("a module that a bundler has put into a function", () => lazyTable.length);

await report();
