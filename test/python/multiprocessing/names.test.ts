import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import * as multiprocessing from "heddle/multiprocessing";
import * as connection from "heddle/multiprocessing/connection";
import * as dummy from "heddle/multiprocessing/dummy";
import * as pool from "heddle/multiprocessing/pool";
import * as queues from "heddle/multiprocessing/queues";
import { root } from "../../support/doc-examples.ts";

const MODULES: Readonly<Record<string, object>> = {
  multiprocessing,
  "multiprocessing.connection": connection,
  "multiprocessing.dummy": dummy,
  "multiprocessing.pool": pool,
  "multiprocessing.queues": queues,
};

/** What these modules of Python import from others, and what every exception of Python has. */
const ELSEWHERE = new Set(["get_context", "wait", "add_note", "args", "with_traceback"]);

const read = (path: string): string => readFileSync(new URL(path, root), "utf8");

const camelCase = (name: string): string =>
  /[a-z]/.test(name)
    ? name.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())
    : name;

/** Whether a module of heddle has what Python's calls by that name. */
function isThere(module: object, name: string): boolean {
  const [top = "", member] = name.split(".");
  const found = (module as Record<string, unknown>)[camelCase(top)];
  if (member === undefined || found === undefined) return found !== undefined;
  return camelCase(member) in (found as { prototype: object }).prototype;
}

/** Python's public names, and the members of those classes that heddle has. */
function publicNames(module: string): string[] {
  const names = JSON.parse(read("scripts/python/names.json")) as Record<string, string[]>;
  return (names[module] ?? []).filter((name) => {
    const [top = "", member] = name.split(".");
    if (top.startsWith("_") || member?.startsWith("_") === true) return false;
    if (ELSEWHERE.has(member ?? top)) return false;
    return member === undefined || isThere(MODULES[module] as object, top);
  });
}

describe("the names of multiprocessing", () => {
  it("MP-140 mp misc: the package has Python's names, but for those of which the guide says why not", () => {
    const missing = new Set<string>();
    for (const [name, module] of Object.entries(MODULES)) {
      for (const each of publicNames(name)) if (!isThere(module, each)) missing.add(each);
    }
    const [, table = ""] = read("docs/guides/processes.md").split("## What is not there\n");
    const listed = table
      .split("\n")
      .filter((line) => line.startsWith("| `"))
      .flatMap((line) => [...(line.split(" | ")[0] ?? "").matchAll(/`([^`]+)`/g)])
      .map(([, name = ""]) => name);
    assert.deepEqual(listed.sort(), [...missing].sort());
  });
});
