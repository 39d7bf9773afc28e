/**
 * The examples in the documentation: programs that print what the comments in them say,
 * or the block of text that follows them.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import process from "node:process";
import { after, before, describe, it } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { runProgram } from "./program.ts";

/** The repository's root, from the test's source or from its compiled copy. */
function findRoot(): URL {
  for (let at = new URL("./", import.meta.url); at.pathname !== "/"; at = new URL("../", at)) {
    if (readdirSync(at).includes("package.json")) return at;
  }
  throw new Error("The tests are not inside the repository");
}

export const root: URL = findRoot();
/** Node 20 cannot run TypeScript: there the examples are compiled first. */
const canRunTypeScript =
  !process.version.startsWith("v20.") || process.versions["deno"] !== undefined;

export interface Example {
  readonly title: string;
  readonly code: string;
  /** Path of its file. The examples of one document are in one folder. */
  readonly file: string;
  /** What it has to print. */
  readonly output: readonly string[];
}

/**
 * Fenced blocks of TypeScript that are whole programs, or that begin with the name
 * of a file: other blocks of the document can import that.
 *
 * @public also for scripts/nightly, which the check for unused exports does not read
 */
export function* examplesIn(text: string, document: string): Generator<Example> {
  let count = 0;
  const blocks = text.matchAll(/^```ts\n([^]*?)^```$(?:\n\n```text\n([^]*?)^```$)?/gm);
  for (const [, code = "", printed] of blocks) {
    const name = /^\/\/ (\S+\.ts)\n/.exec(code)?.[1];
    if (name === undefined && !code.includes('from "heddle')) continue;
    const title = `${document}, example ${++count}`;
    const output = printed === undefined ? outputInComments(code) : linesOf(printed);
    yield { title, code, file: `${document}/${name ?? `example-${count}.ts`}`, output };
  }
}

const linesOf = (text: string): string[] => text.trim().split("\n").filter(Boolean);

/** What the comments after `console.log(…);` say will be printed. */
function outputInComments(code: string): string[] {
  const lines: string[] = [];
  for (const [, comment] of code.matchAll(/console\.log\(.*\);?\)*;? \/\/ (.+)$/gm)) {
    const inLoop = /^\d+(, \d+)+$/.test(comment as string);
    lines.push(...(inLoop ? (comment as string).split(", ") : [comment as string]));
  }
  return lines;
}

export const readText = (path: string): string => readFileSync(new URL(path, root), "utf8");

function compile(files: readonly string[], ...more: readonly string[]): void {
  const compiler = fileURLToPath(new URL("node_modules/typescript/bin/tsc", root));
  const flags = ["--module", "nodenext", "--target", "es2022", "--skipLibCheck", ...more];
  flags.push("--rewriteRelativeImportExtensions", "--ignoreConfig", "--types", "node");
  const { status, stdout } = spawnSync(process.execPath, [compiler, ...flags, ...files], {
    encoding: "utf8",
  });
  assert.equal(status, 0, stdout);
}

interface Program extends Example {
  readonly path: string;
}

/** Where the examples of this test are, and what writes and removes them. */
function filesFor(found: Iterable<Example>): {
  readonly examples: readonly Program[];
  write(): void;
  remove(): void;
} {
  const work = new URL(`build/docs-${process.pid}/`, root);
  const examples = [...found].map((example) => ({
    ...example,
    path: fileURLToPath(new URL(example.file, work)),
  }));
  return {
    examples,
    write() {
      for (const { path, code } of examples) {
        mkdirSync(dirname(path), { recursive: true });
        writeFileSync(path, code);
      }
    },
    remove: () => rmSync(work, { recursive: true, force: true }),
  };
}

/** Makes a test of what the compiler says about examples. */
export function testTypes(found: Iterable<Example>): void {
  const { examples, write, remove } = filesFor(found);
  it("examples compile", () => {
    assert.ok(examples.length > 200);
    try {
      write();
      compile(
        examples.map(({ path }) => path),
        "--strict",
        "--noEmit",
      );
    } finally {
      remove();
    }
  });
}

/**
 * Makes a test of each example.
 *
 * @param isOwn Whether to run the example of that title; one that is not run can be imported by others.
 */
export function testExamples(
  place: string,
  found: Iterable<Example>,
  isOwn: (title: string) => boolean = () => true,
): void {
  const { examples, write, remove } = filesFor(found);

  describe(`examples in ${place}`, () => {
    before(() => {
      write();
      if (!canRunTypeScript) compile(examples.map(({ path }) => path));
    });
    after(remove);

    it("there are some", () => {
      assert.ok(examples.length > 10);
    });

    for (const { title, output, path } of examples.filter((example) => isOwn(example.title))) {
      it(`${title} prints what it says`, () => {
        const { status, stdout, stderr } = runProgram(pathToFileURL(path));
        assert.equal(status, 0, stderr);
        assert.deepEqual(linesOf(stdout), output);
      });
    }
  });
}

/** The examples in the README and the guides. */
export function documents(): Example[] {
  const guides = readdirSync(new URL("docs/guides/", root)).map((name) => `docs/guides/${name}`);
  return ["README.md", ...guides.sort()].flatMap((path) => [...examplesIn(readText(path), path)]);
}

/** The examples in the docstrings of some sources. */
export function sources(isIn: (path: string) => boolean): Example[] {
  const paths = readdirSync(new URL("src/", root), { recursive: true, encoding: "utf8" })
    .map((name) => `src/${name.replaceAll("\\", "/")}`)
    .filter((path) => path.endsWith(".ts") && isIn(path));
  return paths
    .sort()
    .flatMap((path) => [...examplesIn(readText(path).replaceAll(/^ *\* ?/gm, ""), path)]);
}

/** Makes a test of each example in the docstrings of some sources. */
export function testDocstrings(place: string, isIn: (path: string) => boolean): void {
  testExamples(place, sources(isIn));
}
