import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, extname, join, relative } from "node:path";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";

import { analyse } from "../../examples/source-census/analyse.ts";
import { takeCensus } from "../../examples/source-census/census.ts";
import { findFiles } from "../../examples/source-census/find-files.ts";
import { type Options, readOptions } from "../../examples/source-census/options.ts";
import { toText } from "../../examples/source-census/print.ts";
import { toHtml } from "../../examples/source-census/report.ts";
import { summarise } from "../../examples/source-census/summary.ts";
import { UsageError } from "../../examples/source-census/usage-error.ts";

const FILES = {
  "plain.js": `#!/usr/bin/env node
// one
/* two */ function outer() { return () => 1; }
const table = { method() {}, get size() { return 1; }, value: function () {} };
`,
  "typed.ts": `export class Stack<T> {
  #items: T[] = [];
  push(item: T): void { this.#items.push(item); } // one
  #grow() {}
}
declare function elsewhere(): void;
export const first = <T>(items: readonly T[]): T | undefined => items[0];
`,
  "types.d.ts": "/** one */\nexport function declared(): void;\n",
  "common.cjs": "if (!module.parent) return;\nmodule.exports = async () => {};\n",
  "deep/module.mjs": "export default function* () {}\nexport const tree = <p>text</p>;\n",
  "deep/copy.mjs": "export default function* () {}\nexport const tree = <p>text</p>;\n",
  "deep/broken.js": "const fine = 1;\nconst = 2;\n",
  "deep/notes.md": "# no source file\n",
} as const;

/** Lines, functions and comments, counted by hand. */
const COUNTS = {
  "plain.js": [4, 5, 2],
  "typed.ts": [7, 3, 1],
  "types.d.ts": [2, 0, 1],
  "common.cjs": [2, 1, 0],
  "deep/module.mjs": [2, 1, 0],
} as const;

describe("source-census", () => {
  let folder = "";
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "source-census-"));
    mkdirSync(join(folder, "deep"));
    mkdirSync(join(folder, "looks-like.js"));
    mkdirSync(join(folder, "no-source"));
    for (const [name, text] of Object.entries(FILES)) writeFileSync(join(folder, name), text);
  });
  after(() => rmSync(folder, { recursive: true }));

  describe("findFiles", () => {
    it("finds the source files of a folder and of those in it, and nothing else", () => {
      const found = findFiles(folder).map((path) => relative(folder, path));
      const expected = Object.keys(FILES).filter((name) => !name.endsWith(".md"));
      assert.deepEqual(found, expected.sort());
    });

    it("says what is wrong with a folder that it cannot search", () => {
      const missing = join(folder, "missing");
      const message = `Cannot search "${missing}": there is no such folder`;
      assert.throws(() => findFiles(missing), { name: "UsageError", message });
      assert.throws(() => findFiles(join(folder, "plain.js")), /it is not a folder$/);
      assert.throws(() => findFiles(join(folder, "no-source")), /^UsageError: Cannot find a \.js/);
    });
  });

  describe("analyse", () => {
    for (const [name, [lines, functions, comments]] of Object.entries(COUNTS)) {
      it(`counts the lines, functions and comments of ${name}`, () => {
        const outcome = analyse(join(folder, name));
        assert.ok(outcome.ok);
        assert.equal(outcome.lines, lines);
        assert.equal(outcome.functions, functions);
        assert.equal(outcome.comments, comments);
      });
    }

    it("hashes and compresses the file, and says when", () => {
      const outcome = analyse(join(folder, "types.d.ts"));
      assert.ok(outcome.ok);
      assert.equal(outcome.bytes, FILES["types.d.ts"].length);
      assert.match(outcome.sha256, /^[0-9a-f]{64}$/);
      assert.ok(outcome.compressedBytes > 0);
      assert.ok(outcome.startMs <= outcome.endMs);
    });

    it("returns the error of a file that cannot be parsed, with its place", () => {
      const outcome = analyse(join(folder, "deep/broken.js"));
      assert.ok(!outcome.ok);
      const message = "Unexpected token";
      const position = { line: 2, column: 7 };
      assert.deepEqual(outcome.error, { name: "SyntaxError", message, position });
    });

    it("returns the error of a file that cannot be read", () => {
      const outcome = analyse(join(folder, "missing.js"));
      assert.ok(!outcome.ok);
      assert.match(outcome.error.message, /ENOENT/);
      assert.equal(outcome.error.position, undefined);
      assert.equal(outcome.bytes, 0);
    });
  });

  describe("takeCensus", () => {
    for (const executor of ["threads", "processes", "inline"] as const) {
      it(`analyses in order, ${executor}, and a broken file does not stop the others`, async () => {
        const { outcomes, comparison } = await takeCensus(folder, 2, executor);
        assert.deepEqual(
          outcomes.map((outcome) => outcome.path),
          findFiles(folder),
        );
        assert.deepEqual(
          outcomes.filter((outcome) => !outcome.ok).map((outcome) => basename(outcome.path)),
          ["broken.js"],
        );
        const here = analyse(join(folder, "plain.js")).worker;
        const isHere = executor === "inline";
        assert.ok(outcomes.every((outcome) => (outcome.worker === here) === isHere));
        assert.equal(comparison.files, outcomes.length);
        assert.equal(comparison.isSample, false);
        assert.ok(comparison.aloneMs > 0 && comparison.pooledMs > 0);
      });
    }
  });

  describe("summarise", () => {
    it("adds up the files that were analysed, and finds copies", () => {
      const { totals, failures } = summarise(findFiles(folder).map(analyse));
      assert.equal(totals.files, 7);
      assert.equal(totals.failed, 1);
      assert.equal(failures.length, 1);
      assert.equal(totals.copies, 1);
      assert.equal(totals.lines, 4 + 7 + 2 + 2 + 2 + 2);
      assert.equal(totals.functions, 5 + 3 + 0 + 1 + 1 + 1);
      assert.equal(totals.comments, 2 + 1 + 1 + 0 + 0 + 0);
    });

    it("ranks by size and by time", () => {
      const file = { ok: false, path: "", worker: 1, startMs: 0 } as const;
      const error = { name: "Error", message: "", position: undefined };
      const big = { ...file, error, bytes: 9, endMs: 1 };
      const slow = { ...file, error, bytes: 1, endMs: 9 };
      const { largest, slowest } = summarise([slow, big], 1);
      assert.deepEqual(largest, [big]);
      assert.deepEqual(slowest, [slow]);
    });
  });

  describe("the report", () => {
    const error = { name: "SyntaxError", message: "</script><b>bad</b> $&", position: undefined };
    const times = { startMs: 5, endMs: 7, bytes: 3 };
    const census = {
      folder: "sources",
      workers: 2,
      startMs: 4,
      elapsedMs: 10,
      comparison: { files: 2, isSample: false, aloneMs: 4, pooledMs: 2 },
      outcomes: [
        { ok: false, path: join("sources", "<img src=x>.js"), worker: 9, ...times, error },
        { ok: false, path: join("sources", "b.ts"), worker: 4, ...times, error },
      ],
    } as const;
    const html = toHtml(census, summarise(census.outcomes));

    it("holds one box for each file, in the row of its worker", () => {
      const json = /<script type="application\/json"[^>]*>(.*?)<\/script>/s.exec(html)?.[1] ?? "";
      const { boxes } = JSON.parse(json) as { boxes: unknown[] };
      const box = {
        start: 1,
        ms: 2,
        bytes: 3,
        error: { name: error.name, message: error.message },
      };
      assert.deepEqual(boxes, [
        { file: "<img src=x>.js", row: 1, ...box },
        { file: "b.ts", row: 0, ...box },
      ]);
    });

    it("lets no name and no message become HTML", () => {
      assert.ok(!html.includes("<img"));
      assert.ok(!html.includes("<b>bad"));
      assert.ok(!html.includes("innerHTML"));
    });

    it("needs no other file", () => {
      assert.doesNotMatch(html, /\bsrc="|\bhref="|\bimport\b|url\(|https?:/);
    });

    it("has a text twin that gives the speed-up and lists failures", () => {
      const text = toText(census, summarise(census.outcomes));
      assert.match(text, /Speed-up 2\.00×: one thread 4\.0 ms, pool of 2 2\.0 ms/);
      assert.ok(text.includes(`<img src=x>.js  SyntaxError: ${error.message}`));
    });
  });

  describe("the command line", () => {
    it("has defaults for everything", () => {
      const options = readOptions([]);
      assert.ok(options !== "help");
      assert.equal(options.folder, "node_modules");
      assert.equal(options.out, "census-report.html");
      assert.ok(options.workers >= 1);
    });

    it("takes a folder, --workers and --out", () => {
      const options = readOptions(["src", "--workers", "3", "--out", "report.html"]);
      assert.deepEqual(options, {
        folder: "src",
        workers: 3,
        executor: "threads",
        out: "report.html",
      });
      assert.equal((readOptions(["--executor", "processes"]) as Options).executor, "processes");
      assert.equal(readOptions(["--help"]), "help");
    });

    for (const args of [
      ["--wokers", "2"],
      ["--workers", "two"],
      ["--workers", "0"],
      ["--workers", "1.5"],
      ["--executor", "clouds"],
      ["src", "test"],
      ["--out", join("no", "such", "folder", "report.html")],
    ]) {
      it(`refuses ${args.join(" ")}`, () => assert.throws(() => readOptions(args), UsageError));
    }

    it("prints totals and failures, and writes the report", async () => {
      const out = join(folder, "report.html");
      const { code, stdout, stderr } = await runMain([folder, "--workers", "2", "--out", out]);
      assert.equal(code, 0, stderr);
      assert.match(stdout, /files +7 /);
      assert.match(stdout, /failed +1\n/);
      assert.match(stdout, /broken\.js:2:7 {2}SyntaxError: Unexpected token\n/);
      assert.match(stdout, /Speed-up \d+\.\d\d×: .* measured on all 7 files\n/);
      assert.ok(stdout.includes(`Report: ${out}`));
      assert.match(stderr, /7\/7/);
      assert.ok(readFileSync(out, "utf8").includes('"file":"plain.js"'));
    });

    it("says what is wrong, without a stack, and writes nothing", async () => {
      const out = join(folder, "unwritten.html");
      const missing = join(folder, "missing");
      const { code, stderr } = await runMain([missing, "--out", out]);
      assert.equal(code, 2);
      assert.equal(stderr, `Cannot search "${missing}": there is no such folder\n`);
      assert.ok(!existsSync(out));
    });
  });
});

/** Runs the program on the runtime that runs this test. */
function runMain(args: readonly string[]) {
  // Node 20 runs what was compiled: the program is there as JavaScript, as this file is.
  const url = `../../examples/source-census/main${extname(import.meta.url)}`;
  const main = fileURLToPath(new URL(url, import.meta.url));
  const run = process.versions["deno"] ? ["run", "--allow-all"] : ["--no-warnings"];
  const command = process.versions["bun"] ? [main] : [...run, main];
  return new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
    execFile(process.execPath, [...command, ...args], (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr });
    });
  });
}
