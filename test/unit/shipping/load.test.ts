import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { pathToFileURL } from "node:url";

import { loadFunction } from "../../../build/src/shipping/load.js";
import { task, taskReference } from "../../../build/src/shipping/marker.js";
import { scale } from "./fixtures/jobs.ts";

const EXTENSION = /\.[jt]s$/.exec(import.meta.url)?.[0] as string;

function fixture(name: string): string {
  return new URL(`./fixtures/${name}`, import.meta.url).href;
}

function load(name: string, exportName: string, sourceText?: string): Function | Promise<Function> {
  return loadFunction({ kind: "module", url: fixture(name), exportName, sourceText });
}

describe("loadFunction: modules", () => {
  it("imports the module, once", async () => {
    assert.equal(await load(`jobs${EXTENSION}`, "scale"), scale);
    assert.equal(load(`jobs${EXTENSION}`, "scale"), scale);
    assert.equal(
      await loadFunction({
        kind: "module",
        url: "node:path",
        exportName: "join",
        sourceText: undefined,
      }),
      ((await import("node:path")) as Record<string, unknown>)["join"],
    );
  });

  it("finds what a CommonJS module exports under any name", async () => {
    assert.equal((await load("jobs-common.cjs", "default"))(2), 4);
    assert.equal((await load("jobs-common.cjs", "half"))(2), 1);
    assert.equal((await load("jobs-common.cjs", "third"))(3), 1);
  });

  it("finds a property of an export", async () => {
    assert.equal((await load(`jobs${EXTENSION}`, "Image.resize"))(1), 9);
    assert.equal((await load(`jobs${EXTENSION}`, "table.lookUp"))(1), 12);
  });

  it("takes the export only if it has the text of the function that was shipped", async () => {
    assert.equal(await load(`jobs${EXTENSION}`, "scale", String(scale)), scale);
    await assert.rejects(
      async () => load(`jobs${EXTENSION}`, "scale", "(n) => n"),
      /^NotShippableError: Cannot run "scale": ".*" exports a different function under that name/,
    );
  });

  it("says what the module exports instead", async () => {
    await assert.rejects(
      async () => load("jobs-common.cjs", "fourth"),
      /^NotShippableError: Cannot run "fourth": ".*" exports no such function in the worker\. It exports .*"default"/,
    );
  });

  it("says why a module cannot be loaded, and tries again the next time", async () => {
    const folder = mkdtempSync(join(tmpdir(), "heddle-"));
    const url = pathToFileURL(join(folder, "late.mjs")).href;
    const reference = { kind: "module", url, exportName: "late", sourceText: undefined } as const;
    try {
      await assert.rejects(
        async () => loadFunction(reference),
        (error: Error) => {
          assert.equal(error.name, "RuntimeError");
          assert.match(error.message, /^Cannot load the module "file:.*late\.mjs" in the worker: /);
          assert.ok(error.cause);
          return true;
        },
      );
      if ("deno" in process.versions) return; // it remembers files that were not there
      const again = { ...reference, url: `${url}?again` }; // Node remembers them as well
      await assert.rejects(async () => loadFunction(again), /Cannot load the module/);
      writeFileSync(new URL(url), "export const late = () => 1;");
      assert.equal((await loadFunction(again))(), 1);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe("loadFunction: tasks", () => {
  it("needs no import for a task that this thread has marked", () => {
    const fn = task("file:///nowhere.js", () => 1);
    const reference = taskReference(fn);
    assert.ok(reference);
    assert.equal(loadFunction(reference), fn);
  });

  it("runs a task of a module that throws after its task() call", async () => {
    const url = fixture(`throws-later${EXTENSION}`);
    assert.equal((await loadFunction({ kind: "task", url, key: "early" }))(1), 2);
  });

  it("runs a task of a module that never finishes loading", async () => {
    const url = fixture(`waits-forever${EXTENSION}`);
    const waiting = setInterval(() => {}, 1000);
    assert.equal((await loadFunction({ kind: "task", url, key: "0" }))(1), 3);
    clearInterval(waiting);
    (globalThis as { endWait?: () => void }).endWait?.();
  });

  it("says which tasks the module marks instead", async () => {
    const url = fixture(`jobs${EXTENSION}`);
    await assert.rejects(
      async () => loadFunction({ kind: "task", url, key: "7" }),
      /^NotShippableError: Cannot run the task "7" of ".*": the module marks no such task in the worker\. It marks nothing; is task\(\) inside an if\?$/,
    );
  });

  it("says why the module of a task cannot be loaded", async () => {
    const url = fixture("absent.js");
    await assert.rejects(
      async () => loadFunction({ kind: "task", url, key: "0" }),
      /^RuntimeError: Cannot load the module/,
    );
  });
});

describe("loadFunction: sources", () => {
  it("says what is wrong with a source that cannot be evaluated", () => {
    assert.throws(
      () => loadFunction({ kind: "source", name: "broken", body: "return (", id: "" }),
      /^RuntimeError: Cannot rebuild the function "broken" in the worker: SyntaxError/,
    );
  });
});
