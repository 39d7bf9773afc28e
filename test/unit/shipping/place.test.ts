/**
 * Functions whose text means something else where they stand than it would in a worker: each is
 * refused, or gives what a call in this thread gives.
 */
import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { loadFunction } from "../../../build/src/shipping/load.js";
import { resolveFunction } from "../../../build/src/shipping/resolve.js";
import { letUnusedGo, moduleTree } from "../../../build/src/shipping/syntax/module-tree.js";
import * as hiding from "./fixtures/hides-globals.ts";
import { withGlobal } from "./fixtures/same-text-global.ts";
import { withOwn } from "./fixtures/same-text-own.ts";
import { runProgram } from "./run-program.ts";

type Made = () => unknown;

/** Compiled tests import compiled fixtures. */
const EXTENSION = /\.[jt]s$/.exec(import.meta.url)?.[0] as string;
const FIXTURE = new URL(`./fixtures/hides-globals${EXTENSION}`, import.meta.url).href;

/** What a worker would make of it; undefined if it is refused. */
async function there(fn: Made, callers?: readonly string[]): Promise<Made | undefined> {
  try {
    return (await loadFunction(await resolveFunction(fn, callers))) as Made;
  } catch (error) {
    assert.equal((error as Error).name, "NotShippableError", String(error));
    return undefined;
  }
}

/** It is refused, or gives what it gives here. */
async function isSameOrRefused(fn: Made, callers?: readonly string[]): Promise<void> {
  const loaded = await there(fn, callers);
  if (loaded !== undefined) assert.deepEqual(loaded(), fn());
}

describe("a function that uses a variable called as a global", () => {
  for (const [name, fn] of Object.entries(hiding.made)) {
    it(`does not get the global where the variable is ${name}`, async () => {
      await isSameOrRefused(fn, [FIXTURE]);
    });
  }

  it("is refused where the variable is a local one, which a worker cannot have", async () => {
    for (const name of ["a loop's", "a parameter", "of a pattern", "a catch clause's"]) {
      assert.equal(await there(hiding.made[name] as Made, [FIXTURE]), undefined, name);
    }
  });

  it("takes along a variable of the module", async () => {
    const name = "a second one of a statement";
    assert.equal((await there(hiding.made[name] as Made, [FIXTURE]))?.(), 1);
  });

  it("is refused by an error that says so", () => {
    assert.throws(() => void resolveFunction(hiding.made["a loop's"] as Made, [FIXTURE]), {
      name: "NotShippableError",
      message:
        /: it uses "process", a loop variable around it \(hides-globals\.[jt]s:\d+:\d+\), which does not exist/,
    });
  });

  it("does not get it either where another module submits it", async () => {
    for (const fn of Object.values(hiding.made)) await isSameOrRefused(fn);
  });

  for (const [name, fn] of Object.entries(hiding.free)) {
    it(`is taken where ${name}`, async () => {
      assert.deepEqual((await there(fn, [FIXTURE]))?.(), fn());
    });
  }
});

describe("a function that bears the name of a variable", () => {
  it("is not taken for what the variable holds", async () => {
    // It may be found as the export that it is.
    const found = await there(hiding.namedLikeCaptured, [FIXTURE]);
    if (found !== undefined) assert.equal(found(), hiding.namedLikeCaptured());
  });

  it("is not taken for an export of the entry, unless it is declared as that", async () => {
    const { printed } = await runProgram("entry-closures");
    const [scale, double, half] = printed as [unknown, unknown, { exportName: string }];
    assert.deepEqual([scale, double], ["NotShippableError", "NotShippableError"]);
    assert.equal(half.exportName, "half");
  });
});

describe("two functions of one text", () => {
  it("are told apart by the modules that hold them, whichever comes first", () => {
    const kinds = [withGlobal, withOwn, withGlobal].map((submit) => {
      const [reference] = submit();
      return typeof reference === "string" ? reference : (reference as { kind: string }).kind;
    });
    assert.deepEqual(kinds, ["source", "NotShippableError", "source"]);
  });
});

describe("the tree of a module", () => {
  it("is let go once nobody has asked for it for a while, and read again for who does", () => {
    const tree = moduleTree(FIXTURE);
    letUnusedGo(60_000);
    assert.equal(moduleTree(FIXTURE), tree);
    letUnusedGo(0);
    const again = moduleTree(FIXTURE);
    assert.notEqual(again, tree);
    assert.equal(again?.hash, tree?.hash);
  });
});
