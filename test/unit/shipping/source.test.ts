import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { loadFunction } from "../../../build/src/shipping/load.js";
import { proveSelfContained } from "../../../build/src/shipping/source.js";

const HERE = [import.meta.url];

/** A function with this text: runtimes that compile TypeScript would change what stands in a test. */
function written(text: string): Function {
  // oxlint-disable-next-line typescript/no-implied-eval -- the text is the test's own
  return new Function(`return (${text})`)() as Function;
}

/** The function as a worker would rebuild it. */
function rebuilt(fn: Function): Function {
  const { reference } = proveSelfContained(fn, []);
  assert.ok(reference, "not self-contained");
  return loadFunction(structuredClone(reference)) as Function;
}

/** A variable called as a global that workers have. */
const performance = { now: () => 0 };

describe("proveSelfContained", () => {
  it("accepts what uses parameters, locals and globals", () => {
    const fn = written("(a) => { const m = Math.max(a, 0); return [m, process, Buffer, fetch]; }");
    assert.deepEqual([...proveSelfContained(fn, HERE).variables.keys()], []);
    assert.ok(proveSelfContained(fn, HERE).reference);
  });

  it("refuses what uses a variable from outside, and names it", () => {
    const proof = proveSelfContained(written("(n) => n * factor + require('x')"), HERE);
    assert.equal(proof.reference, undefined);
    assert.deepEqual([...proof.variables.keys()], ["factor", "require"]);
  });

  it("refuses a global whose name the submitting module has given to a variable", () => {
    const fn = written("() => performance.now()");
    assert.equal(performance.now(), 0);
    assert.equal(proveSelfContained(fn, HERE).reference, undefined);
    assert.ok(proveSelfContained(fn, []).reference);
  });

  it("refuses a global whose name the submitting module imports", () => {
    const fn = written("() => assert");
    assert.deepEqual([...proveSelfContained(fn, HERE).variables.keys()], ["assert"]);
  });

  it("accepts a global of some environments where the function asks for it first", () => {
    assert.ok(
      proveSelfContained(written("() => typeof window === 'object' && window"), []).reference,
    );
    assert.equal(proveSelfContained(written("() => window"), []).reference, undefined);
  });

  it("refuses an assignment to a variable from outside, even to a global", () => {
    assert.equal(proveSelfContained(written("() => { Math = 1; }"), []).reference, undefined);
  });

  it("refuses a function with properties of its own", () => {
    const proof = proveSelfContained(Object.assign(written("() => 1"), { cache: {} }), []);
    assert.deepEqual([...proof.syntax], ['its property "cache"']);
  });

  it("says what is no source text of a plain function", () => {
    assert.equal(proveSelfContained(Math.max, []).unusable, "native");
    assert.equal(proveSelfContained(written("() => 1").bind(null), []).unusable, "native");
    assert.equal(proveSelfContained(new Proxy(written("() => 1"), {}), []).unusable, "native");
    assert.equal(proveSelfContained(written("class A {}"), []).unusable, "class");
    const computed = written("{ [Symbol.iterator]() {} }[Symbol.iterator]");
    assert.equal(proveSelfContained(computed, []).unusable, "unreadable");
  });

  it("reports helpers of compilers other than __name", () => {
    const proof = proveSelfContained(written("(o) => __rest(o, [])"), []);
    assert.deepEqual([...proof.variables.keys()], ["__rest"]);
  });
});

describe("a function rebuilt from its source", () => {
  it("does the same and has the same name", () => {
    const add = rebuilt(written("function add(a, b) { return a + b; }"));
    assert.equal(add(1, 2), 3);
    assert.equal(add.name, "add");
  });

  it("calls itself by the variable that holds it", () => {
    const { fib } = { fib: written("(n) => (n < 2 ? n : fib(n - 1) + fib(n - 2))") };
    Object.defineProperty(fib, "name", { value: "fib" });
    assert.equal(rebuilt(fib)(10), 55);
    assert.equal(rebuilt(fib).name, "fib");
  });

  it("keeps a name that no variable can have", () => {
    for (const name of ["", "default", "two words", 'a "b"', "let", "await"]) {
      const fn = Object.defineProperty(written("() => 1"), "name", { value: name });
      assert.equal(rebuilt(fn).name, name);
      assert.equal(rebuilt(fn)(), 1);
    }
  });

  it("may be a method, a getter, async, or a generator", async () => {
    const holder = written(
      "() => ({ m(a) { return a + 1; }, get g() { return 2; }, async am() { return 3; }, *gm() { yield 4; }, 'q r'() { return 5; } })",
    )() as Record<string, Function>;
    assert.equal(rebuilt(holder["m"] as Function)(0), 1);
    const getter = Reflect.get(
      Object.getOwnPropertyDescriptor(holder, "g") as object,
      "get",
    ) as unknown;
    assert.equal(rebuilt(getter as Function)(), 2);
    assert.equal(await rebuilt(holder["am"] as Function)(), 3);
    assert.deepEqual([...(rebuilt(holder["gm"] as Function)() as Iterable<number>)], [4]);
    assert.equal(rebuilt(holder["q r"] as Function)(), 5);
  });

  it("runs in strict mode, if it could", () => {
    assert.throws(() => rebuilt(written("() => { Object.freeze([]).length = 1; }"))(), TypeError);
    assert.equal(rebuilt(written("() => 010"))(), 8);
  });

  it("has the helpers that esbuild and istanbul put in", () => {
    const fn = written(
      "() => { cov_1abc().f[0]++; cov_1abc().b[1][0]++; cov_1abc().s[2] = 1; const g = __name(() => 7, 'g'); return [g(), g.name]; }",
    );
    assert.deepEqual(rebuilt(fn)(), [7, "g"]);
  });

  it("cannot reach the variables of the module that rebuilds it", () => {
    assert.equal(rebuilt(written("() => typeof require + typeof module"))(), "undefinedundefined");
  });
});
