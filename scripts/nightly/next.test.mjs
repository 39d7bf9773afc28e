/**
 * A program of Next.js that uses heddle builds and runs, with Turbopack and with webpack: tasks
 * in a page and on the server, and a pool of threads on the server. Which functions of a route run
 * in a thread, and what the others say.
 */
import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { dirname, join } from "node:path";
import { after, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { Browser, BROWSERS } from "../../test/support/browser.ts";
import { installPublished } from "../published.mjs";

const LIMIT_MS = 60_000;

const here = fileURLToPath(new URL(".", import.meta.url));

// Turbopack looks at nothing outside of its root, and Next has to be found from the project.
mkdirSync(join(here, "build"), { recursive: true });
const folder = mkdtempSync(join(here, "build/next-"));
after(() => rmSync(folder, { recursive: true }));
const published = installPublished();
cpSync(join(published, "node_modules"), join(folder, "node_modules"), {
  recursive: true,
  dereference: true,
});
// Turbopack does not follow links that lead outside.
for (const name of readdirSync(join(folder, "node_modules"))) {
  const place = join(folder, "node_modules", name);
  const target = realpathSync(join(published, "node_modules", name));
  rmSync(place, { recursive: true });
  cpSync(target, place, { recursive: true });
}
rmSync(published, { recursive: true });

const FILES = {
  "package.json": '{ "type": "module", "private": true }',
  "next.config.js": `
    const root = ${JSON.stringify(here)};
    export default { turbopack: { root }, outputFileTracingRoot: root };
  `,
  "app/layout.js": `
    export default function Layout({ children }) {
      return <html><body>{children}</body></html>;
    }
  `,
  "app/page.js": `
    "use client";
    import { run, sleep } from "heddle/asyncio";
    import { useEffect } from "react";

    const main = async () => (await sleep(1), "slept in a page");
    export default function Page() {
      useEffect(() => {
        run(main).catch(String).then((body) => fetch("/report", { method: "POST", body }));
      }, []);
      return <p>heddle</p>;
    }
  `,
  "app/report/route.js": `
    export async function POST(request) {
      console.log("report:", await request.text());
      return new Response("");
    }
  `,
  "app/calls/route.js": `
    import { run, sleep } from "heddle/asyncio";
    import { ThreadPoolExecutor } from "heddle/concurrent/futures";

    export const dynamic = "force-dynamic";
    export async function GET() {
      const slept = await run(async () => (await sleep(1), "slept"));
      const pool = new ThreadPoolExecutor({ maxWorkers: 1 });
      try {
        return Response.json([slept, await pool.submit((a, b) => a * b, 6, 7)]);
      } finally {
        await pool.shutdown();
      }
    }
  `,
  "lib/area.js": `
    let hits = 0;
    export const area = (r) => r * r * 5;
    export const hit = () => ++hits;
  `,
  "lib/marked.js": `
    import { basename } from "node:path";
    import { task } from "heddle";
    import dayjs from "dayjs";
    import { area, hit } from "./area.js";
    const ONE = 1;
    export const marked = task(import.meta.url, (r) => [
      area(r) + ONE, hit(), basename("/a/b"), dayjs("2020-01-02").format("YYYY"),
    ]);
  `,
  "app/functions/route.js": `
    import { basename } from "node:path";
    import { ThreadPoolExecutor } from "heddle/concurrent/futures";
    import dayjs from "dayjs";
    import { area, hit } from "../../lib/area.js";
    import { marked } from "../../lib/marked.js";

    export const dynamic = "force-dynamic";
    function doubled(x) { return area(x) * 2; }
    export async function GET() {
      const calls = {
        marked: (pool) => pool.submit(marked, 2),
        imported: (pool) => pool.submit(area, 2),
        "as an argument": (pool) => pool.submit((f, x) => f(x) * 2, area, 2),
        "inline, with an import": (pool) => pool.submit((x) => area(x) + 1, 2),
        "of the route": (pool) => pool.submit(doubled, 2),
        "with a package": (pool) => pool.submit(() => dayjs("2020-01-02").format("YYYY")),
        "with a module of Node": (pool) => pool.submit(() => basename("/a/b")),
        "with state": (pool) => pool.submit(() => hit() + area(2)),
      };
      const pool = new ThreadPoolExecutor({ maxWorkers: 1 });
      const results = {};
      for (const [name, call] of Object.entries(calls)) {
        try {
          results[name] = await call(pool);
        } catch (error) {
          results[name] = error.name + ": " + error.message;
        }
      }
      await pool.shutdown();
      return Response.json(results);
    }
  `,
};

function writeFiles() {
  for (const [path, text] of Object.entries(FILES)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

const next = join(here, "node_modules/next/dist/bin/next");
const env = { ...process.env, NEXT_TELEMETRY_DISABLED: "1" };

/** A port that is free now. */
async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Starts the built program, and calls a function with its address and what it prints. */
async function serve(use) {
  const port = await freePort();
  const args = [next, "start", "--port", String(port), "--hostname", "127.0.0.1"];
  const server = spawn(process.execPath, args, { cwd: folder, env });
  let output = "";
  const waiting = [];
  const look = (text) => {
    output += text;
    for (const { pattern, resolve } of waiting) if (pattern.test(output)) resolve();
  };
  server.stdout.setEncoding("utf8").on("data", look);
  server.stderr.setEncoding("utf8").on("data", look);
  const printed = async (pattern) => {
    const { promise, resolve, reject } = Promise.withResolvers();
    const limit = setTimeout(
      () => reject(new Error(`not printed: ${pattern}\n${output}`)),
      LIMIT_MS,
    );
    waiting.push({ pattern, resolve });
    look("");
    await promise.finally(() => clearTimeout(limit));
  };
  try {
    await printed(/Ready/);
    await use(`http://127.0.0.1:${port}`, printed, () => output);
  } finally {
    server.kill("SIGKILL");
  }
}

for (const bundler of ["turbopack", "webpack"]) {
  describe(`Next.js with ${bundler}`, () => {
    it("builds", async () => {
      writeFiles();
      rmSync(join(folder, ".next"), { recursive: true, force: true });
      await promisify(execFile)(process.execPath, [next, "build", `--${bundler}`], {
        cwd: folder,
        env,
      });
    });

    it("runs tasks and a pool on the server", async () => {
      await serve(async (address) => {
        assert.deepEqual(await (await fetch(`${address}/calls`)).json(), ["slept", 42]);
      });
    });

    it("runs functions that are marked, or use nothing around them; for others it says what helps", async () => {
      await serve(async (address) => {
        const results = await (await fetch(`${address}/functions`)).json();
        const { marked, imported, "as an argument": passed, ...others } = results;
        assert.deepEqual([marked, imported, passed], [[21, 1, "b", "2020"], 20, 40]);
        assert.equal(Object.keys(others).length, 5);
        for (const [name, message] of Object.entries(others)) {
          assert.match(message, /^NotShippableError: Cannot ship the function /, name);
          assert.match(message, /mark the function where its module defines it, task\(/, name);
        }
      });
    });

    it("runs no other program in a thread where the sources of marked functions are missing", async () => {
      rmSync(join(folder, "lib"), { recursive: true });
      await serve(async (address, _, output) => {
        const { marked, imported } = await (await fetch(`${address}/functions`)).json();
        assert.match(marked, /its file is missing\. Put it where the build had it/);
        assert.equal(imported, 20);
        assert.doesNotMatch(output(), /EADDRINUSE/);
      });
      writeFiles();
    });

    it("runs tasks in a page", async () => {
      await serve(async (address, printed) => {
        const browser = new Browser(BROWSERS[0], address);
        try {
          await printed(/report: slept in a page/);
        } catch (error) {
          throw new Error(`the page reports nothing: ${browser.output}`, { cause: error });
        } finally {
          await browser.close();
        }
      });
    });
  });
}
