/**
 * Plain technical English: the words that the documents, comments and messages do without.
 *
 *   node scripts/words.mjs            lists what is found; the exit code is 1 if that is not allowed
 *   node scripts/words.mjs --renew    writes the list of exceptions anew, after some were mended
 *
 * Messages are looked at in all of `src/`; so are comments and documents, except where
 * `scripts/words-exceptions.json` lists the file with how often each word may occur there at
 * most. Numbers in that list are only ever lowered.
 */

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { filesBelow } from "./build.mjs";
import { isMain, root } from "./commands.mjs";

/**
 * @typedef {object} Rule
 * @property {string} name
 * @property {RegExp} pattern
 * @property {string} instead
 */

/** @type {readonly Rule[]} */
export const RULES = [
  { name: "whoever", pattern: /\bwho(?:m)?ever\b/i, instead: "an agent that, the caller" },
  { name: "nobody", pattern: /\bnobody(?:'s)?\b/i, instead: "no thread, not" },
  {
    name: "somebody",
    pattern: /\b(?:some|any|every)(?:body|one)(?:'s)?\b/i,
    instead: "another thread",
  },
  {
    name: "is no X",
    pattern:
      /(?<!\bthere )\b(?:is|are|was|were|be) no (?!longer\b|more\b|less\b|later\b|matter\b|need\b|such\b|way\b|other\b)[a-z]/i,
    instead: "is not a X",
  },
  { name: "whole number", pattern: /\bwhole numbers?\b/i, instead: "integer" },
  { name: "sees to it", pattern: /\b(?:sees?|saw|seeing) to it\b/i, instead: "ensures" },
  { name: "by no means", pattern: /\bby no means\b/i, instead: "does not" },
  {
    name: "makes of",
    pattern: /\bwhat (?:\w+ ){1,4}makes? of\b|\bmakes? of (?:a|the|an) function\b/i,
    instead: "how … wraps",
  },
  { name: "is told", pattern: /\b(?:is|are|be|been) told\b/i, instead: "receives" },
  {
    name: "comes to",
    pattern: /\bwhat (?:it|(?:a|an|the|this|its) \w+) (?:came|comes|has come) to\b/i,
    instead: "outcome",
  },
  { name: "estate", pattern: /\bestates?\b/i, instead: "orphaned grants" },
  { name: "heir", pattern: /\bheirs?\b/i, instead: "successor" },
  { name: "doom", pattern: /\bdoom(?:s|ed)?\b/i, instead: "abort request" },
  { name: "bury", pattern: /\b(?:bury|buries|buried|burials?)\b/i, instead: "report the death" },
  { name: "last words", pattern: /\blast words\b/i, instead: "exit report" },
  { name: "mail", pattern: /\bmails?\b/i, instead: "inbox, request" },
  { name: "adrift", pattern: /\badrift\b/i, instead: "unassigned" },
  { name: "foreign", pattern: /\bforeign\b/i, instead: "external" },
  { name: "parcel", pattern: /\bparcels?\b/i, instead: "message payload" },
  { name: "at hand", pattern: /\bat hand\b/i, instead: "available, current" },
  { name: "strike", pattern: /\bstr(?:ikes?|uck|iking)\b/i, instead: "deliver" },
  { name: "equipment", pattern: /\bequipment\b/i, instead: "the name of what it is" },
  { name: "in peace", pattern: /\bin peace\b/i, instead: "exited normally" },
  { name: "means nothing", pattern: /\bmeans? nothing\b/i, instead: "requires, is ignored" },
  { name: "cannot go on", pattern: /\bcannot go on\b/i, instead: "cannot continue" },
];

/** Documents, by their paths from the top folder. */
const TOP = ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md"];

/** Nothing is excused in these. */
const STRICT = /^[A-Z]+\.md$|^docs\/internals\//;

const EXCEPTIONS = "scripts/words-exceptions.json";

/** @param {string} text */
const blanked = (text) => text.replaceAll(/[^\n]/g, " ");

/**
 * A program in two: its comments, and its strings, each where they were.
 *
 * @param {string} text
 * @returns {{ comments: string, strings: string }}
 */
function partsOf(text) {
  const tokens =
    /(\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*$)|("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`)/gm;
  let [comments, strings, end] = ["", "", 0];
  for (const { 0: token, 1: comment, index } of text.matchAll(tokens)) {
    const between = blanked(text.slice(end, index));
    comments += between + (comment === undefined ? blanked(token) : token);
    strings += between + (comment === undefined ? token : blanked(token));
    end = index + token.length;
  }
  return { comments, strings };
}

/**
 * Prose without its code: fences and `code`. Lines that a comment or a document wraps are one.
 *
 * @param {string} text
 */
function prose(text) {
  return text
    .replaceAll(/^( \* )?```[\s\S]*?^( \* )?```/gm, blanked)
    .replaceAll(/`[^`\n]*`/g, blanked)
    .replaceAll(/\n\s*(?:\*|\/\/)(?= \w)/g, (wrap) => `\n${" ".repeat(wrap.length - 1)}`);
}

/**
 * @typedef {object} Found
 * @property {string} name The rule's.
 * @property {number} line
 * @property {string} text
 * @property {"message" | "prose"} kind
 */

/**
 * What one file should say in other words.
 *
 * @param {string} file
 * @param {string} text
 * @returns {Found[]}
 */
export function wordsIn(file, text) {
  /** @type {[Found["kind"], string][]} */
  const parts = [];
  if (file.endsWith(".md")) parts.push(["prose", prose(text)]);
  else {
    const { comments, strings } = partsOf(text);
    parts.push(["prose", prose(comments)], ["message", strings]);
  }
  return parts.flatMap(([kind, part]) =>
    RULES.flatMap(({ name, pattern }) => {
      const all = new RegExp(pattern.source.replaceAll(" ", String.raw`\s+`), `${pattern.flags}g`);
      return [...part.matchAll(all)].map(({ 0: found, index }) => ({
        name,
        kind,
        line: text.slice(0, index).split("\n").length,
        text: found.replaceAll(/\s+/g, " "),
      }));
    }),
  );
}

/**
 * Holds what was found against the exceptions.
 *
 * @param {string} file
 * @param {readonly Found[]} found
 * @param {Readonly<Record<string, number>>} allowed How often each word may occur in prose.
 * @returns {string[]} The faults.
 */
export function faultsOf(file, found, allowed) {
  /** @type {string[]} */
  const faults = [];
  for (const { name, kind, line, text } of found) {
    const isExcused = kind === "prose" && !STRICT.test(file) && (allowed[name] ?? 0) > 0;
    if (isExcused) continue;
    const { instead } = /** @type {Rule} */ (RULES.find((rule) => rule.name === name));
    faults.push(`${file}:${line}: "${text}" (${name}); better: ${instead}`);
  }
  for (const [name, most] of Object.entries(allowed)) {
    const count = found.filter((one) => one.kind === "prose" && one.name === name).length;
    if (count > most) faults.push(`${file}: "${name}" occurs ${count} times; ${most} are excused`);
  }
  return faults;
}

/** @returns {Map<string, Found[]>} By file. */
function lookThrough() {
  const sources = filesBelow("src").map((file) => `src/${file}`);
  const documents = filesBelow("docs")
    .map((file) => `docs/${file}`)
    .filter((file) => file.endsWith(".md"));
  const files = [...TOP, ...documents, ...sources.filter((file) => file.endsWith(".ts"))];
  return new Map(
    files
      .map((file) => file.replaceAll("\\", "/"))
      .filter((file) => existsSync(join(root, file)))
      .map((file) => [file, wordsIn(file, readFileSync(join(root, file), "utf8"))]),
  );
}

/** @returns {Record<string, Record<string, number>>} */
function exceptions() {
  return JSON.parse(readFileSync(join(root, EXCEPTIONS), "utf8"));
}

/** @returns {boolean} Whether there is nothing that is not excused. */
export function checkWords() {
  const excused = exceptions();
  const found = lookThrough();
  const faults = [...found].flatMap(([file, words]) => faultsOf(file, words, excused[file] ?? {}));
  for (const file of Object.keys(excused))
    if (!found.has(file)) faults.push(`${EXCEPTIONS}: "${file}" does not exist`);
  for (const fault of faults) console.error(fault);
  return faults.length === 0;
}

function renew() {
  /** @type {Record<string, Record<string, number>>} */
  const excused = {};
  for (const [file, found] of lookThrough()) {
    if (STRICT.test(file)) continue;
    for (const { name, kind } of found) {
      if (kind !== "prose") continue;
      const counts = (excused[file] ??= {});
      counts[name] = (counts[name] ?? 0) + 1;
    }
  }
  writeFileSync(join(root, EXCEPTIONS), `${JSON.stringify(excused, null, 2)}\n`);
}

if (isMain(import.meta.url)) {
  if (process.argv.includes("--renew")) renew();
  else if (!checkWords()) process.exitCode = 1;
}
