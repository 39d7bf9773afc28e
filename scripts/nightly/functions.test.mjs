/**
 * Functions that run in workers as they stand: those of popular packages on every runtime, those of
 * tests under test runners, and those that bundlers have put into one file.
 */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { after, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import * as esbuild from "esbuild";
import { rolldown } from "rolldown";
import webpack from "webpack";

import { installPublished } from "../published.mjs";
import { installRuntime } from "../runtimes.mjs";

const LIMIT_MS = 180_000;
const MODULES = fileURLToPath(new URL("./node_modules/", import.meta.url));

const folder = installPublished();
after(() => rmSync(folder, { recursive: true }));
link(MODULES, join(folder, "node_modules"));
write("package.json", '{ "type": "module", "jest": { "transform": {} } }');
write(
  "lib.js",
  "let hits = 0; export const area = (r) => r * r * 5; export const hit = () => ++hits;",
);

/**
 * Makes the packages of one folder packages of another.
 *
 * @param {string} from
 * @param {string} to
 */
function link(from, to) {
  for (const name of readdirSync(from)) {
    if (name.startsWith(".") || name === "heddle") continue;
    if (name.startsWith("@")) {
      mkdirSync(join(to, name), { recursive: true });
      link(join(from, name), join(to, name));
    } else {
      // heddle's own are there.
      if (!existsSync(join(to, name))) symlinkSync(join(from, name), join(to, name), "junction");
    }
  }
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

/** @param {string} name */
const program = (name) => readFileSync(new URL(`./programs/${name}`, import.meta.url), "utf8");

/**
 * @param {string} runtime
 * @param {string[]} args
 */
async function output(runtime, args) {
  return execute(await installRuntime(runtime), args);
}

/**
 * @param {string} file
 * @param {string[]} args
 */
async function execute(file, args) {
  const options = { timeout: LIMIT_MS, cwd: folder, env: { ...process.env, NO_COLOR: "1" } };
  delete options.env["NODE_TEST_CONTEXT"];
  const { stdout, stderr } = await promisify(execFile)(file, args, options);
  return stdout + stderr;
}

describe("functions of packages, of the runtime and of the language", () => {
  for (const runtime of ["node20", "node22", "node24", "node26", "deno", "bun"]) {
    it(`run in a worker, on ${runtime}`, async () => {
      const file = write("packages.mjs", program("packages.mjs"));
      const flags = runtime === "deno" ? ["run", "-A", "--no-check"] : [];
      assert.match(await output(runtime, [...flags, file]), /^(\d+) of \1\n$/);
    });
  }
});

describe("functions in TypeScript that is more than types", () => {
  for (const runtime of ["deno", "bun"]) {
    it(`run in a worker, on ${runtime}`, async () => {
      write("types-state.ts", program("types-state.ts"));
      const file = write("types.ts", program("types.ts"));
      const flags = runtime === "deno" ? ["run", "-A", "--no-check"] : [];
      assert.match(await output(runtime, [...flags, file]), /^(\d+) of \1 7 15\n$/);
    });
  }
});

/** What it keeps between its runs is removed with the folder. */
const JEST = ["--cacheDirectory", join(folder, "jest-cache")];

describe("functions of tests run in a worker", () => {
  for (const pool of ["forks", "threads", "vmThreads"]) {
    it(`under Vitest, in ${pool}`, async () => {
      const imports = 'import { afterAll, describe, it } from "vitest";\n';
      write("vitest.test.js", imports + program("tests.mjs"));
      const cli = join(MODULES, "vitest/vitest.mjs");
      const args = ["run", `--pool=${pool}`, "--root", folder, "vitest.test.js"];
      assert.match(await output("node24", [cli, ...args]), /Tests\s+6 passed/);
    });
  }

  for (const provider of ["v8", "istanbul"]) {
    it(`under Vitest, with coverage by ${provider}`, async () => {
      const imports = 'import { afterAll, describe, it } from "vitest";\n';
      write("vitest.test.js", imports + program("tests.mjs"));
      const cli = join(MODULES, "vitest/vitest.mjs");
      const coverage = ["--coverage.enabled", `--coverage.provider=${provider}`];
      const args = ["run", "--root", folder, ...coverage, "vitest.test.js"];
      const printed = await output("node24", [cli, ...args]);
      assert.match(printed, /Tests\s+6 passed/);
      assert.match(printed, /lib\.js\s+\|/);
    });
  }

  it("under Jest, as ES modules", async () => {
    write("jest.test.js", program("tests.mjs"));
    const cli = join(MODULES, "jest/bin/jest.js");
    const args = ["--experimental-vm-modules", cli, ...JEST, "--rootDir", folder, "jest.test.js"];
    assert.match(await output("node24", args), /Tests:\s+6 passed/);
  });

  for (const provider of ["v8", "babel"]) {
    it(`under Jest, as ES modules, with coverage by ${provider}`, async () => {
      write("jest.test.js", program("tests.mjs"));
      const cli = join(MODULES, "jest/bin/jest.js");
      const coverage = ["--coverage", `--coverageProvider=${provider}`];
      const args = ["--experimental-vm-modules", cli, ...JEST, "--rootDir", folder, ...coverage];
      const printed = await output("node24", [...args, "jest.test.js"]);
      assert.match(printed, /Tests:\s+6 passed/);
      assert.match(printed, /lib\.js\s+\|/);
    });
  }

  it("under node:test, with coverage", async () => {
    const imports = 'import { after as afterAll, describe, it } from "node:test";\n';
    const file = write("node.test.mjs", imports + program("tests.mjs"));
    const args = ["--test", "--experimental-test-coverage", file];
    assert.match(await output("node24", args), /pass 6\n/);
  });

  it("under deno test", async () => {
    const imports = 'import { after as afterAll, describe, it } from "node:test";\n';
    const file = write("deno.test.mjs", imports + program("tests.mjs"));
    const printed = await output("deno", ["test", "-A", "--no-check", file]);
    assert.match(printed, /1 passed \(6 steps\)/);
  });

  it("under bun test, with coverage", async () => {
    const imports = 'import { afterAll, describe, it } from "bun:test";\n';
    const file = write("bun.test.js", imports + program("tests.mjs"));
    assert.match(await output("bun", ["test", "--coverage", file]), / 6 pass\n/);
  });
});

const BUNDLED = `
  import { basename } from "node:path";
  import { ThreadPoolExecutor } from "heddle/concurrent/futures";
  import dayjs from "dayjs";
  import { area, hit } from "./lib.js";
  const FACTOR = 3;
  function own(x) { return area(x) + FACTOR; }
  async function main() {
    const pool = new ThreadPoolExecutor({ maxWorkers: 1 });
    console.log(
      [
        await pool.submit(area, 2),
        await pool.submit(own, 2),
        await pool.submit((x) => area(x) * FACTOR, 2),
        await pool.submit(hit),
        await pool.submit(() => basename("/a/b.txt") + FACTOR),
        await pool.submit(() => dayjs("2020-01-02").format("YYYY")),
      ].join(),
    );
    await pool.shutdown();
  }
  void main();
`;

/** The same functions, marked in a module of their own, for bundlers that put modules into functions. */
const MARKED = `
  import { basename } from "node:path";
  import { task } from "heddle";
  import dayjs from "dayjs";
  import { area, hit } from "./lib.js";
  const FACTOR = 3;
  function own(x) { return area(x) + FACTOR; }
  export const tasks = [
    (x) => area(x),
    own,
    (x) => area(x) * FACTOR,
    () => hit(),
    () => basename("/a/b.txt") + FACTOR,
    () => dayjs("2020-01-02").format("YYYY"),
  ].map((each) => task(import.meta.url, each));
`;
const MARKED_MAIN = `
  import { ThreadPoolExecutor } from "heddle/concurrent/futures";
  import { tasks } from "./marked.js";
  async function main() {
    const pool = new ThreadPoolExecutor({ maxWorkers: 1 });
    const results = [];
    for (const each of tasks) results.push(await pool.submit(each, 2));
    console.log(results.join());
    await pool.shutdown();
  }
  void main();
`;

describe("functions in a bundle run in a worker", () => {
  const entry = write("bundled.js", BUNDLED);
  const expected = "20,23,60,1,b.txt3,2020\n";
  let made = 0;

  for (const external of [[], ["heddle"]]) {
    const where = external.length > 0 ? "heddle outside" : "heddle inside";
    for (const format of /** @type {const} */ (["esm", "cjs"])) {
      for (const minify of [false, true]) {
        it(`by esbuild, ${format}, ${where}${minify ? ", minified" : ""}`, async () => {
          const outfile = join(folder, `out${++made}.${format === "esm" ? "mjs" : "cjs"}`);
          const common = { bundle: true, entryPoints: [entry], outfile, external };
          await esbuild.build({ ...common, platform: "node", format, minify });
          assert.equal(await output("node24", [outfile]), expected);
        });
      }
    }

    it(`by Rolldown, ${where}`, async () => {
      const bundle = await rolldown({
        input: entry,
        platform: "node",
        external: external.length > 0 ? [/^heddle(?:\/|$)/] : [],
      });
      const file = join(folder, `out${++made}.mjs`);
      await bundle.write({ file, format: "esm", codeSplitting: false });
      assert.equal(await output("node24", [file]), expected);
    });
  }

  /** @param {object} options */
  const byWebpack = async (options) => {
    const run = promisify((/** @type {any} */ config, /** @type {any} */ done) =>
      webpack(config, done),
    );
    await run({ mode: "production", target: "node", entry, ...options });
  };

  it("by webpack, as one function: are refused with what helps", async () => {
    const filename = `out${++made}.cjs`;
    await byWebpack({ output: { path: folder, filename } });
    await assert.rejects(
      output("node24", [join(folder, filename)]),
      /Cannot ship .*: mark the function .*, or let the bundler write an ES module \(output\.module in webpack\)/,
    );
  });

  for (const minimize of [false, true]) {
    it(`by webpack, as one function${minimize ? ", minified" : ""}, if they are marked`, async () => {
      const filename = `out${++made}.cjs`;
      const sources = [write("marked.js", MARKED), write("marked-main.js", MARKED_MAIN)];
      const options = { entry: sources[1], optimization: { minimize } };
      await byWebpack({ ...options, output: { path: folder, filename } });
      assert.equal(await output("node24", [join(folder, filename)]), expected);
      // Where the program runs, its sources may not be.
      for (const source of sources) rmSync(source);
      assert.equal(await output("node24", [join(folder, filename)]), expected);
    });
  }

  for (const format of ["esm", "cjs"]) {
    for (const where of ["outside", "inside"]) {
      for (const minify of [[], ["--minify"]]) {
        it(`by tsup, ${format}, heddle ${where}${minify.length > 0 ? ", minified" : ""}`, async () => {
          const cli = join(MODULES, "tsup/dist/cli-default.js");
          const outDir = `out${++made}`;
          const key = where === "outside" ? "external" : "noExternal";
          const config = write("tsup.config.mjs", `export default { ${key}: [/^heddle/] };`);
          const options = ["--format", format, "--config", config, "--no-splitting", ...minify];
          await output("node24", [cli, entry, "--out-dir", outDir, "--silent", ...options]);
          const file = readdirSync(join(folder, outDir)).find((name) =>
            /^bundled\.c?js$/.test(name),
          );
          assert.equal(await output("node24", [join(folder, outDir, file ?? "")]), expected);
        });
      }
    }
  }

  it("by esbuild: a function that a worker gives back has to be marked", async () => {
    const run = async (/** @type {string} */ inner, /** @type {string} */ outer) => {
      const source = write(
        "given-back.js",
        `
          import { task } from "heddle";
          import { ThreadPoolExecutor } from "heddle/concurrent/futures";
          const FACTOR = Math.abs(3);
          const inner = ${inner};
          const outer = ${outer};
          async function main() {
            const pool = new ThreadPoolExecutor({ maxWorkers: 1 });
            const given = await pool.submit(outer).catch((error) => () => error.message);
            console.log(given(2));
            await pool.shutdown();
          }
          void main();
        `,
      );
      const outfile = join(folder, `out${++made}.mjs`);
      const options = { bundle: true, entryPoints: [source], outfile };
      await esbuild.build({ ...options, platform: "node", format: "esm" });
      return output("node24", [outfile]);
    };
    assert.match(
      await run("undefined", "() => (n) => n * FACTOR"),
      /a worker of a bundled program cannot read the program. Mark the function: task\(import.meta.url, fn\)/,
    );
    const marked = (/** @type {string} */ fn) => `task(import.meta.url, ${fn})`;
    assert.equal(await run(marked("(n) => n * FACTOR"), marked("() => inner")), "6\n");
  });

  it("by bun build, for Bun and for Node", async () => {
    for (const [target, runtime] of [
      ["bun", "bun"],
      ["node", "node24"],
    ]) {
      const file = join(folder, `out${++made}.mjs`);
      const options = [`--target=${target}`, "--conditions=module", "--outfile", file];
      await output("bun", ["build", entry, ...options]);
      assert.equal(await output(runtime, [file]), expected);
    }
  });

  it("by bun build without the condition: the error names it", async () => {
    const file = join(folder, `out${++made}.mjs`);
    await output("bun", ["build", entry, "--target=bun", "--outfile", file]);
    await assert.rejects(output("bun", [file]), /as in "bun build --conditions=module"/);
  });

  for (const minify of [[], ["--minify"]]) {
    it(`by bun build --compile${minify.length > 0 ? ", minified" : ""}`, async () => {
      const file = join(folder, `out${++made}`);
      const options = ["--compile", "--conditions=module", "--outfile", file, ...minify];
      await output("bun", ["build", entry, ...options]);
      assert.equal(await execute(file, []), expected);
    });
  }

  it("in a single executable of Node, if it has the program's text", async () => {
    const main = `out${++made}.cjs`;
    const common = { bundle: true, entryPoints: [entry], outfile: join(folder, main) };
    await esbuild.build({ ...common, platform: "node", format: "cjs" });
    const built = async (/** @type {object} */ options) => {
      const file = join(folder, `out${++made}`);
      const disableExperimentalSEAWarning = true;
      const config = { main, output: file, disableExperimentalSEAWarning, ...options };
      await output("node26", ["--build-sea", write("sea.json", JSON.stringify(config))]);
      return file;
    };
    const whole = await built({ assets: { "heddle:main": main } });
    assert.equal(await execute(whole, []), expected);
    await assert.rejects(
      execute(await built({}), []),
      /A single executable has to have the text of its program: add it to .* "heddle:main"/,
    );
  });
});
