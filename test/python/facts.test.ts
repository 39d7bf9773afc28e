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

  it("every other fact says why there is no test", () => {
    for (const [number, fact] of Object.entries(facts)) {
      if (fact.status !== "tested") assert.ok(fact.reason, number);
    }
  });
});
