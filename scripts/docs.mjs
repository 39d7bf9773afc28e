/**
 * The lint of docstrings, and the list of differences from Python that is made of them.
 *
 *   npm run docs                     writes docs/differences.md, and puts docstrings in order
 *   node scripts/docs.mjs --check    fails where a docstring lacks something, or the list is stale
 */

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { build, entryPoints, filesBelow } from "./build.mjs";
import { isMain, root } from "./commands.mjs";
import { differencesIn } from "./differences.mjs";
import { inOrder, isOutOfOrder } from "./docstring-order.mjs";
import { publicNames } from "./public-names.mjs";

/** @typedef {import("./public-names.mjs").PublicName} PublicName */

const LIST = "docs/differences.md";

/** Names of Python, by module: see scripts/python/record-names.py. */
const python = /** @type {Record<string, string[]>} */ (
  JSON.parse(readFileSync(join(root, "scripts/python/names.json"), "utf8"))
);
const known = new Set(
  Object.entries(python).flatMap(([module, names]) =>
    names.map((name) => (module === "builtins" ? name : `${module}.${name}`)),
  ),
);
for (const module of Object.keys(python)) known.add(module);

/**
 * What the names' docstrings lack, a line for each fault.
 *
 * @param {readonly PublicName[]} names
 * @returns {string[]}
 */
export function faultsOf(names) {
  const faults = names.flatMap((name) =>
    [
      ...faultsOfExport(name),
      ...faultsOfText(name),
      ...faultsOfPython(name),
      ...faultsOfUnits(name),
      ...faultsOfExamples(name, names),
    ].map((fault) => `${name.file}: ${name.name} ${fault}`),
  );
  return [...new Set(faults)];
}

/**
 * A class that users cannot name is nothing that they should see: not even its objects.
 *
 * @param {PublicName} name
 */
function faultsOfExport({ kind, isExported, isBase }) {
  if (kind !== "class" || isExported || isBase) return [];
  return ["is not exported, but part of a type that is: mark what mentions it @internal"];
}

/**
 * A constructor without parameters says nothing new, and a type that is not exported is
 * described by what mentions it.
 *
 * @param {PublicName} name
 */
function faultsOfText({ doc, kind, name, isExported, hasParameters }) {
  if (doc !== undefined || (kind === "constructor" && !hasParameters)) return [];
  return isExported || name.includes(".") ? ["has no docstring"] : [];
}

/**
 * Options and other fields have a sentence, but no name in Python; a constructor has its
 * class's, and a type that is not exported has no name at all.
 *
 * @param {PublicName} name
 */
function faultsOfPython({ doc, kind, name, isExported }) {
  if (doc === undefined) return [];
  if (isOutOfOrder(doc)) return ["has its `Python:` line behind a tag; run npm run docs"];
  const line = /\bPython:\s*(.*)/.exec(doc)?.[1];
  if (line === undefined) {
    const needsNone =
      kind === "field" || kind === "constructor" || (!isExported && !name.includes("."));
    return needsNone ? [] : ["has no `Python:` line"];
  }
  if (/^none\b/.test(line)) return [];
  const given = [...line.matchAll(/`([^`]*)`/g)].map(([, each]) => /** @type {string} */ (each));
  if (given.length === 0) return ["has a `Python:` line without a name"];
  return given
    .filter((each) => !known.has(each))
    .map(
      (each) => `has a \`Python:\` line with "${each}", which is not in scripts/python/names.json`,
    );
}

/** @param {PublicName} name */
function faultsOfUnits({ doc, durations }) {
  if (doc === undefined || /\bmilliseconds?\b/i.test(doc)) return [];
  return durations.map((each) => `does not say that \`${each}\` is in milliseconds`);
}

/**
 * An example may show a class by one of its methods. An error that has nothing but
 * its message needs none: what throws it says so.
 *
 * @param {PublicName} name
 * @param {readonly PublicName[]} all
 */
function faultsOfExamples(name, all) {
  const faults = fencesAfterTag(name)
    .filter((fence) => !fence.startsWith("```ts\n") || !fence.includes('from "heddle'))
    .map(() => "has an `@example` without a fence of `ts` that imports from heddle");
  if (!name.isExported || (name.kind !== "class" && name.kind !== "function")) return faults;
  const parts = all.filter(
    (each) => each.file === name.file && each.name.startsWith(`${name.name}.`),
  );
  const hasFields = parts.some((each) => each.kind === "property" && each.doc !== undefined);
  if (name.isError && !hasFields) return faults;
  const hasExample = [name, ...parts].some((each) => fencesAfterTag(each).length > 0);
  return hasExample ? faults : [...faults, "has no `@example`"];
}

/** @param {PublicName} name */
function fencesAfterTag({ doc = "" }) {
  return [...doc.matchAll(/^@example.*\n(```[^]*?^```$)?/gm)].map(([, fence = ""]) => fence);
}

/** The declarations of each subpath; a name that several export belongs to the first. */
function entries() {
  const order = [
    "heddle/threading",
    "heddle/queue",
    "heddle/concurrent/futures",
    "heddle/contextvars",
    "heddle/asyncio",
  ];
  const found = Object.entries(entryPoints());
  const rank = (/** @type {string} */ module) =>
    (order.indexOf(module) + order.length + 1) % (order.length + 1);
  return Object.fromEntries(found.sort(([a], [b]) => rank(a) - rank(b)));
}

/** Puts the docstrings of the sources in order, and renews the declarations if one was not. */
async function orderSources() {
  const stale = filesBelow("src")
    .map((file) => join(root, "src", file))
    .filter((path) => path.endsWith(".ts"))
    .map((path) => /** @type {const} */ ([path, readFileSync(path, "utf8")]))
    .filter(([, text]) => inOrder(text) !== text);
  for (const [path, text] of stale) writeFileSync(path, inOrder(text));
  if (stale.length > 0) await build();
}

async function main() {
  if (!process.argv.includes("--check")) await orderSources();
  const names = publicNames(entries());
  const faults = faultsOf(names);
  const list = differencesIn(names);
  if (!process.argv.includes("--check")) writeFileSync(join(root, LIST), list);
  else if (readFileSync(join(root, LIST), "utf8") !== list) {
    faults.push(`${LIST} differs from the docstrings; run npm run docs`);
  }
  for (const fault of faults) console.error(fault);
  if (faults.length > 0) process.exitCode = 1;
}

if (isMain(import.meta.url)) await main();
