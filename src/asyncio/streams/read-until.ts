/**
 * Reading up to a separator.
 *
 * What was searched is not searched again: only the last bytes, in which the longest
 * separator might begin without having come whole. Of several separators the one
 * counts that ends first; of two that end together, the shorter.
 */
import type { Awaitable, Coroutine } from "../events.ts";
import { IncompleteReadError, LimitOverrunError } from "../../errors.ts";
import { coroutine } from "../engine/coroutine.ts";
import type { Inflow } from "./inflow.ts";

const NEWLINE: readonly [Uint8Array] = [/* @__PURE__ */ new Uint8Array([10])];

interface Match {
  readonly start: number;
  readonly end: number;
}

/** All up to the first separator, and the separator. They come shortest first, none of them empty. */
export const readUntil: (
  inflow: Inflow,
  separators: readonly Uint8Array[],
) => Awaitable<Uint8Array> = /* @__PURE__ */ coroutine(function* (
  inflow: Inflow,
  separators: readonly Uint8Array[],
): Coroutine<Uint8Array> {
  inflow.throwIfBroken();
  const { buffer, limit } = inflow;
  const shortest = separators[0]?.length ?? 0;
  const longest = separators.at(-1)?.length ?? 0;
  let searched = 0;
  for (;;) {
    if (buffer.length - searched >= shortest) {
      const match = firstMatch(inflow, separators, searched);
      if (match !== undefined) return takeMatch(inflow, match);
      searched = Math.max(0, buffer.length + 1 - longest);
      if (searched > limit) throw overrun("there is no separator in", limit, searched);
    }
    // Only now: what came last before the end may have completed the separator.
    if (inflow.isEnded) {
      const partial = buffer.take(buffer.length);
      throw new IncompleteReadError(
        `Cannot read up to a separator: the stream ended after ${partial.length} bytes without one`,
        { partial },
      );
    }
    yield* inflow.more("readuntil");
  }
});

/** One line with its newline; what is left if the stream ends without one. */
export const readLine: (inflow: Inflow) => Awaitable<Uint8Array> = /* @__PURE__ */ coroutine(
  function* (inflow: Inflow): Coroutine<Uint8Array> {
    try {
      return yield* readUntil(inflow, NEWLINE);
    } catch (error) {
      if (error instanceof IncompleteReadError) return error.partial;
      if (!(error instanceof LimitOverrunError)) throw error;
      dropLine(inflow, error.consumed);
      throw new RangeError(
        `Cannot read a line: it is longer than the stream's limit of ${inflow.limit} bytes and was discarded`,
        { cause: error },
      );
    }
  },
);

function firstMatch(
  { buffer }: Inflow,
  separators: readonly Uint8Array[],
  from: number,
): Match | undefined {
  let first: Match | undefined;
  for (const separator of separators) {
    const start = buffer.indexOf(separator, from);
    if (start === -1) continue;
    const end = start + separator.length;
    if (first === undefined || end < first.end) first = { start, end };
  }
  return first;
}

function takeMatch(inflow: Inflow, { start, end }: Match): Uint8Array {
  const { limit } = inflow;
  if (start > limit) throw overrun("the separator comes after", limit, start);
  const bytes = inflow.buffer.take(end);
  inflow.noteRead();
  return bytes;
}

function overrun(what: string, limit: number, consumed: number): LimitOverrunError {
  return new LimitOverrunError(
    `Cannot read up to a separator: ${what} the first ${limit} bytes, which are the stream's limit`,
    { consumed },
  );
}

/** Drops the line that is too long, if its newline has come; else all that has come. */
function dropLine(inflow: Inflow, length: number): void {
  const { buffer } = inflow;
  if (buffer.hasAt(NEWLINE[0], length)) buffer.drop(length + 1);
  else buffer.clear();
  inflow.noteRead();
}
