/** Tables in Markdown, and numbers in them. */

import { CONTENDERS, versionOf } from "./contenders.mjs";

/** Three significant digits, and no exponents. */
export function formatNumber(number) {
  if (!Number.isFinite(number)) return String(number);
  const magnitude = Math.abs(number);
  if (magnitude >= 100) return number.toFixed(0);
  if (magnitude >= 10) return number.toFixed(1);
  return number.toFixed(2);
}

function formatMs(ms) {
  const magnitude = Math.abs(ms);
  if (magnitude >= 1) return `${formatNumber(ms)} ms`;
  if (magnitude >= 0.001) return `${formatNumber(ms * 1000)} µs`;
  return `${formatNumber(ms * 1e6)} ns`;
}

function formatRate(perSecond) {
  if (perSecond >= 1e6) return `${formatNumber(perSecond / 1e6)} M/s`;
  return `${formatNumber(perSecond / 1000)} k/s`;
}

const FORMATS = {
  ms: formatMs,
  percent: (value) => `${formatNumber(value)} %`,
  MiB: (value) => `${formatNumber(value)} MiB`,
  bytes: (value) => `${formatNumber(value)} B`,
};

/** @param {readonly string[]} head @param {readonly (readonly string[])[]} rows */
export function table(head, rows) {
  const line = (cells) => `| ${cells.join(" | ")} |`;
  const align = head.map((_, column) => (column === 0 ? "---" : "---:"));
  return [line(head), line(align), ...rows.map(line)].join("\n");
}

/**
 * The table of one case, fastest first, and who is not in it.
 *
 * @param {import("../suites/suite.mjs").Case} kase
 * @param {Awaited<ReturnType<typeof import("./interleave.mjs").runCase>>} outcome
 */
export function caseTable(kase, { results, skipped, busyRounds }) {
  const columns = kase.columns.map((column) => column.split(":"));
  const heddle = results.get(kase.reference ?? "heddle");
  const head = [
    "contender",
    "median",
    ...(kase.isRate ? ["rate"] : []),
    ...columns.map(([name]) => name),
    "× heddle",
    "spread",
    "rounds",
  ];
  const rows = [...results]
    .sort(([, a], [, b]) => a.median - b.median)
    .map(([name, result]) => {
      const entry = CONTENDERS[name];
      return [
        `${entry.title} ${versionOf(entry)}`.trim(),
        FORMATS[kase.unit](result.median),
        ...(kase.isRate ? [formatRate(1000 / result.median)] : []),
        ...columns.map(([column, unit]) => {
          const value = result.column(column);
          return value === undefined ? "" : FORMATS[unit](value);
        }),
        heddle ? formatNumber(result.ratioTo(heddle)) : "",
        result.rounds.size > 1 ? `±${(result.spread * 100).toFixed(0)} %` : "",
        String(result.rounds.size),
      ];
    });
  const missing = Object.entries(Object.groupBy(skipped.keys(), (name) => skipped.get(name))).map(
    ([reason, names]) => `- ${reason}: ${names.map((name) => CONTENDERS[name].title).join("; ")}`,
  );
  return [
    `### ${kase.title}`,
    table(head, rows),
    ...(busyRounds > 0
      ? [`Other work kept the machine busy as ${busyRounds} of the rounds began.`]
      : []),
    ...(missing.length > 0 ? [`Not in the table:\n\n${missing.join("\n")}`] : []),
  ].join("\n\n");
}

/** @param {import("../suites/suite.mjs").Derived} derived */
export function derivedTable({ title, column, values }) {
  const rows = [...values].map(([name, value]) => [CONTENDERS[name].title, formatNumber(value)]);
  return [`### ${title}`, table(["contender", column], rows)].join("\n\n");
}
