/** Progress of a `map`, for people to watch. */
import { kindOf } from "../../base/text.ts";
import { platform } from "#platform";
import { asCallback } from "../../contextvars/caller-context.ts";

/** How far a `map` is. Python: none */
export interface Progress {
  /** Calls that have finished. */
  readonly done: number;
  /** Calls in all; undefined while the input has not been read to its end. */
  readonly total: number | undefined;
}

type Reporter = (done: number, total: number | undefined) => void;

/** A terminal is redrawn at most this often, in milliseconds. */
const REDRAW_MS = 100;
/** Where there is no terminal, a line is printed at most this often, in milliseconds. */
const LINE_MS = 2000;
/** Before this much time has passed, the time left is anybody's guess. */
const GUESS_AFTER_MS = 1000;
const BAR_WIDTH = 30;
/** For a terminal that does not know its width. */
const DEFAULT_COLUMNS = 80;

/** Called with 0 when the work begins, and then for each finished call. */
export function progressReporter(
  progress: boolean | ((progress: Progress) => void) | undefined,
): Reporter | undefined {
  if (progress === undefined || progress === false) return undefined;
  if (typeof progress === "function") {
    const report = asCallback(progress);
    return (done, total) => {
      if (done > 0) report({ done, total });
    };
  }
  if ((progress as unknown) !== true)
    throw new TypeError(`map: "progress" must be true or a function, got ${kindOf(progress)}`);
  return drawnProgress();
}

function drawnProgress(): Reporter {
  const { errorStream } = platform;
  const startMs = performance.now();
  let nextMs = 0;
  return (done, total) => {
    const nowMs = performance.now();
    const isLast = done === total;
    if (nowMs < nextMs && !isLast) return;
    const { isTerminal } = errorStream;
    nextMs = nowMs + (isTerminal ? REDRAW_MS : LINE_MS);
    const line = describe(done, total, nowMs - startMs);
    if (!isTerminal) return errorStream.write(`${line}\n`);
    const end = isLast ? "\n" : "";
    errorStream.write(
      `\r${line.slice(0, (errorStream.columns || DEFAULT_COLUMNS) - 1)}\u001B[K${end}`,
    );
  };
}

function describe(done: number, total: number | undefined, elapsedMs: number): string {
  const count = done.toLocaleString("en");
  const rate = `${Math.round((done / Math.max(elapsedMs, 1)) * 1000).toLocaleString("en")}/s`;
  if (total === undefined) return `${count} done, ${rate}`;
  const filled = Math.round((done / Math.max(total, 1)) * BAR_WIDTH);
  const bar = "█".repeat(filled) + "░".repeat(BAR_WIDTH - filled);
  const percent = Math.floor((done / Math.max(total, 1)) * 100);
  const parts = [`${bar} ${count}/${total.toLocaleString("en")} ${percent}%`];
  if (done === total) parts.push(`${(elapsedMs / 1000).toFixed(1)} s`, rate);
  else if (elapsedMs >= GUESS_AFTER_MS && done > 0) {
    parts.push(rate, `${Math.ceil(((elapsedMs / done) * (total - done)) / 1000)} s left`);
  }
  return parts.join(", ");
}
