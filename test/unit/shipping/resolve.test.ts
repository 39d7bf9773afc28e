import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { describe, it } from "node:test";
import { gzipSync } from "node:zlib";

import type { NotShippableError } from "../../../build/src/errors.js";
import type {
  FunctionReference,
  ModuleReference,
  SliceReference,
} from "../../../build/src/shipping/function-reference.js";
import { loadFunction } from "../../../build/src/shipping/load.js";
import { task } from "../../../build/src/shipping/marker.js";
import { resolveFunction } from "../../../build/src/shipping/resolve.js";
import { late } from "./fixtures/awaiting.ts";
import { scale as viaBarrel, shaft } from "./fixtures/barrel.ts";
import { calledBack } from "./fixtures/calls-back.ts";
import { handOut } from "./fixtures/indirect.ts";
import standard, {
  arrow,
  closure,
  Image,
  renamed,
  scale,
  table,
  usesState,
} from "./fixtures/jobs.ts";
import * as own from "./fixtures/resolves-own.ts";

/** Compiled tests import compiled fixtures. */
const EXTENSION = /\.[jt]s$/.exec(import.meta.url)?.[0] as string;

function fixture(name: string): string {
  return new URL(`./fixtures/${name}${name.includes(".") ? "" : EXTENSION}`, import.meta.url).href;
}

function module(name: string, exportName: string): unknown {
  return { kind: "module", url: fixture(name), exportName, sourceText: undefined };
}

function refusal(fn: unknown): NotShippableError {
  try {
    void resolveFunction(fn as () => void);
  } catch (error) {
    return error as NotShippableError;
  }
  throw new assert.AssertionError({ message: "the function was resolved" });
}

const factor = 3;

describe("resolveFunction: exported functions", () => {
  it("finds an imported function", () => {
    assert.deepEqual(resolveFunction(scale), module("jobs", "scale"));
    assert.deepEqual(resolveFunction(arrow), module("jobs", "arrow"));
  });

  it("finds a default export, and one under another name", () => {
    assert.deepEqual(resolveFunction(standard), module("jobs", "default"));
    assert.deepEqual(resolveFunction(renamed), module("jobs", "renamed"));
  });

  it("finds a static method and a function in an object", () => {
    assert.deepEqual(
      resolveFunction(Reflect.get(Image, "resize") as Function),
      module("jobs", "Image.resize"),
    );
    assert.deepEqual(resolveFunction(table.lookUp), module("jobs", "table.lookUp"));
  });

  it("names the module that defines it rather than the barrel that hands it on", () => {
    assert.equal(viaBarrel, scale);
    const callers = [fixture("../resolve.test" + EXTENSION)];
    assert.deepEqual(resolveFunction(shaft, callers), module("jobs", "arrow"));
    assert.deepEqual(resolveFunction(viaBarrel, callers), module("jobs", "scale"));
  });

  it("finds a function that the submitting module got from an import's import", () => {
    const [given] = handOut();
    assert.deepEqual(
      resolveFunction(given as Function, [fixture("indirect")]),
      module("jobs", "scale"),
    );
  });

  it("searches from every module on the stack", () => {
    assert.deepEqual(
      calledBack(() => resolveFunction(scale)),
      module("jobs", "scale"),
    );
  });

  it("finds a function of a built-in module", () => {
    assert.deepEqual(resolveFunction(gzipSync), {
      kind: "module",
      url: "node:zlib",
      exportName: "gzipSync",
      sourceText: undefined,
    });
  });

  it("finds a function of the submitting module itself", () => {
    assert.deepEqual(own.resolveLater(), module("resolves-own", "ownLater"));
  });

  it("sends the text along where the module was still being evaluated", () => {
    const early = own.early as Record<string, unknown>;
    assert.equal(early["url"], fixture("resolves-own"));
    assert.equal(early["exportName"], "ownNow");
    assert.ok([undefined, String(own.ownNow)].includes(early["sourceText"] as string));
  });

  it("finds a function of a module that awaits at its top level, if need be later", async () => {
    const { sourceText, ...reference } = (await resolveFunction(late)) as ModuleReference;
    assert.deepEqual({ ...reference, sourceText: undefined }, module("awaiting", "late"));
    // Where it cannot be compared here, the worker compares the texts.
    assert.ok([undefined, String(late)].includes(sourceText));
    assert.deepEqual(resolveFunction(late), { ...reference, sourceText });
  });

  it("finds functions of CommonJS modules, from CommonJS", () => {
    const common = createRequire(import.meta.url)("./fixtures/common.cjs") as {
      callResolve: (resolve: unknown) => unknown[];
      useUnexported: (resolve: unknown) => SliceReference;
    };
    assert.deepEqual(common.callResolve(resolveFunction), [
      module("common.cjs", "own"),
      module("jobs-common.cjs", "half"),
      module("jobs-common.cjs", "default"),
    ]);
    const { kind, url, name } = common.useUnexported(resolveFunction);
    assert.deepEqual([kind, url, name], ["slice", fixture("common.cjs"), "unexported"]);
  });
});

describe("resolveFunction: marked and self-contained functions", () => {
  it("takes the mark first", () => {
    const fn = task("file:///marked.js", () => factor);
    assert.deepEqual(resolveFunction(fn), { kind: "task", url: "file:///marked.js", key: "0" });
  });

  it("ships the source of a self-contained function", () => {
    const reference = resolveFunction((a: number, b: number) => a + b);
    assert.ok(!(reference instanceof Promise) && reference.kind === "source");
    assert.deepEqual(structuredClone(reference), reference);
  });

  it("names what every worker has", () => {
    for (const [fn, path] of [
      [Math.max, "Math\\.max"],
      [parseInt, "(?:Number\\.)?parseInt"],
      [structuredClone, "structuredClone"],
    ] as const) {
      const reference = resolveFunction(fn);
      assert.ok(!(reference instanceof Promise) && reference.kind === "source");
      assert.match(reference.body, new RegExp(`\\? ${path} : `));
      assert.equal(loadFunction(reference), fn);
    }
  });

  it("refuses what a program has put into the place of a native", () => {
    const { parse } = JSON;
    JSON.parse = () => "patched";
    const patched = resolveFunction(JSON.parse);
    JSON.parse = parse;
    assert.ok(!(patched instanceof Promise) && patched.kind === "source");
    assert.notEqual(loadFunction(patched), parse);
  });

  it("gives the same reference for the same function and for closures of one text", () => {
    const make = (): ((n: number) => number) => (n) => n + 1;
    assert.equal(resolveFunction(scale), resolveFunction(scale));
    assert.equal(resolveFunction(make()), resolveFunction(make()));
  });
});

describe("resolveFunction: functions that take along what they use", () => {
  it("cuts a function out of the module that submits it", async () => {
    const reference = (await resolveFunction((n: number) => scale(n) * factor)) as SliceReference;
    assert.equal(reference.kind, "slice");
    assert.deepEqual(structuredClone(reference), reference);
    const loaded = (await loadFunction(reference)) as (n: number) => number;
    assert.equal(loaded(2), scale(2) * factor);
  });

  it("takes a function that no export holds, with what it uses of an imported module", async () => {
    const loaded = (await loadFunction(await resolveFunction(closure()))) as (n: number) => number;
    assert.equal(loaded(2), closure()(2));
  });
});

describe("resolveFunction: refusals", () => {
  it("names the variable, what it is and where, and a fix", () => {
    const times = 3 + Number(factor);
    const error = refusal(function multiply(n: number) {
      return scale(n) * times;
    });
    assert.equal(error.name, "NotShippableError");
    assert.equal(error.functionName, "multiply");
    assert.deepEqual([...error.freeVariables], ["times"]);
    assert.match(
      error.message,
      /^Cannot ship the function "multiply" \(resolve\.test\.[jt]s:\d+:\d+\): it uses "times", a constant of the function around it \(resolve\.test\.[jt]s:\d+:\d+\), which does not exist in the worker\. Pass it as an argument: submit\(fn, times\)$/,
    );
  });

  it("names variables, and three fixes, where the text of the function is in no module", () => {
    // oxlint-disable-next-line typescript/no-implied-eval -- the text is the test's own
    const make = new Function(
      "scale",
      "factor",
      "return function times(n) { return scale(n) / factor; }",
    );
    const error = refusal(make(scale, factor));
    assert.deepEqual([...error.freeVariables], ["scale (imported)", "factor"]);
    assert.match(
      error.message,
      /^Cannot ship the function "times".*: it uses scale \(imported\) and factor, which do not exist in the worker\. Pass what it needs as arguments: submit\(fn, scale, factor\); or export "times" from a module that is imported by its path in quotes; or mark it: task\(import\.meta\.url, fn\)$/,
    );
  });

  it("does not take an export of the same name for it", async () => {
    const reference = (await own.resolveNamesake()) as FunctionReference;
    const loaded = (await loadFunction(reference)) as (n: number) => number;
    assert.deepEqual([loaded(2), loaded.name], [own.namesake(2), "ownLater"]);
    assert.notEqual(loaded(2), own.ownLater(2));
  });

  it("reads the names of imports that vite has rewritten", () => {
    const text = "(n) => n ** __vite_ssr_import_0__.K";
    // oxlint-disable-next-line typescript/no-implied-eval -- the text is the test's own
    const fn = new Function(`return ${text}`)() as Function;
    assert.deepEqual(refusal(fn).freeVariables, ["K (imported)"]);
  });

  it("refuses a function of an imported module that uses what that does not export", () => {
    const error = refusal(usesState());
    assert.deepEqual([...error.freeVariables], ["state"]);
    assert.match(
      error.message,
      /: it reaches "state" \(jobs\.[jt]s:\d+:\d+\), which its module does not export, so that the worker would have it twice\. Export "state", or export the function$/,
    );
  });

  it("says so of native and bound functions", () => {
    const { has } = Map.prototype;
    assert.match(refusal(has).message, /"has": it is native or bound/);
    assert.match(refusal(scale.bind(null)).message, /"bound scale": it is native or bound/);
  });

  it("says so of classes", () => {
    class Local {
      readonly factor = factor;
    }
    assert.match(refusal(Local).message, /"Local".*: it is a class/);
  });

  it("says so of this", () => {
    const error = refusal(function (this: { x: number }) {
      return this.x;
    });
    assert.match(
      error.message,
      /: it uses this \(resolve\.test\.[jt]s:\d+:\d+\), which nothing gives it in the worker\. Ship a function that takes the object as an argument: submit\(\(self\) => …, object\)$/,
    );
  });

  it("says that assignments stay in the worker", () => {
    let count = 0;
    const error = refusal(() => {
      count += 1;
    });
    assert.equal(count, 0);
    assert.match(
      error.message,
      /: it assigns to "count", a local variable of the function around it \(resolve\.test\.[jt]s:\d+:\d+\)\. Changes made in the worker stay in the worker/,
    );
  });

  it("refuses again when asked again", () => {
    const local = factor + 1;
    const fn = (): number => local;
    assert.deepEqual(refusal(fn).message, refusal(fn).message);
  });

  it("throws a TypeError for what is not a function", () => {
    for (const value of [undefined, null, 5, "scale", {}]) {
      assert.throws(
        () => resolveFunction(value as () => void),
        /^TypeError: Cannot ship .*: it is not a function$/,
      );
    }
  });
});
