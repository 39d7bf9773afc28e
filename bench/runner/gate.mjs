/** Compares what was measured with the targets. */

import { TARGETS } from "../targets.mjs";
import { formatNumber, table } from "./markdown.mjs";

/** Runtimes other than the main one are asked for this share of a ratio (P15). */
const ELSEWHERE = 0.75;

/** Spreads are wide on shared machines: the gate closes only where a target is missed by half. */
const GATE_AT_LEAST = 0.5;
const GATE_AT_MOST = 1.5;

const NOT_MEASURED = "not measured";
const FAR_OFF = "**missed by more than half**";

/**
 * @typedef {object} Measured
 * @property {Map<string, Map<string, import("./results.mjs").Result>>} cases By "suite/case".
 * @property {Map<string, Map<string, number>>} derived By suite: a number for each contender.
 */

/** @param {Measured} measured @returns {number | undefined} Undefined if it was not measured. */
function measure(target, { cases, derived }) {
  const name = target.contender ?? "heddle";
  if (target.kind.startsWith("derived")) {
    const own = derived.get(target.case)?.get(name);
    const other = derived.get(target.case)?.get(target.others[0]);
    if (own === undefined || other === undefined) return undefined;
    return target.kind === "derived" ? own - other : own / other;
  }
  const results = cases.get(target.case);
  const own = results?.get(name);
  if (own === undefined) return undefined;
  if (target.kind === "value") return target.column ? own.column(target.column) : own.median;
  const ratios = target.others
    .filter((other) => results.has(other))
    .map((other) => results.get(other).ratioTo(own));
  if (ratios.length === 0) return undefined;
  return target.kind === "ratio" ? Math.min(...ratios) : 1 / Math.min(...ratios);
}

function judge({ atLeast, atMost }, measured) {
  if (measured === undefined) return NOT_MEASURED;
  const isMet = atLeast === undefined ? measured <= atMost : measured >= atLeast;
  if (isMet) return "met";
  const isNear =
    atLeast === undefined ? measured <= atMost * GATE_AT_MOST : measured >= atLeast * GATE_AT_LEAST;
  return isNear ? "missed" : FAR_OFF;
}

/** Whether a run with these options sets out to measure the target. */
function isChosen({ case: name, contender = "heddle", others = [contender] }, options) {
  const { suites, contenders } = options;
  return (
    suites.includes(name.split("/")[0]) &&
    contenders.includes(contender) &&
    others.some((other) => contenders.includes(other))
  );
}

/** What is asked of a runtime: all of the main one, some of the others. */
function targetsFor(runtime) {
  if (runtime === "node24") return TARGETS;
  return TARGETS.filter(({ isEverywhere }) => isEverywhere).map((target) => ({
    ...target,
    id: `P15 (${target.id})`,
    atLeast: target.atLeast * ELSEWHERE,
  }));
}

/**
 * @param {Measured} measured
 * @param {{ suites: string[], contenders: string[], runtime: string }} options
 * @returns {{ text: string, isOpen: boolean }} The table, and whether the gate lets this pass.
 */
export function judgeTargets(measured, options) {
  const rows = [];
  let isOpen = true;
  for (const target of targetsFor(options.runtime)) {
    if (!isChosen(target, options)) continue;
    const { id, what, atLeast, atMost } = target;
    const asked =
      atLeast === undefined ? `≤ ${formatNumber(atMost)}` : `≥ ${formatNumber(atLeast)}`;
    const value = measure(target, measured);
    const verdict = judge(target, value);
    rows.push([`${id}: ${what}`, asked, value === undefined ? "" : formatNumber(value), verdict]);
    if (verdict === FAR_OFF || (verdict === NOT_MEASURED && !isOptional(target))) isOpen = false;
  }
  const text = ["## Targets", table(["target", "asked", "measured", "verdict"], rows)].join("\n\n");
  return { text, isOpen };
}

/** Python need not be on the machine. */
function isOptional({ others = [] }) {
  return others.some((other) => other.startsWith("cpython"));
}
