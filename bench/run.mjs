/**
 * Runs the benchmarks and prints Markdown. `npm run bench` in the top folder builds
 * heddle, installs the rivals and comes here; see README.md for the options.
 */

import { writeFileSync } from "node:fs";

import { installRuntime } from "../scripts/runtimes.mjs";
import { CONTENDERS } from "./runner/contenders.mjs";
import { judgeTargets } from "./runner/gate.mjs";
import { runCase } from "./runner/interleave.mjs";
import { describeLoad, describeMachine } from "./runner/machine.mjs";
import { caseTable, derivedTable } from "./runner/markdown.mjs";
import { readOptions } from "./runner/options.mjs";
import { SUITES } from "./runner/suites.mjs";

const options = readOptions();
const runtime = {
  name: options.runtime,
  program: await installRuntime(options.runtime),
  python: options.python,
};

const printed = [];
const print = (text) => {
  console.log(`${text}\n`);
  printed.push(text);
};

const startMs = performance.now();
print(`# heddle's benchmarks\n\n${await describeMachine(runtime)}`);

const measured = { cases: new Map(), derived: new Map() };
const contenders = options.contenders.map((name) => [name, CONTENDERS[name]]);
for (const suiteName of options.suites) {
  const suite = SUITES[suiteName];
  print(`## ${suite.title}`);
  const results = new Map();
  for (const kase of suite.cases) {
    const rounds = Math.min(options.rounds, kase.mostRounds ?? Infinity);
    const outcome = await runCase({ suiteName, suite, kase, contenders, runtime, rounds });
    print(caseTable(kase, outcome));
    results.set(kase.name, outcome.results);
    measured.cases.set(`${suiteName}/${kase.name}`, outcome.results);
  }
  if (suite.derive) {
    const derived = suite.derive(results);
    print(derivedTable(derived));
    measured.derived.set(suiteName, derived.values);
  }
}

const verdict = judgeTargets(measured, options);
print(verdict.text);
const minutes = ((performance.now() - startMs) / 60_000).toFixed(1);
print(`${minutes} minutes; after: ${await describeLoad()}`);
if (options.out !== undefined) writeFileSync(options.out, `${printed.join("\n\n")}\n`);
if (options.gate && !verdict.isOpen) process.exitCode = 1;
