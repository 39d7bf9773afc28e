/** The advice for a function that is refused fits what the program called, and works. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { runProgram } from "../../support/program.ts";

/** What each call is, by its advice for one variable. */
const ADVICE: Readonly<Record<string, string>> = {
  submit: "submit(fn, by)",
  "submit(self)": "submit((self) => …, object)",
  map: "map(fn, items, items.map(() => by))",
  initializer: "{ initializer: fn, initargs: [by] }",
  Thread: "new Thread({ target: fn, args: [by] })",
  Timer: "new Timer(interval, fn, [by])",
  startNewThread: "startNewThread(fn, [by])",
  startJoinableThread: "startNewThread(fn, [by])",
  "Process of threads": "new Process({ target: fn, args: [by] })",
  Process: "new Process({ target: fn, args: [by] })",
  "Pool.apply": "apply(fn, [by])",
  "Pool.applyAsync": "applyAsync(fn, [by])",
  "Pool.map": "starmap(fn, items.map((item) => [item, by]))",
  "Pool.imap": "starmap(fn, items.map((item) => [item, by]))",
  toThread: "toThread(fn, by)",
  runInExecutor: "runInExecutor(null, fn, by)",
  "runInExecutor of one's own": "runInExecutor(executor, fn, by)",
  callSoonThreadsafe: "callSoonThreadsafe(fn, by)",
  runCoroutineThreadsafe: "runCoroutineThreadsafe(fn, [by], loop)",
};

describe("a function that is refused has advice that fits what was called", () => {
  const { stdout, stderr } = runProgram(new URL("./programs/advice.mjs", import.meta.url));
  const outcomes = JSON.parse(stdout.trimEnd().split("\n").at(-1) || "{}") as Record<
    string,
    { readonly says: string; readonly value: unknown } | undefined
  >;
  for (const [name, advice] of Object.entries(ADVICE)) {
    it(name, () => {
      const { says, value } = outcomes[name] ?? { says: stderr, value: undefined };
      assert.match(says, /^NotShippableError: Cannot ship the function /);
      assert.ok(says.endsWith(`: ${advice}`), says);
      assert.equal(value, 6);
    });
  }
});
