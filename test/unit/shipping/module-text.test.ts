import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { describe, it } from "node:test";

import {
  firstImports,
  isLocal,
  moduleText,
} from "../../../build/src/shipping/syntax/module-text.js";

describe("moduleText", () => {
  const text = moduleText(new URL("./fixtures/module-text.txt", import.meta.url).href);

  it("lists what an ES module imports as values, with the local names", () => {
    assert.deepEqual(
      text?.imports.map(({ specifier, names, isStatic }) => [
        specifier,
        names.map(({ imported, local }) => `${imported}>${local}`).join(" "),
        isStatic,
      ]),
      [
        ["./named.js", "default>standard a>a b>c type>kind", true],
        ["./space.js", "*>space", true],
        ["./effect.js", "", true],
        ["package", "default>other", true],
        ["./again.js", "", true],
        ["./all.js", "", true],
        ["./grouped.js", "", true],
        ["./lazy.js", "", false],
      ],
    );
  });

  it("lists what an ES module exports, with the local names", () => {
    assert.deepEqual(
      [...(text?.exports ?? [])],
      [
        ["h", "h"],
        ["i", "i"],
        ["j", "local"],
        ["default", "k"],
      ],
    );
  });

  it("lists what an ES module re-exports", () => {
    assert.deepEqual(text?.reexports, [
      { name: "d", imported: "d", specifier: "./again.js" },
      { name: "f", imported: "e", specifier: "./again.js" },
      { name: "*", imported: "*", specifier: "./all.js" },
      { name: "grouped", imported: "*", specifier: "./grouped.js" },
    ]);
  });

  it("reads the usual forms of CommonJS", () => {
    const common = moduleText(new URL("./fixtures/common.cjs", import.meta.url).href);
    assert.deepEqual(
      common?.imports.map(({ specifier, names }) => [specifier, names.map(({ local }) => local)]),
      [
        ["node:path", ["join", "separator"]],
        ["./jobs-common.cjs", ["jobs"]],
      ],
    );
    assert.equal(common?.exports.get("own"), "own");
    const whole = moduleText(new URL("./fixtures/jobs-common.cjs", import.meta.url).href);
    assert.equal(whole?.exports.get("default"), "whole");
  });

  it("reads each module once, and no module that is not there", () => {
    const url = new URL("./fixtures/module-text.txt", import.meta.url).href;
    assert.equal(moduleText(url), text);
    assert.equal(moduleText(new URL("./fixtures/absent.js", import.meta.url).href), undefined);
    assert.equal(moduleText("https://example.org/x.js"), undefined);
  });
});

describe("firstImports", () => {
  const read = (source: string): string[] =>
    [...firstImports(source)].map(
      ({ specifier, names }) =>
        `${specifier} ${names.map(({ imported, local }) => `${imported}>${local}`).join(" ")}`,
    );

  it("reads the imports at the top, between comments", () => {
    const source = `#!/usr/bin/env node
      /** import { no } from "./no.js"; */
      import a, { b as c, type D } from "./a.js"; // import { no } from "./no.js";
      import type { E } from "./types.js"
      import "./effect.js"
      import * as f from './f.js';
      import type from "./named-type.js";
      const g = 1;
      import { late } from "./late.js";`;
    assert.deepEqual(read(source), [
      "./a.js default>a b>c",
      "./effect.js ",
      "./f.js *>f",
      "./named-type.js default>type",
    ]);
  });

  it("stops at whatever is not an import as usual", () => {
    for (const start of [
      "const text = `",
      '"use strict";',
      'import { "a b" as c } from "./strings.js";',
      'import("./dynamic.js");',
      'import { a } from "./a\\x.js";',
    ])
      assert.deepEqual(read(`${start}\nimport { b } from "./b.js";`), [], start);
  });

  it("agrees with the lexer about the modules beside it", () => {
    const folder = new URL("./", import.meta.url);
    let compared = 0;
    for (const name of readdirSync(folder).filter((file) => /\.test\.[jt]s$/.test(file))) {
      const text = moduleText(new URL(name, folder).href);
      const first = [...firstImports(text?.source ?? "")];
      const all = text?.imports.filter(({ isStatic }) => isStatic) ?? [];
      assert.deepEqual(first, all.slice(0, first.length), name);
      compared += first.length;
    }
    assert.ok(compared > 20);
  });
});

describe("isLocal", () => {
  it("tells the program's own modules from packages", () => {
    for (const specifier of ["./a.js", "../a.js", "/a.js", "file:///a.js", "#jobs"]) {
      assert.ok(isLocal(specifier), specifier);
    }
    for (const specifier of ["a", "@a/b", "node:fs", "https://example.org/a.js"]) {
      assert.ok(!isLocal(specifier), specifier);
    }
  });
});
