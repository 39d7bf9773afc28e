/** The command line. */

import { parseArgs } from "node:util";

import { addBefore, CONTENDERS } from "./contenders.mjs";
import { SUITES } from "./suites.mjs";

/** "a,b", or the option twice; all when it is not given. */
function chosen(given, all, what) {
  if (given === undefined) return all;
  const names = given.flatMap((text) => text.split(","));
  const unknown = names.filter((name) => !all.includes(name));
  if (unknown.length > 0) {
    throw new RangeError(
      `Cannot run the ${what} "${unknown.join(", ")}": choose from ${all.join(", ")}`,
    );
  }
  return all.filter((name) => names.includes(name));
}

export function readOptions() {
  const { values } = parseArgs({
    options: {
      suite: { type: "string", multiple: true },
      contender: { type: "string", multiple: true },
      rounds: { type: "string", default: "5" },
      runtime: { type: "string", default: "node24" },
      against: { type: "string" },
      python: { type: "string", default: "python3" },
      out: { type: "string" },
      gate: { type: "boolean", default: false },
    },
  });
  const rounds = Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 1) {
    throw new RangeError(`Cannot run "${values.rounds}" rounds: it must be 1 or more`);
  }
  const contenders = chosen(values.contender, Object.keys(CONTENDERS), "contender");
  return {
    suites: chosen(values.suite, Object.keys(SUITES), "suite"),
    contenders: values.against === undefined ? contenders : addBefore(contenders, values.against),
    rounds,
    runtime: values.runtime,
    python: values.python,
    out: values.out,
    gate: values.gate,
  };
}
