/** The lint of words reports each kind of word, in messages and in prose, and nothing in code. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { root } from "../support/doc-examples.ts";

interface Found {
  readonly name: string;
  readonly kind: "message" | "prose";
  readonly line: number;
  readonly text: string;
}

const { faultsOf, RULES, wordsIn } = (await import(String(new URL("scripts/words.mjs", root)))) as {
  faultsOf(
    file: string,
    found: readonly Found[],
    allowed: Readonly<Record<string, number>>,
  ): readonly string[];
  RULES: readonly { readonly name: string }[];
  wordsIn(file: string, text: string): readonly Found[];
};

/** For each rule, by its name, what it reports. */
const SAMPLES: Readonly<Record<string, readonly string[]>> = {
  whoever: ["Whoever", "whomever"],
  nobody: ["Nobody", "nobody's"],
  somebody: ["somebody", "anybody", "everybody's", "everyone", "someone"],
  "is no X": ["is no future", "are no functions", "be no lock"],
  "whole number": ["whole number", "whole numbers"],
  "sees to it": ["sees to it", "see to it"],
  "by no means": ["by no means"],
  "makes of": ["What a worker makes of", "what the caller makes of"],
  "is told": ["is told", "been told"],
  "comes to": ["what a call comes to", "what it has come to"],
  estate: ["estate"],
  heir: ["heir", "heirs"],
  doom: ["doom", "doomed"],
  bury: ["buries", "burial", "buried"],
  "last words": ["last words"],
  mail: ["mail"],
  adrift: ["adrift"],
  foreign: ["foreign"],
  parcel: ["parcel", "parcels"],
  "at hand": ["at hand"],
  strike: ["strikes", "struck"],
  equipment: ["equipment"],
  "in peace": ["in peace"],
  "means nothing": ["means nothing"],
  "cannot go on": ["cannot go on", "Cannot go on"],
};

const namesIn = (file: string, text: string): string[] =>
  wordsIn(file, text).map(({ name, kind }) => `${kind}: ${name}`);

describe("the lint of words", () => {
  it("has a sample of each rule", () => {
    assert.deepEqual(
      Object.keys(SAMPLES),
      RULES.map(({ name }) => name),
    );
  });

  for (const [name, samples] of Object.entries(SAMPLES)) {
    it(`reports "${name}" in documents, comments and messages`, () => {
      for (const sample of samples) {
        assert.deepEqual(namesIn("README.md", `It says ${sample} here.\n`), [`prose: ${name}`]);
        assert.deepEqual(namesIn("src/a.ts", `/** It says ${sample} here. */\n`), [
          `prose: ${name}`,
        ]);
        assert.deepEqual(namesIn("src/a.ts", `throw new Error(\`x: ${sample} \${y}\`);\n`), [
          `message: ${name}`,
        ]);
      }
    });
  }

  it("finds words that a comment wraps, and says where they begin", () => {
    const text = "/**\n * A value that is\n * no future, and a whole\n * number.\n */\n";
    assert.deepEqual(
      wordsIn("src/a.ts", text).map(({ name, line }) => [name, line]),
      [
        ["is no X", 2],
        ["whole number", 3],
      ],
    );
  });

  it("leaves code, fences, words inside of others, and good English alone", () => {
    assert.deepEqual(namesIn("src/a.ts", "const nobody = heir.doom(foreign);\n"), []);
    assert.deepEqual(namesIn("README.md", "See `nobody`.\n\n```ts\n// nobody\n```\n"), []);
    const good = "Their inheritance is no longer struck; there is no lock; it is no more than 3.";
    assert.deepEqual(namesIn("README.md", good.replace("struck", "used")), []);
  });

  const found = wordsIn("src/a.ts", '// nobody\n// nobody\nf("nobody");\n');

  it("excuses as many in prose as its exceptions say, and none in messages", () => {
    assert.deepEqual(faultsOf("src/a.ts", found, { nobody: 2 }), [
      'src/a.ts:3: "nobody" (nobody); better: no thread, not',
    ]);
    assert.equal(faultsOf("src/a.ts", found, { nobody: 1 }).length, 2);
    assert.equal(faultsOf("src/a.ts", found, {}).length, 3);
  });

  it("excuses nothing in the README and in the pages about internals", () => {
    for (const file of ["README.md", "ARCHITECTURE.md", "docs/internals/memory.md"])
      assert.equal(faultsOf(file, wordsIn(file, "nobody"), { nobody: 1 }).length, 1);
  });
});
