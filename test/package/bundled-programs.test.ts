/**
 * Programs into which a bundler has put heddle run where the package is not: their workers start
 * with a text that is in the bundle.
 */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { after, describe, it } from "node:test";
import { promisify } from "node:util";
import * as esbuild from "esbuild";
import * as vite from "vite";
import { project } from "../support/published.ts";

const LIMIT_MS = 60_000;

/** How functions of the main module are marked, in each kind of module that a bundler makes. */
const SITES = { esm: "import.meta.url", cjs: "__filename" };

const program = (site: string): string => `
  import { isMainThread, task, TimeoutError } from "heddle";
  import { run, sleep, toThread } from "heddle/asyncio";
  import { BrokenThreadPool, ThreadPoolExecutor } from "heddle/concurrent/futures";
  import { Queue } from "heddle/queue";
  import { Condition, Lock, Thread } from "heddle/threading";

  const factor = 3;
  const triple = task(${site}, (n) => n * factor);
  const failLate = task(${site}, () => { throw new TimeoutError("late"); });
  const releaseTwice = task(${site}, (lock) => {
    const condition = new Condition(lock);
    condition.withSync(() => condition.notify());
    try {
      lock.release();
    } catch (error) {
      return error.name;
    }
  });

  async function main() {
    const pool = new ThreadPoolExecutor({ maxWorkers: 2 });
    const results = [
      pool.submit((a, b) => a * b, 6, 7).resultSync(),
      await pool.submit(triple, 2),
      await pool.map((n) => n + 1, [1, 2, 3]),
    ];
    const error = await pool.submit(failLate).exception();
    results.push([error instanceof TimeoutError, String(error)]);
    const lock = new Lock();
    results.push(await pool.submit((its) => its.withSync(() => its.locked()), lock));
    results.push(await pool.submit(releaseTwice, lock));
    // On Bun a class has no name there that its text does not give it.
    const named = await pool.submit((its) => its.constructor.name, lock);
    results.push("bun" in process.versions || named === "Lock");
    const queue = new Queue();
    const thread = new Thread({ target: (to) => to.putSync("from a thread"), args: [queue] });
    thread.start();
    results.push(await queue.get());
    await thread.join();
    results.push(await run(async () => (await sleep(1), toThread((n) => n * 2, 21))));
    results.push((await pool.submit(() => Math.max)) === Math.max);
    results.push((await pool.submit((fn) => fn, triple)) === triple);
    const made = await pool.submit(() => (n) => n + 1).exception();
    results.push(/a worker of a bundled program .* Mark the function/.test(made.message));
    const broken = await pool.submit(() => process.exit(3)).exception();
    results.push([broken instanceof BrokenThreadPool, broken.exitCode]);
    await pool.shutdown();
    console.log(JSON.stringify(results));
  }
  if (isMainThread) main();
`;

const EXPECTED = [
  42,
  6,
  [2, 3, 4],
  [true, "TimeoutError: late"],
  true,
  "RuntimeError",
  true,
  "from a thread",
  42,
  true,
  true,
  true,
  [true, 3],
];

const source = project({ "esm.js": program(SITES.esm), "cjs.js": program(SITES.cjs) });
after(source.remove);

/** Nothing that a program could find of heddle is in reach from here. */
const away = mkdtempSync(join(tmpdir(), "heddle-bundled-"));
after(() => rmSync(away, { recursive: true }));

async function output(file: string): Promise<unknown> {
  const options = { timeout: LIMIT_MS, cwd: away };
  const { stdout } = await promisify(execFile)(process.execPath, [file], options);
  return JSON.parse(stdout);
}

async function byEsbuild(format: "esm" | "cjs", options: esbuild.BuildOptions): Promise<string> {
  const name = Object.keys(options).join("-");
  const file = join(away, `esbuild-${name}.${format === "esm" ? "mjs" : "cjs"}`);
  const { warnings } = await esbuild.build({
    entryPoints: [join(source.folder, `${format}.js`)],
    outfile: file,
    bundle: true,
    format,
    platform: "node",
    target: "es2022",
    logLevel: "error",
    ...options,
  });
  assert.deepEqual(warnings, []);
  return file;
}

async function byVite(): Promise<string> {
  const folder = join(away, "vite");
  await vite.build({
    root: source.folder,
    configFile: false,
    logLevel: "error",
    ssr: { noExternal: true },
    build: {
      outDir: folder,
      target: "es2022",
      minify: true,
      ssr: "esm.js",
      rolldownOptions: { output: { entryFileNames: "main.mjs", chunkFileNames: "[name].mjs" } },
    },
  });
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
  return join(folder, "main.mjs");
}

const BUNDLES: Readonly<Record<string, () => Promise<string>>> = {
  "by esbuild, as an ES module": async () => byEsbuild("esm", {}),
  "by esbuild, as an ES module, minified": async () => byEsbuild("esm", { minify: true }),
  "by esbuild, as CommonJS, minified": async () => byEsbuild("cjs", { minify: true }),
  "by a bundler that writes where the source was in place of import.meta.url": async () =>
    byEsbuild("esm", { define: { "import.meta.url": '"file:///gone/main.js"' } }),
  "by Vite, for a server": byVite,
};

describe("a program with heddle inside runs", () => {
  for (const [name, bundle] of Object.entries(BUNDLES)) {
    it(name, async () => {
      assert.deepEqual(await output(await bundle()), EXPECTED);
    });
  }

  it("it says what is missing where a bundler was kept from what workers start with", async () => {
    const file = await byEsbuild("esm", { conditions: ["custom"] });
    await assert.rejects(
      output(file),
      /UnsupportedError: Cannot start a worker: a bundler has left/,
    );
  });
});
