/**
 * The API reports: for each subpath of the package, the public names with their types,
 * so that a change to what users see is visible in a review.
 *
 *   npm run api                     writes the reports to api/
 *   node scripts/api.mjs --check    fails where a report differs from the declarations that are built
 *
 * A report also shows types that are not exported but are part of the type of something
 * that is; these lines do not begin with `export`.
 */

import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import {
  CompilerState,
  Extractor,
  ExtractorConfig,
  ExtractorLogLevel,
} from "@microsoft/api-extractor";

import { build, entryPoints, filesBelow } from "./build.mjs";
import { root, run } from "./commands.mjs";

/** The reports as they should be; `api` has them as they are in the repository. */
const FRESH = "build/api";

/** The declarations of each subpath, by the name of its report. */
const entries = Object.fromEntries(
  Object.entries(entryPoints()).map(([module, file]) => [
    `${module.replaceAll("/", ".")}.api.md`,
    file,
  ]),
);

/**
 * @param {string} report
 * @param {string} entryPoint
 */
function configFor(report, entryPoint) {
  return ExtractorConfig.prepare({
    configObjectFullPath: undefined,
    packageJsonFullPath: join(root, "package.json"),
    configObject: {
      projectFolder: root,
      mainEntryPointFilePath: entryPoint,
      compiler: {
        overrideTsconfig: {
          compilerOptions: {
            target: "es2022",
            lib: ["es2022", "esnext.disposable"],
            module: "nodenext",
            strict: true,
            types: ["node"],
          },
          files: Object.values(entries),
        },
      },
      apiReport: {
        enabled: true,
        includeForgottenExports: true,
        reportFileName: report,
        reportFolder: join(root, FRESH),
        reportTempFolder: join(root, "build/api-temp"),
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      newlineKind: "lf",
    },
  });
}

/**
 * Writes fresh reports.
 *
 * @returns {boolean} Whether the declarations could be read.
 */
function generate() {
  rmSync(join(root, FRESH), { recursive: true, force: true });
  mkdirSync(join(root, FRESH), { recursive: true });
  const configs = Object.entries(entries).map(([report, file]) => configFor(report, file));
  const [first] = configs;
  if (first === undefined) throw new Error("Cannot report: package.json exports nothing");
  const compilerState = CompilerState.create(first, {
    additionalEntryPoints: Object.values(entries),
  });
  const isRight = configs.map((config) => {
    const { errorCount } = Extractor.invoke(config, {
      localBuild: true,
      compilerState,
      messageCallback(message) {
        // What it says about docstrings is for scripts/docs.mjs to judge.
        message.handled = message.logLevel !== ExtractorLogLevel.Error;
      },
    });
    return errorCount === 0;
  });
  return isRight.every(Boolean);
}

const read = (/** @type {string} */ path) =>
  existsSync(join(root, path)) ? readFileSync(join(root, path), "utf8") : "";

/** Whether the reports in the repository are those of the declarations; prints the differences. */
function check() {
  const names = new Set([...filesBelow(FRESH), ...filesBelow("api")]);
  const stale = [...names].filter((name) => read(`api/${name}`) !== read(`${FRESH}/${name}`));
  for (const name of stale) {
    run("git", ["--no-pager", "diff", "--no-index", "--", `api/${name}`, `${FRESH}/${name}`]);
    console.error(`api/${name} differs from the declarations; if that is meant, run npm run api`);
  }
  return stale.length === 0;
}

/** Replaces the reports in the repository. */
function write() {
  rmSync(join(root, "api"), { recursive: true, force: true });
  mkdirSync(join(root, "api"));
  for (const name of filesBelow(FRESH)) {
    writeFileSync(join(root, "api", name), read(`${FRESH}/${name}`));
  }
}

const isCheck = process.argv.includes("--check");
if ((!isCheck && !(await build())) || !generate()) process.exit(1);
if (!isCheck) write();
else if (!check()) process.exit(1);
