/** The lint of docstrings reports each kind of fault, and no other; its list of differences. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { root } from "../support/doc-examples.ts";

interface Scripts {
  publicNames(entries: Record<string, string>): unknown[];
  faultsOf(names: unknown[]): string[];
  differencesIn(names: unknown[]): string;
  inOrder(source: string): string;
}

const scripts = Object.assign(
  {},
  ...(await Promise.all(
    ["public-names", "docs", "differences", "docstring-order"].map(
      (name) => import(String(new URL(`scripts/${name}.mjs`, root))),
    ),
  )),
) as Scripts;

const folder = mkdtempSync(join(tmpdir(), "heddle-docs-"));
after(() => rmSync(folder, { recursive: true }));

function namesIn(declarations: string): unknown[] {
  const file = join(folder, "index.d.ts");
  writeFileSync(file, `${declarations}\nexport {};\n`);
  return scripts.publicNames({ "heddle/sample": file });
}

/** What the lint says about declarations, without the name of the file. */
function faultsIn(declarations: string): string[] {
  return scripts.faultsOf(namesIn(declarations)).map((fault) => fault.replace(/^.*?: /, ""));
}

const EXAMPLE = `
 * @example
 * \`\`\`ts
 * import { Lock } from "heddle/threading";
 * \`\`\``;

/** A docstring with everything that a function needs, but for what is replaced. */
function docstring({ python = "none", unit = "milliseconds", example = EXAMPLE } = {}): string {
  return `/**
 * Sleeps.
 *
 * Python: ${python}
 *
 * @param timeout How long, in ${unit}.
 *${example}
 */`;
}

describe("the lint of docstrings", () => {
  it("accepts a docstring that has everything", () => {
    const declaration = "export declare function sleep(timeout: number): void;";
    assert.deepEqual(faultsIn(`${docstring()}\n${declaration}`), []);
    assert.deepEqual(faultsIn(`${docstring({ python: "`threading.Lock`" })}\n${declaration}`), []);
  });

  const WITHOUT_DOCSTRING: Record<string, string> = {
    "a function": "export declare function f(): void;",
    "a constant": "export declare const f: number;",
    "a type": "export type f = string;",
    "an interface": "export interface f {}",
  };
  for (const [what, declaration] of Object.entries(WITHOUT_DOCSTRING)) {
    it(`reports ${what} without a docstring`, () => {
      assert.equal(faultsIn(declaration)[0], "f has no docstring");
    });
  }

  it("reports members without a docstring: fields of options, methods, parameters of constructors", () => {
    const faults = faultsIn(`
      /** Options. Python: none */
      export interface Options { readonly name?: string; }
      /** A class. Python: none${EXAMPLE} */
      export declare class Lock { constructor(options?: Options); acquire(): void; readonly name: string; }`);
    assert.deepEqual(faults, [
      "Options.name has no docstring",
      "Lock.constructor has no docstring",
      "Lock.acquire has no docstring",
      "Lock.name has no docstring",
    ]);
  });

  it("reports fields of a type that is not exported, but is part of the type of something that is", () => {
    const faults = faultsIn(`
      interface Hidden { readonly name?: string; }
      /** A type. Python: none */
      export type Shown = readonly Hidden[];`);
    assert.deepEqual(faults, ["Hidden.name has no docstring"]);
  });

  it("reports a class that is not exported, but is part of the type of something that is", () => {
    const faults = faultsIn(`
      declare class Hidden {}
      declare class Base {}
      /** A class. Python: none${EXAMPLE} */
      export declare class Shown extends Base {
        /** What is inside. Python: none */
        readonly inside: Hidden;
      }`);
    assert.deepEqual(faults, [
      "Hidden is not exported, but part of a type that is: mark what mentions it @internal",
    ]);
  });

  it("accepts a member whose docstring is that of the class that it overrides", () => {
    const faults = faultsIn(`
      declare abstract class Base {
        /** Acquires. Python: none */
        acquire(): void;
      }
      /** A class. Python: none${EXAMPLE} */
      export declare class Lock extends Base { acquire(): void; }`);
    assert.deepEqual(faults, []);
  });

  it("reports a docstring without a Python line", () => {
    const faults = faultsIn("/** A constant. */\nexport declare const LIMIT: number;");
    assert.deepEqual(faults, ["LIMIT has no `Python:` line"]);
  });

  it("reports a Python line behind a tag", () => {
    const faults = faultsIn(`/**
 * Sleeps.
 *
 * @throws {Error} No.
 *
 * Python: none
 *${EXAMPLE}
 */
export declare function sleep(): void;`);
    assert.deepEqual(faults, ["sleep has its `Python:` line behind a tag; run npm run docs"]);
  });

  it("reports a name that Python does not have", () => {
    const faults = faultsIn(
      "/** A constant. Python: `threading.LIMIT` */\nexport declare const LIMIT: number;",
    );
    assert.deepEqual(faults, [
      'LIMIT has a `Python:` line with "threading.LIMIT", which is not in scripts/python/names.json',
    ]);
  });

  it("reports a duration without its unit: a parameter, a field, an option of a function", () => {
    const faults = faultsIn(`
      ${docstring({ unit: "short" })}
      export declare function sleep(timeout: number): void;
      /** Options. Python: none */
      export interface Options {
        /** How long to wait. */
        readonly delay?: number | undefined;
      }
      /** Waits. Python: none${EXAMPLE} */
      export declare function wait(options?: Options): void;`);
    assert.deepEqual(faults, [
      "sleep does not say that `timeout` is in milliseconds",
      "wait does not say that `options.delay` is in milliseconds",
      "Options.delay does not say that `delay` is in milliseconds",
    ]);
  });

  it("reports a function, a class, and an error with fields, that have no example", () => {
    const faults = faultsIn(`
      ${docstring({ example: "" })}
      export declare function sleep(timeout: number): void;
      /** A class. Python: none */
      export declare class Lock {}
      /** An error. Python: none */
      export declare class Plain extends Error {}
      /** An error. Python: none */
      export declare class Telling extends Error {
        /** Why. Python: none */
        readonly reason: string;
      }`);
    assert.deepEqual(faults, [
      "sleep has no `@example`",
      "Lock has no `@example`",
      "Telling has no `@example`",
    ]);
  });

  it("accepts a class whose method has the example", () => {
    const faults = faultsIn(`
      /** A class. Python: none */
      export declare class Lock {
        /** Acquires. Python: none${EXAMPLE} */
        acquire(): void;
      }`);
    assert.deepEqual(faults, []);
  });

  it("reports an example that is not run", () => {
    const example = "\n * @example\n * Call it like this.";
    const declaration = "export declare function sleep(timeout: number): void;";
    assert.deepEqual(faultsIn(`${docstring({ example })}\n${declaration}`), [
      "sleep has an `@example` without a fence of `ts` that imports from heddle",
    ]);
  });
});

describe("the list of differences from Python", () => {
  it("has what stands after Differs:, by module and name", () => {
    const list = scripts.differencesIn(
      namesIn(`
        /**
         * Sleeps.
         *
         * Python: \`threading.Lock\`
         * Differs: in milliseconds, see {@link wait};
         *   and never too early.
         *
         * @throws {Error} No.
         */
        export declare function sleep(): void;
        /** Waits. Python: none */
        export declare function wait(): void;`),
    );
    assert.match(
      list,
      /\n## heddle\/sample\n\n- `sleep\(\)` \(`threading\.Lock`\): in milliseconds, see `wait`; and never too early\.\n\n## What is absent\n/,
    );
  });
});

describe("the order of a docstring", () => {
  const body = "export declare function sleep(): void;";
  const text = "  /**\n   * Sleeps.\n   *\n";
  const tags = "   * @param n How\n   *   often.\n   * @throws {Error} No.\n   *\n";
  const python = "   * Python: `time.sleep`\n";
  const differs = "   * Differs: in milliseconds,\n   *   not seconds.\n";
  const example = "   * @example\n   * ```ts\n   * label:\n   * Python: none;\n   * ```\n   */\n";

  it("has what is said of Python before the tags, a paragraph each", () => {
    assert.equal(
      scripts.inOrder(`${text}${tags}${python}${differs}   *\n${example}${body}`),
      `${text}${python}   *\n${differs}   *\n${tags}${example}${body}`,
    );
  });

  it("is left as it is where it is right, and where there are no tags", () => {
    for (const right of [
      `${text}${python}   *\n${tags}${example}${body}`,
      `${text}${python}${differs}   */\n${body}`,
      `  /** Sleeps. Python: none */\n${body}`,
    ]) {
      assert.equal(scripts.inOrder(right), right);
    }
  });
});
