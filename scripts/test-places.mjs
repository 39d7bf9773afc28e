/**
 * Where each file of tests runs: by day, which is for every change, and at night.
 */

import { createHash } from "node:crypto";

import { RUNTIMES } from "./runtimes.mjs";

export const EVERY = Object.keys(RUNTIMES);
const ONCE = ["node24"];
/** Where a program of a few lines takes least. */
const QUICKEST = ["bun"];
/** One for each engine and each kind of workers. */
const ONE_OF_EACH = ["node24", "deno", "bun"];

/** @typedef {object} Suite
 * @property {readonly string[]} runtimes Where its files run by day.
 * @property {number} timeoutSeconds How long one file may take.
 * @property {boolean} [hasInsides] Whether its files may import modules of `src/`: see insides.mjs.
 * @property {boolean} [isBound] Whether it runs nowhere else at night.
 */

/**
 * Each folder of `test/` that holds tests.
 *
 * @type {Readonly<Record<string, Suite>>}
 */
export const SUITES = {
  unit: { runtimes: EVERY, timeoutSeconds: 120, hasInsides: true },
  contract: { runtimes: EVERY, timeoutSeconds: 180 },
  python: { runtimes: EVERY, timeoutSeconds: 150 },
  oracle: { runtimes: EVERY, timeoutSeconds: 60 },
  examples: { runtimes: EVERY, timeoutSeconds: 120 },
  // What they show is tested elsewhere on every runtime.
  docs: { runtimes: ONE_OF_EACH, timeoutSeconds: 120 },
  stress: { runtimes: ONE_OF_EACH, timeoutSeconds: 120 },
  // Linters, compilers and packers run on Node, whatever they read is for.
  lint: { runtimes: ONCE, timeoutSeconds: 60, isBound: true },
  types: { runtimes: ONCE, timeoutSeconds: 60, isBound: true },
  package: { runtimes: ONCE, timeoutSeconds: 180, isBound: true },
  // Schedules do not depend on the runtime; test/unit/testing explores on every one.
  model: { runtimes: ONCE, timeoutSeconds: 300, hasInsides: true, isBound: true },
};

/**
 * Files that run on fewer runtimes than their suite by day, since they take long and hardly depend
 * on one.
 *
 * @type {Readonly<Record<string, readonly string[]>>}
 */
const FEWER = {
  // What a public name does is tested on every runtime: this is whether its docstring says so.
  "docs/asyncio-docstrings.test.ts": QUICKEST,
  "docs/docstrings.test.ts": QUICKEST,
  "docs/types.test.ts": ONCE,
  // Contexts are kept by hooks up to Node 22, and by V8 since: one of each.
  "contract/async-context.test.ts": ["node20", ...ONE_OF_EACH],
  // Deno takes three times as long for each process; how it starts and ends them is tested elsewhere.
  "contract/cancelling/options.test.ts": ["node24", "bun"],
  "contract/queue-processes.test.ts": ["node24", "bun"],
  // Each of them runs programs, or kills processes, for a long time; the contracts run on all three.
  "stress/cancelling.test.ts": ONCE,
  "stress/processes.test.ts": ONCE,
  // Bun finds a function by its text, among those of four hundred modules: at night.
  "unit/shipping/generated.test.ts": ["node24", "deno"],
  // Programs of a few lines, of which each runtime that shares them runs its own.
  "unit/shipping/newcomers.test.ts": ONE_OF_EACH,
  // What it explores does not depend on the runtime; test/unit/testing starts agents on every one.
  "unit/testing/explorer/explore.test.ts": ONCE,
  // Runs tests on a runtime that is none of these: it lacks Atomics.waitAsync.
  "unit/agents/without-wait-async.test.ts": ONCE,
};

/**
 * Runtimes that share the files: by day, each file runs on Node 24 and on one of these, since the
 * other finds hardly anything more. Nor does another version of Node, as heddle calls nothing of the
 * language that one of them lacks: the compiler knows the names of ES2022 only. What does depend on
 * the runtime is tested by files that run {@link OF_EACH}, by those that run {@link OF_EACH_ENGINE},
 * and, if they take long, by those that run {@link OF_OLDEST}. At night every file runs everywhere.
 */
const SHARING = ["deno", "bun"];

/**
 * How the paths begin of files that run on Node 24, Deno and Bun: each implementation of a type, on
 * each kind of workers.
 */
const OF_EACH_ENGINE = ["contract/", "unit/shipping/entry"];

/** How the paths begin of files that run on each runtime: what they test is partly the runtime's. */
const OF_EACH = [
  // Contexts are kept by hooks up to Node 22, and by V8 since.
  "python/contextvars",
  "unit/asyncio/concurrent-runs",
  "unit/asyncio/foreign",
  "unit/contextvars/",
  // How values, and errors among them, are cloned: the versions share the values.
  "contract/values",
  "unit/errors",
  // The program's main module.
  "unit/platform/",
  "unit/program/",
  "unit/two-copies",
  "unit/asyncio/two-copies",
  // How workers start and end.
  "python/threading/low-level-threads",
  "unit/agents/without-wait-async",
  "unit/base/prototype",
  "unit/console",
  "unit/pool/message-transport",
  "unit/pool/signals",
  "unit/threading/deaths",
  "unit/threading/exceptions",
  // Programs that users of each version wrote.
  "unit/reported",
  // Stacks.
  "unit/asyncio/debug",
  "unit/asyncio/dump-tasks",
  "unit/catch-finally",
  "unit/stacks",
  "unit/threading/dump",
  // Timers, signals, sockets and child processes.
  "python/asyncio/loop",
  "python/asyncio/server",
  "python/asyncio/stream",
  "python/asyncio/subprocess",
  "unit/asyncio/connection",
  "unit/asyncio/interrupts",
  "unit/asyncio/run-settings",
  "unit/asyncio/signals",
  "unit/asyncio/timers",
  "unit/asyncio/tls-handshake",
  // What the README's table of support promises of each version: a test holds it to that.
  "python/concurrent-futures/future",
  "python/concurrent-futures/executor",
  "python/multiprocessing/connection",
  "python/multiprocessing/dummy",
  "python/multiprocessing/process.test",
  "python/threading/thread-local",
  "python/threading/locks",
  "unit/pool/death",
  "unit/shipping/entry",
  "unit/threading/stack-size",
];

/**
 * How the paths begin of files that run on the oldest version of Node, too: it has no synchronous
 * hooks for modules, and cannot read TypeScript.
 */
const OF_OLDEST = ["unit/shipping/"];

/**
 * How the paths begin of files that Node 22 runs as TypeScript by day, too: how it reads that is
 * what they test. The others it runs compiled, as Node 20 does, since it keeps nothing of what it
 * has read, which costs each of their processes and threads 50 ms.
 */
const OF_TYPESCRIPT = [
  "examples/",
  "unit/catch-finally",
  "unit/platform/",
  "unit/program/",
  "unit/shipping/",
  "unit/stacks",
];

/** @param {string} file Relative to `test/`, as in all that follows. */
export function suiteOf(file) {
  const name = file.split("/")[0] ?? "";
  const suite = SUITES[name];
  if (!suite)
    throw new Error(`Cannot run "test/${file}": scripts/test-places.mjs has no suite "${name}"`);
  return { name, ...suite };
}

/**
 * Which of {@link SHARING} runs a file: the hash of its path says, so that each has half of every
 * folder, and that no other file changes it.
 *
 * @param {string} file
 */
function sharerOf(file) {
  const hash = createHash("sha256").update(file).digest().readUInt32LE();
  return SHARING[hash % SHARING.length];
}

/** Whether one of these is how a file's path begins. */
function isAmong(/** @type {readonly string[]} */ starts, /** @type {string} */ file) {
  return starts.some((start) => file.startsWith(start));
}

/**
 * Where a file runs if runtimes are named: wherever it does by day, and on each version of Node.
 *
 * @param {string} file
 * @returns {readonly string[]}
 */
export function namedPlaces(file) {
  return FEWER[file] ?? suiteOf(file).runtimes;
}

/**
 * Where a file runs for every change.
 *
 * @param {string} file
 * @returns {readonly string[]}
 */
export function dayPlaces(file) {
  const places = namedPlaces(file);
  // Those of few places have what they need.
  if (places !== EVERY || isAmong(OF_EACH, file)) return places;
  const others = isAmong(OF_EACH_ENGINE, file) ? SHARING : [sharerOf(file)];
  const own = ["node24", ...others, ...(isAmong(OF_OLDEST, file) ? ["node20"] : [])];
  return places.filter((place) => own.includes(place));
}

/**
 * Wherever a file can run.
 *
 * @param {string} file
 * @returns {readonly string[]}
 */
export function allPlaces(file) {
  const { isBound = false, runtimes } = suiteOf(file);
  return isBound ? runtimes : EVERY;
}

/**
 * Where a file runs at night alone.
 *
 * @param {string} file
 * @returns {readonly string[]}
 */
export function nightPlaces(file) {
  const byDay = dayPlaces(file);
  return allPlaces(file).filter((place) => !byDay.includes(place));
}

/**
 * Whether a runtime is given what was compiled of a file: Node 20 cannot read TypeScript.
 *
 * @param {string} file
 * @param {string} runtime
 * @param {boolean} isByDay
 */
export function runsCompiled(file, runtime, isByDay) {
  if (runtime === "node22" && isByDay) return !isAmong(OF_TYPESCRIPT, file);
  return runtime === "node20";
}

/**
 * Checks that no test is forgotten in silence: a file in a folder that no suite names is an error,
 * a suite without files, and a name above of which there is no file.
 *
 * @param {readonly string[]} files All of them.
 */
export function checkPlaces(files) {
  for (const file of files) suiteOf(file);
  const named = [
    ...Object.keys(SUITES).map((suite) => `${suite}/`),
    ...Object.keys(FEWER),
    ...OF_EACH,
    ...OF_EACH_ENGINE,
    ...OF_OLDEST,
    ...OF_TYPESCRIPT,
  ];
  const gone = named.filter((start) => !files.some((file) => file.startsWith(start)));
  if (gone.length > 0) throw new Error(`Cannot test: no file in test/${gone.join(", test/")}`);
}
