import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { CallControl } from "../../build/src/memory/call-control.js";
import * as bugs from "./bugs/call-control.ts";
import * as scenarios from "./scenarios/call-control.scenarios.ts";
import { finds, holds } from "./verdicts.ts";

const preemptions = 3;
describe("CallControl: in no schedule does a skipped call run, or a call after one that was taken", () => {
  test("by the class", holds(scenarios.asksAndTakes, { preemptions }));
  test("by the thread of a lifeline", holds(scenarios.asksAndTakesByText, { preemptions }));
  test("the worker dies at any step", holds(scenarios.asksAndTakes, { deaths: 1 }));
});

describe("CallControl: numbers wrap around", () => {
  for (const first of [2 ** 29 - 2, 2 ** 30 - 2, 2 ** 31 - 2, 2 ** 32 - 2]) {
    test(`at ${first}`, () => {
      const control = new CallControl(new Int32Array(CallControl.bytes / 4));
      control.begin(first - 1);
      assert.equal(control.finish(first - 1), true);
      for (let n = first; n < first + 4; n++) {
        assert.equal(control.ask(n + 1), "skipped");
        control.begin(n);
        assert.equal(control.isAsked(n), n > first);
        assert.equal(control.ask(n - 1), "over");
        assert.equal(control.ask(n), "running");
        assert.equal(control.isAsked(n), true);
        assert.equal(control.end(n + 1), false);
        assert.equal(control.finish(n), true);
      }
      control.begin(first + 4);
      assert.equal(control.end(first + 4), true);
      assert.equal(control.end(first + 4), true);
      assert.equal(control.finish(first + 4), false);
    });
  }
});

describe("CallControl: the scenarios find", () => {
  const as = "check";
  test(
    "a finish that does not compare",
    finds(bugs.finishesByStore, scenarios.asksAndTakes, { as }),
  );
  test("a look that comes first", finds(bugs.looksBeforeItAsks, scenarios.asksAndTakes, { as }));
});
