/**
 * What is published, made of the modules in `build/src/`: a file for each subpath of the
 * package, files for what they share, a file for each runtime, a file for workers with all
 * that a worker needs, and declarations, one for each module.
 */

import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, posix, relative } from "node:path";

import * as esbuild from "esbuild";

import { root } from "../commands.mjs";
import { neededDeclarations } from "./declarations.mjs";
import { mergeChunks } from "./merge-chunks.mjs";
import { onDemand } from "./on-demand.mjs";
import { withPureClasses } from "./pure-classes.mjs";
import { minified } from "./minify.mjs";

const MODULES = join(root, "build/src");
const OUTPUT = join(root, "dist");

/** What `base/own-files.ts` calls its file; in a bundle that is the bundle. */
const PLACE = '"base/own-files.js"';

/** The classes of shared objects, which workers load when they receive the first object of one. */
const KINDS = ["threading/kinds", "queue/kinds", "asyncio/threads/kinds"];

/** What the worker's file loads of the library, in the few workers that do nothing else. */
const COURIER = "multiprocessing/channels/courier";

/** What a pool of processes loads when it is first blocked for. */
const CHILDREN = "multiprocessing/channels/children";

/** What is loaded synchronously with the first process. */
const NODE_CHILDREN = "platform/process/node-children";

/** What entries import for its effect alone. */
const EFFECTS = [
  "_thread/fill-kinds",
  "asyncio/threads/install",
  "concurrent/futures/fill-kinds",
  "queue/fill-kinds",
  "threading/fill-kinds",
];

/**
 * What an entry exports as one object: a bundle of which it is a part keeps all that is in it.
 */
const NAMESPACES = ["asyncio/subprocess/module"];

/**
 * What loads the classes of shared objects when they are needed. Only files with effects import
 * it, and each holds it: a bundler that makes a single file of a program puts all that may be
 * loaded into it, and leaves nothing out of that.
 */
const LOAD_KINDS = "program/load-kinds";

/** Node, Deno and Bun. */
const ANY_SERVER = "platform/any-server";

/** The files that `#platform` may be: the first by the name of the chunk that has all of it. */
const PLATFORMS = [
  ANY_SERVER,
  ...["browser", "workerd", "bundled"].map((name) => `platform/${name}`),
];

/** The files that `#asyncio-host` may be. */
const HOSTS = ["asyncio/host/server", "asyncio/host/page"];

/** The files that `#functions` may be. */
const RESOLVERS = ["on-demand", "in-bundles", "in-pages"].map((name) => `shipping/resolve-${name}`);

/** What the first of them loads, and the second holds. */
const SEARCH = "shipping/search";

/** What asyncio is without threads: what these share with it is in files apart from them. */
const WITHOUT_THREADS = "asyncio without threads";

/** What the worker's text is called in stacks. */
const TEXT_NAME = "worker.js";

/** Tells `base/own-files.ts` which file it is in. */
function withPlace(/** @type {string} */ text, /** @type {string} */ file) {
  return text.replace(PLACE, JSON.stringify(file));
}

/** A folder or a file, with a slash where Windows has none. */
const slashed = (/** @type {string} */ path) => path.replaceAll("\\", "/");

/** How many modules have something of a name at their top level. */
function countNames() {
  /** @type {Map<string, number>} */
  const counts = new Map();
  for (const entry of readdirSync(MODULES, { recursive: true, encoding: "utf8" })) {
    if (!entry.endsWith(".js")) continue;
    const text = readFileSync(join(MODULES, entry), "utf8");
    const pattern = /^(?:export )?(?:async )?(?:class|const|let|function\*?) (\w+)/gm;
    for (const [, name = ""] of text.matchAll(pattern))
      counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return counts;
}

/** @type {ReturnType<typeof countNames>} */
let counts = new Map();

/** Whether several modules have something of that name. */
const isAmbiguous = (/** @type {string} */ name) => (counts.get(name) ?? 0) > 1;

/** What entries export, also as a type, and all errors. */
function publicNames() {
  const entries = readdirSync(MODULES, { recursive: true, encoding: "utf8" }).filter((path) =>
    /(?:^|[\\/])(?:index|(?:process-)?errors)\.d\.ts$/.test(path),
  );
  const lists = entries.map((path) => readFileSync(join(MODULES, path), "utf8"));
  return new Set(
    lists.flatMap((text) => [
      ...[...text.matchAll(/^export (?:type )?\{([^}]*)\}/gm)].flatMap(
        ([, list = ""]) => list.match(/\w+/g) ?? [],
      ),
      ...[...text.matchAll(/^export declare class (\w+)/gm)].map(([, name = ""]) => name),
    ]),
  );
}

/** @type {ReturnType<typeof publicNames>} */
let published = new Set();

/** Whether users see classes of that name. */
const isPublic = (/** @type {string} */ name) => published.has(name);

/**
 * Reads our modules; see pure-classes.mjs.
 *
 * @param {(text: string) => string} change
 * @returns {esbuild.Plugin}
 */
const pureClassesOf = (change) => ({
  name: "pure classes",
  setup({ onLoad }) {
    onLoad({ filter: /\.js$/ }, ({ path }) => {
      if (!slashed(path).startsWith(`${slashed(MODULES)}/`)) return undefined;
      const text = change(readFileSync(path, "utf8"));
      return { contents: withPureClasses(text, path, isAmbiguous, isPublic), loader: "js" };
    });
  },
});

const pureClasses = pureClassesOf((text) => text);

/** What workers load from other files, or not at all. */
const LOADED_APART = /\/(?:kinds|courier|node-sockets|node-processes|node-stacks)\.js$/;

/**
 * A module of a file that has all of what it loads by import(): it imports that at once. Otherwise
 * esbuild puts each module that may be loaded so into a function, which an engine reads twice.
 */
function loadedAtOnce(/** @type {string} */ text) {
  let [imports, count] = ["", 0];
  const changed = text.replace(/\bimport\("(\.[^"]+)"\)/g, (call, path) => {
    if (LOADED_APART.test(path)) return call;
    imports += `import * as loaded${count} from "${path}";\n`;
    return `Promise.resolve(loaded${count++})`;
  });
  return `${changed}\n${imports}`;
}

/**
 * Leaves what is imported for its effect in files of their own, so that a bundler that takes
 * the effects for unwanted, as package.json lets it, leaves out these files and nothing else; and
 * likewise what is exported as one object.
 *
 * @type {esbuild.Plugin}
 */
const effectsApart = {
  name: "effects apart",
  setup({ onResolve }) {
    onResolve({ filter: /\/(?:fill-kinds|install|subprocess\/module)\.js$/ }, ({ kind, path }) =>
      kind === "entry-point" ? undefined : { path, external: true, sideEffects: true },
    );
  },
};

/**
 * Has workers load the classes that users import, where the classes of shared objects are loaded.
 *
 * @type {esbuild.Plugin}
 */
const kindsOfLibrary = {
  name: "kinds of the library",
  setup({ onResolve }) {
    onResolve({ filter: /\/(?:kinds|courier)\.js$/ }, ({ kind, path, importer }) => {
      if (kind !== "dynamic-import") return undefined;
      const name = slashed(relative(MODULES, join(dirname(importer), path)));
      if (![...KINDS, COURIER].includes(name.replace(".js", "")))
        throw new Error(`Cannot bundle: scripts/bundle/bundle.mjs knows no kinds in "${name}"`);
      return { path: `../${name}`, external: true };
    });
  },
};

/**
 * A file that imports what asyncio's entry does, but nothing of `threads/`.
 *
 * @type {esbuild.Plugin}
 */
const withoutThreads = {
  name: WITHOUT_THREADS,
  setup({ onResolve, onLoad }) {
    onResolve({ filter: new RegExp(`^${WITHOUT_THREADS}$`) }, ({ path }) => ({
      path,
      namespace: WITHOUT_THREADS,
    }));
    onLoad({ filter: /^/, namespace: WITHOUT_THREADS }, () => {
      const entry = readFileSync(join(MODULES, "asyncio/index.js"), "utf8");
      const statements = entry.split(";").filter((text) => !text.includes('"./threads/'));
      return { contents: statements.join(";"), resolveDir: join(MODULES, "asyncio") };
    });
  },
};

/**
 * Puts the text of the worker's file where programs find it into which a bundler puts heddle.
 *
 * @param {string} text
 * @returns {esbuild.Plugin}
 */
function withWorkerText(text) {
  return {
    name: "worker's text",
    setup({ onLoad }) {
      onLoad({ filter: /[\\/]platform[\\/]worker-text\.js$/ }, () => ({
        contents: `export const WORKER_TEXT = ${JSON.stringify(text)};`,
      }));
    },
  };
}

/** @type {esbuild.BuildOptions} */
const COMMON = {
  absWorkingDir: root,
  bundle: true,
  // Text of one byte a character: an engine reads it faster.
  charset: "ascii",
  format: "esm",
  legalComments: "none",
  logLevel: "error",
  metafile: true,
  outdir: OUTPUT,
  platform: "neutral",
  target: "es2022",
  write: false,
};

/** The path of a file in `dist/`. */
const nameOf = (/** @type {string} */ path) => slashed(relative(OUTPUT, path));

/** The path of a module in `src/`, without its extension. */
const moduleName = (/** @type {string} */ path) => path.replace(/^build\/src\/(.*)\.js$/, "$1");

/** What the files of `chunks/` are made of. @type {import("./merge-chunks.mjs").Layout} */
const LAYOUT = {
  uses: {
    ...Object.fromEntries(PLATFORMS.map((name) => [name, [`${name}.js`]])),
    root: ["index.js"],
    contextvars: ["contextvars/index.js"],
    engine: [`${WITHOUT_THREADS}.js`, "asyncio/host/page.js"],
    futures: ["concurrent/futures/index.js", "concurrent/futures/fill-kinds.js"],
    threading: ["_thread", "threading"].flatMap((name) => [
      `${name}/index.js`,
      `${name}/fill-kinds.js`,
    ]),
    queue: ["queue/index.js", "queue/fill-kinds.js"],
    processes: [
      "multiprocessing/index.js",
      "multiprocessing/pool/index.js",
      "multiprocessing/connection/index.js",
      "multiprocessing/queues/index.js",
      `${COURIER}.js`,
      `${CHILDREN}.js`,
    ],
    dummy: ["multiprocessing/dummy/index.js"],
    asyncio: ["asyncio/index.js", "asyncio/threads/install.js"],
  },
  files: {
    /** What programs with and without threads share. */
    base: (usedBy) =>
      usedBy("root", "contextvars", "engine") && usedBy("futures", "threading", "queue"),
    /** The platform of Node, Deno and Bun, from which that of bundles inherits. */
    servers: (usedBy) =>
      usedBy(ANY_SERVER) && usedBy("platform/bundled") && !usedBy("platform/browser"),
    /** A loop. */
    engine: (usedBy) => usedBy("engine"),
    /** What pools, threads and queues share, or two of them. */
    threads: (usedBy) => usedBy("queue") && usedBy("futures", "threading"),
    pools: (usedBy) => usedBy("futures"),
    threading: (usedBy) => usedBy("threading"),
    queue: (usedBy) => usedBy("queue"),
    /** Loops in threads. */
    asyncio: (usedBy) => usedBy("asyncio"),
  },
  repeated: [
    // Only platforms hold it, and a program has one of these.
    "platform/rejection-events",
    "platform/process/child-arguments",
    "shipping/search-parts",
    LOAD_KINDS,
    "asyncio/threads/loop-inbox",
    "asyncio/threads/support",
    "asyncio/threads/default-calls",
  ],
};

/** The modules that the files are made for which users import, or which the package imports by name. */
function entryModules() {
  const { exports } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const subpaths = Object.values(exports).flatMap((target) =>
    typeof target === "string" ? [] : [target.default.replace("./dist/", "").replace(".js", "")],
  );
  return [
    ...subpaths,
    ...PLATFORMS,
    ...HOSTS,
    ...RESOLVERS,
    ...KINDS,
    COURIER,
    CHILDREN,
    NODE_CHILDREN,
    ...EFFECTS,
    ...NAMESPACES,
    LOAD_KINDS,
    "testing/explorer/agent-main",
  ];
}

/**
 * Puts into the place of a module what the file with the search is given.
 *
 * @param {string} parts
 * @returns {esbuild.Plugin}
 */
const withSearchParts = (parts) => ({
  name: "parts of the search",
  setup({ onLoad, onResolve }) {
    onLoad({ filter: /[\\/]shipping[\\/]search-parts\.js$/ }, ({ path }) => ({
      contents: parts,
      resolveDir: dirname(path),
    }));
    onResolve({ filter: /^\.\/search\.js$/ }, ({ path }) => ({ path, external: true }));
  },
});

/** The files that users import, and what these share. */
async function library(/** @type {string} */ text, /** @type {string} */ parts) {
  const names = entryModules();
  const { metafile, outputFiles = [] } = await esbuild.build({
    ...COMMON,
    entryPoints: {
      ...Object.fromEntries(names.map((name) => [name, join(MODULES, `${name}.js`)])),
      [WITHOUT_THREADS]: WITHOUT_THREADS,
    },
    splitting: true,
    chunkNames: "chunks/[hash]",
    external: [
      "#platform",
      "#functions",
      "#asyncio-host",
      "node:*",
      "acorn",
      "es-module-lexer",
      "@sveltejs/acorn-typescript",
      "import-meta-resolve",
    ],
    plugins: [
      effectsApart,
      withoutThreads,
      withSearchParts(parts),
      withWorkerText(text),
      pureClasses,
    ],
  });
  const built = outputFiles.map(
    ({ path, text: content }) => /** @type {const} */ ([nameOf(path), content]),
  );
  const outputs = Object.entries(metafile?.outputs ?? {}).map(
    ([path, { imports, exports: exported, inputs }]) => {
      const loads = imports.filter(
        ({ kind, external }) => kind === "import-statement" && !external,
      );
      const output = {
        imports: loads.map((found) => nameOf(join(root, found.path))),
        exports: exported,
        modules: Object.keys(inputs).map(moduleName),
      };
      return /** @type {const} */ ([nameOf(join(root, path)), output]);
    },
  );
  const merged = await mergeChunks({ files: new Map(built), outputs: new Map(outputs) }, LAYOUT);
  // They are entries so that esbuild makes files of what is in them. No file imports them.
  for (const name of [LOAD_KINDS, WITHOUT_THREADS, ANY_SERVER]) merged.delete(`${name}.js`);
  return merged;
}

/**
 * Leaves out what only the library uses, when a program in the worker imports that: connections,
 * child processes, and the stacks of other threads.
 *
 * @type {esbuild.Plugin}
 */
const withoutLibrary = {
  name: "without the library's part",
  setup({ onLoad, onResolve }) {
    onResolve({ filter: /\/(?:node-sockets|node-processes|node-stacks)\.js$/ }, ({ kind }) =>
      kind === "dynamic-import" ? { path: "nothing", namespace: "nothing" } : undefined,
    );
    onLoad({ filter: /^/, namespace: "nothing" }, () => ({ contents: "export {};" }));
  },
};

/** The file that every worker starts with, on every server, and the only one that it loads. */
async function worker() {
  const { outputFiles } = await esbuild.build({
    ...COMMON,
    entryPoints: { "worker/main": join(MODULES, "worker/main.js") },
    alias: {
      "#platform": join(MODULES, `${ANY_SERVER}.js`),
      "#functions": join(MODULES, "shipping/resolve-in-workers.js"),
    },
    external: ["node:*"],
    minify: true,
    plugins: [kindsOfLibrary, withoutLibrary, pureClassesOf(loadedAtOnce)],
  });
  return new Map([["worker/main.js", outputFiles?.[0]?.text ?? ""]]);
}

/**
 * Makes a script of the worker's file that holds the classes of locks and queues, and none of
 * what else is loaded later: child processes, sockets and loops are the library's affair. What is
 * loaded by import() keeps a bundler from leaving anything out.
 *
 * @type {esbuild.Plugin}
 */
const allAtOnce = {
  name: "all at once",
  setup({ onLoad, onResolve }) {
    onLoad({ filter: /[\\/]program[\\/]load-kinds\.js$/ }, ({ path }) => {
      const text = readFileSync(path, "utf8");
      const held = KINDS.filter((name) => !name.startsWith("asyncio/"));
      const imports = held.map((name, i) => `import * as kinds${i} from "../${name}.js";`);
      const contents = held.reduce(
        (changed, name, i) => changed.replace(`await import("../${name}.js")`, `kinds${i}`),
        text,
      );
      return { contents: [...imports, contents].join("\n"), resolveDir: dirname(path) };
    });
    onResolve({ filter: /^\./ }, ({ kind }) =>
      kind === "dynamic-import" ? { path: "nothing", namespace: "nothing" } : undefined,
    );
    onLoad({ filter: /^/, namespace: "nothing" }, () => ({ contents: "export {};" }));
  },
};

/**
 * The text that workers start with where heddle's files are not there: a script, which holds
 * what a worker may load of heddle.
 */
async function workerText() {
  const { outputFiles } = await esbuild.build({
    ...COMMON,
    entryPoints: [join(MODULES, "worker/main.js")],
    alias: {
      "#platform": join(MODULES, "platform/node.js"),
      "#functions": join(MODULES, "shipping/resolve-in-text.js"),
    },
    define: { "import.meta.url": JSON.stringify(`heddle://worker/${TEXT_NAME}`) },
    external: ["node:*"],
    format: "cjs",
    minify: true,
    plugins: [allAtOnce, pureClasses],
  });
  const text = withPlace(outputFiles?.[0]?.text ?? "", TEXT_NAME);
  // Stacks name it so, and are cleared of it: see base/own-files.ts.
  return `${await minified(text, { isBundled: false })}//# sourceURL=heddle://worker/${TEXT_NAME}`;
}

/**
 * The declarations of the subpaths. They are not put together: a class with private fields is
 * another type wherever it is declared again.
 */
function declarations() {
  const { exports } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const entries = Object.values(exports).flatMap((target) =>
    typeof target === "string" ? [] : [target.types.replace("./dist/", "")],
  );
  const found = neededDeclarations(MODULES, entries);
  const namespaces = [...found].flatMap(([path, text]) =>
    [...text.matchAll(/^export \* as \w+ from "(\.[^"]+)\.ts"/gm)].map(([, name = ""]) =>
      posix.join(posix.dirname(path), `${name}.d.ts`),
    ),
  );
  for (const [path, text] of found) {
    // There the note on the file is the docstring of the namespace.
    if (namespaces.includes(path)) continue;
    // A note on the file, and not on what it declares.
    const note = /^\/\*\*(?:(?!\*\/)[^])*\*\/\n(?=import |export [{*])/;
    found.set(path, text.replace(note, ""));
  }
  return found;
}

/** Every file below a folder. @returns {string[]} */
function filesIn(/** @type {string} */ folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => slashed(relative(OUTPUT, join(entry.parentPath, entry.name))));
}

/** Makes `dist/` of `build/src/`. Files that stay as they are are not written. */
export async function bundle() {
  counts = countNames();
  published = publicNames();
  const inlined = await workerText();
  const search = await onDemand({
    folder: MODULES,
    name: "shipping/resolve",
    others: entryModules(),
    make: "makeSearch",
    parts: "searchParts",
    common: { ...COMMON, minify: true, plugins: [pureClasses] },
  });
  const results = await Promise.all([library(inlined, search.parts), worker()]);
  const files = declarations();
  files.set(`${SEARCH}.js`, await minified(search.text, { isBundled: false, showsClasses: false }));
  for (const result of results) {
    let places = 0;
    for (const [name, text] of result) {
      if (text.includes(PLACE)) places += 1;
      const isBundled = !name.startsWith("worker/");
      files.set(name, await minified(withPlace(text, name), { isBundled }));
    }
    if (places !== 1) throw new Error(`Cannot bundle: ${PLACE} is in ${places} files, not in one`);
  }
  mkdirSync(OUTPUT, { recursive: true });
  const present = new Set(filesIn(OUTPUT));
  for (const name of present) if (!files.has(name)) rmSync(join(OUTPUT, name));
  for (const [name, text] of files) {
    const path = join(OUTPUT, name);
    if (present.has(name) && readFileSync(path, "utf8") === text) continue;
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
}
