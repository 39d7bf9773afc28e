/* oxlint-disable -- code as it may be written, not as it should be */
/** Names that mean something else where a function stands: shadowed globals and imports, at every scope. */
import { sep as join } from "node:path";
import { basename } from "node:path";
import { either, refused, report, same } from "./compare.mjs";
import { alike, makeAlike, makeThere, own } from "./scopes-lib.mjs";

const FACTOR = 3;
const Math = { max: () => "own max" };
const structuredClone = (x) => `own ${x}`;
function parseInt() {
  return "own parseInt";
}
class URLSearchParams {
  isOwn = true;
}
let JSON2 = JSON;
const x = "module's";
const label = 5;
const größe = 7;
const abc = 8;
const $ = 9;
const _ = 10;
const as = 11;
const of = 12;
const async = 13;
const get = 14;
const type = 15;

await same("a const that hides a global", () => Math.max(1, 2));
await same("a const function that hides a global", () => structuredClone(1));
await same("a function that hides a global", () => parseInt("1"));
await same("a class that hides a global", () => new URLSearchParams().isOwn);
await same("an import under another import's name", () => join.length);
await same("an import", () => basename("/a/b"));
await same("unicode names", () => [größe, abc, $, _]);
await same("contextual keywords as names", () => [as, of, async, get, type]);

await same("a parameter of its own", (x = "own") => x);
await same("a default that uses the module", (y = FACTOR) => y);
await same("a default that is hidden later", (y = x) => {
  var x = "inner";
  return [y, x];
});
await same("a block's own", () => {
  {
    const x = "block";
    return x;
  }
});
await same("a name before and after a block", () => {
  const before = x;
  {
    const x = 1;
  }
  return [before, x];
});
await same("a catch's own", () => {
  try {
    throw "caught";
  } catch (x) {
    return x;
  }
});
await same("a catch without a name", () => {
  try {
    throw 1;
  } catch {
    return x;
  }
});
await same("a loop's own", () => {
  const seen = [];
  for (const x of [1, 2]) seen.push(x);
  for (let x = 0; x < 1; x++) seen.push(x);
  for (const x in { k: 1 }) seen.push(x);
  return [seen, x];
});
await same(
  "a class name's own",
  () =>
    new (class x {
      n = typeof x;
    })().n,
);
await same("a function name's own", () =>
  (function x() {
    return typeof x;
  })(),
);
await same("a label", () => {
  label: for (;;) {
    for (;;) break label;
  }
  return label;
});
await same("a hoisted function", () => {
  return x();
  function x() {
    return "hoisted";
  }
});
await same("a hoisted var", () => {
  const before = typeof x;
  var x = 1;
  return before;
});
await same("a property of that name", () => ({ x: 1 }).x);
await same("a short property", () => ({ x }));
await same("a pattern with a default", ({ a = x } = {}) => a);
await same("a pattern that renames", ({ x: y = FACTOR } = {}) => y);
await same("a switch's own", () => {
  switch (1) {
    case 1:
      const x = "case";
      return x;
  }
});
await same("arguments", function () {
  return arguments.length;
});
await same("new.target", function () {
  return new.target === undefined;
});
await same("a nested arrow's", () => ((x) => x)(1));
await same("a nested class", () => {
  class A {
    #p = x;
    static s = FACTOR;
    get v() {
      return [this.#p, A.s];
    }
  }
  return new A().v;
});
await same("typeof of an undeclared name", () => typeof undeclaredAnywhere);
await same("comments and strings that look like code", () => {
  // import { y } from "y"; const x = 2;
  const text = "const x = 3; } export { x }"; /* } */
  return `${x} ${text} \${x} ${`nested ${x}`}`;
});
await same("a regular expression that looks like code", () => /[/}`'"] x/.test("} x") && x);
await same("a template tag", () => String.raw`\n${x}`);
await same("a regexp with a state", () => {
  const re = /a/g;
  re.test("aa");
  return re.lastIndex;
});
await same("a generator's values", () => [
  ...(function* () {
    yield x;
    yield* [FACTOR];
  })(),
]);
await same("an async generator's values", async () => {
  const all = [];
  for await (const each of (async function* () {
    yield x;
  })())
    all.push(each);
  return all;
});
await same("an async function", async () => (await Promise.resolve(x)) + FACTOR);
await same("a function expression with a name", function named(n = 2) {
  return n < 1 ? x : named(n - 1);
});
await same("an optional chain", () => Math?.max?.() ?? x);
await same("bigints, and numbers in other bases", () => String(0x10n + 1_0n) + 0b11 + 0o7);
await same("a comma and void", () => (void 0, [x, "comma"]));
await same("spread", () => [...[x], ...x].length);
await same("exponent and logical assignment", () => {
  let a = null;
  a ??= 2 ** FACTOR;
  return a;
});

// Scopes around the function.
const around = (x) => () => x;
await refused("a parameter", around(1));
await refused("a parameter with the module's value", around("module's"));
{
  const x = { in: "block" };
  await refused("a block's constant", () => x.in);
}
{
  const x = 4;
  await same("a block's literal", () => [x, "literal"]);
}
{
  let x = 5;
  await refused("a block's let", () => x);
}
for (const x of [1, 2]) await refused(`a loop's ${x}`, () => x);
for (let x = 0; x < 1; x++) await refused("a counting loop's", () => x + 0);
for (const x in { key: 1 }) await refused("a for-in's", () => x + "");
try {
  throw { message: "x" };
} catch ({ message: x }) {
  await refused("a catch's pattern", () => x + 1);
}
switch (1) {
  case 1: {
    const x = [1];
    await refused("a switch's", () => x[0]);
  }
}
await refused(
  "a class's name",
  new (class x {
    f = () => x.name;
  })().f,
);
const insideFunction = (Math) => () => Math.max(3, 4);
await refused("a parameter that hides a global", insideFunction({ max: () => 0 }));
function withArguments() {
  return () => arguments[0];
}
await refused("arguments of what is around it", withArguments(1));
function Constructor() {
  this.f = () => new.target;
}
await refused("new.target of what is around it", new Constructor().f);
class Methods {
  n = 1;
  method() {
    return this.n;
  }
  arrow = () => this.n;
  #private() {
    return 1;
  }
  callsPrivate() {
    return this.#private();
  }
  callsSuper() {
    return super.toString();
  }
  static simple(n = FACTOR) {
    return n;
  }
  static async later() {
    return x;
  }
  static *many() {
    yield x;
  }
  get accessor() {
    return 1;
  }
  ["comp" + "uted"]() {
    return x;
  }
  [x]() {
    return 2;
  }
  plain() {
    return FACTOR;
  }
}
const instance = new Methods();
await refused("a method that uses this", instance.method);
await refused("an arrow of a field that uses this", instance.arrow);
await refused("a method that uses a private name", instance.callsPrivate);
await refused("a method that uses super", instance.callsSuper);
await same("a static method", Methods.simple);
await same("an async static method", Methods.later);
await same("a method without this", instance.plain);
await either("a computed method", instance.computed);
await either("a method whose name is a variable", instance[x]);
const object = {
  method() {
    return x;
  },
  async later() {
    return x;
  },
  arrow: () => x,
  "quoted name": () => FACTOR,
  "quoted method"() {
    return FACTOR;
  },
  1: () => FACTOR * 2,
  [`computed`]: () => FACTOR * 3,
  get getter() {
    return FACTOR;
  },
  usesSuper() {
    return super.hasOwnProperty("x") + x;
  },
};
await same("a method of an object", object.method);
await same("an async method of an object", object.later);
await same("an arrow of an object", object.arrow);
await same("a quoted name", object["quoted name"]);
await same("a quoted method", object["quoted method"]);
await same("a number as name", object[1]);
await same("a computed name", object.computed);
await either("a getter", Object.getOwnPropertyDescriptor(object, "getter").get);
await refused("super in an object", object.usesSuper);
await either("a bound function", object.method.bind(object));
await either("a bound function with a value", ((n) => n * FACTOR).bind(null, 2));
await either("a Proxy of a function", new Proxy(() => x, {}));
await either("a Proxy that changes calls", new Proxy(() => x, { apply: () => "other" }));

// Functions that were made from text.
await either("new Function", new Function("return typeof FACTOR"));
await either("new Function of a text that stands here", new Function('return (x = "own") => x')());
await either("eval", () => eval("FACTOR"));
await either("an indirect eval", () => (0, eval)("typeof FACTOR"));
await either("what eval gives", eval("() => FACTOR * 100"));
await either(
  "what eval gives that hides a name",
  eval("{ const FACTOR = 1; () => FACTOR * 1000 }"),
);

// The same text in several places, and several modules.
const twins = [() => FACTOR + "twin", () => FACTOR + "twin"];
await same("the first of twins", twins[0]);
await same("the second of twins", twins[1]);
const first = (
  (FACTOR) => () =>
    FACTOR + "other"
)(1);
const second = () => FACTOR + "other";
await either("text that means two things here, a closure", first);
await either("text that means two things here", second);
await either("text that means another thing in a module", alike);
await either("text that means another thing in a module, its own", () => own * 2);
await either("a function that a module makes", makeAlike(2));
await either(
  "a function that a module makes, as here",
  (
    (factor) =>
    (n = 1) =>
      n * factor + own
  )(5),
);

const here = (n) => n ** FACTOR;
await either("a module's function whose text stands here", makeThere(), 2);
await either("a function whose text stands in a module", here, 2);
await either("a function whose text stands in a module, and nobody else's", (n) => n ** FACTOR, 2);

// Functions of functions.
async function main() {
  const square = (n) => n * n;
  const twice = (f) => (n) => f(f(n));
  function cube(n) {
    return square(n) * n;
  }
  const UNIT = 10;
  const TEXT = `text`;
  const negative = -1;
  const computed = UNIT * 2;
  const withProperty = () => withProperty.k;
  withProperty.k = 5;
  const helper = () => helper.k;
  helper.k = 6;
  const patched = Object.assign(() => patched.k, { k: 7 });
  let later = () => 1;
  later = () => 2;
  const recursive = (n) => (n < 1 ? 0 : recursive(n - 1) + 1);
  const list = [1];
  await same("a local function", cube, 2);
  await same("a local function of functions", () => cube(2) + square(3));
  await same("local literals", () => [UNIT, TEXT, negative]);
  await refused("a local that is computed", () => computed);
  await either("a local function with a property", withProperty);
  await either("a local that reaches one with a property", () => helper());
  await either("a local of Object.assign", patched);
  await refused("a local let", () => later());
  await same("a local recursive function", recursive, 3);
  await refused("a local list", () => list.length);
  await refused("a function that a local made", twice(square), 2);
  {
    const UNIT = 20;
    await same("a literal that hides another", () => UNIT);
    await either("two of one name", () => [UNIT, ((n) => outer(n))(1)]);
  }
  function outer(n) {
    return n * UNIT;
  }
}
await main();
await report();
