/**
 * Programs that try to make a worker's call differ from a call in this thread: each of their
 * cases gives the same, or is refused by a message that says what, and where.
 */
import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { runProgram } from "../../support/program.ts";
/** What came of each case, and what must have come of it: `same`, `refused` or `either`. */
type Report = Readonly<Record<string, { readonly demand: string; readonly outcome: string }>>;

/** Names the function and its place, and what it is about and where. */
const REFUSAL =
  /^NotShippableError: Cannot ship the function (?:"[^"]+"|\(anonymous\)) \([^ ]+:\d+:\d+\): it .*\([^ ]+:\d+:\d+\).*\. [A-Z]/;

/** The programs, with how many cases they have at least. */
const PROGRAMS: Readonly<Record<string, number>> = {
  "state.mjs": 110,
};

describe("a function in a worker gives what it gives here, or is refused", () => {
  for (const [program, least] of Object.entries(PROGRAMS)) {
    it(program, () => {
      const url = new URL(`./programs/${program}`, import.meta.url);
      const { status, stdout, stderr } = runProgram(url);
      assert.equal(status, 0, stderr);
      const report = JSON.parse(stdout.trimEnd().split("\n").at(-1) as string) as Report;
      const wrong = Object.entries(report).filter(([, { demand, outcome }]) => {
        if (outcome === "same") return demand === "refused";
        return demand === "same" || !REFUSAL.test(outcome);
      });
      assert.deepEqual(wrong, []);
      assert.ok(Object.keys(report).length >= least, stdout);
    });
  }
});
