/**
 * The core of asyncio and the context variables, in real browsers: the files that test them on
 * servers, with the published package and the stand-ins for Node's modules in test/browser.
 */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { after, before, describe, it } from "node:test";
import * as esbuild from "esbuild";
import * as vite from "vite";
import { Browser, BROWSERS, type BrowserKind, PageServer } from "../support/browser.ts";
import { manifest, packageFolder, project, root } from "../support/published.ts";

/** How long a page may take to report, in milliseconds. */
const LIMIT_MS = 60_000;

const PROCESS = "it runs a program in a process of its own";
const SOCKETS = "pages have no sockets";
const PROCESSES = "pages have no processes";
const EXTERNAL = "an async function's task does not wait for promises that are not heddle's";
const CONTEXT = "nothing keeps an async function's context over such promises";
const BESIDE = "nothing tells apart the async functions of one task that wait at the same time";
const LATE = "async functions never start eagerly in a page";
const THREADS = "threads do not start in pages yet";
const NO_CONSOLE = "it is about Node's console";

/** Files that run in a page, and their tests that cannot, with the reason. */
const FILES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "test/browser/strict-mode.js": {},
  "test/oracle/asyncio.test.js": {},
  "test/oracle/tutorial.test.js": {
    "the programs of Python's tutorial, generators > echo server and client": SOCKETS,
    "the programs of Python's tutorial, generators > subprocess": PROCESSES,
    "the programs of Python's tutorial, async functions > echo server and client": SOCKETS,
    "the programs of Python's tutorial, async functions > subprocess": PROCESSES,
  },
  "test/python/asyncio/combinators.test.js": {},
  "test/python/asyncio/eager.test.js": {
    "eager tasks, async functions > EG-003 eager task: a future that its first step sets can be waited for at once":
      LATE,
    "eager tasks, async functions > EG-004 eager task: one that waits is pending, and finishes later":
      LATE,
    "eager tasks, async functions > EG-008 eager task: it is among all tasks until it is done":
      LATE,
    "eager tasks, async functions > EG-014 eager task: eagerStart decides, whatever the factory":
      LATE,
  },
  "test/python/asyncio/futures.test.js": {
    "asyncio.Future > FU-015 Future: an error that nobody asked about is reported, once": PROCESS,
  },
  "test/python/asyncio/graph.test.js": {},
  "test/python/asyncio/locks.test.js": {},
  "test/python/asyncio/loop.test.js": {
    "asyncio.run > RN-019 run: Ctrl-C cancels the main task; if that ends it, KeyboardInterrupt is thrown":
      PROCESS,
    "asyncio.run > a run that could never end throws DeadlockError rather than end without a word":
      PROCESS,
    "asyncio.run > a task belongs to the run of the task that made it, whichever run began last":
      EXTERNAL,
    "asyncio.Loop > EL-017 Task: a failure that nobody saw is reported": PROCESS,
  },
  "test/python/asyncio/queues.test.js": {},
  "test/python/asyncio/stream-reader.test.js": {},
  "test/python/asyncio/task-groups.test.js": {
    "asyncio.TaskGroup, async functions > TG-036 TaskGroup: createTask passes other options on":
      LATE,
  },
  "test/python/asyncio/tasks.test.js": {},
  "test/python/asyncio/timeouts.test.js": {},
  "test/python/contextvars.test.js": {
    "contextvars > CT-028 ContextVar: ten pool threads that set and read one variable never see each other's values":
      THREADS,
  },
  "test/unit/asyncio/blocks.test.js": {
    "blocks beside each other, in one async function > may expire at the same time, in whatever form their bodies are":
      BESIDE,
    "blocks beside each other, in one async function > are groups of their own: the failure of one cancels nothing of another":
      BESIDE,
  },
  "test/unit/asyncio/byte-buffer.test.js": {},
  "test/unit/asyncio/cancelled-error.test.js": {},
  "test/unit/asyncio/concurrent-runs.test.js": {
    "runs that share a loop > what a run closes at its end is not cancelled by the end of another":
      THREADS,
  },
  "test/unit/asyncio/debug.test.js": {
    "asyncio's debug mode > tells of a cancelled task that awaits a promise that is not heddle's, once":
      EXTERNAL,
    "asyncio's debug mode > does so once in a program in which no loop is in debug mode": EXTERNAL,
    "asyncio's debug mode > says nothing of a cancelled task that awaits a promise to clean up":
      EXTERNAL,
    "asyncio's debug mode > tells of what was never awaited, when the program ends": PROCESS,
  },
  "test/unit/asyncio/dump-tasks.test.js": {
    "dumpTasks > knows that a task awaits what is not heddle's": EXTERNAL,
  },
  "test/unit/asyncio/foreign.test.js": {
    "fromPromise, generators > calls the function in the task's context, and as no part of the task":
      CONTEXT,
    "fromPromise, async functions > calls the function in the task's context, and as no part of the task":
      CONTEXT,
    "then(), called by a generator > starts something that is no part of the task": EXTERNAL,
    "async functions in tasks > are not interrupted in a wait for something foreign, but at their next wait":
      EXTERNAL,
    "async functions in tasks > keep the context that they were called in, over their waits":
      CONTEXT,
    "async functions in tasks > keep the order of steps, also as the body of a generator's block":
      EXTERNAL,
  },
  "test/unit/asyncio/laws.test.js": {},
  "test/unit/asyncio/no-threads.test.js": {},
  "test/unit/asyncio/run-settings.test.js": {},
  "test/unit/asyncio/styles-agree.test.js": {},
  "test/unit/asyncio/timers.test.js": {},
  "test/unit/asyncio/undefined-errors.test.js": {},
  "test/unit/asyncio/wrong-arguments.test.js": {},
  "test/unit/contextvars/context-var.test.js": {
    "ContextVar > shows its string form on consoles": NO_CONSOLE,
  },
  "test/unit/contextvars/entries.test.js": {},
  "test/unit/contextvars/token.test.js": {
    "Token > resets in a later step of asynchronous code, too": CONTEXT,
  },
  "test/unit/contextvars/variables.test.js": {},
};

/** Files of which a page has what they import, and that have nothing for it all the same. */
const UNFIT: Readonly<Record<string, string>> = {
  "test/unit/asyncio/cancel-delivery.test.js": EXTERNAL,
  "test/unit/asyncio/cancelled-programs.test.js": EXTERNAL,
  "test/unit/asyncio/detached-calls.test.js": PROCESS,
  "test/unit/asyncio/failing-clock.test.js": PROCESS,
  "test/unit/asyncio/interrupts.test.js": "pages get no signals",
  "test/unit/asyncio/python-rules.test.js": THREADS,
  "test/unit/asyncio/signals.test.js": "pages get no signals",
  "test/unit/asyncio/thread-waits.test.js": THREADS,
  "test/unit/asyncio/tls-handshake.test.js": SOCKETS,
  "test/unit/asyncio/two-copies.test.js": "it copies files",
  "test/unit/contextvars/captures.test.js": THREADS,
  "test/unit/contextvars/context.test.js": "it copies files",
};

/** Folders whose tests run in a page where they can. */
const CANDIDATES =
  /^test\/(?:python\/(?:asyncio\/.*|contextvars)|oracle\/.*|unit\/(?:asyncio|contextvars)\/.*)\.test\.js$|^test\/browser\/strict-mode\.js$/;

const build = join(root, "build/tests");

/** What stands for each module of Node's in a page. */
const STAND_INS: Readonly<Record<string, string>> = {
  "node:assert/strict": "node-assert.js",
  "node:fs": "node-fs.js",
  "node:process": "node-process.js",
  "node:test": "node-test.js",
  "node:timers/promises": "node-timers-promises.js",
  "node:child_process": "node-absent.js",
  "node:events": "node-absent.js",
  "node:url": "node-absent.js",
  "node:util": "node-absent.js",
};

/** What the modules of a page import. Unit tests run heddle's modules as they are. */
function importMapFor(file: string): Readonly<Record<string, string>> {
  const folder = file.startsWith("test/unit/") ? "/build/src/" : "/dist/";
  return {
    "#platform": `${folder}platform/browser.js`,
    "#functions": `${folder}shipping/resolve-in-pages.js`,
    "#asyncio-host": `${folder}asyncio/host/page.js`,
    "fast-check": "/fast-check.js",
    ...Object.fromEntries(
      Object.entries(STAND_INS).map(([name, script]) => [name, `/test/browser/${script}`]),
    ),
    ...Object.fromEntries(
      Object.entries(manifest.exports).flatMap(([subpath, entry]) =>
        typeof entry === "string"
          ? []
          : [[subpath.replace(".", "heddle"), entry.default.replace("./dist/", folder)]],
      ),
    ),
  };
}

/** What a compiled test imports, and what that imports, and so on, outside of the tests. */
function importsOf(file: string, seen = new Set<string>()): Set<string> {
  if (seen.has(file)) return new Set();
  seen.add(file);
  const text = readFileSync(join(build, file), "utf8");
  const names = [...text.matchAll(/(?<!-)\b(?:from|import)\s*\(?\s*"([^"]+)"/g)].map(
    ([, name = ""]) => name,
  );
  return new Set(
    names.flatMap((name) => {
      if (!name.startsWith(".")) return [name];
      const path = posix.join(posix.dirname(file), name);
      return path.startsWith("test/") ? [...importsOf(path, seen)] : [];
    }),
  );
}

interface Report {
  readonly passed: number;
  readonly failures: readonly string[];
}

/** The pages that one browser shows, one after the other. */
class Pages {
  readonly #reports = new Map<string, PromiseWithResolvers<Report>>();
  readonly #kind: BrowserKind;
  readonly #server: PageServer;
  #browser: Browser | undefined;

  /** @param addresses The paths of the pages, in order. */
  constructor(
    kind: BrowserKind,
    addresses: readonly string[],
    folders: Readonly<Record<string, string>>,
    page: (address: string) => string | undefined,
  ) {
    this.#kind = kind;
    for (const address of addresses) this.#reports.set(address, Promise.withResolvers());
    this.#server = new PageServer(folders, (path, body) => {
      const text = page(path);
      if (text !== undefined) return { type: "text/html; charset=utf-8", text };
      if (path !== "/report") return undefined;
      const { address, ...report } = JSON.parse(body) as Report & { address: string };
      this.#reports.get(address)?.resolve(report);
      const next = addresses[addresses.indexOf(address) + 1] ?? "";
      return { type: "text/plain", text: next };
    });
  }

  async open(): Promise<void> {
    const origin = await this.#server.listen();
    const [first = ""] = this.#reports.keys();
    this.#browser = new Browser(this.#kind, origin + first);
  }

  /** Waits for what a page has to say. */
  async report(address: string): Promise<Report> {
    const limit = setTimeout(() => {
      const said = `${this.#kind.name} printed: ${this.#browser?.output}`;
      const error = new Error(`The page has not reported within ${LIMIT_MS} ms. ${said}`);
      // The pages after it will not be shown, either.
      for (const { reject } of this.#reports.values()) reject(error);
    }, LIMIT_MS);
    try {
      const { promise } = this.#reports.get(address) ?? {};
      assert.ok(promise);
      return await promise;
    } finally {
      clearTimeout(limit);
    }
  }

  async close(): Promise<void> {
    await this.#browser?.close();
    this.#server.close();
  }
}

function assertPassed({ passed, failures }: Report): void {
  assert.equal(failures.length, 0, failures.join("\n\n"));
  assert.ok(passed > 0, "ran no test");
}

/** The page that runs a file of tests. */
function testPage(file: string): string {
  const assignment = JSON.stringify({
    address: `/page?${file}`,
    file: `/${file}`,
    leftOut: Object.keys(FILES[file] ?? {}),
  });
  return readFileSync(join(root, "test/browser/page.html"), "utf8")
    .replace("/* import map */", JSON.stringify({ imports: importMapFor(file) }))
    .replace('"/* assignment */"', () => assignment.replaceAll("<", "\\u003c"));
}

/** What the pages get that is built here: fast-check, and a program that Vite bundles. */
const built = project({
  "index.html": '<script type="module" src="/main.js"></script>',
  "main.js": readFileSync(join(root, "test/browser/bundled.js"), "utf8"),
});
after(built.remove);
await esbuild.build({
  entryPoints: [join(root, "node_modules/fast-check/lib/fast-check.js")],
  outfile: join(built.folder, "served/fast-check.js"),
  bundle: true,
  format: "esm",
  logLevel: "error",
});
await vite.build({ root: built.folder, configFile: false, logLevel: "error" });

describe("the files that run in browsers", () => {
  it("are all that can", () => {
    const files = readdirSync(join(build, "test"), { recursive: true, encoding: "utf8" })
      .map((path) => `test/${path.replaceAll("\\", "/")}`)
      .filter((path) => CANDIDATES.test(path));
    const fit = files.filter((file) =>
      [...importsOf(file)].every((name) => Object.hasOwn(importMapFor(file), name)),
    );
    const listed = [...Object.keys(FILES), ...Object.keys(UNFIT)];
    assert.deepEqual(
      listed.toSorted(),
      fit.toSorted(),
      "A file that a page can load is listed in FILES, or with a reason in UNFIT",
    );
  });
});

for (const kind of BROWSERS) {
  const missing = `${kind.name} was not found`;
  const skip =
    kind.program === undefined && `${missing}: install it or set HEDDLE_${kind.name.toUpperCase()}`;

  describe(`in ${kind.name}`, { skip }, () => {
    let pages: Pages;
    before(async () => {
      const addresses = Object.keys(FILES).map((file) => `/page?${file}`);
      const folders = {
        "/dist/": join(packageFolder, "dist"),
        "/build/src/": join(root, "build/src"),
        "/test/": join(build, "test"),
        "/assets/": join(built.folder, "dist/assets"),
        "/": join(built.folder, "served"),
      };
      pages = new Pages(kind, [...addresses, "/bundled"], folders, (address) => {
        if (address === "/bundled")
          return readFileSync(join(built.folder, "dist/index.html"), "utf8");
        const file = Object.keys(FILES).find((name) => address === `/page?${name}`);
        return file === undefined ? undefined : testPage(file);
      });
      await pages.open();
    });
    after(() => pages.close());

    for (const file of Object.keys(FILES)) {
      it(file.replace(/\.js$/, ".ts"), async () => {
        assertPassed(await pages.report(`/page?${file}`));
      });
    }

    it("a program that Vite has bundled", async () => {
      assertPassed(await pages.report("/bundled"));
    });
  });
}
