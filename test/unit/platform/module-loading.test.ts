import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { describe, it } from "node:test";

import {
  entryUrl,
  readSource,
  requireModule,
  resolveModule,
  stripTypes,
} from "../../../build/src/platform/module-loading.js";
import * as jobs from "../shipping/fixtures/jobs.ts";

const EXTENSION = /\.[jt]s$/.exec(import.meta.url)?.[0] as string;
const JOBS = new URL(`../shipping/fixtures/jobs${EXTENSION}`, import.meta.url).href;

/** The warnings that the runtime gives while `call` runs, and soon after. */
async function warnings(call: () => unknown): Promise<string[]> {
  const seen: string[] = [];
  const listener = (warning: Error): void => void seen.push(warning.message);
  process.on("warning", listener);
  try {
    call();
    await new Promise((resolve) => setTimeout(resolve, 10));
  } finally {
    process.off("warning", listener);
  }
  return seen;
}

describe("requireModule", () => {
  it("gives the functions that import gave", () => {
    assert.equal(
      requireModule(import.meta.url, `../shipping/fixtures/jobs${EXTENSION}`)["scale"],
      jobs.scale,
    );
    assert.equal(requireModule(import.meta.url, JOBS)["scale"], jobs.scale);
    assert.equal(requireModule(JOBS, JOBS)["default"], jobs.default);
  });

  it("loads packages and built-in modules", () => {
    assert.equal(typeof requireModule(import.meta.url, "acorn")["parse"], "function");
    assert.equal(typeof requireModule(import.meta.url, "node:path")["join"], "function");
  });

  it("throws for a module that is not there", () => {
    assert.throws(() => requireModule(import.meta.url, "./absent.js"));
  });
});

describe("resolveModule", () => {
  it("gives URLs", () => {
    assert.equal(resolveModule(import.meta.url, `../shipping/fixtures/jobs${EXTENSION}`), JOBS);
    assert.equal(resolveModule(import.meta.url, JOBS), JOBS);
    assert.equal(resolveModule(import.meta.url, "node:path"), "node:path");
    assert.equal(resolveModule(import.meta.url, "path"), "node:path");
    assert.match(resolveModule(import.meta.url, "acorn"), /^file:.*\/acorn\//);
    assert.throws(() => resolveModule(import.meta.url, "./absent.js"));
  });
});

describe("readSource", () => {
  it("reads files, and says when it cannot", () => {
    assert.match(readSource(JOBS) ?? "", /export function scale/);
    assert.equal(readSource("file:///absent.js"), undefined);
    assert.equal(readSource("node:path"), undefined);
    assert.equal(readSource("not a URL"), undefined);
  });
});

describe("stripTypes", () => {
  const source = "const a: number = 1; // of TypeScript";

  it("keeps positions, where the runtime can strip, and prints nothing", async () => {
    let stripped = "";
    assert.deepEqual(await warnings(() => (stripped = stripTypes(source, "file:///a.ts"))), []);
    assert.equal(stripped.length, source.length);
    const module = createRequire(import.meta.url)("node:module") as object;
    if ("stripTypeScriptTypes" in module) assert.ok(!stripped.includes("number"));
    else assert.equal(stripped, source);
  });

  it("leaves JavaScript alone, and TypeScript that it cannot strip", () => {
    assert.equal(stripTypes(source, "file:///a.js"), source);
    assert.equal(stripTypes("enum E { A }", "file:///a.ts"), "enum E { A }");
  });

  it("lets all other warnings through, and leaves the program's hook as it was", async () => {
    const before = Reflect.get(process, "emitWarning") as unknown;
    stripTypes(source, "file:///a.ts");
    assert.equal(Reflect.get(process, "emitWarning"), before);
    const seen = await warnings(() => process.emitWarning("of the program", "ExperimentalWarning"));
    assert.deepEqual(seen, ["of the program"]);
  });
});

describe("entryUrl", () => {
  it("names a module that can be read", () => {
    assert.ok(readSource(entryUrl() ?? ""));
  });
});
