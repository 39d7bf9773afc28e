/* oxlint-disable -- code as it may be written, not as it should be */
/**
 * Functions that a table of parts puts together: where a variable is declared, what it holds, what
 * changes it afterwards, and how a function reads it.
 */
import { either, report, same } from "../compare.mjs";
import { Cell, base, bump, hold, list as shared, scale } from "./made-lib.mjs";

const LIMIT = 3;
const table = [1, 2, 3];
const nested = {
  a: { b: [4, 5] },
  get sum() {
    return this.a.b[0] + this.a.b[1];
  },
};
const index = new Map([["x", 1]]);
const seen = new Set(["s"]);
let counter = 10;
let late;
var hoisted = 7;
const filled = [];
for (const n of table) filled.push(n * 2);
const squares = {};
for (let i = 0; i < LIMIT; i++) squares[i] = i * i;
late = counter + LIMIT;
const cell = new Cell(2);
const frozen = Object.freeze({ k: [base] });
const {
  a: {
    b: [first, ...others],
  },
  missing = "default",
} = nested;
const tag = (parts, ...values) => parts.join("_") + values.join();
const compose =
  (...fns) =>
  (x) =>
    fns.reduceRight((v, f) => f(v), x);
const twice = compose(scale, scale);
function* counting(to) {
  for (let i = 0; i < to; i++) yield i;
}
const sequence = [...counting(4)];
const lazy = {
  value: undefined,
  get() {
    return (this.value ??= table.length);
  },
};
class Shape {
  static #made = 0;
  static count() {
    return Shape.#made;
  }
  #side;
  constructor(side) {
    this.#side = side;
    Shape.#made++;
  }
  get area() {
    return this.#side ** 2;
  }
  scaled(by) {
    return new Shape(this.#side * by);
  }
}
const unit = new Shape(1);
class Square extends Shape {
  name = `square ${LIMIT}`;
}
const registry = { square: Square };
Square.prototype.extra = function () {
  return this.name + LIMIT;
};
const symbol = Symbol.for("made");
const keyed = { [symbol]: 1, ["k" + LIMIT]: 2 };
const weak = new WeakMap([[table, "weak"]]);
const date = new Date(0);
const pattern = /(\d+)-(\w+)/;
const big = 2n ** 70n;
const bytes = Uint8Array.of(1, 2, 3);
const text = `t${LIMIT}${nested.sum}`;
const chosen = LIMIT > 2 ? scale : hold;
const bound = scale.bind(null);
const error = new RangeError("kept");
let swapped = 1,
  other = 2;
[swapped, other] = [other, swapped];
const copy = structuredClone(nested.a);
copy.b.push(6);
label: for (const i of [1, 2]) {
  if (i > 1) break label;
  filled.push(100 + i);
}

await same("a number", () => LIMIT);
await same("a list", () => table.join());
await same("a getter", () => nested.sum);
await same("a map", () => index.get("x"));
await same("a set", () => seen.has("s"));
await either("a let", () => counter);
await either("a let that is given later", () => late);
await same("a var", () => hoisted);
await same("a list that a loop fills", () => filled.join());
await same("an object that a loop fills", () => JSON.stringify(squares));
await either("an object of an imported class", () => cell.get());
await same("a frozen object", () => frozen.k[0]);
await same("variables of a pattern", () => [first, ...others, missing].join());
await same("a tag", (n) => tag`a${n}b`, 1);
await same("a composed function", (n) => twice(n), 3);
await same("a generator's values", () => sequence.join());
await either("a lazy value", () => lazy.get());
await either("a private static", () => Shape.count() >= 1);
await either("a private field", () => unit.area + unit.scaled(3).area);
await either("a class by an object", () => new registry.square(2).extra());
await either("a subclass", () => new Square(3) instanceof Shape);
await same("a symbol as key", () => keyed[symbol] + keyed.k3);
await same("a weak map", () => weak.get(table));
await same("a date", () => date.getTime());
await same("a pattern", (s) => pattern.exec(s)?.[2], "12-ab");
await same("a big integer", () => String(big));
await same("bytes", () => bytes.join());
await same("a template", () => text);
await same("a chosen function", (n) => chosen(n), 2);
await either("a bound import", (n) => bound(n), 2);
await same("an error", () => error.message);
await either("swapped variables", () => `${swapped} ${other}`);
await same("a clone that a statement changes", () => copy.b.join());
await same("an import's number", () => base);
await either("an import that its module changes", () => (bump(), shared.length));
await same("optional chains", () => nested.z?.b?.[0] ?? missing);
await same("a spread", () => Math.max(...table, ...sequence));
await same("a closure in a function", (n) => [1, 2].map((x) => x * n + LIMIT).join(), 2);
await same("a default parameter", (n, by = LIMIT) => n * by, 2);
await same("a destructured parameter", ({ a, ...rest }) => a + LIMIT + Object.keys(rest).length, {
  a: 1,
  b: 2,
});
await same("a rest parameter", (...all) => all.length + LIMIT, 1, 2);
await same(
  "a named function expression",
  function walk(n) {
    return n ? walk(n - 1) + LIMIT : 0;
  },
  2,
);
await same("an async function", async (n) => (await Promise.resolve(n)) + LIMIT, 1);
await same("a function that throws", () => {
  throw new TypeError(`bad ${LIMIT}`);
});
await same("a function that catches", () => {
  try {
    null.x;
  } catch (e) {
    return e.constructor.name + LIMIT;
  }
});
await same(
  "a switch",
  (k) => {
    switch (k) {
      case LIMIT:
        return "limit";
      default:
        return table[k];
    }
  },
  3,
);
await same("a labelled loop", () => {
  let n = 0;
  out: for (const i of table)
    for (const j of table) {
      if (j > i) continue out;
      n += j;
    }
  return n;
});
await same("a comma and void", () => (void 0, table.at(-1)));
await either(
  "a class in the function",
  () =>
    new (class extends Shape {
      get twice() {
        return this.area * 2;
      }
    })(2).twice,
);
await same("an object with methods", () =>
  ({
    n: LIMIT,
    get() {
      return this.n;
    },
  }).get(),
);
await same("new.target and this in a function inside", () => {
  function F() {
    this.ok = new.target === F;
  }
  return new F().ok && LIMIT;
});
await same("typeof what is not there", () => typeof notDeclaredAnywhere);
await same("delete of a copy", () => {
  const c = { ...squares };
  delete c[0];
  return Object.keys(c).join();
});
await same("an exponent assignment", () => {
  let n = LIMIT;
  n **= 2;
  return n;
});
await same("logical assignments", () => {
  let n = null;
  n ??= LIMIT;
  n &&= n + 1;
  return n;
});
await same("a regular expression with flags", (s) => s.replace(/a/gi, String(LIMIT)), "aA");
await same("numbers with separators", () => 1_000 * LIMIT);
await same("an iterator helper of one's own", () => [...counting(LIMIT)].reverse().join());
await either("a getter on a class by its prototype", () =>
  Object.getOwnPropertyDescriptor(Shape.prototype, "area").get.call(unit),
);
await either(
  "in, instanceof",
  () => `${"a" in nested} ${unit instanceof Shape} ${date instanceof Date}`,
);
await same("a computed member", (k) => nested["a"][k + ""].length, "b");
await same("nested templates", () => `${`${LIMIT}`}${table.map((n) => `${n}`).join("")}`);
{
  const block = LIMIT * 1;
  await either("a constant of a block", () => block);
  const inBlock = () => table.length + LIMIT;
  await same("a function of a block", () => inBlock());
}
for (const each of [1, 2]) await either(`a loop variable ${each}`, () => each);
const make = (n) => () => n + LIMIT;
await either("a closure over a parameter", make(1));
await same("what a call of a closure gives", (n) => make(n)(), 4);

// Classes that count what is made of them, by whatever name they call themselves.
class ByName {
  static made = 0;
  constructor() {
    ByName.made++;
  }
}
const byName = new ByName();
await either("a static that a constructor changes", () => ByName.made);
class ByPrivate {
  static #made = 0;
  static get made() {
    return ByPrivate.#made;
  }
  constructor() {
    ByPrivate.#made++;
  }
}
const byPrivate = new ByPrivate();
await either("a private static that a constructor changes", () => ByPrivate.made);
class ByConstructor {
  static made = 0;
  constructor() {
    this.constructor.made++;
  }
}
const byConstructor = new ByConstructor();
await either("a static by this.constructor", () => ByConstructor.made);
const Held = class Inner {
  static made = 0;
  made = Inner.made++;
};
const held = new Held();
await either("a static of a class expression, by its own name", () => Held.made);
class WithList {
  static all = [];
  constructor() {
    WithList.all.push(1);
  }
}
class Derived extends WithList {}
const derived = new Derived();
await either("a list of a class that another extends", () => WithList.all.length);
const counter2 = function count() {
  count.calls = (count.calls ?? 0) + 1;
  return count.calls;
};
const counted = counter2();
await either("a property of a function, by its own name", () => counter2.calls);

await report();
