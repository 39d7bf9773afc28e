/* oxlint-disable -- code as it may be written, not as it should be */
/** Syntax and state of all kinds that a function may use of its module. */
import { basename as nameOf, join } from "node:path";
import * as path from "node:path";
import { either, report, same } from "../compare.mjs";
import Base, { tags, KEY } from "./attacks-lib.mjs";
import * as lib from "./attacks-lib.mjs";
import { second, first as one } from "./attacks-circle.mjs";
import { setLevel, level as level0, late } from "./attacks-settings.mjs";
import { Again, later as late2, KEY as KEY2 } from "./attacks-circle-2.mjs";

const handlers = {
  double: (n) => n * 2,
  triple(n) {
    return n * 3;
  },
  get half() {
    return (n) => n / 2;
  },
  ["com" + "puted"]: (n) => n + 100,
  nested: { deep: (n) => n - 1 },
  async later(n) {
    return n + 1;
  },
};
await same("a function of an object", handlers.double, 4);
await either("a method of an object", handlers.triple, 4);
await either("what a getter gives", handlers.half, 4);
await either("a computed property", handlers.computed, 4);
await same("a nested one", handlers.nested.deep, 4);
await either("an async method", handlers.later, 4);
await either(
  "a use of all of them",
  (n) => handlers.triple(handlers.half(n)) + handlers.computed(n),
  4,
);

class Account {
  #balance = 10;
  static #count = 0;
  static rate;
  static {
    this.rate = [1, 2, 3].reduce((a, b) => a + b);
    Account.#count = 5;
  }
  static of(n) {
    const a = new Account();
    a.#balance += n;
    Account.#count++;
    return a;
  }
  get balance() {
    return this.#balance * Account.rate;
  }
  static has(o) {
    return #balance in o;
  }
  static get count() {
    return Account.#count;
  }
  accessor = () => this.#balance;
}
await either(
  "a class with private names and a static block",
  (n) => [Account.of(n).balance, Account.has({}), new Account().accessor()],
  5,
);
await either("private static state", () => Account.count);
await either("a static method", Account.of, 3);

const withDefaults = (a, b = () => a + offset, { c = b(), ...rest } = {}) => [a, b(), c, rest];
const offset = 7;
await same("default parameters with closures", withDefaults, 1);
await same("the same by its text", (n) => withDefaults(n, undefined, { d: 1 }), 2);
await same("parameters that hide a variable of the module", (offset, b = () => offset) => b(), 3);

function* count(n) {
  for (let i = 0; i < n; i++) yield i * offset;
}
async function* countLater(n) {
  for (let i = 0; i < n; i++) {
    await null;
    yield i;
  }
}
await same("a generator", (n) => [...count(n)], 3);
await same(
  "an async generator",
  async (n) => {
    const all = [];
    for await (const i of countLater(n)) all.push(i);
    return all;
  },
  3,
);
const ready = count(3);
ready.next();
await either("a generator that has been begun", () => ready.next().value);

for (const i of [1, 2])
  await either(`an async arrow in a loop ${i}`, async () => {
    await null;
    return i;
  });
for (let i = 0; i < 2; i++) {
  const j = i * 2;
  await either(`a closure over a loop's ${i}`, () => j + i);
}

await same("a destructured import", (p) => [nameOf(p), join("a", p), path.extname(p)], "x.txt");
await same("a namespace import", (n) => [lib.scaled(n), Object.keys(lib).length], 2);
await same("a re-export", () => [new Again().kind(), late2(1), KEY2 === KEY]);
await same("modules in a circle", (n) => second(n) + one(n), 1);
setLevel(5);
// What a call of an import does in its module is seen where its name says that it sets that up.
await either("an exported let that is as it was", () => late);
await either("what a call has set up", () => level0());
await either("a static that the constructor counts", () => {
  new Base();
  return Base.made;
});

await same(
  "a labelled loop",
  (n) => {
    outer: for (let i = 0; ; i++) {
      for (let j = 0; j < 9; j++) {
        if (i * j > n) break outer;
        if (j > i) continue outer;
      }
      if (i > 90) return "end";
    }
    return "broken";
  },
  20,
);

let mode = "first";
await either("a let before it is assigned to", () => mode);
mode = "second";
await either("a let that is assigned to later", () => mode);
await either("one that uses it", (s) => s + mode, "x");

await same("a tagged template", () => tags.upper`a\n${1}b${2}`);
const same0 = (s) => s;
const tag = (parts) => parts;
const cacheOfParts = new WeakMap();
function cached(parts) {
  if (!cacheOfParts.has(parts)) cacheOfParts.set(parts, Math.PI);
  return cacheOfParts.get(parts);
}
await either("a template as a key of a WeakMap", () => [cached`x`, tag`q` === tag`q`]);

const sym = Symbol("own"),
  shared = Symbol.for("shared");
const bySymbol = { [sym]: 1, [shared]: 2 };
await either("symbols of the module", () => [bySymbol[sym], bySymbol[shared], sym.description]);
await either("a symbol as an argument", (s) => s === shared, shared);
await same("BigInt", () => String(2n ** 64n + BigInt(offset)));
const big = 123n;
await same("a BigInt of the module", () => String(big * 2n));

const matcher = /a(\d)/g;
await either("a regular expression with state, first", () => [
  matcher.exec("a1a2")?.[1],
  matcher.lastIndex,
]);
matcher.exec("a1a2");
await either("one whose state has changed", () => matcher.lastIndex);
const plain = /^a(?<digit>\d)$/;
await same("a regular expression without state", (s) => plain.exec(s)?.groups.digit, "a7");

const hidden = new WeakMap();
const key = {};
hidden.set(key, "kept");
await either("a WeakMap that has been filled", () => hidden.get(key));
const registry = new Map();
function register(name, fn) {
  registry.set(name, fn);
  return fn;
}
register("inc", (n) => n + 1);
const dec = register("dec", (n) => n - 1);
await either("a map that functions fill", (n) => [...registry.keys()].length + n, 1);
await either("one that has registered itself", dec, 3);

const config = await Promise.resolve({ level: 3 });
await same("what the top level awaited", (n) => config.level * n, 2);
const { level: lvl, ...others } = config;
await same("what is taken out of it", () => [lvl, Object.keys(others)]);

const memo = (() => {
  let hits = 0;
  return { hit: () => ++hits };
})();
await either("state in a closure", () => memo.hit());
memo.hit();
await either("state in a closure that has changed", () => memo.hit());

var hoisted = hoistedFn(),
  direct = typeof laterVar;
function hoistedFn() {
  return laterVar ?? "not yet";
}
var laterVar = 1;
await same("what was read directly before its declaration", () => direct);
await same("a var that was read before", () => laterVar);
await same("what was evaluated before its declaration", () => hoisted);
await either("a variable that is not there yet", () => notYet);
const notYet = 5;
if (offset > 3) {
  var inBlock = 9;
}
await either("a var of a block", () => inBlock);

const frozen = Object.freeze([1, 2]);
const mutable = [3];
mutable.push(4);
mutable.length = 1;
await either("a list that has been cut", () => [frozen, mutable]);
const proto = {
  hello() {
    return "hello " + this.name;
  },
};
const child = Object.create(proto, { name: { value: "c", enumerable: true } });
await same("an object with a prototype", () => child.hello());
class Shape {
  area() {
    return 0;
  }
  toString() {
    return `${this.constructor.name} ${this.area()}`;
  }
}
class Square extends Shape {
  constructor(s) {
    super();
    this.s = s;
  }
  area() {
    return super.area() + this.s ** 2;
  }
}
await same("classes that extend", (s) => `${new Shape()} ${s}`, 3);
Square.prototype.area = function () {
  return 42;
};
await either("a method that has been replaced", (s) => String(new Square(s)), 3);
const bound = handlers.double.bind(null, 8);
await either("a bound function", bound);
await either("one that uses a bound function", () => bound());
const proxied = new Proxy((n) => n, { apply: (t, _, [n]) => t(n) + offset });
await either("a proxy of a function", proxied, 1);
await either("a use of it", (n) => proxied(n), 1);
const date0 = new Date(0);
await either("a date", () => date0.toISOString());
date0.setFullYear(1999);
await either("a date that has been set", () => date0.getFullYear());
const typed = new Uint8Array(4);
typed.set([1, 2]);
typed[2] = 9;
await either("a typed array that has been filled", () => [...typed]);
const sparse = [, 1, , 2];
await same("holes", () => [sparse.length, 0 in sparse, 1 in sparse]);
let counter = 0;
const next = () => (counter += 1);
await either("a counter", () => next());
next();
await either("a counter that has counted", () => next());
const self = {
  get me() {
    return self;
  },
  n: 4,
};
await same("an object that holds itself", () => self.me.me.n);
await same(
  "new.target and arguments of its own",
  function () {
    function F() {
      return new.target === F;
    }
    return [arguments.length, typeof new F()];
  },
  1,
  2,
);
await either("optional calls", (o) => [o?.a?.(), handlers.none?.(1), handlers?.["double"](2)], {});
await either("a comma, void and in", (o) => [(0, handlers.double)(1), void 0, "a" in o], { a: 1 });
await same("exceptions", () => {
  try {
    null.x;
  } catch {
    return "caught";
  } finally {
    offset;
  }
});
await same(
  "a switch",
  (n) => {
    switch (n) {
      case offset: {
        let x = 1;
        return x;
      }
      default:
        return 0;
    }
  },
  7,
);
await same("an immediately called function", (n) => ((m) => m + offset)(n), 1);
await same(
  "a function that returns one",
  (n) =>
    (
      (a) => (b) =>
        a + b + offset
    )(n)(2),
  1,
);
await same(
  "a logical assignment",
  (o) => {
    o.a ??= offset;
    o.b ||= 1;
    o.c &&= 2;
    return o;
  },
  { c: 1 },
);
await same("a numeric separator", () => 1_000 + offset);
await report();
