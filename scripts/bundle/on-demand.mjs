/**
 * A part of heddle that is loaded on demand, synchronously, and never twice: a file of the modules
 * that nothing else uses. It imports nothing. It exports a function that is given what the modules
 * use of all others, and makes what they export.
 */

import { readFileSync } from "node:fs";
import { dirname, join, posix, relative } from "node:path";

import { parse } from "acorn";
import * as esbuild from "esbuild";

/** What stands for a module that others use, too, until the file is made. */
const OUTSIDE = "outside:";

/**
 * The modules that some lead to, by import and import().
 *
 * @param {string} folder
 * @param {readonly string[]} names Paths in the folder, without extension.
 * @returns {Set<string>} The same.
 */
function reached(folder, names) {
  const all = new Set(names);
  for (const name of all) {
    const text = readFileSync(join(folder, `${name}.js`), "utf8");
    for (const [, path = ""] of text.matchAll(/(?:\bfrom|\bimport\(|^import) ?"(\.[^"]+)\.js"/gm))
      all.add(posix.join(posix.dirname(name), path));
  }
  return all;
}

/**
 * @param {object} options
 * @param {string} options.folder The modules.
 * @param {string} options.name The module whose exports are wanted, which nothing else imports.
 * @param {readonly string[]} options.others Modules that are loaded without it.
 * @param {string} options.make What the file exports.
 * @param {string} options.parts What the module with the parts exports.
 * @param {esbuild.BuildOptions} options.common
 * @returns {Promise<{ text: string, parts: string }>} The text of the file, and that of a module
 *   which exports a function with what to give to the file's.
 */
export async function onDemand({ folder, name, others, make, parts, common }) {
  const shared = reached(folder, others);
  const { outputFiles } = await esbuild.build({
    ...common,
    entryPoints: [join(folder, `${name}.js`)],
    plugins: [...(common.plugins ?? []), outside(folder, shared)],
  });
  const { text, used } = withoutImports(outputFiles?.[0]?.text ?? "", make);
  return { text, parts: partsText(folder, used, parts) };
}

/**
 * Leaves modules where they are.
 *
 * @param {string} folder
 * @param {ReadonlySet<string>} shared
 * @returns {esbuild.Plugin}
 */
const outside = (folder, shared) => ({
  name: "outside",
  setup({ onResolve }) {
    onResolve({ filter: /^[.#]/ }, ({ path, importer, kind }) => {
      if (kind === "entry-point") return undefined;
      const name = path.startsWith("#")
        ? path
        : relative(folder, join(dirname(importer), path))
            .replaceAll("\\", "/")
            .slice(0, -3);
      if (!path.startsWith("#") && !shared.has(name)) return undefined;
      return { path: OUTSIDE + name, external: true, sideEffects: false };
    });
  },
});

/**
 * Makes a function of a module's text.
 *
 * @param {string} text
 * @param {string} make Its name.
 */
function withoutImports(text, make) {
  const { body } = parse(text, { ecmaVersion: "latest", sourceType: "module" });
  /** The names that are used, by module. @type {Map<string, Set<string>>} */
  const used = new Map();
  /** @type {string[]} */
  const exported = [];
  let [rest, end] = ["", 0];
  for (const statement of body) {
    if (!/^(?:Import|Export)/.test(statement.type)) continue;
    const { specifiers, source } = /** @type {any} */ (statement);
    rest += text.slice(end, statement.start);
    end = statement.end;
    if (statement.type === "ExportNamedDeclaration" && source === null) {
      for (const each of specifiers) exported.push(`${each.exported.name}:${each.local.name}`);
      continue;
    }
    const module = String(source?.value);
    if (statement.type !== "ImportDeclaration" || !module.startsWith(OUTSIDE))
      throw new Error(`Cannot make a file to load on demand: it has ${statement.type}`);
    const name = module.slice(OUTSIDE.length);
    const names = used.get(name) ?? new Set();
    used.set(name, names);
    const list = specifiers.map((/** @type {any} */ { imported, local }) => {
      names.add(imported.name);
      return imported.name === local.name ? local.name : `${imported.name}:${local.name}`;
    });
    rest += `const{${list.join()}}=modules[${JSON.stringify(name)}];`;
  }
  rest += text.slice(end);
  return {
    text: `export function ${make}(modules){${rest.trim()}return{${exported.join()}}}\n`,
    used,
  };
}

/**
 * A module that hands out what is used of others.
 *
 * @param {string} folder
 * @param {ReadonlyMap<string, ReadonlySet<string>>} used
 * @param {string} name What it exports.
 */
function partsText(folder, used, name) {
  let count = 0;
  const modules = [...used].map(([module, names]) => {
    const path = module.startsWith("#") ? module : join(folder, `${module}.js`);
    if (!module.startsWith("#")) checkConstant(path, names);
    const list = [...names].map((each) => /** @type {const} */ ([each, `part${count++}`]));
    const specifiers = list.map(([each, local]) => `${each} as ${local}`).join(", ");
    const properties = list.map(([each, local]) => `${each}: ${local}`).join(", ");
    return {
      statement: `import { ${specifiers} } from ${JSON.stringify(path)};\n`,
      property: `${JSON.stringify(module)}: { ${properties} },\n`,
    };
  });
  const statements = modules.map(({ statement }) => statement).join("");
  const properties = modules.map(({ property }) => property).join("");
  return `${statements}export const ${name} = () => ({\n${properties}});\n`;
}

/** Refuses what changes: the file is given the value that it has when it is loaded. */
function checkConstant(/** @type {string} */ path, /** @type {ReadonlySet<string>} */ names) {
  const text = readFileSync(path, "utf8");
  for (const [, name = ""] of text.matchAll(/^export let (\w+)/gm))
    if (names.has(name)) throw new Error(`Cannot hand on "${name}" of ${path}: it changes`);
}
