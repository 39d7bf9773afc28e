/**
 * Every path that a comment or a Markdown document names exists, and no folder holds more files than
 * one finds one's way in.
 *
 * Checked are paths into the folders of {@link FOLDERS}, in which `*`, `**` and `{a,b}` may
 * stand for others; other names of TypeScript files with a folder, which may also be relative to
 * `src/` or to the file that names them; and relative links in Markdown. In Markdown, fenced code
 * is looked at for the first only: what an example imports is its own affair.
 */

import { readdirSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";

import { filesBelow } from "./build.mjs";
import { isMain, root } from "./commands.mjs";

/** More files side by side than this need folders. */
const MOST_FILES = 30;

const FOLDERS = ["api", "bench", "docs", "examples", "scripts", "src", "test"];

/** A path into one of the folders; it ends in a letter, a slash or a sign that stands for others. */
const INTO_FOLDER = new RegExp(
  String.raw`(?<![\w./@-])(?:${FOLDERS.join("|")})/[\w.*{},/-]*[\w*/}]`,
  "g",
);

const TYPESCRIPT_FILE = /(?<![\w./@*-])[\w-]+(?:\/[\w.-]+)+\.ts\b/g;

const LINK = /\]\((?!\w+:|#)([^)\s#]+)/g;

/** @param {string} text */
const blanked = (text) => text.replaceAll(/[^\n]/g, " ");

/**
 * The comments of a program, each where it was.
 *
 * @param {string} text
 */
function commentsOf(text) {
  const spans = /\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*$|("(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`)/gm;
  let [kept, end] = ["", 0];
  for (const { 0: span, 1: string, index } of text.matchAll(spans)) {
    kept += blanked(text.slice(end, index)) + (string === undefined ? span : blanked(span));
    end = index + span.length;
  }
  return kept;
}

/**
 * The alternatives that a path with braces stands for.
 *
 * @param {string} path
 * @returns {string[]}
 */
function alternatives(path) {
  const braces = /^(.*?)\{([^{}]*)\}(.*)$/.exec(path);
  if (!braces) return [path];
  const [, before = "", inside = "", after = ""] = braces;
  return inside.split(",").flatMap((part) => alternatives(before + part + after));
}

/**
 * Whether a path, in which signs may stand for others, is among the paths.
 *
 * @param {string} path
 * @param {ReadonlySet<string>} paths
 */
function exists(path, paths) {
  return alternatives(path.replace(/\/$/, "")).every((one) => {
    if (!one.includes("*")) return paths.has(one);
    const pattern = one
      .replaceAll(/[.+?^$()|[\]\\]/g, String.raw`\$&`)
      .replaceAll(/\*\*\/?|\*/g, (sign) => (sign === "*" ? "[^/]*" : ".*"));
    const matcher = new RegExp(`^${pattern}$`);
    return [...paths].some((known) => matcher.test(known));
  });
}

/**
 * What a file names that is not there, with the number of the line.
 *
 * @param {string} file Its path.
 * @param {string} text
 * @param {ReadonlySet<string>} paths All files and folders, by their paths from the top folder.
 * @returns {string[]}
 */
export function missingPaths(file, text, paths) {
  const isMarkdown = file.endsWith(".md");
  const prose = isMarkdown ? text : commentsOf(text);
  const plain = isMarkdown ? text.replaceAll(/^```[\s\S]*?^```/gm, blanked) : prose;
  const folder = posix.dirname(file);
  /** @type {{ index: number, path: string }[]} */
  const missing = [];
  for (const { 0: path, index } of prose.matchAll(INTO_FOLDER))
    if (!exists(path, paths)) missing.push({ index, path });
  for (const { 0: path, index } of plain.matchAll(TYPESCRIPT_FILE)) {
    if (FOLDERS.some((name) => path.startsWith(`${name}/`))) continue;
    const places = [path, posix.join("src", path), posix.join(folder, path)];
    if (!places.some((place) => paths.has(place))) missing.push({ index, path });
  }
  for (const { 1: path = "", index } of isMarkdown ? plain.matchAll(LINK) : [])
    if (!exists(posix.join(folder, decodeURI(path)), paths)) missing.push({ index, path });
  return missing
    .toSorted((a, b) => a.index - b.index)
    .map(({ index, path }) => {
      const line = text.slice(0, index).split("\n").length;
      return `${file}:${line}: "${path}" does not exist`;
    });
}

/**
 * What is wrong with the folders of a tree, one line each.
 *
 * @param {readonly string[]} files Their paths from the top folder.
 * @returns {string[]}
 */
export function fullFolders(files) {
  /** @type {Map<string, number>} */
  const counts = new Map();
  for (const file of files) {
    const folder = posix.dirname(file);
    counts.set(folder, (counts.get(folder) ?? 0) + 1);
  }
  return [...counts]
    .filter(([, count]) => count > MOST_FILES)
    .map(
      ([folder, count]) => `${folder} holds ${count} files; more than ${MOST_FILES} need folders`,
    );
}

/** All files that are not made by a program, by their paths from the top folder. */
function ownFiles() {
  const isOurs = (/** @type {string} */ file) => !file.startsWith("scripts/nightly/build/");
  const top = readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => entry.name);
  const below = FOLDERS.flatMap((folder) => filesBelow(folder).map((file) => `${folder}/${file}`));
  return [...top, ...below.map((file) => file.replaceAll("\\", "/")).filter(isOurs)];
}

/** @returns {boolean} Whether everything that is named exists, and no folder is too full. */
export function checkPaths() {
  const files = ownFiles();
  const paths = new Set(files);
  for (const file of files)
    for (let path = posix.dirname(file); path !== "."; path = posix.dirname(path)) paths.add(path);

  const missing = files
    .filter((file) => /\.(?:md|[cm]?[jt]s)$/.test(file))
    .flatMap((file) => missingPaths(file, readFileSync(join(root, file), "utf8"), paths));
  const faults = [...missing, ...fullFolders(files)];
  for (const fault of faults) console.error(fault);
  return faults.length === 0;
}

if (isMain(import.meta.url) && !checkPaths()) process.exitCode = 1;
