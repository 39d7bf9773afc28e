/**
 * Fewer files for what the entries of the package share.
 *
 * esbuild makes a file of what each set of entries has in common: dozens of small ones, and a
 * runtime takes half a millisecond for each. Here chunks are put together that the same uses of
 * the package load: entries that are one use count as one. No file imports in a circle:
 * what a chunk imports is loaded by at least the same uses.
 */

import { posix } from "node:path";

import * as esbuild from "esbuild";

/**
 * What esbuild has made.
 *
 * @typedef {object} Library
 * @property {ReadonlyMap<string, string>} files Text by path in the package's `dist/`.
 * @property {ReadonlyMap<string, Output>} outputs By the same paths.
 *
 * @typedef {object} Output
 * @property {readonly string[]} imports The files that it imports when it is loaded.
 * @property {readonly string[]} exports Names.
 * @property {boolean} isLoader Whether it loads others when these are needed.
 * @property {readonly string[]} modules Paths of the modules that it is made of, in `src/` and without extension.
 */

const FOLDER = "chunks/";

/** What imports nothing but itself, and is small. */
const BASE = /^(?:base\/(?!own-files$)|errors$|error-names$)/;

/** The use whose own chunks are of different runtimes, and load others when these are needed. */
const PLATFORM = "platform";

/** The use whose parts stay apart by folder: programs import single functions of it. */
const ROOT = "root";

/**
 * @param {Library} library
 * @param {Readonly<Record<string, readonly string[]>>} uses What the package is used for: the files that users import then.
 * @returns {Promise<{ files: Map<string, string>, modules: Map<string, string[]> }>} The files, fewer of them in
 *   `chunks/`, and the modules in each.
 */
export async function mergeChunks(library, uses) {
  const chunksOf = distribute(library, uses);
  const rewriter = new Rewriter(library, chunksOf);
  /** @type {Map<string, string>} */
  const files = new Map();
  /** @type {Map<string, string[]>} */
  const modules = new Map();
  const modulesOf = (/** @type {string} */ name) => library.outputs.get(name)?.modules ?? [];
  for (const [file, chunks] of chunksOf) {
    files.set(file, await rewriter.join(file, chunks));
    modules.set(file, chunks.flatMap(modulesOf));
  }
  for (const [file, text] of library.files) {
    if (rewriter.fileOf(file) !== undefined) continue;
    files.set(file, await rewriter.rewrite(file, text));
    modules.set(file, [...modulesOf(file)]);
  }
  return { files, modules };
}

/** The chunks of each file to make. What is in none is loaded when it is needed. */
function distribute(
  /** @type {Library} */ { outputs },
  /** @type {Readonly<Record<string, readonly string[]>>} */ uses,
) {
  const loaded = Object.entries(uses).map(([use, entries]) => {
    const all = new Set(entries);
    for (const name of all) for (const next of outputs.get(name)?.imports ?? []) all.add(next);
    return /** @type {const} */ ([use, all]);
  });
  /** @type {Map<string, string[]>} */
  const chunksOf = new Map();
  for (const [chunk, { isLoader, modules }] of outputs) {
    // A bundler that makes one file of a program puts all into it that a part of it may load.
    if (isLoader || !chunk.startsWith(FOLDER)) continue;
    const by = loaded.filter(([, all]) => all.has(chunk)).map(([use]) => use);
    if (by.length === 0 || (by.length === 1 && by[0] === PLATFORM)) continue;
    const folders = new Set(modules.map((name) => name.split("/")[0]));
    const parts = by.includes(ROOT) ? [...folders, ...by] : by;
    const file = `${FOLDER}${modules.every((name) => BASE.test(name)) ? "base" : parts.join("-")}.js`;
    chunksOf.set(file, [...(chunksOf.get(file) ?? []), chunk]);
  }
  return chunksOf;
}

/** Writes files anew, with what was in chunks imported from where it is now. */
class Rewriter {
  #library;
  /** @type {Map<string, string>} */
  #fileOf = new Map();
  /** What the exports of each chunk are called in its file, by their names. @type {Map<string, Map<string, string>>} */
  #names = new Map();

  constructor(
    /** @type {Library} */ library,
    /** @type {ReadonlyMap<string, readonly string[]>} */ chunksOf,
  ) {
    this.#library = library;
    for (const [file, chunks] of chunksOf) {
      const taken = new Set();
      for (const chunk of chunks) {
        this.#fileOf.set(chunk, file);
        const names = new Map();
        for (const exported of library.outputs.get(chunk)?.exports ?? []) {
          let name = exported;
          for (let n = 2; taken.has(name); n++) name = `${exported}$${n}`;
          taken.add(name);
          names.set(exported, name);
        }
        this.#names.set(chunk, names);
      }
    }
  }

  /** The file that a chunk is in now. */
  fileOf(/** @type {string} */ chunk) {
    return this.#fileOf.get(chunk);
  }

  /** One file of several chunks. */
  join(/** @type {string} */ file, /** @type {readonly string[]} */ chunks) {
    const statements = chunks.map((chunk) => {
      const list = [...this.#namesOf(chunk)].map(([exported, name]) => `${exported} as ${name}`);
      return `export { ${list.join(", ")} } from ${JSON.stringify(relative(file, chunk))};`;
    });
    return this.rewrite(file, statements.join("\n"));
  }

  /** The same file with other imports. */
  async rewrite(/** @type {string} */ file, /** @type {string} */ text) {
    const { outputFiles } = await esbuild.build({
      stdin: { contents: text, sourcefile: file },
      bundle: true,
      charset: "utf8",
      format: "esm",
      legalComments: "none",
      logLevel: "error",
      platform: "neutral",
      plugins: [this.#plugin(file)],
      target: "es2022",
      write: false,
    });
    return /** @type {esbuild.OutputFile} */ (outputFiles[0]).text;
  }

  /** @returns {esbuild.Plugin} */
  #plugin(/** @type {string} */ file) {
    const external = (/** @type {string} */ path, /** @type {boolean} */ sideEffects) => ({
      path,
      external: true,
      sideEffects,
    });
    return {
      name: "chunks",
      setup: ({ onResolve, onLoad }) => {
        onResolve({ filter: /^file:/ }, ({ path }) =>
          external(relative(file, path.slice("file:".length)), false),
        );
        onResolve({ filter: /^/ }, ({ path, kind, pluginData: importer = file }) => {
          if (!path.startsWith(".")) return external(path, true);
          const name = posix.join(posix.dirname(importer), path);
          const now = kind === "dynamic-import" ? undefined : this.#fileOf.get(name);
          // A chunk has no effects but those of what it imports.
          if (now === undefined) return external(relative(file, name), !name.startsWith(FOLDER));
          const namespace = now === file ? "part" : "elsewhere";
          return { path: name, namespace, sideEffects: false, pluginData: name };
        });
        onLoad({ filter: /^/, namespace: "part" }, ({ path }) => ({
          contents: this.#library.files.get(path) ?? "",
          pluginData: path,
        }));
        onLoad({ filter: /^/, namespace: "elsewhere" }, ({ path }) => {
          const list = [...this.#namesOf(path)].map(([exported, name]) => `${name} as ${exported}`);
          const now = JSON.stringify(`file:${this.#fileOf.get(path)}`);
          return { contents: `export { ${list.join(", ")} } from ${now};` };
        });
      },
    };
  }

  #namesOf(/** @type {string} */ chunk) {
    return this.#names.get(chunk) ?? new Map();
  }
}

/** How a file imports another. */
function relative(/** @type {string} */ from, /** @type {string} */ to) {
  const path = posix.relative(posix.dirname(from), to);
  return path.startsWith(".") ? path : `./${path}`;
}
