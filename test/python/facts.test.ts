/** Holds facts.json and the tests together: a fact counts as tested only if a test bears its number. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { describe, it } from "node:test";

interface Fact {
  readonly status: "tested" | "later" | "not applicable";
  /** Why it is not tested. */
  readonly reason?: string;
  /** In what heddle's behaviour is not Python's. */
  readonly differs?: string;
}

const here = new URL("./", import.meta.url);
const facts = JSON.parse(readFileSync(new URL("facts.json", here), "utf8")) as Record<string, Fact>;

/** How many facts there are of each part of Python, so that none is lost. */
const COUNTS: Readonly<Record<string, number>> = {
  AL: 55,
  AQ: 27,
  CF: 80,
  CT: 23,
  EG: 12,
  EL: 21,
  FU: 22,
  GR: 8,
  LK: 59,
  MP: 105,
  PN: 3,
  QU: 40,
  RN: 15,
  SC: 9,
  SP: 16,
  ST: 32,
  SV: 5,
  TG: 27,
  TH: 13,
  TK: 88,
  TL: 5,
  TO: 21,
  TR: 45,
  TT: 4,
  WF: 12,
};

/** Only what belongs to processes is still to come. */
const LATER = ["MP"];

/** The numbers that test titles in this folder and those below begin with. */
function testedNumbers(): Set<string> {
  const numbers = new Set<string>();
  for (const name of readdirSync(here, { recursive: true, encoding: "utf8" })) {
    if (!/\.test\.[jt]s$/.test(name)) continue;
    const source = readFileSync(new URL(name, here), "utf8");
    for (const [, number] of source.matchAll(/\bit\(\s*["'`]([A-Z]{2}-\d{3})\b/g))
      numbers.add(number as string);
  }
  return numbers;
}

describe("facts of Python's behaviour", () => {
  const tested = testedNumbers();

  it("every fact that counts as tested has a test, and every test its fact", () => {
    const claimed = Object.keys(facts).filter((number) => facts[number]?.status === "tested");
    assert.deepEqual([...tested].sort(), claimed.sort());
  });

  it("all facts are there", () => {
    const counts: Record<string, number> = {};
    for (const number of Object.keys(facts)) {
      const part = number.slice(0, 2);
      counts[part] = (counts[part] ?? 0) + 1;
    }
    assert.deepEqual(counts, COUNTS);
  });

  it("every other fact says why there is no test, in words of its own", () => {
    for (const [number, { status, reason = "" }] of Object.entries(facts)) {
      if (status === "tested") continue;
      assert.ok(reason.split(" ").length >= 4, `${number}: ${reason}`);
      if (status === "later") assert.ok(LATER.includes(number.slice(0, 2)), number);
    }
  });
});
