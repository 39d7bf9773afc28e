/**
 * Programs that use the published package compile, whatever a user's compiler is set to:
 * with the oldest TypeScript that README promises and with ours, with each way of resolving
 * modules, with and without the declarations of Node and of the DOM. Libraries are checked, too.
 */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { after, describe, it } from "node:test";
import { promisify } from "node:util";
import { project, root, specifiers } from "../support/published.ts";

/** Folders of other compilers, for the nightly tests. */
const given = process.env["HEDDLE_COMPILERS"]?.split(",");

/** Where each compiler is, and whether it is quick. */
const COMPILERS = given?.map((folder) => ({ folder, title: folder, isQuick: true })) ?? [
  { title: "the oldest TypeScript", folder: "node_modules/typescript-5.4", isQuick: false },
  { title: "the newest TypeScript", folder: "node_modules/typescript", isQuick: true },
];

const RESOLUTIONS = { node16: "node16", nodenext: "nodenext", bundler: "esnext" };

const SURROUNDINGS = [
  { name: "neither Node nor the DOM", types: [], lib: ["es2022"], hasSignals: false },
  { name: "the DOM", types: [], lib: ["es2022", "dom"], hasSignals: true },
  { name: "Node", types: ["node"], lib: ["es2022"], hasSignals: true },
  { name: "both", types: ["node"], lib: ["es2022", "dom"], hasSignals: true },
];

const source = (name: string): string =>
  readFileSync(join(root, "test/package/consumers", name), "utf8");

/** Each module alone: what one declares would hide what another lacks. */
const alone = Object.fromEntries(
  specifiers.map((name) => [
    `alone/${name.replaceAll("/", "-")}.ts`,
    `export * from "${name}";\nimport * as all from "${name}";\nexport { all };\n`,
  ]),
);

/** One file for each module: what it does not export, the import of another could name. */
const libraries = Object.fromEntries(
  ["thread", "asyncio", "futures", "queue", "threading"].map((name) => [
    `libraries/${name}.ts`,
    source(`libraries/${name}.ts`),
  ]),
);

const { folder, remove } = project(
  {
    "program.ts": source("program.ts"),
    "signals.ts": source("signals.ts"),
    ...alone,
    ...libraries,
  },
  ["@types/node", "undici-types"],
);
after(remove);

let projects = 0;

/** What the compiler complains about. */
async function complaints(
  compiler: string,
  options: Readonly<Record<string, unknown>>,
  files: readonly string[],
): Promise<string> {
  const checks = { strict: true, skipLibCheck: false, skipDefaultLibCheck: true };
  const config = join(folder, `tsconfig.${projects++}.json`);
  writeFileSync(
    config,
    JSON.stringify({
      compilerOptions: { target: "es2022", noEmit: true, ...checks, ...options },
      files,
    }),
  );
  const tsc = join(root, compiler, "bin/tsc");
  try {
    await promisify(execFile)(process.execPath, [tsc, "-p", config], { cwd: folder });
    return "";
  } catch (error) {
    return (error as { stdout: string }).stdout || String(error);
  }
}

for (const { title, folder: compiler, isQuick } of COMPILERS) {
  describe(`a program compiles with ${title}`, () => {
    for (const [moduleResolution, module] of Object.entries(RESOLUTIONS)) {
      for (const [index, { name, types, lib, hasSignals }] of SURROUNDINGS.entries()) {
        // It takes seconds each: the night tries all.
        if (!isQuick && moduleResolution !== (index === 0 ? "bundler" : "nodenext")) continue;
        it(`moduleResolution ${moduleResolution}, with ${name}`, async () => {
          const files = hasSignals ? ["program.ts", "signals.ts"] : ["program.ts"];
          const options = { module, moduleResolution, types, lib };
          assert.equal(await complaints(compiler, options, files), "");
        });
      }
    }
  });
}

describe("each module's declarations need those of no other", () => {
  for (const file of Object.keys(alone)) {
    it(file, async () => {
      const options = { module: "nodenext", types: [], lib: ["es2022"] };
      assert.equal(await complaints("node_modules/typescript", options, [file]), "");
    });
  }
});

describe("declarations are written for a library that infers types of heddle's", () => {
  for (const file of Object.keys(libraries)) {
    it(file, async () => {
      const options = {
        module: "nodenext",
        types: ["node"],
        lib: ["es2022", "esnext.disposable"],
        noEmit: false,
        declaration: true,
        emitDeclarationOnly: true,
        rootDir: ".",
        outDir: "declarations",
      };
      assert.equal(await complaints("node_modules/typescript", options, [file]), "");
    });
  }
});
