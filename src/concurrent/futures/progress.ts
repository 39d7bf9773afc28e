/** Progress of a `map`, for people to watch. */
import { platform } from "#platform";

/** How far a `map` is. */
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
const BAR_WIDTH = 30;

export function progressReporter(
  progress: boolean | ((progress: Progress) => void) | undefined,
): Reporter | undefined {
  if (progress === undefined || progress === false) return undefined;
  if (typeof progress === "function") return (done, total) => progress({ done, total });
  if (progress !== true) {
    throw new TypeError(`map: "progress" must be true or a function, not ${typeof progress}`);
  }
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
    errorStream.write(`\r${line.slice(0, errorStream.columns - 1)}\u001B[K${end}`);
  };
}

function describe(done: number, total: number | undefined, elapsedMs: number): string {
  const rate = `${Math.round((done / Math.max(elapsedMs, 1)) * 1000)}/s`;
  if (total === undefined) return `${done} done, ${rate}`;
  const filled = Math.round((done / total) * BAR_WIDTH);
  const bar = "█".repeat(filled) + "░".repeat(BAR_WIDTH - filled);
  const leftS = Math.round(((elapsedMs / done) * (total - done)) / 1000);
  return `${bar} ${done}/${total} ${Math.floor((done / total) * 100)}%, ${rate}, ${leftS} s left`;
}
