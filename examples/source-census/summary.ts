/** What the files come to, taken together. */

import type { Analysed, Failed, Outcome } from "./analyse.ts";

export interface Totals {
  readonly files: number;
  readonly failed: number;
  readonly bytes: number;
  readonly compressedBytes: number;
  readonly lines: number;
  readonly functions: number;
  readonly comments: number;
  /** Files whose content is that of an earlier one. */
  readonly copies: number;
}

export interface Summary {
  readonly totals: Totals;
  readonly failures: readonly Failed[];
  readonly largest: readonly Outcome[];
  readonly slowest: readonly Outcome[];
}

/**
 * @param outcomes One for each file.
 * @param top How many of the largest and of the slowest files to name.
 */
export function summarise(outcomes: readonly Outcome[], top = 5): Summary {
  const analysed = outcomes.filter((outcome): outcome is Analysed => outcome.ok);
  const failures = outcomes.filter((outcome): outcome is Failed => !outcome.ok);
  const total = (measure: (file: Analysed) => number) =>
    analysed.reduce((sum, file) => sum + measure(file), 0);

  return {
    totals: {
      files: outcomes.length,
      failed: failures.length,
      bytes: total((file) => file.bytes),
      compressedBytes: total((file) => file.compressedBytes),
      lines: total((file) => file.lines),
      functions: total((file) => file.functions),
      comments: total((file) => file.comments),
      copies: analysed.length - new Set(analysed.map((file) => file.sha256)).size,
    },
    failures,
    largest: outcomes.toSorted((a, b) => b.bytes - a.bytes).slice(0, top),
    slowest: outcomes.toSorted((a, b) => elapsed(b) - elapsed(a)).slice(0, top),
  };
}

/** How long a file took, in milliseconds. */
export function elapsed({ startMs, endMs }: Outcome): number {
  return endMs - startMs;
}
