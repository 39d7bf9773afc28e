/** The calls of a pool: one, or those of a chunk of items in one. */
import { Call } from "../../calls/call.ts";
import { type Outcome } from "../../calls/outcome.ts";
import { SHARED_CALLS } from "../../pool/call-codec.ts";
import type { RowResults } from "../../pool/each-row.ts";
import { asList, type Giving } from "../../base/advice.ts";
import { decodeThrown } from "../../wire/remote-error.ts";

/** A call that calls back with what came of it. */
export class PoolCall extends Call {
  readonly #method: string;
  readonly #settle: (outcome: Outcome) => void;

  /** @param method What the program called. */
  constructor(method: string, settle: (outcome: Outcome) => void) {
    super();
    this.#method = method;
    this.#settle = settle;
  }

  override get giving(): Giving {
    return asList(this.#method);
  }

  override succeed(value: unknown): void {
    this.#settle({ kind: "returned", value });
  }

  override fail(error: unknown): void {
    this.#settle({ kind: "threw", error });
  }

  override abort(): void {}
}

/** What came of a chunk: the results of its first items, and what the next one threw, if one did. */
export interface ChunkOutcome {
  readonly values: readonly unknown[];
  readonly failure: { readonly error: unknown } | undefined;
}

/** The calls for a chunk of items, wrapped as `rows`. */
export class ChunkCall extends Call {
  readonly #settle: (outcome: ChunkOutcome) => void;

  constructor(settle: (outcome: ChunkOutcome) => void) {
    super();
    this.#settle = settle;
  }

  override get giving(): Giving {
    return (fn, values) => `starmap(${fn}, items.map((item) => [item, ${values}]))`;
  }

  override succeed(value: unknown): void {
    const { values, thrown } = value as RowResults;
    if (thrown === undefined) return this.#settle({ values, failure: undefined });
    const origin = { agent: this.ranOn, submitFrames: this.site?.frames() ?? "" };
    const error = decodeThrown(thrown, SHARED_CALLS.receiver, origin);
    this.#settle({ values, failure: { error } });
  }

  override fail(error: unknown): void {
    this.#settle({ values: [], failure: { error } });
  }

  override abort(): void {}
}

/** The arguments of a chunk's calls side by side: a column for each parameter. */
export function columnsOf(items: readonly unknown[], isStar: boolean): unknown[][] {
  if (!isStar) return [[...items]];
  const rows = items.map((item) => [...(item as Iterable<unknown>)]);
  const width = Math.max(1, ...rows.map((row) => row.length));
  return Array.from({ length: width }, (_, column) => rows.map((row) => row[column]));
}

/** The items, so many at a time. */
export function* chunksOf(items: Iterable<unknown>, size: number): Generator<unknown[]> {
  let chunk: unknown[] = [];
  for (const item of items) {
    chunk.push(item);
    if (chunk.length < size) continue;
    yield chunk;
    chunk = [];
  }
  if (chunk.length > 0) yield chunk;
}
