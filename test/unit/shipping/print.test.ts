import assert from "node:assert/strict";
import { it } from "node:test";

import { parseFunction, parseModule } from "../../../build/src/shipping/syntax/parser.js";
import { haveSamePrint } from "../../../build/src/shipping/syntax/print.js";
import { scopesOf } from "../../../build/src/shipping/syntax/visits.js";

const ALIKE = [
  ["(n) => a + n", "(n)=>a+n", "(n) => (a) + (n)", "(n) => (a + n)", "(n) => /* + */ (a + n)"],
  ["(n) => n + a"],
  ["(n) => a - n"],
  ["(m) => a + n"],
  ["(n) => { a + n; }", "(n) => { ; a + n }"],
  ["(n) => { return a + n; }"],
  ["(n) => a(n)", "(n) => (a)(n)"],
  ["async (n) => a + n", "async n => a + n"],
  ["function (n) { a + n; }", "function(n){a+n}"],
];

it("functions have the same print if they differ in nothing but how they are written", () => {
  for (const own of ALIKE) {
    for (const text of own) {
      const parsed = parseFunction(text);
      const module = parseModule(`[${ALIKE.flat().join(", ")}]`, "file:///module.mjs");
      assert.ok(parsed && module);
      const { functions } = scopesOf(module.program);
      const same = ALIKE.flat().filter((_, at) => {
        return haveSamePrint(functions[at]?.node as (typeof parsed)["node"], parsed.node);
      });
      assert.deepEqual(same, own, text);
    }
  }
});
