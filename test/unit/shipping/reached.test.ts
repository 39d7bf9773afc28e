/** Functions wherever a program can get them from: packages, graphs of modules, aliases, queries. */
import assert from "node:assert/strict";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import process from "node:process";
import { after, before, describe, it } from "node:test";

import { runProgram } from "../../support/program.ts";

const folder = new URL(`../../../build/reached-${process.pid}/`, import.meta.url);
before(() => mkdirSync(folder, { recursive: true }));
after(() => rmSync(folder, { recursive: true }));

function write(files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    const file = new URL(name, folder);
    mkdirSync(new URL(".", file), { recursive: true });
    writeFileSync(file, text);
  }
}

/** Calls each of the object's functions here and in a worker; gives those of which the outcomes differ. */
const COMPARED = `
import { ThreadPoolExecutor } from "heddle/concurrent/futures";
export async function compared(calls) {
  const pool = new ThreadPoolExecutor({ maxWorkers: 1 });
  const outcome = async (call) => {
    try {
      return JSON.stringify(await call());
    } catch (error) {
      return String(error);
    }
  };
  const differing = {};
  for (const [name, [fn, ...args]] of Object.entries(calls)) {
    const there = await outcome(() => pool.submit(fn, ...args));
    const here = await outcome(() => fn(...args));
    if (here !== there) differing[name] = there;
  }
  await pool.shutdown();
  console.log(JSON.stringify(differing));
}
`;

/** Runs a module that compares calls. */
function differing(main: string, files: Readonly<Record<string, string>> = {}): unknown {
  write({ ...files, "compared.mjs": COMPARED, "main.mjs": main });
  const { stdout, stderr } = runProgram(new URL("main.mjs", folder));
  assert.notEqual(stdout, "", stderr);
  return JSON.parse(stdout);
}

describe("a function of a package", () => {
  it("runs in a worker, whatever the package exports and by what name it is imported", () => {
    const outcome = differing(`
      import { compared } from "./compared.mjs";
      import { gunzipSync, gzipSync, strToU8 } from "fflate";
      import { marked, parse as parseMarkdown } from "marked";
      import milliseconds from "ms";
      import semver from "semver";
      import isNewer from "semver/functions/gt.js";
      import YAML, { parse, stringify as toYaml } from "yaml";
      await compared({
        "one for import and one for require": [strToU8, "abc"],
        "with a callback inside": [gunzipSync, gzipSync(strToU8("abc"))],
        "a re-export under another name": [parseMarkdown, "*a*"],
        "a function that is an object of functions": [marked, "# a"],
        "one of these": [marked.parseInline, "*a*"],
        "a CommonJS module that is a function": [milliseconds, "2h"],
        "of an object that CommonJS exports": [semver.inc, "1.2.3", "minor"],
        "a file of a package": [isNewer, "2.0.0", "1.0.0"],
        "CommonJS's export by its name": [parse, "a: [1]"],
        "CommonJS's export by another name": [toYaml, { a: [1] }],
        "of the default": [YAML.parse, "b: 2"],
        inline: [(text) => milliseconds(parse(text).limit), "limit: 2h"],
      });
    `);
    assert.deepEqual(outcome, {});
  });
});

describe("a function of a module", () => {
  /** Modules of which each imports the next. */
  const DEPTH = 8;
  const chain = Array.from({ length: DEPTH }, (_, i): [string, string] => [
    `deep/${i}.mjs`,
    `import * as next from "./${i + 1}.mjs"; export const get = (name) => next.get(name);`,
  ]);

  it("runs in a worker however deep its module is, as do those of packages that it hands out", () => {
    const outcome = differing(
      `
      import { compared } from "./compared.mjs";
      import { get } from "./deep/0.mjs";
      await compared({
        exported: [get("count"), 2],
        "not exported": [get("hidden"), 2],
        "of a package": [get("ms"), "2h"],
        "of a package, by its name": [get("strToU8"), "abc"],
      });
      `,
      {
        ...Object.fromEntries(chain),
        [`deep/${DEPTH}.mjs`]: `
          import { strToU8 } from "fflate";
          import ms from "ms";
          let calls = 0;
          export function count(n) { return (calls += n); }
          const hidden = (n) => n * 2 + RATE;
          const RATE = 5;
          const all = new Map(Object.entries({ count, hidden, ms, strToU8 }));
          export const get = (name) => all.get(name);
        `,
      },
    );
    assert.deepEqual(outcome, {});
  });

  it("runs in a worker by whatever name it is exported, and CommonJS's too", () => {
    const outcome = differing(
      `
      import { compared } from "./compared.mjs";
      import { doubled, members, tripled } from "./barrel/index.mjs";
      import common, { area, renamed } from "./common/index.cjs";
      import { scaled } from "./awaits.mjs";
      await compared({
        "a default that is exported by a name": [tripled, 2],
        "an export by another name": [doubled, 2],
        "of a namespace": [members.helper, 2],
        "the default of a namespace": [members.default, 2],
        "CommonJS's exports.area": [area, 2],
        "of CommonJS's default": [common.area, 2],
        "of an object in it": [common.inside.area, 2],
        "what it has from another module": [renamed, 2],
        "a module that is a function": [common.single, 2],
        "of a module that awaits": [scaled, 2],
      });
      `,
      {
        "barrel/index.mjs": `
          export { default as tripled, helper as doubled } from "./sub/index.mjs";
          export * as members from "./sub/index.mjs";
        `,
        "barrel/sub/index.mjs": `
          export { default } from "./triple.mjs";
          export * from "./helper.mjs";
        `,
        "barrel/sub/triple.mjs": `
          import { K } from "./k.mjs";
          export default function (x) { return x * K; }
        `,
        "barrel/sub/helper.mjs": `
          import { K } from "./k.mjs";
          export const helper = (x) => x * (K - 1);
        `,
        "barrel/sub/k.mjs": "export const K = Math.abs(3);",
        "common/index.cjs": `
          exports.area = (r) => r * r * PI;
          const PI = Math.abs(3);
          exports.inside = { area: exports.area };
          exports.renamed = require("./other.cjs").inner;
          exports.single = require("./single.cjs");
        `,
        "common/other.cjs": `
          const N = Math.abs(7);
          function inner(x) { return x + N; }
          module.exports = { inner };
        `,
        "common/single.cjs": `
          const N = Math.abs(8);
          module.exports = function named(x) { return x + N; };
        `,
        "awaits.mjs": `
          const rate = await Promise.resolve(6);
          export const scaled = (n) => n * rate;
        `,
      },
    );
    assert.deepEqual(outcome, {});
  });

  it("is of the module with the query that it was imported with", () => {
    const outcome = differing(
      `
      import { compared } from "./compared.mjs";
      import * as queried from "./queried.mjs?v=1";
      await compared({
        hit: [queried.hit, 2],
        "its URL": [queried.query],
        again: [queried.hit, 2],
        inline: [(n) => queried.hit(n) * 2, 1],
      });
      `,
      {
        "queried.mjs": `
          let hits = 0;
          export const hit = (n) => (hits += n);
          export const query = () => import.meta.url.replace(/[^?]*/, "");
        `,
      },
    );
    assert.deepEqual(outcome, {});
  });
});

describe("a function of a module whose name is in a variable", () => {
  const files = {
    "known.mjs": "let hits = 0; export const hit = (n) => (hits += n);",
    "unknown.mjs": `
      import { task } from "heddle";
      let hits = 10;
      export const hit = (n) => (hits += n);
      export const marked = task(import.meta.url, (n) => (hits += n));
    `,
  };

  it("is not taken for another of the same name and text", () => {
    const outcome = differing(
      `
      import { compared } from "./compared.mjs";
      import { hit } from "./known.mjs";
      const name = "./unknown.mjs";
      const unknown = await import(name);
      await compared({ known: [hit, 1], unknown: [unknown.hit, 1] });
      `,
      files,
    );
    assert.deepEqual(outcome, {
      unknown:
        'NotShippableError: Cannot ship the function "hit": it has the text of "hit" ' +
        "(known.mjs:1:34), and is another function. Import the module that exports it by its " +
        "path in quotes, or mark it: task(import.meta.url, fn)",
    });
  });

  it("runs in a worker after it was imported by its path in quotes, or marked", () => {
    const outcome = differing(
      `
      import { compared } from "./compared.mjs";
      import { hit } from "./known.mjs";
      const name = "./unknown.mjs";
      const { marked } = await import(name);
      const unknown = await import("./unknown.mjs");
      await compared({ known: [hit, 1], unknown: [unknown.hit, 1], marked: [marked, 1] });
      `,
      files,
    );
    assert.deepEqual(outcome, {});
  });
});

// Bun reads the paths of tsconfig.json itself.
if (process.versions["bun"] !== undefined) {
  describe("a function that is imported by an alias of tsconfig.json", () => {
    it("runs in a worker, and so does one that uses it", () => {
      write({
        "aliased/tsconfig.json":
          '{ "compilerOptions": { "paths": { "@/*": ["./lib/*"], "config": ["./lib/config.ts"] } } }',
        "aliased/lib/config.ts": "export const PI: number = Math.abs(3);",
        "aliased/lib/area.ts": `
          import { PI } from "config";
          export const area = (r: number): number => r * r * PI;
        `,
        "aliased/main.mts": `
          import { ThreadPoolExecutor } from "heddle/concurrent/futures";
          import { area } from "@/area.ts";
          const pool = new ThreadPoolExecutor({ maxWorkers: 1 });
          console.log(await pool.submit(area, 2), await pool.submit((r: number) => area(r) + 1, 2));
          await pool.shutdown();
        `,
      });
      const { stdout, stderr } = runProgram(new URL("aliased/main.mts", folder));
      assert.equal(stdout, "12 13\n", stderr);
    });
  });
}
