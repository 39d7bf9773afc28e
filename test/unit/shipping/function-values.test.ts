/** Functions and classes of a program in what it sends. test/contract/values.test.ts has the kinds that there are. */
import assert from "node:assert/strict";
import { before, describe, it } from "node:test";

import { runProgram } from "../../support/program.ts";

const HOME =
  "this thread has evaluated function-values.ts itself, and would have it twice. Move it to a module of its own, and export it there";

const EXPECTED: Readonly<Record<string, unknown>> = {
  exported: 6,
  variable: 14,
  inline: 9,
  "with an import": 7,
  "the same each time": [false, true, true],
  "and as it is there": true,
  "state once": 2,
  "back home": [true, true, true, true, true, true],
  "from a worker": [true, 5],
  "what home has otherwise": `SendError: Cannot receive the function "neverSent": ${HOME}`,
  "an object of a class it has not sent": `SendError: Cannot receive an instance of Hidden: ${HOME}`,
  instances: [
    [true, "admin hi ann 7"],
    ["hi bob! 7", "hi new 7"],
  ],
  "from worker to worker": ["admin hi cy 7", 3],
  "without waiting": [1, 0],
  "put back by who blocks, with its priority": [1, 8],
  "of a module that fails": [true, true],
  "with properties that come later": [1, true],
  "with properties, back home": [true, 1, 3],
  "in an error": [true, "no"],
  "in an error that is awaited": 8,
  "in an error that is blocked for": '[the function "fn"]',
  "in an error that is blocked for once it has come": "function",
  "a thread's object": 42,
  mapped: [3, 14],
  initargs: -4,
};

describe("functions and classes of a main module that awaits, in values", () => {
  let outcomes: Readonly<Record<string, unknown>> = {};

  before(() => {
    const program = new URL("./programs/function-values.ts", import.meta.url);
    const { status, stdout, stderr } = runProgram(program);
    assert.equal(status, 0, stderr);
    // Node 20 runs what was compiled.
    outcomes = JSON.parse(stdout.replaceAll("values.js", "values.ts")) as Readonly<
      Record<string, unknown>
    >;
  });

  for (const [name, expected] of Object.entries(EXPECTED)) {
    it(name, () => assert.deepEqual(outcomes[name], expected));
  }

  it("an object of a class that the main module exports, which awaits: as itself, or refused", () => {
    const outcome = outcomes["an object of an exported class"];
    if (typeof outcome === "string") assert.ok(outcome.endsWith(HOME), outcome);
    else assert.deepEqual(outcome, [true, 8]);
  });

  it("and no others", () => {
    assert.deepEqual(Object.keys(outcomes).length, Object.keys(EXPECTED).length + 1);
  });
});
