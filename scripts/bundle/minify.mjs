/**
 * Makes files small by terser, once esbuild has given names.
 *
 * What stands at the top level of a module keeps its name. Bundlers leave out whole statements of what
 * we publish, and with short names there esbuild left out less. Nothing bundles the workers' files: there
 * all names are short, and constants are put where they are used.
 *
 * A class that users see has its name from the property that it is made as (pure-classes.mjs), and Bun
 * gives none to the class in `({ Name: class {} }).Name`. So a variable with one use stays.
 */

import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { minify } from "terser";

import { root } from "../commands.mjs";
import { withShortNames } from "./short-names.mjs";

/** What has been made of each text, by its hash: it takes seconds. */
const KNOWN = join(root, "build/minified");

/** What else a result depends on. */
const TOOLS = ["package-lock.json", "scripts/bundle/minify.mjs", "scripts/bundle/short-names.mjs"]
  .map((path) => readFileSync(join(root, path), "utf8"))
  .join("");

/**
 * @param {string} text
 * @param {object} options
 * @param {boolean} options.isBundled Whether a user's bundler reads it.
 * @param {boolean} [options.showsClasses] Whether users see classes of it, which `properties` would
 *   take out of the objects that give them their names. Default: true.
 */
export async function minified(text, { isBundled, showsClasses = true }) {
  const options = { isBundled, showsClasses };
  const hash = createHash("sha256")
    .update(JSON.stringify(options) + TOOLS + text)
    .digest("hex");
  const path = join(KNOWN, `${hash}.js`);
  try {
    return readFileSync(path, "utf8");
  } catch {
    const made = await shortened(text, options);
    mkdirSync(KNOWN, { recursive: true });
    // Never half of it, also where the build is ended.
    writeFileSync(`${path}.new`, made);
    renameSync(`${path}.new`, path);
    return made;
  }
}

/**
 * @param {string} text
 * @param {{ isBundled: boolean, showsClasses: boolean }} options
 */
async function shortened(text, { isBundled, showsClasses }) {
  const [module, toplevel] = [!isBundled, !isBundled];
  const { code = "" } = await minify(isBundled ? await withShortNames(text) : text, {
    ecma: 2020,
    compress: {
      module,
      toplevel,
      collapse_vars: !isBundled,
      hoist_props: !isBundled,
      inline: !isBundled,
      join_vars: !isBundled,
      properties: isBundled || !showsClasses,
      reduce_vars: !isBundled,
      sequences: false,
    },
    mangle: { module, toplevel },
    format: { ascii_only: true, preserve_annotations: isBundled, semicolons: !isBundled },
  });
  return `${code}\n`;
}
