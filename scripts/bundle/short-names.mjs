/**
 * Short names for what only a part of a file sees: parameters, variables of functions, private
 * fields.
 *
 * What stands at the top level of a module keeps its name. Bundlers leave out whole statements
 * of what we publish, and with short names there esbuild left out less.
 */

import { parse } from "acorn";
import * as esbuild from "esbuild";

/** Where it stands, esbuild takes a text for a module, and would shorten all its names. */
const META = "import.meta";
const IN_PLACE_OF_META = "heddle$import$meta";

/**
 * @param {string} text A module.
 * @returns {Promise<string>} The same module, with its imports first and its exports last.
 */
export async function withShortNames(text) {
  const { body } = parse(text, { ecmaVersion: "latest", sourceType: "module" });
  let [imports, own, exports, end] = ["", "", "", 0];
  for (const statement of body) {
    const isImport = statement.type === "ImportDeclaration";
    if (!isImport && !statement.type.startsWith("Export")) continue;
    own += text.slice(end, statement.start);
    end = statement.end;
    const written = `${text.slice(statement.start, end)}\n`;
    if (isImport) imports += written;
    else exports += written;
  }
  own += text.slice(end);
  // What is left is a script, in which the names at the top level are everyone's.
  const { code } = await esbuild.transform(own.replaceAll(META, IN_PLACE_OF_META), {
    charset: "ascii",
    legalComments: "none",
    minifyIdentifiers: true,
    target: "es2022",
  });
  return imports + code.replaceAll(IN_PLACE_OF_META, META) + exports;
}
