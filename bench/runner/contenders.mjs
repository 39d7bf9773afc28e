/** Every contender: its file, and how it is started. */

import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

/**
 * @typedef {object} Entry
 * @property {string} title
 * @property {string} file In `../contenders/`. heddle's are not in folders of it: `--against` looks for
 *   them in other checkouts, where they may be older.
 * @property {string} [library] Its package, for the version.
 * @property {string} [pythonKind] What `cpython.py` plays.
 * @property {readonly string[]} [only] The suites it takes part in. Default: all.
 * @property {string} [folder] The checkout that it belongs to. Default: this one.
 */

/** heddle first: tables compare the others to it, unless they name another. @type {Record<string, Entry>} */
export const CONTENDERS = {
  heddle: { title: "heddle", file: "heddle.mjs" },
  "heddle-messages": {
    title: "heddle, sharedMemory: false",
    file: "heddle-messages.mjs",
    only: ["latency", "waiting", "burst", "map", "payload", "scaling", "startup", "memory"],
  },
  piscina: { title: "piscina", file: "pools/piscina.mjs", library: "piscina" },
  "piscina-default": {
    title: "piscina, default queue",
    file: "pools/piscina-default.mjs",
    library: "piscina",
    only: ["burst", "map"],
  },
  tinypool: { title: "tinypool", file: "pools/tinypool.mjs", library: "tinypool" },
  workerpool: { title: "workerpool", file: "pools/workerpool.mjs", library: "workerpool" },
  poolifier: { title: "poolifier", file: "pools/poolifier.mjs", library: "poolifier" },
  multithreading: {
    title: "multithreading",
    file: "pools/multithreading.mjs",
    library: "multithreading",
  },
  raw: { title: "raw postMessage", file: "pools/raw.mjs" },
  "raw-batched": { title: "raw postMessage, batched", file: "pools/raw-batched.mjs" },
  "async-mutex": {
    title: "async-mutex",
    file: "async-mutex.mjs",
    library: "async-mutex",
    only: ["sync"],
  },
  atomics: { title: "bare Atomics, spinning", file: "atomics.mjs", only: ["sync", "queue"] },
  bare: { title: "bare workers", file: "bare.mjs", only: ["startup", "memory"] },
  "heddle-asyncio": {
    title: "heddle/asyncio",
    file: "heddle-asyncio.mjs",
    only: ["startup"],
  },
  "heddle-threading": {
    title: "heddle/threading",
    file: "heddle-threading.mjs",
    only: ["startup"],
  },
  "cpython-threads": {
    title: "CPython ThreadPoolExecutor",
    file: "cpython.py",
    pythonKind: "threads",
    only: ["latency", "waiting", "burst", "map", "payload", "scaling", "startup", "sync", "queue"],
  },
  "heddle-generators": {
    title: "heddle, generators",
    file: "heddle-generators.mjs",
    only: ["asyncio", "asyncio-memory"],
  },
  "heddle-async": {
    title: "heddle, async functions",
    file: "heddle-async.mjs",
    only: ["asyncio", "asyncio-memory"],
  },
  promises: {
    title: "bare promises",
    file: "tasks/promises.mjs",
    only: ["asyncio", "asyncio-memory"],
  },
  "p-limit": { title: "p-limit", file: "tasks/p-limit.mjs", library: "p-limit", only: ["asyncio"] },
  "p-queue": { title: "p-queue", file: "tasks/p-queue.mjs", library: "p-queue", only: ["asyncio"] },
  effect: {
    title: "Effect",
    file: "tasks/effect.mjs",
    library: "effect",
    only: ["asyncio", "asyncio-memory"],
  },
  effection: {
    title: "Effection",
    file: "tasks/effection.mjs",
    library: "effection",
    only: ["asyncio"],
  },
  "cpython-asyncio": {
    title: "CPython asyncio",
    file: "cpython.py",
    pythonKind: "asyncio",
    only: ["asyncio", "asyncio-memory"],
  },
  "heddle-processes": {
    title: "heddle, processes",
    file: "heddle-processes.mjs",
    only: ["processes", "process-startup"],
  },
  "heddle-processes-context": {
    title: "heddle, processes that a thread owns",
    file: "heddle-processes-context.mjs",
    only: ["processes"],
  },
  "heddle-channels": {
    title: "heddle, channels",
    file: "heddle-channels.mjs",
    only: ["channels"],
  },
  "fork-messages": {
    title: "bare fork, messages",
    file: "channels/fork.mjs",
    only: ["channels"],
  },
  "cpython-channels": {
    title: "CPython multiprocessing",
    file: "cpython.py",
    pythonKind: "channels",
    only: ["channels"],
  },
  fork: {
    title: "bare fork",
    file: "process-pools/fork.mjs",
    only: ["processes", "process-startup"],
  },
  "tinypool-processes": {
    title: "tinypool, child_process",
    file: "process-pools/tinypool.mjs",
    library: "tinypool",
    only: ["processes", "process-startup"],
  },
  "workerpool-processes": {
    title: "workerpool, process",
    file: "process-pools/workerpool.mjs",
    library: "workerpool",
    only: ["processes", "process-startup"],
  },
  "poolifier-cluster": {
    title: "poolifier, cluster",
    file: "process-pools/poolifier.mjs",
    library: "poolifier",
    only: ["processes", "process-startup"],
  },
  "cpython-executor": {
    title: "CPython ProcessPoolExecutor",
    file: "cpython.py",
    pythonKind: "executor",
    only: ["processes", "process-startup"],
  },
  "cpython-processes": {
    title: "CPython multiprocessing.Pool",
    file: "cpython.py",
    pythonKind: "processes",
    only: ["map"],
  },
};

/** The version of a contender's library; empty for what has none. */
export function versionOf({ library }) {
  if (library === undefined) return "";
  const manifest = new URL(`../node_modules/${library}/package.json`, import.meta.url);
  return JSON.parse(readFileSync(manifest, "utf8")).version;
}

/**
 * Adds heddle as another checkout has it, after each contender that is heddle's.
 *
 * @param {readonly string[]} names
 * @param {string} folder Of the other checkout, which must be built.
 * @returns {string[]} The names, with the added ones.
 */
export function addBefore(names, folder) {
  const path = resolve(process.env["INIT_CWD"] ?? ".", folder);
  if (!existsSync(join(path, "dist/index.js"))) {
    throw new RangeError(`Cannot compare with "${folder}": it holds no built heddle`);
  }
  return names.flatMap((name) => {
    if (!name.startsWith("heddle")) return [name];
    const entry = CONTENDERS[name];
    CONTENDERS[`${name} before`] = { ...entry, title: `${entry.title}, before`, folder: path };
    return [name, `${name} before`];
  });
}
