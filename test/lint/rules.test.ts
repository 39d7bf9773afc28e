/** The rules, in both linters. ESLint's own parser reads no types: what has some is for oxlint only. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Linter, RuleTester as EslintTester } from "eslint";
import { RuleTester as OxlintTester } from "oxlint/plugins-dev";
import plugin, { configs, type Rule, rules } from "heddle/eslint";

interface Cases {
  readonly valid: readonly string[];
  readonly invalid: readonly Invalid[];
}

interface Invalid {
  readonly code: string;
  readonly output?: string;
}

const IMPORT = `import { sleep, coroutine, createTask, gather, waitFor as limit } from "heddle/asyncio";
`;

function test(name: string, plain: Cases, typed: Cases = { valid: [], invalid: [] }): void {
  const rule = rules[name] as Rule;
  const messageId = Object.keys(rule.meta.messages)[0] as string;
  const withErrors = ({ code, output }: Invalid) =>
    output === undefined
      ? { code: IMPORT + code, errors: [{ messageId }] }
      : { code: IMPORT + code, output: IMPORT + output, errors: [{ messageId }] };
  const casesOf = ({ valid, invalid }: Cases) => ({
    valid: valid.map((code) => IMPORT + code),
    invalid: invalid.map(withErrors),
  });
  describe(`heddle/${name} in ESLint`, () => {
    EslintTester.describe = (_, fn) => fn();
    EslintTester.it = it as never;
    new EslintTester().run(name, rule, casesOf(plain));
  });
  describe(`heddle/${name} in oxlint`, () => {
    OxlintTester.describe = (_, fn) => fn();
    OxlintTester.it = it as never;
    new OxlintTester({ languageOptions: { sourceType: "module" } }).run(name, rule, casesOf(plain));
    const tester = new OxlintTester({
      languageOptions: { sourceType: "module", parserOptions: { lang: "ts" } },
    } as never);
    if (typed.invalid.length > 0) tester.run(`${name}, types`, rule, casesOf(typed));
  });
}

test("no-promise-combinator", {
  valid: [
    "const f = () => Promise.race([fetch(1), fetch(2)]);",
    "const f = () => gather([sleep(1), sleep(2)]);",
    "const f = (all) => Promise.all(all);",
    "const f = (all) => Promise.all(all.map((each) => fetch(each)));",
    "const f = (other) => other.race([sleep(1)]);",
    "const f = () => Promise.resolve(sleep(1));",
  ],
  invalid: [
    { code: "const f = () => Promise.race([sleep(1), fetch(1)]);" },
    { code: "const f = () => Promise.any([fetch(1), limit(() => fetch(2), 5)]);" },
    { code: "const f = () => Promise.all([createTask(g), createTask(g)]);" },
    { code: "const f = (all) => Promise.allSettled(all.map((ms) => sleep(ms)));" },
    { code: "function* work() {} const f = () => Promise.all([work()]);" },
  ],
});

test(
  "no-floating-coroutine",
  {
    valid: [
      "async function f() { await sleep(1); }",
      "function* f() { yield* sleep(1); const later = sleep(2); yield* later; }",
      "function* work() {} createTask(work());",
      "gather([sleep(1)]);",
      "const f = () => sleep(1);",
      "function plain() {} plain();",
      "function* work() {} function f(work) { work(); }",
      "other.sleep(1);",
      "async function* items() {} items();",
    ],
    invalid: [
      { code: "async function f() { sleep(1); }" },
      { code: "void sleep(1);" },
      { code: "limit(sleep(1), 5);" },
      { code: "function* work() {} work();" },
      { code: "const work = function* () {}; work();" },
      { code: "const work = coroutine(function* () {}); async function f() { work(); }" },
      { code: 'import * as asyncio from "heddle/asyncio"; asyncio.sleep(1);' },
      { code: "class A { *work() {} run() { this.work(); } }" },
    ],
  },
  {
    valid: [
      "declare function work(): Promise<void>; work();",
      "function f(work: () => void) { work(); }",
    ],
    invalid: [
      { code: "declare function work(): Coroutine<void>; work();" },
      { code: "function work(): Awaitable<void> { return sleep(1); } work();" },
      { code: "function f(work: () => Coroutine<void>) { work(); }" },
      { code: "const work = (): asyncio.Coroutine<void> => other(); work();" },
      { code: "class A { work(): Coroutine<void> { return b(); } run() { this.work(); } }" },
    ],
  },
);

test(
  "yield-star",
  {
    valid: [
      "function* f() { yield* sleep(1); }",
      "function* numbers() { yield 1; yield next(); }",
      "function* tree(node) { yield node.value; yield* tree(node.left); }",
      "const f = coroutine(function* () { return yield* sleep(1); });",
      "async function* f() { await sleep(1); yield sleep(1); }",
    ],
    invalid: [
      {
        code: "function* f() { yield sleep(1); }",
        output: "function* f() { yield* sleep(1); }",
      },
      {
        code: "function* f(lock) { yield* sleep(1); yield lock.acquire(); }",
        output: "function* f(lock) { yield* sleep(1); yield* lock.acquire(); }",
      },
      {
        code: "const f = coroutine(function* (task) { return yield task; });",
        output: "const f = coroutine(function* (task) { return yield* task; });",
      },
    ],
  },
  {
    valid: ["function* f(): Generator<number> { yield one(); }"],
    invalid: [
      {
        code: "function* f(task: Task<void>): Coroutine<void> { yield task; }",
        output: "function* f(task: Task<void>): Coroutine<void> { yield* task; }",
      },
    ],
  },
);

test("no-swallowed-cancellation", {
  valid: [
    "async function f() { try { await sleep(1); } catch (error) { rethrowCancelled(error); } }",
    "async function f() { try { await sleep(1); } catch (error) { log(error); throw error; } }",
    "async function f() { try { await sleep(1); } catch (error) { if (!(error instanceof CancelledError)) log(error); } }",
    "async function f() { try { await sleep(1); } finally { log(); } }",
    "async function f() { try { parse(); } catch {} await sleep(1); }",
    "function f() { try { parse(); } catch {} }",
    "async function f() { try { start(async () => { await sleep(1); }); } catch {} }",
  ],
  invalid: [
    { code: "async function f() { try { await sleep(1); } catch {} }" },
    { code: "function* f() { try { yield* sleep(1); } catch (error) { log(error); } }" },
    {
      code: "async function f() { try { for await (const a of b) log(a); } catch (e) { log(e); } }",
    },
    {
      code: "async function f() { try { await sleep(1); } catch (e) { log(() => { throw e; }); } }",
    },
  ],
});

describe("heddle/eslint", () => {
  it("says nothing about files that have nothing to do with heddle/asyncio", () => {
    const code = "async function f() { try { await g(); } catch {} } function* h() { yield g(); }";
    assert.deepEqual(new Linter().verify(code, [configs.recommended]), []);
  });

  it("its recommended configuration has all rules on", () => {
    assert.deepEqual({ ...plugin }, { meta: { name: "heddle" }, rules, configs });
    assert.deepEqual(
      Object.keys(configs.recommended.rules).sort(),
      Object.keys(rules)
        .map((name) => `heddle/${name}`)
        .sort(),
    );
    const messages = new Linter().verify(`${IMPORT}sleep(1);`, [configs.recommended]);
    assert.deepEqual(
      messages.map(({ ruleId }) => ruleId),
      ["heddle/no-floating-coroutine"],
    );
  });
});
