/**
 * The census as a page: one HTML file that needs no server and no other file.
 *
 * `report.html` is the page without its contents. They are put into it as JSON, and its
 * script only ever shows them as text, so the name of a file can do no harm.
 */

import { readFileSync, writeFileSync } from "node:fs";
import { relative } from "node:path";

import type { Outcome } from "./analyse.ts";
import type { Census } from "./census.ts";
import { elapsed } from "./summary.ts";
import type { Summary } from "./summary.ts";

const PLACEHOLDER = '"the census"';

/** Writes the report to a file. */
export function writeReport(path: string, census: Census, summary: Summary): void {
  writeFileSync(path, toHtml(census, summary));
}

export function toHtml(census: Census, { totals, largest, slowest }: Summary): string {
  const { folder, workers, outcomes, startMs, elapsedMs, comparison } = census;
  const rows = [...new Set(outcomes.map((outcome) => outcome.worker))].sort((a, b) => a - b);

  const toBox = (outcome: Outcome) => ({
    file: relative(folder, outcome.path),
    row: rows.indexOf(outcome.worker),
    start: rounded(outcome.startMs - startMs),
    ms: rounded(elapsed(outcome)),
    bytes: outcome.bytes,
    ...(!outcome.ok && { error: outcome.error }),
  });
  const page = readFileSync(new URL("./report.html", import.meta.url), "utf8");
  const contents = {
    folder,
    workers,
    elapsedMs,
    totals,
    comparison,
    boxes: outcomes.map(toBox),
    largest: largest.map(toBox),
    slowest: slowest.map(toBox),
  };
  return page.replace(PLACEHOLDER, () => toJson(contents));
}

/** JSON that cannot end the `<script>` it is in. */
function toJson(value: unknown): string {
  return JSON.stringify(value).replaceAll("<", "\\u003c");
}

function rounded(ms: number): number {
  return Math.round(ms * 100) / 100;
}
