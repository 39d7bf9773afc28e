/**
 * Mutation of `memory/`: each small change to a compiled file has to be found by the tests of its
 * subject. What survives is listed; where more does than when the floor was set, it fails.
 *
 * Stryker runs a command for each change. Model tests that plant bugs of their own are left out:
 * they replace text that Stryker has rewritten. Every other scenario ends after some thousand
 * schedules, so that a change that survives costs seconds.
 */

import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { root, run } from "../commands.mjs";

/** Schedules of one scenario: nearly all that is found at all is found in the first hundreds. */
const MOST_SCHEDULES = "250";

const model = (/** @type {string[]} */ ...names) =>
  names.map((name) => `test/model/${name}.test.ts`);
const unit = (/** @type {string[]} */ ...names) => names.map((name) => `test/unit/${name}.test.ts`);

const QUEUES = [...unit("memory/queues"), ...model("slot-queue")];

/**
 * The tests of each file, those whose name is to match if not all, and the least per cent of
 * changes that they have to find: a little less than they found when the floor was set, without
 * those that a run into the time limit gave away, which a busy machine has more of.
 *
 * @type {Readonly<Record<string, { tests: readonly string[], named?: string, floor: number }>>}
 */
const SUBJECTS = {
  "adaptive-spin.js": { tests: unit("memory/adaptive-spin"), floor: 92 },
  "agent-record.js": {
    tests: unit("memory/agent-record"),
    floor: 85,
  },
  "agent-table.js": {
    tests: unit("memory/agent-table"),
    floor: 80,
  },
  "bell-watch.js": { tests: model("bell-watch"), floor: 96 },
  "barrier.js": { tests: model("barrier"), floor: 64 },
  "call-table.js": {
    tests: [...unit("memory/call-table"), ...model("call-table", "pool")],
    floor: 90,
  },
  "condition.js": { tests: model("condition", "promise-waits"), floor: 66 },
  "deadline.js": { tests: unit("memory/deadline"), floor: 95 },
  "doorbell.js": { tests: model("doorbell", "waiting"), floor: 72 },
  "event.js": { tests: [...unit("memory/event"), ...model("event")], floor: 86 },
  "heap.js": { tests: [...unit("memory/heap"), ...model("heap")], floor: 78 },
  "mutex.js": { tests: model("mutex", "waiting"), floor: 85 },
  "parking.js": { tests: model("parking"), floor: 60 },
  "ring.js": { tests: model("ring"), floor: 38 },
  "semaphore.js": { tests: [...unit("memory/semaphore"), ...model("semaphore")], floor: 82 },
  "short-lock.js": { tests: [...unit("memory/short-lock"), ...model("short-lock")], floor: 75 },
  "wait-set.js": { tests: model("wait-set", "waiting"), floor: 64 },
  "queues/fifo-slots.js": { tests: QUEUES, named: "fifo", floor: 78 },
  "queues/lifo-slots.js": { tests: QUEUES, named: "lifo", floor: 80 },
  "queues/priority-slots.js": { tests: QUEUES, named: "priority", floor: 70 },
  "queues/slot-queue.js": { tests: QUEUES, named: "fifo", floor: 72 },
};

/** Nights in which every file has its turn. */
const NIGHTS = 4;

/** Files with nothing to change: other names for the operations of `Atomics`. */
const NO_SUBJECTS = ["atomics.js"];

/** A file of `memory/` that is in neither list would never be looked at. */
function checkSubjects() {
  const files = readdirSync(join(root, "build/src/memory"), { recursive: true, encoding: "utf8" });
  const missing = files.filter(
    (file) => file.endsWith(".js") && !NO_SUBJECTS.includes(file) && SUBJECTS[file] === undefined,
  );
  if (missing.length > 0)
    throw new Error(`Cannot mutate memory/: no tests are named for ${missing.join(", ")}`);
}

/** Every subject, for {@link mutate}. */
export const ALL = Object.keys(SUBJECTS);

/** The subjects whose turn it is on this day, in UTC: each comes back after {@link NIGHTS} days. */
export function subjectsOfTheDay() {
  const day = Math.floor(Date.now() / 86_400_000);
  return ALL.filter((_, index) => index % NIGHTS === day % NIGHTS);
}

/**
 * Mutates subjects.
 *
 * @param {string} node The Node that the tests run on.
 * @param {readonly string[]} chosen Files below `memory/`.
 * @returns {boolean} Whether each reached its floor.
 */
export function mutate(node, chosen) {
  checkSubjects();
  console.log(`Mutating ${chosen.join(", ")}`);
  const folder = join(root, "build/mutation");
  mkdirSync(folder, { recursive: true });
  const stryker = join(root, "scripts/nightly/node_modules/@stryker-mutator/core/bin/stryker.js");
  const unknown = chosen.filter((file) => SUBJECTS[file] === undefined);
  if (unknown.length > 0) throw new RangeError(`Cannot mutate ${unknown.join(", ")}: no such file`);
  return Object.entries(SUBJECTS)
    .filter(([file]) => chosen.includes(file))
    .map(([file, { tests, named, floor }]) => {
      const flags = [
        "--conditions=heddle-unbundled",
        "--test-skip-pattern=find",
        ...(named === undefined ? [] : [`--test-name-pattern=${named}`]),
        "--test-reporter=dot",
      ];
      // One after the other: the first that finds a change spares the others.
      const commands = tests.map((test) => [node, ...flags, test].join(" "));
      const config = join(folder, `${file.replaceAll("/", "-")}on`);
      const options = {
        testRunner: "command",
        commandRunner: {
          command: `export HEDDLE_MODEL_MOST=${MOST_SCHEDULES}; ${commands.join(" && ")}`,
        },
        coverageAnalysis: "off",
        mutate: [`build/src/memory/${file}`],
        mutator: { excludedMutations: ["StringLiteral"] },
        ignorePatterns: ["/*", "!/build", "/build/*", "!/build/src", "!/package.json"].concat([
          "!/test",
          "/test/*",
          "!/test/model",
          "!/test/support",
          "!/test/unit",
        ]),
        plugins: [],
        reporters: ["clear-text"],
        clearTextReporter: { allowColor: false, logTests: false },
        concurrency: 2,
        timeoutMS: 10_000,
        tempDirName: join(folder, "sandbox"),
        thresholds: { high: 100, low: floor, break: floor },
      };
      writeFileSync(config, JSON.stringify(options));
      return run(node, [stryker, "run", config]);
    })
    .every(Boolean);
}
