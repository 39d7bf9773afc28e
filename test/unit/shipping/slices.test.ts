/** Functions of a program's main module, which take along what they use of it. */
import assert from "node:assert/strict";
import { before, describe, it } from "node:test";

import { type Outcome, runProgram, runText } from "../../support/program.ts";

interface Report {
  readonly outcomes: Readonly<Record<string, string>>;
  readonly calls: Readonly<Record<string, unknown>>;
}

const REFUSED: Readonly<Record<string, RegExp>> = {
  "a Lock":
    /^NotShippableError: .*it reaches "lock" \(slices\.[jt]s:\d+:\d+\), a Lock that every worker would make for itself, and not share\. Pass it as an argument: submit\(fn, lock\)$/,
  "a SharedArrayBuffer":
    /^NotShippableError: .*"shared".*, a SharedArrayBuffer that every worker would make/,
  "a Lock that a function makes":
    /^RuntimeError: .*Cannot make a Lock for "made" \(slices\.[jt]s:\d+:\d+\) in a worker: .* Pass "made" as an argument/,
  "a variable assigned by a callback":
    /^NotShippableError: .*"late".* assigns; that does not run in the worker, because it uses setTimeout\. Pass it as an argument: submit\(fn, late\)/,
  "a variable assigned by the main function":
    /^NotShippableError: .*"byMain".* assigns; that does not run in the worker, because it awaits\./,
  "what awaits heddle":
    /^NotShippableError: .*"awaited".*, which awaits what heddle does: every worker would do that work again\./,
  "a parameter":
    /: it uses "given", a parameter of the function around it \(slices\.[jt]s:\d+:\d+\), which does not exist in the worker\. Pass it as an argument: submit\(fn, given\)$/,
  "a constant of the function": /: it uses "now", a constant of the function around it/,
  "a loop variable": /: it uses "each", a loop variable around it/,
  "a catch variable": /: it uses "caught", the variable of the catch around it/,
  "a local class": /: it uses "Inner", a class of the function around it/,
  eval: /: it uses eval\(\) \(slices\.[jt]s:\d+:\d+\)/,
  "an undeclared name":
    /: it uses "undeclared" \(slices\.[jt]s:\d+:\d+\), which is neither a variable of its module nor a global/,
};

describe("a function of the main module", () => {
  let outcome: Outcome;
  let report: Report;
  before(() => {
    outcome = runProgram(new URL("./programs/slices.ts", import.meta.url));
    assert.equal(outcome.status, 0, outcome.stderr);
    report = JSON.parse(outcome.stdout.split("\n").at(-2) as string) as Report;
  });

  it("does not run the rest of it in the worker, nor what the rest imports for its effect twice", () => {
    const printed = outcome.stdout.split("\n").slice(0, -2);
    assert.deepEqual(printed, ["set up", "evaluated"]);
  });

  it("gives in a worker what it gives here, with all that it can take along", () => {
    const others = Object.entries(report.outcomes).filter(([name]) => !(name in REFUSED));
    assert.ok(others.length >= 19);
    for (const [name, came] of others) assert.equal(came, "same", name);
  });

  for (const [name, message] of Object.entries(REFUSED)) {
    it(`is refused, by name and place, if it uses ${name}`, () => {
      assert.match(report.outcomes[name] ?? "no outcome", message);
    });
  }

  it("may be recursive, a method, or shipped by a worker; state is shared by the functions that use it", () => {
    const { stacks: _, ...calls } = report.calls;
    assert.deepEqual(calls, {
      recursive: 120,
      method: 12,
      "arrow in an object": 6,
      "static method": 12,
      opened: 7,
      "an initialiser runs once": true,
      nested: 13,
      "a function with properties": 16,
      name: "nameOfItself",
    });
  });

  it("has stacks that name its file, also in the worker", () => {
    const [made, captured] = report.calls["stacks"] as readonly [string, string];
    for (const stack of [made, captured]) {
      assert.match(stack, /\bstacks \(.*\bslices\.[jt]s:\d+:\d+\)/);
      assert.doesNotMatch(stack, /heddle=|__heddle/);
    }
  });
});

describe("the main module", () => {
  it("is evaluated once, also where a worker meets what it exports", () => {
    const { stdout, stderr } = runProgram(new URL("./programs/main-once.ts", import.meta.url));
    const [first, report, ...others] = stdout.trimEnd().split("\n");
    assert.deepEqual([first, others], ["evaluated", []], stderr);
    const { isOwn, code, nested, sent } = JSON.parse(report as string) as Record<string, unknown>;
    // Bun prints a class anew, so that its text is not in the file.
    assert.deepEqual([isOwn || "bun" in process.versions, code, nested], [true, "MINE", 5]);
    assert.equal(sent, "3 true");
  });
});

describe("a module that a program imports by a name in a variable", () => {
  it("ships its functions as another does", () => {
    const program = new URL("./programs/imported-by-variable.mjs", import.meta.url);
    const { stdout, stderr } = runProgram(program);
    assert.notEqual(stdout, "", stderr);
    assert.deepEqual(JSON.parse(stdout), {
      usesWhatHidesAGlobal: "own a:b",
      usesLater: 10,
      usesConstants: 12,
      usesBoth: 12,
    });
  });
});

// Deno and Bun let no program debug its workers.
if (process.versions["deno"] === undefined && process.versions["bun"] === undefined) {
  describe("a breakpoint in the file of a function", () => {
    it("stops the function in the worker, where a debugger looks for the file's name", () => {
      const program = new URL("./programs/breakpoint.mjs", import.meta.url);
      const { stdout, stderr } = runProgram(program);
      assert.equal(stdout, "scaled breakpoint.mjs:8\n6\n", stderr);
    });
  });
}

// Deno does not tell a program the text that it was given.
if (process.versions["deno"] === undefined) {
  describe("a function of a program that has no file", () => {
    it("takes along what it uses of its text", () => {
      const { stdout, stderr } = runText(`
        import { basename } from "node:path";
        import { ThreadPoolExecutor } from "heddle/concurrent/futures";
        const FACTOR = 3;
        const pool = new ThreadPoolExecutor({ maxWorkers: 1 });
        console.log(await pool.submit((n) => basename("/a/b") + n * FACTOR, 2));
        await pool.shutdown();
      `);
      assert.equal(stdout, "b6\n", stderr);
    });
  });
}
