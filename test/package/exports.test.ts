/**
 * What the published package exports, and that its parts are all there.
 *
 * The list in exports.json is reviewed like code. To write it anew:
 *
 *   HEDDLE_UPDATE=1 npm test -- --only package/exports
 */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { describe, it } from "node:test";
import { parse } from "es-module-lexer";
import {
  manifest,
  packageFolder,
  project,
  published,
  root,
  specifiers,
} from "../support/published.ts";

type Kinds = Readonly<Record<string, Readonly<Record<string, string>>>>;

const SNAPSHOT = join(root, "test/package/exports.json");

const LIST_EXPORTS = `
  const kindOf = (value) =>
    typeof value !== "function" ? typeof value
      : /^class\\b/.test(Function.prototype.toString.call(value)) ? "class" : "function";
  const kinds = {};
  for (const specifier of ${JSON.stringify(specifiers)}) {
    const names = Object.entries(await import(specifier)).sort(([a], [b]) => (a < b ? -1 : 1));
    kinds[specifier] = Object.fromEntries(names.map(([name, value]) => [name, kindOf(value)]));
  }
  console.log(JSON.stringify(kinds));
`;

const PROGRAM = `
  import { run, sleep, toThread } from "heddle/asyncio";
  import { ThreadPoolExecutor } from "heddle/concurrent/futures";
  import { Queue } from "heddle/queue";
  import { Thread } from "heddle/threading";

  const pool = new ThreadPoolExecutor({ maxWorkers: 1 });
  const queue = new Queue();
  const thread = new Thread({ target: (to) => to.putSync("item"), args: [queue] });
  thread.start();
  const results = [
    await pool.submit((a, b) => a * b, 6, 7),
    await queue.get(),
    await run(async () => (await sleep(1), toThread(() => "from a thread"))),
  ];
  await thread.join();
  await pool.shutdown();
  console.log(JSON.stringify(results));
`;

/** Runs a program that uses the package as it is published. */
function output(text: string): string {
  const { folder, remove } = project({ "program.mjs": text });
  try {
    return execFileSync(process.execPath, ["program.mjs"], { cwd: folder, encoding: "utf8" });
  } finally {
    remove();
  }
}

describe("the published package", () => {
  it("exports what exports.json lists, and nothing else", () => {
    const kinds = JSON.parse(output(LIST_EXPORTS)) as Kinds;
    if (process.env["HEDDLE_UPDATE"] !== undefined)
      writeFileSync(SNAPSHOT, `${JSON.stringify(kinds, undefined, 2)}\n`);
    const expected = JSON.parse(readFileSync(SNAPSHOT, "utf8")) as Kinds;
    assert.deepEqual(
      kinds,
      expected,
      "The exports have changed. If that is meant, HEDDLE_UPDATE=1 npm test -- --only package/exports",
    );
  });

  it("has every file that its package.json names", () => {
    const named = [
      ...Object.values(manifest.exports).flatMap((entry) =>
        typeof entry === "string" ? entry : [entry.types, entry.default],
      ),
      ...Object.values(manifest.imports)
        .flatMap((files) => Object.values(files))
        .filter((file) => typeof file === "string"),
      ...manifest.sideEffects.filter((path) => !path.includes("*")),
    ];
    assert.ok(named.length > 20);
    assert.deepEqual(
      named.filter((path) => !existsSync(join(packageFolder, path))),
      [],
    );
  });

  it("has at most 250 files, and 454 kB packed", () => {
    const files = readdirSync(packageFolder, { recursive: true, withFileTypes: true });
    const count = files.filter((entry) => entry.isFile()).length;
    const tarballs = readdirSync(published).filter((name) => name.endsWith(".tgz"));
    assert.equal(tarballs.length, 1);
    const { size } = statSync(join(published, tarballs[0] ?? ""));
    assert.ok(count <= 250, `${count} files`);
    assert.ok(size <= 454_000, `${size} bytes`);
  });

  it("declares, with docstrings, what users see, and nothing else", () => {
    const declarations = (path: string): string =>
      readFileSync(join(packageFolder, "dist", `${path}.d.ts`), "utf8");
    const exported = ["errors", "asyncio/engine/classes", "concurrent/futures/pool-executor"];
    const inherited = ["_thread/acquirable", "asyncio/sync/acquirable", "base/catch-finally"];
    for (const path of [...exported, ...inherited]) assert.match(declarations(path), /\/\*\*/);
    const internal = ["asyncio/engine/task-core", "pool/worker-pool", "wire/pack"];
    for (const path of internal) assert.throws(() => declarations(path), { code: "ENOENT" });
    assert.match(declarations("concurrent/futures/pool-executor"), /\bclass PoolExecutor\b/);
    assert.doesNotMatch(declarations("concurrent/futures/pool-executor"), /\bCallRunner\b/);
  });

  it("starts a worker with a file that loads no other until it is needed", () => {
    const [imports] = parse(readFileSync(join(packageFolder, "dist/worker/main.js"), "utf8"));
    // Each of them is loaded by import(), as the classes of shared objects.
    assert.deepEqual(
      imports.filter(({ type }) => type !== "dynamic" && type !== "import-meta"),
      [],
    );
    assert.ok(imports.some(({ type }) => type === "dynamic"));
  });

  it("runs a program with a pool, a thread, a queue and tasks", () => {
    assert.deepEqual(JSON.parse(output(PROGRAM)), [42, "item", "from a thread"]);
  });
});
