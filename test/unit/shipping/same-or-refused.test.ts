/**
 * Programs that try to make a worker's call differ from a call in this thread: each of their
 * cases gives the same, or is refused by a message that says what, and where.
 */
import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { inLanes, startProgram } from "../../support/program.ts";
import { isOwnProgram } from "./shared.ts";

/** What came of each case, and what must have come of it: `same`, `refused` or `either`. */
type Report = Readonly<Record<string, { readonly demand: string; readonly outcome: string }>>;

/** Names the function, what it is about and where, and what to do. */
const REFUSAL =
  /^NotShippableError: Cannot ship the function (?:"[^"]+"|\(anonymous\)).*: it.*\([^ ]+:\d+:\d+(?:\)| and ).*\. [A-Z]/;
/** Whose text is in no module has no place. */
const WITHOUT_PLACE =
  /^NotShippableError: Cannot ship the function .*: (?:it is native or bound|its (?:source )?text |it uses )/;

/** The programs, with how many cases they have at least. */
const PROGRAMS: Readonly<Record<string, number>> = {
  "alike.mjs": 12,
  "attacks/attacks.mjs": 76,
  "attacks/given-back.mjs": 23,
  "attacks/in-order.mjs": 42,
  "attacks/kept.mjs": 9,
  "attacks/made.mjs": 74,
  "attacks/members.mjs": 27,
  "attacks/more.mjs": 47,
  "common.cjs": 35,
  "elsewhere/elsewhere.mjs": 57,
  "elsewhere/set-up.mjs": 12,
  "factories.mjs": 8,
  "identity.mjs": 11,
  "modules/modules.mjs": 31,
  "rewrites-itself.mjs": 4,
  "scopes.mjs": 111,
  "state.mjs": 122,
  "written-late.mjs": 2,
};

/** Programs that run at once. */
const AT_ONCE = 3;

describe("a function in a worker gives what it gives here, or is refused", () => {
  const inLane = inLanes(AT_ONCE);
  for (const [program, least] of Object.entries(PROGRAMS)) {
    if (!isOwnProgram(program)) continue;
    const ended = inLane(() => startProgram(new URL(`./programs/${program}`, import.meta.url)));
    it(program, async () => {
      const { status, stdout, stderr } = await ended;
      assert.equal(status, 0, stderr);
      const report = JSON.parse(stdout.trimEnd().split("\n").at(-1) as string) as Report;
      const wrong = Object.entries(report).filter(([, { demand, outcome }]) => {
        if (outcome === "same") return demand === "refused";
        const isRefusal = REFUSAL.test(outcome) || WITHOUT_PLACE.test(outcome);
        return demand === "same" || !isRefusal;
      });
      assert.deepEqual(wrong, []);
      assert.ok(Object.keys(report).length >= least, stdout);
    });
  }
});
