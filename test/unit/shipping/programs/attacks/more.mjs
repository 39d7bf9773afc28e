/* oxlint-disable -- code as it may be written, not as it should be */
/** What else may differ: names that hide others, values that change by ways that no line shows. */
import { either, refused, report, same } from "../compare.mjs";
import * as lib from "./more-lib.mjs";
import {
  emit,
  events,
  fill,
  flag,
  frozen,
  getters,
  grow,
  late,
  lazy,
  peek,
  proto,
  rate,
  ready,
  scaled,
  setRateQuietly,
  Shape,
  symbol,
  table,
  toggle,
  twin,
} from "./more-lib.mjs";

// Names that hide globals and imports, at every scope.
{
  const parseInt = (s) => `mine ${s}`;
  await either("a global hidden by a block", (s) => parseInt(s), "1");
}
const hiding = (Math) => (n) => Math.max(n, 1);
await either("a global hidden by a parameter", hiding({ max: () => "mine" }), 2);
await same("the same text with the global", (n) => Math.max(n, 2), 1);
try {
  throw { stringify: () => "mine" };
} catch (JSON) {
  await either("a global hidden by a catch", (o) => JSON.stringify(o), {});
}
for (const isNaN of [() => "mine"]) await either("a global hidden by a loop", () => isNaN(1));
class URL {
  static from = "mine";
}
await either("a global hidden by a class of the module", () => URL.from);
await either("its name by its type", () => typeof URL);
const shadow = (scaled) => (n) => scaled(n) + 0;
await either(
  "an import hidden by a parameter",
  shadow((n) => -n),
  3,
);
await either("the import", (n) => scaled(n) + 1, 3);
switch (1) {
  case 1:
    let encodeURIComponent = () => "mine";
    await either("a global hidden by a switch", (s) => encodeURIComponent(s), " ");
}
const named = function structuredClone(n) {
  return n === 0 ? "end" : structuredClone(n - 1);
};
await same("a global hidden by its own name", named, 2);
await same(
  "a global hidden by a var of its own",
  (n) => {
    if (n > 0) {
      var Number = () => "mine";
    }
    return Number(n);
  },
  1,
);

// Closures of one text over different values.
const makers = [1, 2].map((n) => () => n * 10);
await either("a closure over 1", makers[0]);
await either("a closure over 2", makers[1]);
const counterOf = (start) => {
  let count = start;
  return () => ++count;
};
await either("a counter", counterOf(1));
const curry = (a) => (b) => a + b;
await either("a curried function", curry(1), 2);
const partial = curry.bind(null, 5);
await either("a bound one", partial);

// What changes by ways that no line of this module shows.
toggle();
await refused("a flag that was toggled", () => flag);
ready();
await refused("what was made when it was first needed", () => lazy?.at);
const before = rate;
setRateQuietly(7);
await refused("a rate that was set", () => rate);
await either("what uses it", (n) => scaled(n), 2);
await either("a constant that was copied before", () => before);
emit("started");
await refused("a list that was filled", () => events.length);
Reflect.set(table, "a", (n) => n - 1);
await either("a table that was patched", (n) => table.a(n), 1);
await same("what of it was not", (n) => lib.twin(n), 1);
Shape.sides = 4;
await either("a static that was set", () => Shape.sides);
Shape.prototype.area = () => 2;
await either("a method that was replaced", () => new Shape().area());
void getters.next;
await refused("what a getter has counted", () => getters.count);
Object.setPrototypeOf(proto, { inherited: 1 });
await either("a prototype that was changed", () => proto.inherited ?? "none");
await fill();
await refused("what was filled after an await", () => late.value);
try {
  frozen.deep.n = 2;
} catch {}
await either("what is deep in a frozen object", () => frozen.deep.n);
grow();
await refused("what a function has grown", () => peek());
await either("a symbol of a module", (s) => s === symbol, "no");
const { twin: alias } = lib;
await same("a function that was taken out of a namespace", alias, 1);
let reassigned = twin;
reassigned = (n) => n - 1;
await either("a function that was reassigned", reassigned, 1);
await either("one that uses it", (n) => reassigned(n), 1);

// Code that makes its names when it runs.
await either("eval of a name", () => eval("rate"));
await either("an indirect eval", () => (0, eval)("typeof rate"));
await either("new Function", () => new Function("return typeof rate")());
await either("a name by globalThis", () => globalThis.rate ?? "none");
globalThis.planted = 1;
await refused("a global that was planted", () => globalThis.planted);
await either("one by its bare name", () => planted);

// Too early, and too late.
const early = () => declaredBelow;
await either("what is declared below", early);
const readEarly = (() => {
  try {
    return [typeof declaredBelow, declaredBelow];
  } catch (error) {
    return error.name;
  }
})();
const declaredBelow = 3;
await same("what was read too early", () => readEarly);
await same("after its declaration", (n) => early() + n, 1);
const object = {
  value: 1,
  get double() {
    return this.value * 2;
  },
};
object.value = 5;
await either("a getter of an object that was changed", () => object.double);
const { double } = object;
object.value = 6;
await either("what a getter gave before", () => double);
await report();
