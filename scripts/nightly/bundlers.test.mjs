/**
 * Programs that bundlers have made run, in Node where the package is gone, and in Chromium.
 */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import * as esbuild from "esbuild";
import { rolldown } from "rolldown";
import * as vite from "vite";
import webpack from "webpack";

import { Browser, BROWSERS, PageServer } from "../../test/support/browser.ts";
import { installPublished } from "../published.mjs";

const LIMIT_MS = 30_000;

const folder = installPublished();
after(() => rmSync(folder, { recursive: true }));

const PROGRAMS = {
  "tasks.js": `
    import { run, sleep, taskGroup } from "heddle/asyncio";
    import { ContextVar } from "heddle/contextvars";
    const name = new ContextVar("name", { default: "nobody" });
    const names = [];
    await run(() => taskGroup((group) => {
      for (const one of ["ada", "bob"])
        group.createTask(async () => (name.set(one), await sleep(1), names.push(name.get())));
    }));
    console.log(names.join());
  `,
  "pool.js": `
    import { isMainThread, task } from "heddle";
    import { ThreadPoolExecutor } from "heddle/concurrent/futures";
    const factor = 3;
    const triple = task(import.meta.url, (n) => n * factor);
    async function main() {
      const pool = new ThreadPoolExecutor({ maxWorkers: 1 });
      console.log(await pool.submit((a, b) => a * b, 6, 7), await pool.submit(triple, 2));
      await pool.shutdown();
    }
    if (isMainThread) await main();
  `,
  "page.js": readFileSync(
    fileURLToPath(new URL("../../test/browser/bundled.js", import.meta.url)),
    "utf8",
  ),
  "package.json": '{ "type": "module" }',
};
for (const [name, text] of Object.entries(PROGRAMS)) writeFileSync(join(folder, name), text);

/** How each bundler makes a folder with a main.js of a program. */
const BUNDLERS = {
  esbuild: (entry, outdir, platform) =>
    esbuild.build({
      entryPoints: { main: join(folder, entry) },
      outdir,
      bundle: true,
      format: "esm",
      platform,
      target: "es2022",
      logLevel: "error",
    }),
  Vite: (entry, outDir, platform) =>
    vite.build({
      root: folder,
      configFile: false,
      logLevel: "error",
      ...(platform === "node" ? { ssr: { noExternal: true } } : {}),
      build: {
        outDir,
        emptyOutDir: false,
        target: "es2022",
        ssr: platform === "node" ? entry : false,
        rolldownOptions: { input: entry, output: { entryFileNames: "main.js" } },
      },
    }),
  Rolldown: async (entry, dir, platform) => {
    const bundle = await rolldown({ input: join(folder, entry), platform });
    await bundle.write({ dir, format: "esm", entryFileNames: "main.js" });
  },
  webpack: (entry, path, platform) =>
    new Promise((resolve, reject) => {
      const options = {
        context: folder,
        mode: "production",
        entry: `./${entry}`,
        target: platform === "node" ? "node20" : ["web", "es2022"],
        experiments: { outputModule: true },
        output: { path, module: true, chunkFormat: "module", filename: "main.js" },
      };
      webpack(options, (error, stats) => {
        if (error) reject(error);
        else if (stats.hasErrors()) reject(new Error(stats.toString("errors-only")));
        else resolve();
      });
    }),
};

/** Runs a bundled program as on another machine: where neither the package nor the source is. */
async function runBundle(name, entry) {
  const out = join(folder, `out-${name}-${entry}`);
  await BUNDLERS[name](entry, out, "node");
  writeFileSync(join(out, "package.json"), '{ "type": "module" }');
  const [here, away] = [join(folder, "node_modules"), join(folder, "away")];
  const [source, hidden] = [join(folder, entry), join(folder, `${entry}.away`)];
  renameSync(here, away);
  renameSync(source, hidden);
  try {
    const main = join(out, "main.js");
    const { stdout } = await promisify(execFile)(process.execPath, [main], { timeout: LIMIT_MS });
    return stdout.trim();
  } finally {
    renameSync(away, here);
    renameSync(hidden, source);
  }
}

/** Shows a bundled program's page in Chromium; returns what it reports. */
async function showBundle(name) {
  const out = join(folder, `out-${name}-page`);
  mkdirSync(out, { recursive: true });
  await BUNDLERS[name]("page.js", out, "browser");
  const { promise, resolve, reject } = Promise.withResolvers();
  const server = new PageServer({ "/": out }, (path, body) => {
    if (path === "/report") resolve(JSON.parse(body));
    else if (path === "/")
      return { type: "text/html", text: '<script type="module" src="/main.js"></script>' };
    return path === "/report" ? { type: "text/plain", text: "" } : undefined;
  });
  const browser = new Browser(BROWSERS[0], `${await server.listen()}/`);
  const limit = setTimeout(() => reject(new Error(`no report: ${browser.output}`)), LIMIT_MS);
  try {
    return await promise;
  } finally {
    clearTimeout(limit);
    await browser.close();
    server.close();
  }
}

for (const name of Object.keys(BUNDLERS)) {
  describe(`bundled by ${name}`, () => {
    it("tasks and context variables run in Node", async () => {
      assert.equal(await runBundle(name, "tasks.js"), "ada,bob");
    });

    it("a pool and marked functions run in Node", async () => {
      assert.equal(await runBundle(name, "pool.js"), "42 6");
    });

    it("tasks and context variables run in a page", async () => {
      assert.deepEqual(await showBundle(name), { address: "/bundled", passed: 1, failures: [] });
    });
  });
}
