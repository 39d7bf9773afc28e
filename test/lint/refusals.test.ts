/**
 * Every message by which a function is refused has a program that meets it: the sentences are read
 * from the source, so a new one without a program fails here.
 */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { describe, it } from "node:test";

import { tsPlugin } from "@sveltejs/acorn-typescript";
import { Parser } from "acorn";

import { OF_MAIN_MODULES } from "../unit/shipping/main-refusals.ts";
import { REFUSALS } from "../unit/shipping/refusals.ts";

const ROOT = new URL("../../", import.meta.url);
const SHIPPING = new URL("src/shipping/", ROOT);

/** Tests that meet sentences which no program of those lists does. */
const ELSEWHERE: Readonly<Record<string, readonly RegExp[]>> = {
  "support/values.ts": [
    /^whose class cannot be sent: $/,
    /^which has private fields/,
    /^which no module exports$/,
    /^which stays in the thread that made it$/,
  ],
  "unit/shipping/function-values.test.ts": [/^an instance of $/],
  "unit/shipping/marker.test.ts": [
    /^Cannot mark the function: "$/,
    /^Cannot mark the function: import.meta.url is undefined/,
    /already has a task/,
  ],
  "unit/shipping/reached.test.ts": [/^: it has the text of "$/, /^and is another function/],
  "unit/shipping/resolve.test.ts": [/^: it is not a function$/],
  // By night.
  "../scripts/nightly/functions.test.mjs": [
    /^A single executable has to have the text of its program/,
    /a worker of a bundled program cannot read the program/,
    /^Mark the function: task\(import.meta.url, fn\)$/,
  ],
  "../scripts/nightly/next.test.mjs": [/^its file is missing/],
};

/** What is not said to users: code, lists of names, and errors that are caught. */
const UNSAID: readonly RegExp[] = [
  /[;{}]/,
  /^\s*(?:undefined NaN|Math JSON|type start|typeAnnotation)/,
  /^The sets nest too deep$/,
  /^import\(\) of a computed name$/,
  /^a class without a name$/,
  /", which no module exports$/,
  /^Send "\$1" beside the function/,
  /^ \(a variable here/,
  /^require\(\) would give the module without its query$/,
];

interface Sentence {
  readonly place: string;
  readonly text: string;
}

/** The parts of messages in a file: texts of three words and more. */
function* sentencesOf(file: string): Generator<Sentence> {
  const source = readFileSync(new URL(file, SHIPPING), "utf8");
  const options = { ecmaVersion: "latest", sourceType: "module", locations: true } as const;
  const waiting: unknown[] = [Parser.extend(tsPlugin()).parse(source, options)];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { type, value, loc } = next as {
      readonly type?: string;
      readonly value?: unknown;
      readonly loc?: { readonly start: { readonly line: number } };
    };
    const text = type === "TemplateElement" ? (value as { cooked: string }).cooked : value;
    if (typeof text === "string" && /[a-z]+ [a-z]+ [a-z]+/i.test(text))
      yield { place: `${file}:${loc?.start.line}`, text };
    for (const child of Object.values(next as object).flat() as unknown[])
      if (typeof child === "object" && child !== null && "type" in child) waiting.push(child);
  }
}

describe("a message by which a function is refused", () => {
  const files = readdirSync(SHIPPING, { recursive: true, encoding: "utf8" });
  const sentences = files
    .filter((file) => file.endsWith(".ts"))
    .flatMap((file) => [...sentencesOf(file)])
    .filter(({ text }) => !UNSAID.some((each) => each.test(text)));
  const said = [...REFUSALS, ...OF_MAIN_MODULES].map(({ says }) => says);

  it("has a program that meets it", () => {
    const elsewhere = Object.values(ELSEWHERE).flat();
    const unmet = sentences
      .filter(({ text }) => !said.some((each) => each.includes(text.trim())))
      .filter(({ text }) => !elsewhere.some((each) => each.test(text)));
    assert.deepEqual(unmet, []);
    assert.ok(sentences.length > 80, String(sentences.length));
  });

  for (const [file, patterns] of Object.entries(ELSEWHERE)) {
    it(`or is met by ${file}`, () => {
      const test = readFileSync(new URL(`test/${file}`, ROOT), "utf8").replaceAll("\\", "");
      for (const pattern of patterns) {
        const sentence = sentences.find(({ text }) => pattern.test(text))?.text.trim();
        assert.ok(sentence !== undefined, String(pattern));
        const begin = sentence.replaceAll(/^[":,.\s]+|[":,.\s]+$/g, "").split(/\W{2}|:/)[0] ?? "";
        assert.ok(test.includes(begin), `${file} does not have "${begin}"`);
      }
    });
  }
});
