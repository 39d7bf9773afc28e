/* oxlint-disable -- what a linter refuses is meant here */
/** What the members of classes change as the module is evaluated: private ones, getters, setters, methods by other names. */
import { report, same } from "../compare.mjs";

let own = 1;
class OwnVariable {
  constructor() {
    this.#raise();
  }
  #raise() {
    own = 5;
  }
}
new OwnVariable();
await same("a variable that a private method assigns", () => own);

let a = 1;
class PrivateGetter {
  get #xA() {
    a = 5;
    return 1;
  }
  constructor() {
    void this.#xA;
  }
}
new PrivateGetter();
await same("a private getter", () => a);
let b = 1;
class Getter {
  get xB() {
    b = 5;
    return 1;
  }
  constructor() {
    void this.xB;
  }
}
new Getter();
await same("a getter", () => b);
let c = 1;
class PrivateSetter {
  set #xC(v) {
    c = v;
  }
  constructor() {
    this.#xC = 5;
  }
}
new PrivateSetter();
await same("a private setter", () => c);
let d = 1;
class Setter {
  set xD(v) {
    d = v;
  }
  constructor() {
    this.xD = 5;
  }
}
new Setter();
await same("a setter", () => d);
let e = 1;
class Taken {
  #f() {
    e += 4;
  }
  constructor() {
    const f = this.#f;
    f();
  }
}
new Taken();
await same("a private method by another name", () => e);
let f = 1;
class TakenPublic {
  f() {
    f += 4;
  }
  constructor() {
    const g = this.f;
    g();
  }
}
new TakenPublic();
await same("a method by another name", () => f);
let g = 1;
class Callback {
  #f() {
    g += 4;
  }
  constructor() {
    [1].forEach(this.#f);
  }
}
new Callback();
await same("a private method as a callback", () => g);
let h = 1;
class Called {
  #f() {
    h += 4;
  }
  constructor() {
    this.#f.call(this);
  }
}
new Called();
await same("a private method, by call()", () => h);
let i = 1;
class Bound {
  f() {
    i += 4;
  }
  constructor() {
    this.f.bind(this)();
  }
}
new Bound();
await same("a method, by bind()", () => i);
let j = 1;
class Outer {
  #f() {
    j += 4;
  }
  make() {
    const outer = this;
    return new (class Inner {
      #f() {}
      go() {
        this.#f();
        outer.run();
      }
    })();
  }
  run() {
    this.#f();
  }
}
new Outer().make().go();
await same("private methods of one name in two classes", () => j);
let k = 1;
class Made {
  get xK() {
    k = 5;
    return 1;
  }
}
const made = new Made().xK;
await same("a getter of what is just made", () => k);
let l = 1;
class Given {
  get xL() {
    l = 5;
    return 1;
  }
}
function look(given) {
  return given.xL;
}
look(new Given());
await same("a getter of a parameter", () => l);
let m = 1;
class Pattern {
  get xM() {
    m = 5;
    return 1;
  }
  constructor() {
    const { xM } = this;
  }
}
new Pattern();
await same("a getter by a pattern", () => m);
let n = 1;
class Part {
  get xN() {
    n = 5;
    return 1;
  }
}
class Whole {
  part = new Part();
  constructor() {
    void this.part.xN;
  }
}
new Whole();
await same("a getter of a field", () => n);
let o = 1;
class Base {
  get xO() {
    o = 5;
    return 1;
  }
}
class Derived extends Base {
  constructor() {
    super();
    void super.xO;
  }
}
new Derived();
await same("a getter of the class above", () => o);
let p = 1;
class Abstract {
  constructor() {
    void this.xP;
  }
}
class Concrete extends Abstract {
  get xP() {
    p = 5;
    return 1;
  }
}
new Concrete();
await same("a getter of the class below", () => p);
const q = {
  ["m"]() {
    r = 5;
  },
};
let r = 1;
q["m"]();
await same("a method by a computed name", () => r);

// What the language calls by itself, of an object that no variable holds.
let s = 1;
class Text {
  toString() {
    s = 5;
    return "";
  }
}
`${new Text()}`;
await same("toString() of a template", () => s);
let t = 1;
class Json {
  toJSON() {
    t = 5;
  }
}
JSON.stringify([{ a: new Json() }]);
await same("toJSON() of JSON.stringify()", () => t);
let u = 1;
class Iterated {
  *[Symbol.iterator]() {
    u = 5;
  }
}
[...new Iterated()];
await same("an iterator", () => u);
let v = 1;
class Element {
  get xV() {
    v = 5;
    return 1;
  }
}
[new Element()][0].xV;
await same("a getter of an element", () => v);
const w = {};
let x = 1;
Object.defineProperty(w, "x", {
  get() {
    x = 5;
    return 1;
  },
});
w.x;
await same("a getter by Object.defineProperty()", () => x);

// Functions that get somewhere by calls.
let y = 1;
const handlers = new Map();
handlers.set("y", () => {
  y = 5;
});
for (const [, handler] of handlers) handler();
await same("a function in a map", () => y);
let z = 1;
let kept;
function keep(fn) {
  kept = fn;
}
keep(() => {
  z = 5;
});
kept();
await same("a function that a parameter has brought", () => z);
let aa = 1;
class Emitter {
  #listeners = [];
  on(listener) {
    this.#listeners.push(listener);
  }
  emit() {
    for (const listener of this.#listeners) listener();
  }
}
const emitter = new Emitter();
emitter.on(() => {
  aa = 5;
});
emitter.emit();
await same("a listener", () => aa);

// Calls that nest deeper than is read at once.
let ab = 1;
const chain = Array.from({ length: 1 }, () => 0);
function deep0() {
  return { f: deep1() };
}
function deep1() {
  return { f: deep2() };
}
function deep2() {
  return { f: deep3() };
}
function deep3() {
  return { f: deep4() };
}
function deep4() {
  return { f: deep5() };
}
function deep5() {
  return { f: deep6() };
}
function deep6() {
  return { f: deep7() };
}
function deep7() {
  return { f: deep8() };
}
function deep8() {
  return { f: deep9() };
}
function deep9() {
  return { f: deep10() };
}
function deep10() {
  return { f: deep11() };
}
function deep11() {
  return { f: deep12() };
}
function deep12() {
  return { f: deep13() };
}
function deep13() {
  return { f: deep14() };
}
function deep14() {
  return { f: deep15() };
}
function deep15() {
  return { f: deep16() };
}
function deep16() {
  return { f: deep17() };
}
function deep17() {
  return { f: deep18() };
}
function deep18() {
  return { f: deep19() };
}
function deep19() {
  return { f: deep20() };
}
function deep20() {
  return { f: deep21() };
}
function deep21() {
  return { f: deep22() };
}
function deep22() {
  return { f: deep23() };
}
function deep23() {
  return { f: deep24() };
}
function deep24() {
  return { f: deep25() };
}
function deep25() {
  return { f: deep26() };
}
function deep26() {
  return { f: deep27() };
}
function deep27() {
  return { f: deep28() };
}
function deep28() {
  return { f: deep29() };
}
function deep29() {
  return { f: deep30() };
}
function deep30() {
  return { f: deep31() };
}
function deep31() {
  return { f: deep32() };
}
function deep32() {
  return { f: deep33() };
}
function deep33() {
  return { f: deep34() };
}
function deep34() {
  return { f: deep35() };
}
function deep35() {
  return { f: deep36() };
}
function deep36() {
  return { f: deep37() };
}
function deep37() {
  return { f: deep38() };
}
function deep38() {
  return { f: deep39() };
}
function deep39() {
  return { f: deep40() };
}
function deep40() {
  return { f: deep41() };
}
function deep41() {
  return { f: deep42() };
}
function deep42() {
  return { f: deep43() };
}
function deep43() {
  return { f: deep44() };
}
function deep44() {
  return { f: deep45() };
}
function deep45() {
  return { f: deep46() };
}
function deep46() {
  return { f: deep47() };
}
function deep47() {
  return { f: deep48() };
}
function deep48() {
  return { f: deep49() };
}
function deep49() {
  return { f: deep50() };
}
function deep50() {
  return { f: deep51() };
}
function deep51() {
  return { f: deep52() };
}
function deep52() {
  return { f: deep53() };
}
function deep53() {
  return { f: deep54() };
}
function deep54() {
  return { f: deep55() };
}
function deep55() {
  return { f: deep56() };
}
function deep56() {
  return { f: deep57() };
}
function deep57() {
  return { f: deep58() };
}
function deep58() {
  return { f: deep59() };
}
function deep59() {
  return { f: deep60() };
}
function deep60() {
  ab = 5;
}
chain.push(deep0());
await same("what is changed sixty calls deep", () => ab);

await report();
