/** The lint of paths finds what is named and does not exist, and nothing else. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { root } from "../support/doc-examples.ts";

const { checkPaths, fullFolders, missingPaths } = (await import(
  String(new URL("scripts/paths.mjs", root))
)) as {
  checkPaths(): boolean;
  fullFolders(files: readonly string[]): string[];
  missingPaths(file: string, text: string, paths: ReadonlySet<string>): string[];
};

const PATHS = new Set([
  "docs",
  "docs/guides",
  "docs/guides/start.md",
  "src",
  "src/memory",
  "src/memory/mutex.ts",
  "src/memory/event.ts",
  "test/model/mutex.test.ts",
]);

/** What is missing, without the file and the line. */
const missingIn = (file: string, text: string): string[] =>
  missingPaths(file, text, PATHS).map((fault) => /"(.*)"/.exec(fault)?.[1] ?? fault);

describe("the lint of paths", () => {
  it("finds a path in a comment, and says where", () => {
    const text = "const a = 1;\n/**\n * See test/model/gone.test.ts.\n */\n";
    assert.deepEqual(missingPaths("src/a.ts", text, PATHS), [
      'src/a.ts:3: "test/model/gone.test.ts" does not exist',
    ]);
    assert.deepEqual(missingIn("src/a.ts", "// as in src/gone/, says docs/guides\n"), [
      "src/gone/",
    ]);
  });

  it("does not look at code", () => {
    const text =
      'import a from "test/gone.ts"; const b = `\n// src/gone.ts\n`; f("a // src/gone.ts");';
    assert.deepEqual(missingIn("src/a.ts", text), []);
  });

  it("knows signs that stand for others", () => {
    const there = "src/memory/{mutex,event}.ts test/model/*.test.ts src/** src/*/mutex.ts";
    assert.deepEqual(missingIn("README.md", there), []);
    const gone = "src/memory/{mutex,gone}.ts test/model/*.scenarios.ts src/*.ts";
    assert.deepEqual(missingIn("README.md", gone), gone.split(" "));
  });

  it("finds other TypeScript files from the top, from src, or from the file", () => {
    assert.deepEqual(missingIn("ARCHITECTURE.md", "`memory/mutex.ts`, `memory/gone.ts`"), [
      "memory/gone.ts",
    ]);
    assert.deepEqual(missingIn("test/README.md", "`model/mutex.test.ts`"), []);
  });

  it("follows relative links, and no others", () => {
    const text =
      "[a](start.md#part) [b](../guides) [c](gone.md) [d](https://e.org/gone.md) [e](#here)";
    assert.deepEqual(missingIn("docs/guides/more.md", text), ["gone.md"]);
  });

  it("leaves what fenced examples import alone, not the paths into our folders", () => {
    const text = '```ts\nimport { a } from "./lib/gone.ts"; // lib/gone.ts\n// test/gone.ts\n```\n';
    assert.deepEqual(missingIn("README.md", text), ["test/gone.ts"]);
  });

  it("does not take parts of other paths for ours", () => {
    const text = "heddle/src/gone ../test/gone https://e.org/docs/gone and/or test/…";
    assert.deepEqual(missingIn("README.md", text), []);
  });
});

describe("this repository", () => {
  // test/README.md names every folder of tests: one that is gone is noticed here.
  it("names no path that does not exist", () => {
    assert.equal(checkPaths(), true);
  });

  it("finds a folder with more than 30 files, and counts those of folders in it apart", () => {
    const files = Array.from({ length: 30 }, (_, index) => `test/unit/${index}.test.ts`);
    const below = ["test/unit/a/b.test.ts", "test/c.test.ts"];
    assert.deepEqual(fullFolders([...files, ...below]), []);
    assert.deepEqual(fullFolders([...files, ...below, "test/unit/one-more.ts"]), [
      "test/unit holds 31 files; more than 30 need folders",
    ]);
  });
});
