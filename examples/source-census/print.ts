/** The census as text. */

import type { Outcome } from "./analyse.ts";
import type { Census } from "./census.ts";
import { duration, number, size } from "./format.ts";
import { elapsed } from "./summary.ts";
import type { Summary } from "./summary.ts";

/** The most failures that are listed here. The report lists them all. */
const MOST_FAILURES = 20;

/** Work that one thread does in less time than this says little about speed. */
const LEAST_MS = 1000;

export function toText(census: Census, summary: Summary): string {
  return [
    totals(census, summary),
    failures(summary),
    ranking("Largest files", summary.largest),
    ranking("Slowest files", summary.slowest),
    speedUp(census),
  ]
    .filter((part) => part !== "")
    .join("\n\n");
}

function totals(census: Census, { totals: sums }: Summary): string {
  const ratio = sums.compressedBytes / Math.max(1, sums.bytes);
  const rows = [
    ["files", number(sums.files), `in ${duration(census.elapsedMs)}`],
    ["failed", number(sums.failed), ""],
    ["copies", number(sums.copies), "of files counted before"],
    ["bytes", number(sums.bytes), `${(100 * ratio).toFixed(1)} % of that with brotli`],
    ["lines", number(sums.lines), ""],
    ["functions", number(sums.functions), ""],
    ["comments", number(sums.comments), ""],
  ] as const;
  const width = Math.max(...rows.map(([, value]) => value.length));
  return rows
    .map(([name, value, remark]) => `  ${name.padEnd(9)}  ${value.padStart(width)}  ${remark}`)
    .map((line) => line.trimEnd())
    .join("\n");
}

function failures({ failures: failed }: Summary): string {
  if (failed.length === 0) return "";
  const lines = failed.slice(0, MOST_FAILURES).map(({ path, error }) => {
    const { name, message, position } = error;
    const place = position ? `${path}:${position.line}:${position.column}` : path;
    return `  ${place}  ${name}: ${message}`;
  });
  const more = failed.length - lines.length;
  if (more > 0) lines.push(`  and ${number(more)} more, which the report lists`);
  return ["Files that could not be analysed", ...lines].join("\n");
}

function ranking(title: string, outcomes: readonly Outcome[]): string {
  const lines = outcomes.map((outcome) => {
    const columns = [size(outcome.bytes), duration(elapsed(outcome))];
    return `  ${columns.map((text) => text.padStart(9)).join("  ")}  ${outcome.path}`;
  });
  return [title, ...lines].join("\n");
}

function speedUp({ workers, comparison }: Census): string {
  const { files, isSample, aloneMs, pooledMs } = comparison;
  const measured = isSample
    ? `on a sample: ${number(files)} files, evenly chosen`
    : `on all ${number(files)} files`;
  const times = `one thread ${duration(aloneMs)}, pool of ${workers} ${duration(pooledMs)}`;
  const verdict = `Speed-up ${(aloneMs / pooledMs).toFixed(2)}×: ${times}, measured ${measured}`;
  if (aloneMs >= LEAST_MS) return verdict;
  return `${verdict}\nThe folder is too small for this to mean much`;
}
