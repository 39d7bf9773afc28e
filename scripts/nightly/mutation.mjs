/**
 * Mutation of `memory/`: each small change to a compiled file has to be found by the model tests
 * of its subject. What survives is listed; where more does than when the floor was set, it fails.
 *
 * Stryker runs a command for each change. Tests that plant bugs of their own are left out: they
 * replace text that Stryker has rewritten.
 */

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { root, run } from "../commands.mjs";

/** The tests of each file, and the least per cent of changes that they have to find. */
const SUBJECTS = {
  "doorbell.js": { tests: ["doorbell"], floor: 70 },
  "event.js": { tests: ["event"], floor: 52 },
  "mutex.js": { tests: ["mutex"], floor: 85 },
};

/**
 * Mutates every subject.
 *
 * @param {string} node The Node that the tests run on.
 * @returns {boolean} Whether each reached its floor.
 */
export function mutate(node) {
  const folder = join(root, "build/mutation");
  mkdirSync(folder, { recursive: true });
  const stryker = join(root, "scripts/nightly/node_modules/@stryker-mutator/core/bin/stryker.js");
  return Object.entries(SUBJECTS)
    .map(([file, { tests, floor }]) => {
      const paths = tests.map((name) => `test/model/${name}.test.ts`);
      const command = [
        node,
        "--conditions=heddle-unbundled",
        "--test-skip-pattern=find",
        "--test-reporter=dot",
        ...paths,
      ];
      const config = join(folder, `${file.replaceAll("/", "-")}on`);
      const options = {
        testRunner: "command",
        commandRunner: { command: command.join(" ") },
        coverageAnalysis: "off",
        mutate: [`build/src/memory/${file}`],
        ignorePatterns: [
          "/*",
          "!/build",
          "/build/*",
          "!/build/src",
          "!/package.json",
          "!/test",
        ].concat(["/test/*", "!/test/model", "!/test/support"]),
        plugins: [],
        reporters: ["clear-text"],
        clearTextReporter: { allowColor: false, logTests: false },
        concurrency: 2,
        timeoutMS: 20_000,
        tempDirName: join(folder, "sandbox"),
        thresholds: { high: 100, low: floor, break: floor },
      };
      writeFileSync(config, JSON.stringify(options));
      return run(node, [stryker, "run", config]);
    })
    .every(Boolean);
}
