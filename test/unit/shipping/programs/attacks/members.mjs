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

await report();
