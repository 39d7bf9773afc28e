/**
 * The layers of `src/`: the one list from which the lint rules, the drawing and the
 * table of folders are made.
 *
 *   node scripts/layers.mjs           writes .oxlintrc.json, ARCHITECTURE.md, CONTRIBUTING.md
 *   node scripts/layers.mjs --check   fails where one of them, or the tree, differs from the list
 *
 * A folder imports from the folders before it in the list, and from nothing else of `src/`.
 */

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join, posix } from "node:path";

import { filesBelow } from "./build.mjs";
import { isMain, root, runTool } from "./commands.mjs";

/**
 * @typedef {object} Layer
 * @property {string} folder Below `src/`. A folder inside another is a layer of its own.
 * @property {string} holds What it knows, for the table.
 * @property {readonly string[]} [only] The folders and files that it may import, where that is
 *   less than all before it.
 * @property {readonly string[]} [also] What it may import of the folders after it.
 * @property {readonly string[]} [without] Folders before it that it may not import, with what is below them.
 * @property {readonly string[]} [packages] What else it may import.
 * @property {string} [name] What imports it instead of its paths: package.json leads the name to one of its files.
 * @property {boolean} [isApart] Not part of the drawing.
 */

/** What asyncio does without, but for its `threads/`. */
const NO_THREADS = [
  "memory",
  "shipping",
  "program",
  "agents",
  "calls",
  "pool",
  "_thread",
  "threading",
  "queue",
  "concurrent",
];

/** Leftmost first. @type {readonly Layer[]} */
export const LAYERS = [
  {
    folder: "base",
    only: [],
    holds:
      "code without dependencies: checks of options and functions, errors as text, the thread's registry",
  },
  {
    folder: "platform/net",
    only: ["base", "platform/builtins.ts"],
    packages: ["node:*"],
    holds: "sockets, TLS and byte streams, as events",
  },
  {
    folder: "platform/process",
    only: ["base", "platform/builtins.ts", "platform/net"],
    packages: ["node:*"],
    holds: "child processes, as events, and messages to those that run a module",
  },
  {
    folder: "platform",
    only: ["base", "platform/net", "platform/process"],
    packages: ["node:*", "acorn", "es-module-lexer"],
    holds: "Node, Deno, Bun, browsers: one object each, selected by `#platform` in package.json",
  },
  {
    folder: "memory",
    only: ["base"],
    holds:
      "rings, locks, wait sets, queues, the heap: algorithms over shared words; but for the explorer, the only access to `Atomics`",
  },
  {
    folder: "memory/queues",
    only: ["base", "memory"],
    holds: "queues over shared words: first-in first-out, last-in first-out, by priority",
  },
  {
    folder: "wire",
    only: ["error-names.ts", "base", "memory"],
    holds:
      "how values and errors are encoded, decoded, transferred, and refused where they cannot cross",
  },
  {
    folder: "shipping/syntax",
    only: ["base", "platform"],
    packages: ["acorn", "es-module-lexer"],
    holds:
      "the texts of modules and functions, read: their trees, and what each name in them means",
  },
  {
    folder: "shipping/slices",
    only: ["base", "platform", "errors.ts", "shipping/syntax"],
    packages: ["acorn"],
    holds: "what a function takes along of its module, as modules of its own",
  },
  {
    folder: "shipping/callers",
    only: ["base", "platform", "shipping/syntax", "shipping/slices"],
    holds: "who has called: the modules on the stack, and where in them a call stands",
  },
  {
    folder: "shipping",
    packages: ["acorn", "es-module-lexer"],
    holds:
      "how a function, not a value, reaches another agent: marks, exports, source text, refusals; named through `#functions`",
  },
  {
    folder: "program",
    holds:
      "the memory that all agents of a process share, and the objects in it: their kinds, their handles",
  },
  {
    folder: "agents",
    holds:
      "what any agent is; threads and child processes: their start, status and death; the warden",
  },
  {
    folder: "contextvars",
    holds:
      "Python's `contextvars`: variables with a value for each context, and which context is current",
  },
  {
    folder: "waiting",
    holds:
      "how an agent waits, blocking or by a promise: the pump, wait points, shared locks, deadlocks. A lock does not need a pool",
  },
  {
    folder: "observe",
    holds: "failures that were never read, reported once",
  },
  {
    folder: "calls",
    holds:
      "a call of a user's function: what its owner knows of it, where it was submitted, how it is run, its outcome",
  },
  {
    folder: "pool",
    holds: "what every pool shares: its memory, its transports, its workers' loop",
  },
  { folder: "_thread", holds: "`Lock`, `RLock`, and the start of threads on warm workers" },
  {
    folder: "worker",
    also: ["multiprocessing/run-process.ts", "multiprocessing/channels/courier.ts"],
    holds: "the first code of every worker",
  },
  { folder: "threading", holds: "Python's `threading`, a file for each class" },
  { folder: "queue", holds: "Python's `queue`" },
  { folder: "concurrent/futures", holds: "Python's `concurrent.futures`" },
  {
    folder: "multiprocessing/channels",
    holds: "messages between processes: lanes, the hub that has them, the thread that carries them",
  },
  {
    folder: "multiprocessing/connection",
    holds: "Python's `multiprocessing.connection`: connections, pipes, waits for several",
  },
  { folder: "multiprocessing/queues", holds: "Python's `multiprocessing.queues`" },
  {
    folder: "multiprocessing/pool",
    holds: "Python's `multiprocessing.pool`: pools over executors, and what they give",
  },
  { folder: "multiprocessing", holds: "Python's `multiprocessing`: processes" },
  {
    folder: "multiprocessing/dummy",
    holds: "Python's `multiprocessing.dummy`: the same names, over threads",
  },
  {
    folder: "asyncio/engine",
    also: ["asyncio/events.ts"],
    without: NO_THREADS,
    holds: "asyncio's loops, futures, tasks of generators and of async functions",
  },
  {
    folder: "asyncio/host",
    name: "#asyncio-host",
    also: ["asyncio/events.ts"],
    without: NO_THREADS,
    holds:
      "what a loop has on servers and not in pages: signals, Ctrl-C, waits for threads; selected by `#asyncio-host`",
  },
  {
    folder: "asyncio/sync",
    also: ["asyncio/events.ts"],
    without: NO_THREADS,
    holds:
      "locks, conditions, semaphores, events, barriers and queues for tasks, and their waiters",
  },
  {
    folder: "asyncio/combine",
    also: ["asyncio/events.ts"],
    without: NO_THREADS,
    holds:
      "waiting for several things, with a timeout, or for a group: `gather`, `wait`, `timeout`",
  },
  {
    folder: "asyncio/inspect",
    also: ["asyncio/events.ts"],
    without: NO_THREADS,
    holds: "inspection of tasks: lists, call graphs, dumps",
  },
  {
    folder: "asyncio/streams",
    also: ["asyncio/events.ts"],
    without: NO_THREADS,
    holds: "readers, writers, connections and servers, over the platform's events",
  },
  {
    folder: "asyncio/subprocess",
    also: ["asyncio/events.ts"],
    without: NO_THREADS,
    holds: "programs as child processes, over the same streams",
  },
  {
    folder: "asyncio/threads",
    also: ["asyncio/events.ts"],
    holds: "requests from threads to a loop, and calls in other threads",
  },
  {
    folder: "asyncio",
    without: NO_THREADS,
    holds: "Python's `asyncio`: its types, runs, and the public names of the folders above",
  },
  {
    folder: "testing/explorer",
    only: ["platform/platform.ts", "shipping", "shipping/callers", "base"],
    holds: "the schedule explorer; its agents replace `Atomics` before they load `memory/`",
  },
  {
    folder: "testing",
    holds: "test tools for users and for heddle: the sequencer, the fake clock, `untilBlocked`",
  },
  {
    folder: "eslint",
    only: [],
    isApart: true,
    holds: "lint rules about coroutines; linters load them without the rest of heddle",
  },
];

/** The runtimes' files: everything outside `platform/` goes through `#platform`. */
const RUNTIME_FILES = [
  "node.ts",
  "deno.ts",
  "bun.ts",
  "browser.ts",
  "workerd.ts",
  "bundled.ts",
  "limited.ts",
  "server.ts",
];

/** What names functions, one file in pages and another elsewhere, in `src/shipping/`. */
const FUNCTIONS = "#functions";

/** What parts of asyncio import by a name. */
const HOST_NAMES = LAYERS.flatMap(({ name }) => name ?? []);

/** Where the error classes are, which every folder may use. */
const ERRORS = ["errors.ts", "process-errors.ts"];

const isBelow = (/** @type {string} */ folder, /** @type {string} */ other) =>
  folder === other || folder.startsWith(`${other}/`);

/**
 * The layers, or single files, that a layer may import.
 *
 * @param {Layer} layer
 * @returns {string[]}
 */
function importsOf(layer) {
  if (layer.only) return [...layer.only];
  const before = LAYERS.slice(0, LAYERS.indexOf(layer)).filter(
    (other) => !other.isApart && other.name === undefined,
  );
  const folders = before
    .map((other) => other.folder)
    .filter((folder) => !layer.without?.some((not) => isBelow(folder, not)));
  return [...folders, ...(layer.also ?? [])];
}

/**
 * The lint rule for the files of a layer.
 *
 * @param {Layer} layer
 */
function ruleFor(layer) {
  const { folder, packages = [] } = layer;
  const imports = importsOf(layer);
  const path = (/** @type {string} */ to) => posix.relative(folder, to);
  const mayUsePlatform =
    !isBelow(folder, "platform") && imports.some((name) => isBelow(name, "platform"));
  const group = [
    "*",
    "!./*",
    ...(folder === "eslint" ? [] : ERRORS.map((file) => `!${path(file)}`)),
    ...(mayUsePlatform ? ["!\\#platform"] : []),
    ...([folder, ...imports].includes("shipping") && layer.only === undefined
      ? [`!\\${FUNCTIONS}`]
      : []),
    ...(isBelow(folder, "asyncio") ? HOST_NAMES.map((name) => `!\\${name}`) : []),
    ...packages.map((name) => `!${name}`),
    ...imports.map((to) => {
      const target = path(to.endsWith(".ts") ? to : `${to}/*`);
      return `!${target.startsWith(".") ? target : `./${target}`}`;
    }),
    ...(mayUsePlatform ? RUNTIME_FILES.map((file) => path(`platform/${file}`)) : []),
    "**/index.ts",
  ];
  const named = imports.length === 0 ? "nothing else of src" : imports.join(", ");
  const message = `src/${folder} imports only: ${named}. Inside src, import the file that defines the thing, not index.ts. The layers are listed in scripts/layers.mjs.`;
  return {
    files: [`src/${folder}/**`],
    rules: { "no-restricted-imports": ["error", { patterns: [{ group, message }] }] },
  };
}

/** `.oxlintrc.json` with the rules of the layers after the rule for all of `src/`. */
function lintConfiguration() {
  const text = readFileSync(join(root, ".oxlintrc.json"), "utf8");
  const configuration = JSON.parse(text);
  const isGenerated = (/** @type {{ files: string[], rules: object }} */ { files, rules }) =>
    files[0] !== "src/**" && "no-restricted-imports" in rules;
  const [all, ...others] = configuration.overrides.filter(
    (/** @type {{ files: string[], rules: object }} */ override) => !isGenerated(override),
  );
  // The rule that comes last decides: folders within folders after those.
  const rules = LAYERS.toSorted(
    (a, b) => a.folder.split("/").length - b.folder.split("/").length,
  ).map(ruleFor);
  return { ...configuration, overrides: [all, ...rules, ...others] };
}

/** The folders in their order, with arrows. */
function drawing() {
  const names = ["errors", ...LAYERS.filter((layer) => !layer.isApart).map(({ folder }) => folder)];
  const lines = [""];
  for (const name of names) {
    const last = /** @type {string} */ (lines.at(-1));
    const longer = last === "" ? name : `${last} ← ${name}`;
    if (longer.length <= 88) lines[lines.length - 1] = longer;
    else lines.push(`  ← ${name}`);
  }
  return ["```", ...lines, "```"].join("\n");
}

/** What each folder holds. */
function table() {
  const rows = [
    [
      "src/errors.ts",
      "every error class, with `process-errors.ts`; `error-names.ts` tells which one a class is",
    ],
  ].concat(LAYERS.map(({ folder, holds }) => [`src/${folder}/`, holds]));
  return [
    "| folder | what it holds |",
    "| --- | --- |",
    ...rows.map(([folder, holds]) => `| \`${folder}\` | ${holds} |`),
  ].join("\n");
}

/**
 * A document with what stands between its markers replaced.
 *
 * @param {string} text
 * @param {string} name
 * @param {string} content
 */
function withPart(text, name, content) {
  const pattern = new RegExp(`(<!-- ${name}: [^>]*-->\n)[\\s\\S]*?(\n<!-- /${name} -->)`);
  if (!pattern.test(text)) throw new Error(`Cannot write the part "${name}": it has no markers`);
  return text.replace(pattern, (_, before, after) => `${before}\n${content}\n${after}`);
}

/** What is wrong with the tree, one line each. */
function faultsOfTree() {
  const folders = new Set(filesBelow("src").map((file) => posix.dirname(file)));
  folders.delete(".");
  const listed = new Set(LAYERS.map(({ folder }) => folder));
  return [
    ...[...folders]
      .filter((folder) => !listed.has(folder))
      .map((folder) => `src/${folder} has no entry in scripts/layers.mjs`),
    ...[...listed]
      .filter((folder) => !existsSync(join(root, "src", folder)))
      .map((folder) => `scripts/layers.mjs lists src/${folder}, which does not exist`),
  ];
}

const OXLINT = ".oxlintrc.json";

/**
 * The files that are made from the list, with their right content before it is formatted.
 *
 * @returns {(readonly [file: string, text: string])[]}
 */
function generated() {
  const parts = { layers: drawing(), folders: table() };
  const filled = (/** @type {string} */ file, /** @type {(keyof typeof parts)[]} */ names) =>
    names.reduce(
      (text, name) => withPart(text, name, parts[name]),
      readFileSync(join(root, file), "utf8"),
    );
  return [
    [OXLINT, `${JSON.stringify(lintConfiguration(), null, 2)}\n`],
    ["ARCHITECTURE.md", filled("ARCHITECTURE.md", ["layers", "folders"])],
    ["CONTRIBUTING.md", filled("CONTRIBUTING.md", ["layers"])],
  ];
}

/** Text without what the formatter decides. */
const squeezed = (/** @type {string} */ text) =>
  text.replaceAll(/-{3,}/g, "---").replaceAll(/\s+/g, "");

/**
 * Whether the tree and what was made from the list agree with it; prints where they do not.
 *
 * @returns {boolean}
 */
export function checkLayers() {
  const stale = generated()
    .filter(([file, text]) => squeezed(readFileSync(join(root, file), "utf8")) !== squeezed(text))
    .map(([file]) => `${file} differs from the list; run node scripts/layers.mjs`);
  const faults = [...faultsOfTree(), ...stale];
  for (const fault of faults) console.error(fault);
  return faults.length === 0;
}

/** Writes everything that is made from the list. */
function write() {
  for (const [file, text] of generated()) {
    writeFileSync(join(root, file), text);
    runTool("oxfmt", [file]);
  }
}

if (isMain(import.meta.url)) {
  if (process.argv.includes("--check")) process.exitCode = checkLayers() ? 0 : 1;
  else write();
}
