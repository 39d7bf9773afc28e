/**
 * What a page or a program downloads of heddle when a bundler has taken the rest away:
 * ceilings for sizes, which are there to be lowered, and what must not be in a bundle.
 */
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { after, describe, it } from "node:test";
import { parse } from "es-module-lexer";
import * as esbuild from "esbuild";
import * as vite from "vite";
import {
  manifest,
  packageFolder,
  project,
  published,
  root,
  specifiers,
} from "../support/published.ts";

interface Bundle {
  readonly code: string;
  /** Most bytes, minified, by either bundler: a few per cent above what it was when set. */
  readonly ceiling: number;
  /** A module of which it holds something. */
  readonly holds: string;
  /** Modules and folders of modules of which the bundle holds nothing, besides {@link NEVER}. */
  readonly never: readonly string[];
}

const TESTING = "testing";

/** What finds a function, and what it takes along: no page can run it elsewhere. */
const SHIPPING = ["shipping/slices", "shipping/syntax/walk", "shipping/resolve", "shipping/source"];

const BUNDLES: readonly Bundle[] = [
  {
    code: 'import { run, sleep } from "heddle/asyncio"; await run(() => sleep(1));',
    ceiling: 51_200,
    holds: "asyncio/engine/iterations",
    never: [
      TESTING,
      "asyncio/threads",
      "agents",
      "concurrent",
      "memory/atomics",
      "pool",
      "program",
      "queue",
      "shipping",
      "threading",
    ],
  },
  {
    code: 'import * as asyncio from "heddle/asyncio"; console.log(Object.keys(asyncio));',
    ceiling: 304_600,
    holds: "pool/worker-pool",
    never: [TESTING, ...SHIPPING],
  },
  {
    code: 'import { ContextVar, copyContext } from "heddle/contextvars"; console.log(copyContext().get(new ContextVar("a")));',
    ceiling: 9_900,
    holds: "contextvars/context",
    never: [TESTING, "memory", "wire", "asyncio"],
  },
  {
    code: 'import { Queue } from "heddle/queue"; console.log(new Queue());',
    ceiling: 106_500,
    holds: "queue/queue",
    never: [TESTING, "asyncio", "concurrent", "threading"],
  },
  {
    code: 'import { Lock } from "heddle/threading"; console.log(new Lock());',
    ceiling: 52_300,
    holds: "waiting/shared-lock",
    never: [TESTING, "asyncio", "concurrent", "queue"],
  },
  {
    code: 'import { Thread } from "heddle/threading"; console.log(new Thread());',
    ceiling: 148_900,
    holds: "threading/thread",
    never: [TESTING, ...SHIPPING, "asyncio", "concurrent", "queue"],
  },
  {
    code: 'import { ThreadPoolExecutor } from "heddle/concurrent/futures"; console.log(new ThreadPoolExecutor());',
    ceiling: 152_700,
    holds: "pool/worker-pool",
    never: [TESTING, ...SHIPPING, "asyncio", "threading", "queue"],
  },
  {
    code: 'import { TimeoutError } from "heddle"; throw new TimeoutError();',
    ceiling: 660,
    holds: "errors",
    never: [TESTING, "platform", "memory", "wire", "asyncio"],
  },
  {
    code: 'import { task } from "heddle"; console.log(task(import.meta.url, () => 1));',
    ceiling: 2_700,
    holds: "shipping/marker",
    never: [TESTING, "platform", "memory", "wire", "asyncio"],
  },
  {
    code: 'import { FakeClock } from "heddle/testing"; console.log(new FakeClock());',
    ceiling: 8_500,
    holds: "testing/fake-clock",
    never: ["memory", "wire", "asyncio"],
  },
];

/** What no bundle for a browser holds. The parsers are loaded by servers that need them. */
const NEVER = [
  "asyncio/host/exposure",
  "asyncio/host/run-watch",
  "asyncio/host/signals",
  "asyncio/host/thread-waits",
  "eslint",
  "platform/node",
  "platform/deno",
  "platform/bun",
  "platform/server",
];

const { folder, remove } = project({});
after(remove);

interface Result {
  readonly bytes: number;
  /** The modules of which it holds something. */
  readonly modules: readonly string[];
  /** Files of other packages, and what Vite puts in the place of a module of Node's. */
  readonly foreign: readonly string[];
  readonly imports: readonly string[];
}

/** Every module, without its extension, and the functions and classes that no other module has. */
const NAMES = uniqueNames(join(root, "build/src"));

function uniqueNames(modules: string): ReadonlyMap<string, readonly string[]> {
  const all = readdirSync(modules, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".js"))
    .map((path) => {
      const text = readFileSync(join(modules, path), "utf8");
      const found = text.matchAll(/^(?:export )?(?:async )?(?:class|function\*?) (\w+)/gm);
      return [path.replace(".js", ""), [...found].map(([, name = ""]) => name)] as const;
    });
  const counts = new Map<string, number>();
  for (const name of all.flatMap(([, names]) => names))
    counts.set(name, (counts.get(name) ?? 0) + 1);
  return new Map(
    all.map(([path, names]) => [path, names.filter((name) => counts.get(name) === 1)]),
  );
}

/** The modules of which a bundle that is not minified holds a function or a class. */
function modulesIn(text: string): string[] {
  const defined = new Set(
    [
      ...text.matchAll(/^\s*(?:async )?function\*? (\w+)\(/gm),
      ...text.matchAll(/\b(\w+)(?: = |: )class\b/g),
      ...text.matchAll(/\bclass (\w+)/g),
      ...text.matchAll(/\b(\w+) = \/\* @__PURE__ \*\/ \(\(\) =>/g),
    ].map(([, name = ""]) => name),
  );
  return [...NAMES]
    .filter(([, names]) => names.some((name) => defined.has(name)))
    .map(([path]) => path);
}

/** Whether a file is of another package, or what Vite puts in the place of a module of Node's. */
const isForeign = (path: string): boolean =>
  path.includes("vite-browser-external") || /(?:^|\/)node_modules\/(?!heddle\/)/.test(path);

async function byEsbuild(code: string): Promise<Result> {
  const build = async (minify: boolean) =>
    await esbuild.build({
      stdin: { contents: code, resolveDir: folder },
      absWorkingDir: published,
      bundle: true,
      minify,
      format: "esm",
      platform: "browser",
      target: "es2022",
      write: false,
      metafile: true,
      logLevel: "error",
    });
  const { outputFiles, metafile } = await build(true);
  const [output] = Object.values(metafile.outputs);
  assert.ok(output);
  const readable = await build(false);
  return {
    bytes: outputFiles[0]?.contents.length ?? 0,
    modules: modulesIn(readable.outputFiles[0]?.text ?? ""),
    foreign: Object.keys(output.inputs).filter(isForeign),
    imports: output.imports.map(({ path }) => path),
  };
}

async function byVite(code: string): Promise<Result> {
  const entry = project({ "main.js": code });
  const build = async (minify: boolean) => {
    const built = await vite.build({
      root: entry.folder,
      configFile: false,
      logLevel: "error",
      build: { write: false, minify, target: "es2022", rolldownOptions: { input: "main.js" } },
    });
    assert.ok("output" in built);
    return built.output.filter((part) => part.type === "chunk");
  };
  try {
    const chunks = await build(true);
    const readable = await build(false);
    return {
      bytes: chunks.reduce((sum, chunk) => sum + Buffer.byteLength(chunk.code), 0),
      modules: modulesIn(readable.map((chunk) => chunk.code).join("\n")),
      foreign: chunks
        .flatMap((chunk) => Object.entries(chunk.modules))
        .filter(([path, { renderedLength }]) => renderedLength > 0 && isForeign(path))
        .map(([path]) => path),
      imports: chunks.flatMap((chunk) => chunk.imports).filter((path) => /^\w+:/.test(path)),
    };
  } finally {
    entry.remove();
  }
}

describe("what must not appear exists", () => {
  for (const path of new Set([...NEVER, ...BUNDLES.flatMap(({ never }) => never)])) {
    it(path, () => {
      const place = join(root, "src", path);
      assert.ok(existsSync(place) || existsSync(`${place}.ts`));
    });
  }
});

describe("all of the package", () => {
  it("names no file in the way that bundlers look for", async () => {
    const { outputFiles } = await esbuild.build({
      stdin: {
        contents: specifiers.map((name) => `export * from "${name}";`).join("\n"),
        resolveDir: folder,
      },
      bundle: true,
      minify: true,
      format: "esm",
      platform: "node",
      write: false,
      logLevel: "error",
    });
    const text = outputFiles[0]?.text ?? "";
    assert.match(text, /import\.meta\.url/);
    // webpack and Turbopack fail to build a program in which there is no such file.
    const named = [...text.matchAll(/new URL\(["'`][^"'`]*["'`],\s*import\.meta\.url\)/g)];
    assert.deepEqual(
      named.map(([found]) => found),
      [],
    );
  });
});

describe("a function in a page", () => {
  it("is refused since no module can be read there, unless it is marked", async () => {
    const code = `
      import { task } from "heddle";
      import { ThreadPoolExecutor } from "heddle/concurrent/futures";
      const outcome = (initializer) => {
        try {
          new ThreadPoolExecutor({ maxWorkers: 1, initializer });
          return "accepted";
        } catch ({ name, message, capability }) {
          return { name, message, capability };
        }
      };
      export const outcomes = [outcome(() => 1), outcome(task("https://example.org/a.js", () => 1))];
    `;
    const { outputFiles } = await esbuild.build({
      stdin: { contents: code, resolveDir: folder },
      bundle: true,
      format: "esm",
      platform: "browser",
      write: false,
      logLevel: "error",
    });
    const text = encodeURIComponent(outputFiles[0]?.text ?? "");
    const { outcomes } = (await import(`data:text/javascript,${text}`)) as { outcomes: unknown };
    assert.deepEqual(outcomes, [
      {
        name: "UnsupportedError",
        message: "Cannot look into a module: not supported in browsers yet",
        capability: "modules",
      },
      "accepted",
    ]);
  });
});

describe("what an import loads", () => {
  const CEILINGS = { "concurrent/futures": 269_300, threading: 311_300, asyncio: 489_100 };

  /** The files of heddle's that Node loads for one of them, which it imports as it is loaded itself. */
  function loaded(file: string): string[] {
    const files = new Set([file]);
    for (const path of files) {
      const [imports] = parse(readFileSync(join(packageFolder, path), "utf8"));
      for (const { specifier, type } of imports) {
        if (type === "dynamic" || type === "import-meta" || !specifier) continue;
        const { default: named } = manifest.imports[specifier] ?? {};
        if (typeof named === "string") files.add(join(named));
        else if (specifier.startsWith(".")) files.add(join(dirname(path), specifier));
      }
    }
    return [...files];
  }

  for (const [entry, ceiling] of Object.entries(CEILINGS)) {
    it(`${entry}, and no search for functions`, (t) => {
      const files = loaded(`dist/${entry}/index.js`);
      const bytes = files
        .map((path) => statSync(join(packageFolder, path)).size)
        .reduce((sum, size) => sum + size);
      t.diagnostic(`${bytes} bytes in ${files.length} files`);
      assert.ok(files.some((path) => path.endsWith("chunks/base.js")));
      assert.ok(files.some((path) => path.endsWith("shipping/resolve-on-demand.js")));
      assert.ok(!files.some((path) => path.endsWith("shipping/search.js")));
      assert.ok(bytes <= ceiling, `${bytes} bytes are more than ${ceiling}`);
    });
  }

  it("nothing more with the search, which could be there twice", () => {
    assert.deepEqual(loaded("dist/shipping/search.js"), ["dist/shipping/search.js"]);
  });
});

describe("the file that workers start with", () => {
  it("is all that they load", async () => {
    const { metafile } = await esbuild.build({
      entryPoints: [join(packageFolder, "dist/worker/main.js")],
      bundle: true,
      external: ["*"],
      platform: "neutral",
      write: false,
      metafile: true,
      logLevel: "error",
    });
    const [file] = Object.values(metafile.inputs);
    assert.ok(file);
    assert.deepEqual(
      file.imports.filter(({ kind }) => kind === "import-statement"),
      [],
    );
    assert.ok(file.bytes <= 133_000, `${file.bytes} bytes are more than 133000`);
  });
});

for (const [bundler, bundle] of Object.entries({ esbuild: byEsbuild, Vite: byVite })) {
  describe(`bundled by ${bundler}`, () => {
    for (const { code, ceiling, holds, never } of BUNDLES) {
      it(code, async (t) => {
        const { bytes, modules, foreign, imports } = await bundle(code);
        t.diagnostic(`${bytes} bytes`);
        assert.ok(bytes > 0 && bytes <= ceiling, `${bytes} bytes are more than ${ceiling}`);
        assert.deepEqual(imports, []);
        assert.deepEqual(foreign, []);
        assert.ok(modules.includes(holds), `nothing of ${holds} is in it`);
        const isUnwanted = (path: string): boolean =>
          [...NEVER, ...never].some((part) => `${path}/`.startsWith(`${part}/`));
        assert.deepEqual(modules.filter(isUnwanted), []);
      });
    }
  });
}
