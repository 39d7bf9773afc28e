/**
 * Fewer files for what the entries of the package share.
 *
 * esbuild makes a file of what each set of entries has in common: dozens of small ones, and a
 * runtime takes half a millisecond for each. Here they are put together, by what loads them.
 * Bundlers leave out what a program does not use of a file: few statements at the top level of
 * a module have an effect that they see; see pure-classes.mjs.
 */

import { posix } from "node:path";

import { parse } from "acorn";
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
 * @property {readonly string[]} modules Paths of the modules that it is made of, in `src/` and without extension.
 */

const FOLDER = "chunks/";

/**
 * What is made of esbuild's chunks.
 *
 * @typedef {object} Layout
 * @property {Readonly<Record<string, readonly string[]>>} uses What the package is used for: the files that users import then.
 * @property {Readonly<Record<string, (usedBy: (...uses: string[]) => boolean) => boolean>>} files The
 *   files to make. A chunk is put into the first whose condition holds; `usedBy` tells whether any
 *   of some uses loads the chunk. What a chunk imports is loaded by at least the same uses: if it
 *   is then in the same file or in one further up, no file imports in a circle.
 * @property {readonly string[]} repeated Small modules without a state: each file that imports their chunk holds it.
 */

/**
 * @param {Library} library
 * @param {Layout} layout
 * @returns {Promise<Map<string, string>>} The files, fewer of them in `chunks/`.
 */
export async function mergeChunks(library, layout) {
  const { chunksOf, repeated } = distribute(library, layout);
  const rewriter = new Rewriter(library, chunksOf, repeated);
  /** @type {Map<string, string>} */
  const files = new Map();
  for (const [file, chunks] of chunksOf) files.set(file, await rewriter.join(file, chunks));
  for (const [file, text] of library.files) {
    if (rewriter.fileOf(file) === undefined && !repeated.has(file))
      files.set(file, await rewriter.rewrite(file, text));
  }
  for (const name of loadedLater(files)) {
    if (!files.has(name)) throw new Error(`Cannot bundle: ${name} is imported, and not there`);
  }
  return files;
}

/** The files that others import when they need them. */
function loadedLater(/** @type {ReadonlyMap<string, string>} */ files) {
  return [...files].flatMap(([file, text]) =>
    [...text.matchAll(/\bimport\("(\.[^"]+)"\)/g)].map(([, path = ""]) =>
      posix.join(posix.dirname(file), path),
    ),
  );
}

/** What becomes of the chunks. One that is in neither list stays as it is. */
function distribute(
  /** @type {Library} */ { outputs },
  /** @type {Layout} */ { uses, files, repeated: small },
) {
  const loaded = Object.entries(uses).map(([use, entries]) => {
    const all = new Set(entries);
    for (const name of all) for (const next of outputs.get(name)?.imports ?? []) all.add(next);
    return /** @type {const} */ ([use, all]);
  });
  /** The chunks of each file to make. @type {Map<string, string[]>} */
  const chunksOf = new Map();
  /** @type {Set<string>} */
  const repeated = new Set();
  for (const [chunk, { modules }] of outputs) {
    if (!chunk.startsWith(FOLDER)) continue;
    const by = loaded.filter(([, all]) => all.has(chunk)).map(([use]) => use);
    const usedBy = (/** @type {string[]} */ ...names) => names.some((name) => by.includes(name));
    const name = Object.keys(files).find((each) => files[each]?.(usedBy));
    // Without a module it passes on what others hold, to who imports it later.
    const isSmall = modules.length > 0 && modules.every((module) => small.includes(module));
    if (isSmall) repeated.add(chunk);
    else if (name !== undefined) {
      const file = `${FOLDER}${name}.js`;
      chunksOf.set(file, [...(chunksOf.get(file) ?? []), chunk]);
    }
  }
  return { chunksOf, repeated };
}

/** Writes files anew, with what was in chunks imported from where it is now. */
class Rewriter {
  #library;
  #repeated;
  /** @type {Map<string, string>} */
  #fileOf = new Map();
  /** What the exports of each chunk are called in its file, by their names. @type {Map<string, Map<string, string>>} */
  #names = new Map();

  constructor(
    /** @type {Library} */ library,
    /** @type {ReadonlyMap<string, readonly string[]>} */ chunksOf,
    /** @type {ReadonlySet<string>} */ repeated,
  ) {
    this.#library = library;
    this.#repeated = repeated;
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
      charset: "ascii",
      format: "esm",
      legalComments: "none",
      logLevel: "error",
      platform: "neutral",
      plugins: [this.#plugin(file)],
      target: "es2022",
      write: false,
    });
    return withoutUnusedImports(/** @type {esbuild.OutputFile} */ (outputFiles[0]).text);
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
          const isStatic = kind !== "dynamic-import";
          if (isStatic && this.#repeated.has(name))
            return { path: name, namespace: "part", sideEffects: false, pluginData: name };
          const now = isStatic ? this.#fileOf.get(name) : undefined;
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

/**
 * The text with one import statement for each other file, and without the names that it does
 * not use: esbuild keeps a statement for each chunk, with all that the chunk exports.
 *
 * @param {string} text
 */
function withoutUnusedImports(text) {
  /** How often each word is in it. @type {Map<string, number>} */
  const counts = new Map();
  const { body } = parse(text, {
    ecmaVersion: "latest",
    sourceType: "module",
    onToken: ({ start, end: to }) => {
      const word = text.slice(start, to);
      counts.set(word, (counts.get(word) ?? 0) + 1);
    },
  });
  /** What is imported, by file. @type {Map<string, Set<string>>} */
  const names = new Map();
  let [rest, end] = ["", 0];
  for (const statement of body) {
    if (statement.type !== "ImportDeclaration") continue;
    const { specifiers, source, start } = statement;
    if (specifiers.some(({ type }) => type !== "ImportSpecifier") || specifiers.length === 0)
      continue;
    const from = String(source.value);
    const list = names.get(from) ?? new Set();
    names.set(from, list);
    for (const { local, start: at, end: to } of specifiers) {
      const written = text.slice(at, to);
      if ((counts.get(local.name) ?? 0) > 1) list.add(written);
    }
    rest += text.slice(end, start);
    end = statement.end;
  }
  const statements = [...names]
    .filter(([, list]) => list.size > 0)
    .map(([from, list]) => `import { ${[...list].join(", ")} } from ${JSON.stringify(from)};\n`);
  return statements.join("") + rest + text.slice(end);
}

/** How a file imports another. */
function relative(/** @type {string} */ from, /** @type {string} */ to) {
  const path = posix.relative(posix.dirname(from), to);
  return path.startsWith(".") ? path : `./${path}`;
}
