/** The names of the published package, held against Python's and against each other. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { ProcessPoolExecutor, ThreadPoolExecutor } from "heddle/concurrent/futures";
import * as threading from "heddle/threading";
import { root } from "../support/published.ts";

const read = (path: string): string => readFileSync(join(root, path), "utf8");

/** Public names of Python's `threading` that are not its own, old spellings, or types only. */
const NOT_ITS_OWN = ["WeakSet", "currentThread", "activeCount", "ExceptHookArgs"];

const camelCase = (name: string): string =>
  name.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

describe("heddle/threading", () => {
  it("has the classes and functions of Python's module, or says in docs/differences.md why not", () => {
    const names = JSON.parse(read("scripts/python/names.json")) as Record<string, string[]>;
    const [, absent = ""] = read("docs/differences.md").split("## What is absent");
    const missing = (names["threading"] ?? [])
      .filter((name) => /^[A-Za-z]\w+$/.test(name) && !NOT_ITS_OWN.includes(name))
      .filter((name) => !absent.includes(`\`${name}\``))
      .map((name) => (name === "local" ? "ThreadLocal" : camelCase(name)))
      .filter((name) => !(name in threading));
    assert.deepEqual(missing, []);
  });
});

/** The methods of a class and of those that it extends. */
function methodsOf(instance: object): string[] {
  const names = new Set<string>();
  for (let at = instance; at !== Object.prototype; at = Object.getPrototypeOf(at) as object)
    for (const name of Object.getOwnPropertyNames(at)) names.add(name);
  return [...names].filter((name) => !name.startsWith("_")).toSorted();
}

describe("executors", () => {
  it("have the same methods, over threads and over processes", () => {
    const [ofThreads, ofProcesses] = [ThreadPoolExecutor, ProcessPoolExecutor].map((Kind) =>
      methodsOf(Kind.prototype),
    );
    assert.ok(ofThreads?.includes("mapSync"));
    // Threads cannot be ended by force everywhere.
    const own = ["killWorkers", "terminateWorkers"];
    assert.deepEqual(ofProcesses, [...(ofThreads ?? []), ...own].toSorted());
  });
});

/** A class or function of an API report, with the lines of its members. */
interface Declared {
  readonly name: string;
  readonly lines: readonly string[];
}

function* declaredIn(report: string): Generator<Declared> {
  const [, code = ""] = /```ts\n([^]*?)```/.exec(report) ?? [];
  yield { name: "functions", lines: code.match(/^export function .*$/gm) ?? [] };
  for (const [text, name = ""] of code.matchAll(/^(?:export |abstract )*class (\w+)[^]*?^}$/gm))
    yield { name, lines: text.split("\n") };
}

/** Python gives it no timeout either: what it waits for goes on. */
const HAS_NO_LIMIT = "shutdown";

describe("every wait", () => {
  for (const module of ["threading", "_thread", "queue", "concurrent.futures"]) {
    it(`of heddle/${module} has two forms: one takes a signal, the other blocks, both a timeout`, () => {
      const declared = [...declaredIn(read(`api/heddle.${module}.api.md`))];
      let waits = 0;
      for (const { name, lines } of declared) {
        const [, base] = /class \w+ extends (\w+)/.exec(lines[0] ?? "") ?? [];
        const inherited = declared.find((each) => each.name === base)?.lines ?? [];
        for (const line of lines) {
          const [, wait, options = ""] = /(\w+)(?:<.*?>)?\((.*)\): Waiting</.exec(line) ?? [];
          if (wait === undefined || wait === HAS_NO_LIMIT) continue;
          waits++;
          const place = `${module}: ${name}, ${wait}`;
          assert.match(options, /options\?: (?:Wait|RLock|WaitFor)Options$/, place);
          const all = [...lines, ...inherited];
          const at = all.findIndex((each) => new RegExp(`\\b${wait}Sync\\b`).test(each));
          const twin = all.slice(at, at + 2).join(" ");
          assert.ok(at !== -1, `${place} has no blocking form`);
          assert.match(twin, /SyncWaitOptions|Omit<WaitForOptions, "signal">|timeout/, place);
        }
      }
      assert.ok(waits >= 2, module);
    });
  }
});
