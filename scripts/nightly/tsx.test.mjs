/**
 * Node 20 cannot read TypeScript: programs in it run there under tsx, their workers too.
 */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { after, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { examplesIn, readText } from "../../test/support/doc-examples.ts";
import { installPublished } from "../published.mjs";
import { installRuntime } from "../runtimes.mjs";

const LIMIT_MS = 60_000;

const folder = installPublished();
after(() => rmSync(folder, { recursive: true }));
writeFileSync(join(folder, "package.json"), '{ "type": "module" }');

/** A module that no runtime can run by leaving its types out. */
const JOBS = `
  import { basename } from "node:path";
  export enum Unit { Byte = 1, Word = 8 }
  const names: Readonly<Record<Unit, string>> = { [Unit.Byte]: "bytes", [Unit.Word]: "words" };
  export function size(path: string, unit: Unit): string {
    return \`\${basename(path).length / unit} \${names[unit]}\`;
  }
`;
const PROGRAM = `
  import { ThreadPoolExecutor } from "heddle/concurrent/futures";
  import { size, Unit } from "./jobs.ts";
  const pool = new ThreadPoolExecutor({ maxWorkers: 1 });
  console.log(await pool.submit(size, "/a/b/filename", Unit.Word));
  await pool.shutdown();
`;

/**
 * @param {string} file
 * @param {string} cwd
 */
async function output(file, cwd = folder) {
  const tsx = fileURLToPath(new URL("./node_modules/tsx/dist/cli.mjs", import.meta.url));
  // It keeps what it has compiled among temporary files.
  const options = { timeout: LIMIT_MS, cwd, env: { ...process.env, TMPDIR: folder } };
  const { stdout } = await promisify(execFile)(
    await installRuntime("node20"),
    [tsx, file],
    options,
  );
  return stdout.split("\n").filter(Boolean);
}

/**
 * @param {string} file
 * @param {string} text
 */
function write(file, text) {
  const path = join(folder, file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return path;
}

describe("on Node 20, under tsx", () => {
  it("a function in a TypeScript file runs in a worker", async () => {
    write("jobs.ts", JOBS);
    assert.deepEqual(await output(write("program.ts", PROGRAM)), ["1 words"]);
  });

  it("a function runs in a worker that is imported by an alias of tsconfig.json", async () => {
    write("aliased/tsconfig.json", '{ "compilerOptions": { "paths": { "@/*": ["./lib/*"] } } }');
    write("aliased/lib/rate.ts", "export const rate: number = Math.abs(3);");
    write(
      "aliased/lib/area.ts",
      'import { rate } from "@/rate.ts"; export const area = (r: number): number => r * r * rate;',
    );
    const main = `
      import { ThreadPoolExecutor } from "heddle/concurrent/futures";
      import { area } from "@/area.ts";
      const pool = new ThreadPoolExecutor({ maxWorkers: 1 });
      console.log(await pool.submit(area, 2));
      await pool.shutdown();
    `;
    assert.deepEqual(await output(write("aliased/main.ts", main), join(folder, "aliased")), ["12"]);
  });

  for (const { title, code, file, output: expected } of examplesIn(
    readText("README.md"),
    "README.md",
  )) {
    it(`${title} prints what it says`, async () => {
      assert.deepEqual(await output(write(file, code)), expected);
    });
  }
});
