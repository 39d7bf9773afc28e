import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { freeVariables } from "../../../build/src/shipping/syntax/free-variables.js";
import { parseFunction, parseModule } from "../../../build/src/shipping/syntax/parser.js";
import { scopesOf } from "../../../build/src/shipping/syntax/visits.js";

/** What a function's text uses from outside: names, then syntax, then `name =` for what it assigns. */
function used(text: string): string[] {
  const parsed = parseFunction(text);
  assert.ok(parsed, `cannot parse ${text}`);
  return listed(freeVariables(parsed));
}

function listed({ names, syntax, assigned }: ReturnType<typeof freeVariables>): string[] {
  return [...names.keys(), ...syntax, ...[...assigned].map((name) => `${name} =`)];
}

const CASES: readonly (readonly [title: string, text: string, uses: readonly string[]])[] = [
  ["parameters and locals", "(a, b) => { const t = a + b; return t * 2; }", []],
  ["a captured variable", "(n) => n * factor", ["factor"]],
  ["a captured function", "(n) => ext(n)", ["ext"]],
  ["globals, which others judge", "(n) => Math.max(n, 0)", ["Math"]],
  ["only the object of a member access", "(a) => a.b.c + o.p", ["o"]],
  ["a computed member", "(a) => a[key]", ["key"]],
  ["optional chaining", "(a) => a?.b?.[key]?.(c)", ["key", "c"]],
  ["keys of object literals", "(a) => ({ x: a, y: z, [w]: 1 })", ["z", "w"]],
  ["shorthand properties", "() => ({ x })", ["x"]],
  ["spread", "(a) => f(...a, ...b)", ["f", "b"]],
  ["template literals", "(a) => `${a} ${b}`", ["b"]],
  ["tagged templates", "(a) => tag`${a}`", ["tag"]],
  ["regular expressions and strings", '() => /a(?<b>c)/u.test("d")', []],
  ["destructured parameters", "({ a, b: [c, ...d] }, { e = f } = {}) => a + c + d + e", ["f"]],
  ["computed keys in patterns", "({ [k]: a }) => a", ["k"]],
  ["object rest", "({ a, ...rest }) => [a, rest]", []],
  ["a default that refers to an earlier parameter", "(a, b = a) => b", []],
  ["a default that cannot see the body", "(a = x) => { var x = 1; return a; }", ["x"]],
  ["destructured locals", "(o) => { const { a, b: { c = d } } = o; return a + c; }", ["d"]],
  ["shadowing by a parameter", "(outer) => { { let ext = 1; return outer + ext; } }", []],
  ["a block's variable after the block", "() => { { let x = 1; } return x; }", ["x"]],
  ["var, hoisted out of a block", "() => { if (1) { var x = 1; } return x; }", []],
  ["var, hoisted above its use", "() => { x = 1; var x; return x; }", []],
  ["var in a for head", "() => { for (var i = 0; i < 1; i++); return i; }", []],
  ["let in a for head", "() => { for (let i = 0; i < 1; i++); return i; }", ["i"]],
  ["for-of with destructuring", "(o) => { for (const [k, v] of o) f(k, v); }", ["f"]],
  ["for-in over a capture", "() => { for (const k in o) k; }", ["o"]],
  ["for-of that assigns a capture", "(a) => { for (x of a); }", ["x", "x ="]],
  ["for await", "async (a) => { for await (const x of a) x; }", []],
  [
    "a nested function used before it stands",
    "() => { return f(); function f() { return 1; } }",
    [],
  ],
  ["captures of a nested function", "() => () => x", ["x"]],
  ["a nested function's parameters", "() => { (a) => a; return a; }", ["a"]],
  ["the own name of a function expression", "function f(n) { return n ? f(n - 1) : 0; }", []],
  ["an arrow function's own name", "(n) => (n ? f(n - 1) : 0)", ["f"]],
  ["an async function", "async function f(a) { await a; return b; }", ["b"]],
  ["a generator", "function* g(a) { yield a; yield* b; }", ["b"]],
  ["an async generator", "async function* g() { yield 1; }", []],
  ["a catch parameter", "() => { try {} catch (e) { return e; } }", []],
  ["a destructured catch parameter", "() => { try {} catch ({ a = b }) { return a; } }", ["b"]],
  ["a catch parameter after the clause", "() => { try {} catch (e) {} return e; }", ["e"]],
  ["catch without a parameter", "() => { try { f(); } catch { return 1; } }", ["f"]],
  ["labels", "() => { outer: for (;;) { for (;;) continue outer; break outer; } }", []],
  [
    "switch cases share one scope",
    "(n) => { switch (n) { case 1: let a = 1; default: return a; } }",
    [],
  ],
  ["a variable of a switch after it", "(n) => { switch (n) { case 1: let a; } return a; }", ["a"]],
  ["typeof of a name", '() => typeof window === "undefined"', ["window"]],
  ["a class inside", "() => { class A { m() { return A; } } return new A(); }", []],
  ["a class expression's own name", "() => class A { m() { return A; } }", []],
  ["var of a nested function", "() => { function f() { var x; } return x; }", ["x"]],
  ["a class that extends a capture", "() => class extends Base {}", ["Base"]],
  [
    "class fields and computed names",
    "() => class { x = y; [k] = 1; static z = w; }",
    ["y", "k", "w"],
  ],
  [
    "class fields may use this and super",
    "() => class extends Object { x = this.y; z = super.w; }",
    ["Object"],
  ],
  ["static blocks", "() => class { static { var a = 1; a; this.b = c; } }", ["c"]],
  [
    "private names of a class inside",
    "() => class { #p = 1; m(o) { return #p in o && this.#p; } }",
    [],
  ],
  ["a private name of a class outside", "(o) => o.#p", ["#p"]],
  ["this in an arrow function", "() => this.x", ["this"]],
  ["this in an arrow function inside", "() => () => this", ["this"]],
  ["this in the function itself", "function () { return this.x; }", ["this"]],
  ["this of a function inside", "() => function () { return this; }", []],
  ["this of a method inside", "() => ({ m() { return this; }, get g() { return this; } })", []],
  ["this in a computed name of a class", "() => class { [this.x] = 1; }", ["this"]],
  ["arguments in an arrow function", "() => arguments[0]", ["arguments"]],
  ["arguments of a function", "function () { return arguments.length; }", []],
  ["new.target in an arrow function", "() => new.target", ["new.target"]],
  ["new.target of a function", "function () { return new.target; }", []],
  ["super of a method", "m() { return super.toString(); }", ["super"]],
  ["a method", "m(a) { return a * b; }", ["b"]],
  ["a method does not see its own name", "m() { return m(); }", ["m"]],
  ["an async method called async", "async async(a) { await a; }", []],
  ["a generator method", "*gen() { yield x; }", ["x"]],
  ["a getter", "get g() { return x; }", ["x"]],
  ["a method with a quoted name", '"quoted name"() { return 1; }', []],
  ["import.meta", "() => import.meta.url", ["import.meta"]],
  ["import() of a built-in module", '() => import("node:fs")', []],
  ["import() of a relative module", '() => import("./k.js")', ['import("./k.js")']],
  ["import() of a computed name", "(n) => import(n)", ["import() of a computed name"]],
  ["direct eval", '() => eval("outer")', ["eval", "eval()"]],
  ["indirect eval", '() => (0, eval)("1")', ["eval"]],
  ["assignment to a capture", "() => { count = 1; }", ["count", "count ="]],
  ["compound assignment to a capture", "() => { count ??= 1; }", ["count", "count ="]],
  ["update of a capture", "() => { count++; }", ["count", "count ="]],
  ["destructuring into a capture", "(o) => { [a, { b: c.d }] = o; }", ["a", "c", "a ="]],
  ["assignment to a property is none to the variable", "() => { o.p = 1; }", ["o"]],
  ["assignment to a local", "() => { let a; a = 1; [a] = [2]; a++; }", []],
  ["sloppy code", "function () { with (o) { x; } }", ["o", "x"]],
];

describe("freeVariables", () => {
  for (const [title, text, uses] of CASES) {
    it(`${title}: ${text}`, () => assert.deepEqual(used(text), uses));
  }

  it("finds the same in a module that has been read", () => {
    let count = 0;
    for (const [title, text, uses] of CASES) {
      const around = "const ext = 1, count = 2; function outer(x, y) { class A { #p; m() { given(";
      const tree = parseModule(`${around}${text}); } } }`, "file:///around.mjs");
      if (tree === undefined) continue; // a method, or sloppy code
      const scopes = scopesOf(tree.program);
      const site = scopes.functions.find(({ node }) => node.start === around.length);
      assert.ok(site, title);
      const parsed = { node: site.node, isMethod: false, isStrict: true, offset: around.length };
      assert.deepEqual(listed(freeVariables(parsed, scopes)), uses, title);
      assert.deepEqual(
        freeVariables(parsed, scopes),
        freeVariables(parseFunction(text) as typeof parsed),
        title,
      );
      count += 1;
    }
    assert.equal(count, CASES.length - 8);
  });

  it("says where a name is first used in the text", () => {
    const parsed = parseFunction("(n) => n * factor");
    assert.ok(parsed);
    assert.equal(freeVariables(parsed).names.get("factor"), 11);
  });

  it("notes the names that typeof asks about", () => {
    const parsed = parseFunction("() => typeof window");
    assert.ok(parsed);
    assert.deepEqual([...freeVariables(parsed).probed], ["window"]);
  });
});

describe("parseFunction", () => {
  for (const text of [
    "[computed]() {}",
    "#secret() {}",
    "1, () => 2",
    "() => 1) + (() => 2",
    "5",
  ]) {
    it(`does not take for a function: ${text}`, () => assert.equal(parseFunction(text), undefined));
  }
});
