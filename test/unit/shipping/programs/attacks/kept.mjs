/* oxlint-disable -- what a linter refuses is meant here */
/** Functions that a list or table keeps, which functions have made: some have been called here. */
import { either, report, same } from "../compare.mjs";

const calls = Array.from({ length: 9 }, () => []);
const table = Object.fromEntries(["a", "b"].map((name) => [name, (x) => calls[0].push(name + x)]));
table.a(1);
await either("a function of a table that has been called", () => calls[0].join());
const listed = ["a"].map((name) => (x) => one.push(name + x));
const one = [];
for (const each of listed) each(1);
await either("functions of a list that have been called", () => one.join());
const two = [];
["a"].map((name) => () => two.push(name))[0]();
await either("one that has been called where it was made", () => two.join());
const three = [];
const [first] = ["a"].map((name) => () => three.push(name));
first();
await either("one that a pattern has taken", () => three.join());
const four = [];
Array.from(["a"], (name) => () => four.push(name)).forEach((each) => each());
await either("those of a list that is not kept", () => four.join());
const five = [];
const odd = ["a"];
odd.map = (make) => make("b")("c");
const made = odd.map((a) => (b) => five.push(a + b));
await either("a list with a method of its own", () => five.length * made);
const six = [];
const frozen = Object.freeze({ add: (x) => six.push(x) });
frozen.add(1);
await either("one of a frozen object", () => six.join());
const seven = [];
const kept = { all: ["a"].flatMap((name) => [() => seven.push(name)]) };
const { all } = kept;
all.at(0)();
await either("one of a list in an object", () => seven.join());
const never = [];
const unused = Object.fromEntries(["a"].map((name) => [name, (x) => never.push(name + x)]));
await same("a table of which nothing has been called", () => never.length);

await report();
