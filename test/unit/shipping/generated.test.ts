/**
 * Modules that are made by chance out of ways in which a function gets around and is called: what
 * changes while such a module is evaluated is seen in a worker as it is here, or the function is
 * refused.
 */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import process from "node:process";

import { Dice } from "../../support/dice.ts";
import { inLanes, startProgram } from "../../support/program.ts";
import { isOwnShare } from "../../support/shares.ts";
import {
  CALLERS,
  CARRIERS,
  CHANGES,
  FUNCTIONS,
  MEMBERS,
  OBJECTS,
  type Parts,
  type Way,
} from "./ways.ts";

const PROGRAM = new URL("./programs/generated/main.mjs", import.meta.url);
const COMPARE = new URL("./programs/generated/compare.mjs", import.meta.url).href;
const MODULES = 400;
/** What is carried is carried so many times. */
const MOST_CARRIERS = 2;
const SEEDS = process.env["HEDDLE_WHOLE"] === "1" ? [1, 2, 3] : [1];
const AT_ONCE = 2;
/** By day these share the changes: what is read does not depend on the runtime. */
const SHARING = ["node24", "deno"];
/** When the modules were written, as their files say. */
const BEFORE_S = Date.now() / 1000 - 60;

/** The text of a module that changes something, and reads it in a worker. */
function newModule(what: string, dice: Dice, number: number): string {
  const [declaration, change, read] = CHANGES[what] as (typeof CHANGES)[string];
  const lines: string[] = [];
  let named = 0;
  const parts = (given: Partial<Parts>): Parts => {
    const names = { a: `a${named}`, b: `b${named}`, c: `c${named++}` };
    const say = (statement: string): void => void lines.push(statement);
    return { e: "", f: "", o: "", change, body: "", ...names, say, ...given };
  };
  const pick = <T>(ways: Readonly<Record<string, T>>): T =>
    Object.values(ways)[dice.roll(Object.keys(ways).length)] as T;
  const member = dice.roll(2) === 0 ? pick(MEMBERS) : undefined;
  let e = pick<Way>(member ? OBJECTS : FUNCTIONS)(parts({ body: member?.has(change) ?? "" }));
  for (let i = dice.roll(MOST_CARRIERS + 1); i > 0; i--) e = pick(CARRIERS)(parts({ e }));
  lines.push(member ? member.use(parts({ o: e })) : pick(CALLERS)(parts({ f: e })));
  return [
    `import { compare } from "${COMPARE}";`,
    declaration,
    ...lines,
    `const here = ${read};`,
    // Bun finds a function by its text alone.
    `await compare(here, () => ${read} ?? "module ${number}");`,
    "",
  ].join("\n");
}

async function outcomesOf(what: string, seed: number): Promise<ReadonlyMap<string, string>> {
  const folder = mkdtempSync(join(tmpdir(), "heddle-generated-"));
  try {
    const dice = new Dice(seed);
    const texts = Array.from({ length: MODULES }, (_, i) => newModule(what, dice, i));
    for (const [i, text] of texts.entries()) {
      const file = join(folder, `${i}.mjs`);
      writeFileSync(file, text);
      // Or it would count as changed since the program started.
      utimesSync(file, BEFORE_S, BEFORE_S);
    }
    const { status, stdout, stderr } = await startProgram(PROGRAM, folder);
    assert.equal(status, 0, stderr);
    const outcomes = JSON.parse(stdout) as Readonly<Record<string, string>>;
    return new Map(texts.map((text, i) => [text, outcomes[`${i}.mjs`] ?? "none"]));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe("what modules change that are made by chance", () => {
  const inLane = inLanes(AT_ONCE);
  for (const what of Object.keys(CHANGES).filter((name) => isOwnShare(name, SHARING))) {
    for (const seed of SEEDS) {
      const ended = inLane(() => outcomesOf(what, seed));
      it(`${what}, seed ${seed}`, async () => {
        const outcomes = [...(await ended)];
        const count = (which: string): number =>
          outcomes.filter(([, outcome]) => outcome === which).length;
        const wrong = outcomes.filter(
          ([, outcome]) => !/^(?:same|refused|unusable)$/.test(outcome),
        );
        assert.deepEqual(wrong, []);
        assert.ok(count("same") > MODULES / 2, `only ${count("same")} ran`);
        assert.ok(count("unusable") < MODULES / 8, `${count("unusable")} do nothing`);
      });
    }
  }
});
