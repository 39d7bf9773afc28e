/**
 * What a page or a program downloads of heddle when a bundler has taken the rest away:
 * ceilings for sizes, which are there to be lowered, and what must not be in a bundle.
 */
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { after, describe, it } from "node:test";
import * as esbuild from "esbuild";
import * as vite from "vite";
import { packageFolder, project, published, root, specifiers } from "../support/published.ts";

interface Bundle {
  readonly code: string;
  /** Most bytes, minified, by either bundler: a few per cent above what it was when set. */
  readonly ceiling: number;
  /** Modules and folders of modules of which the bundle holds nothing, besides {@link NEVER}. */
  readonly never: readonly string[];
}

const TESTING = "testing";

const BUNDLES: readonly Bundle[] = [
  {
    code: 'import { run, sleep } from "heddle/asyncio"; await run(() => sleep(1));',
    ceiling: 44_500,
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
    ceiling: 278_000,
    never: [TESTING],
  },
  {
    code: 'import { ContextVar, copyContext } from "heddle/contextvars"; console.log(copyContext().get(new ContextVar("a")));',
    ceiling: 9_200,
    never: [TESTING, "memory", "wire", "asyncio"],
  },
  {
    code: 'import { Queue } from "heddle/queue"; console.log(new Queue());',
    ceiling: 82_500,
    never: [TESTING, "asyncio", "concurrent", "threading"],
  },
  {
    code: 'import { Lock } from "heddle/threading"; console.log(new Lock());',
    ceiling: 43_500,
    never: [TESTING, "asyncio", "concurrent", "queue"],
  },
  {
    code: 'import { Thread } from "heddle/threading"; console.log(new Thread());',
    ceiling: 120_500,
    never: [TESTING, "asyncio", "concurrent", "queue"],
  },
  {
    code: 'import { ThreadPoolExecutor } from "heddle/concurrent/futures"; console.log(new ThreadPoolExecutor());',
    ceiling: 112_500,
    never: [TESTING, "asyncio", "threading", "queue"],
  },
  {
    code: 'import { TimeoutError } from "heddle"; throw new TimeoutError();',
    ceiling: 660,
    never: [TESTING, "platform", "memory", "wire", "asyncio"],
  },
  {
    code: 'import { task } from "heddle"; console.log(task(import.meta.url, () => 1));',
    ceiling: 2_000,
    never: [TESTING, "platform", "memory", "wire", "asyncio"],
  },
  {
    code: 'import { FakeClock } from "heddle/testing"; console.log(new FakeClock());',
    ceiling: 6_500,
    never: ["memory", "wire", "asyncio"],
  },
];

/** What no bundle for a browser holds. The parsers are loaded by servers that need them. */
const NEVER = ["eslint", "platform/node", "platform/deno", "platform/bun", "platform/server"];

const { folder, remove } = project({});
after(remove);

interface Result {
  readonly bytes: number;
  /** The modules in the files that it holds something of, and other packages. */
  readonly parts: readonly string[];
  readonly imports: readonly string[];
}

/** The modules in each file of `dist/`, as the build has noted them. */
const MODULES = JSON.parse(readFileSync(join(root, "build/bundles.json"), "utf8")) as Readonly<
  Record<string, readonly string[]>
>;

/** The modules that were put into a file of the package; another file is named. */
function modulesIn(path: string): string[] {
  const name = relative(packageFolder, path).replaceAll("\\", "/");
  if (!name.startsWith("dist/")) return [name.replace(/^.*\/node_modules\//, "package ")];
  return [...(MODULES[name] ?? [])];
}

async function byEsbuild(code: string): Promise<Result> {
  const { outputFiles, metafile } = await esbuild.build({
    stdin: { contents: code, resolveDir: folder },
    absWorkingDir: published,
    bundle: true,
    minify: true,
    format: "esm",
    platform: "browser",
    target: "es2022",
    write: false,
    metafile: true,
    logLevel: "error",
  });
  const [output] = Object.values(metafile.outputs);
  assert.ok(output);
  return {
    bytes: outputFiles[0]?.contents.length ?? 0,
    parts: Object.entries(output.inputs)
      .filter(([path, { bytesInOutput }]) => bytesInOutput > 0 && path !== "<stdin>")
      .flatMap(([path]) => modulesIn(join(published, path))),
    imports: output.imports.map(({ path }) => path),
  };
}

async function byVite(code: string): Promise<Result> {
  const entry = project({ "main.js": code });
  try {
    const built = await vite.build({
      root: entry.folder,
      configFile: false,
      logLevel: "error",
      build: { write: false, target: "es2022", rolldownOptions: { input: "main.js" } },
    });
    assert.ok("output" in built);
    const chunks = built.output.filter((part) => part.type === "chunk");
    return {
      bytes: chunks.reduce((sum, chunk) => sum + Buffer.byteLength(chunk.code), 0),
      parts: chunks
        .flatMap((chunk) => Object.entries(chunk.modules))
        .filter(([, { renderedLength }]) => renderedLength > 0)
        .filter(([path]) => path.startsWith(packageFolder) || path.includes("/node_modules/"))
        .flatMap(([path]) => modulesIn(path)),
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

describe("the file that workers start with", () => {
  for (const runtime of ["node", "deno", "bun"]) {
    it(`is all that they load, on ${runtime}`, async () => {
      const { metafile } = await esbuild.build({
        entryPoints: [join(packageFolder, `dist/worker/${runtime}.js`)],
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
      assert.ok(file.bytes <= 100_500, `${file.bytes} bytes are more than 100500`);
    });
  }
});

for (const [bundler, bundle] of Object.entries({ esbuild: byEsbuild, Vite: byVite })) {
  describe(`bundled by ${bundler}`, () => {
    for (const { code, ceiling, never } of BUNDLES) {
      it(code, async (t) => {
        const { bytes, parts, imports } = await bundle(code);
        t.diagnostic(`${bytes} bytes`);
        assert.ok(bytes > 0 && bytes <= ceiling, `${bytes} bytes are more than ${ceiling}`);
        assert.deepEqual(imports, []);
        assert.ok(parts.length > 0);
        const unwanted = parts.filter(
          (path) =>
            // What Vite puts in the place of a module of Node's.
            path.includes("vite-browser-external") ||
            path.startsWith("package ") ||
            [...NEVER, ...never].some((part) => `${path}/`.startsWith(`${part}/`)),
        );
        assert.deepEqual(unwanted, []);
      });
    }
  });
}
