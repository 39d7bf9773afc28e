/** Reads the inputs of a `map` side by side: one row of arguments at a time, until the shortest ends. */

import { isIterable } from "../../base/functions.ts";
import { type Asked, iteratorInContext } from "../../contextvars/caller-context.ts";

/** Something that can be iterated, at once or as its items come. Python: none */
export type Items<T> = Iterable<T> | AsyncIterable<T>;

/** Rows of arguments: all there, read one by one, or read as they come. */
export type Rows =
  | {
      readonly kind: "arrays";
      readonly columns: readonly ArrayLike<unknown>[];
      readonly length: number;
    }
  | { readonly kind: "sync"; readonly rows: Asked<IteratorResult<unknown[], unknown>> }
  | { readonly kind: "async"; readonly rows: Asked<Promise<IteratorResult<unknown[], unknown>>> };

export function isItems(value: unknown): value is Items<unknown> {
  if (typeof value === "string") return true;
  return (
    typeof value === "object" &&
    value !== null &&
    (Symbol.asyncIterator in value || isIterable(value))
  );
}

export function zip(inputs: readonly Items<unknown>[]): Rows {
  if (inputs.some((input) => typeof input === "object" && Symbol.asyncIterator in input)) {
    return { kind: "async", rows: iteratorInContext(zipAsync(inputs)) };
  }
  const arrays = inputs.filter(isArrayLike);
  if (arrays.length === inputs.length) {
    const length = arrays.length === 0 ? 0 : Math.min(...arrays.map((array) => array.length));
    return { kind: "arrays", columns: arrays, length };
  }
  return { kind: "sync", rows: iteratorInContext(zipSync(inputs as Iterable<unknown>[])) };
}

function isArrayLike(input: Items<unknown>): input is Iterable<unknown> & ArrayLike<unknown> {
  return Array.isArray(input) || (ArrayBuffer.isView(input) && !(input instanceof DataView));
}

function* zipSync(inputs: readonly Iterable<unknown>[]): Generator<unknown[]> {
  const iterators = inputs.map((input) => input[Symbol.iterator]());
  try {
    for (;;) {
      const row: unknown[] = [];
      for (const iterator of iterators) {
        const next = iterator.next();
        if (next.done === true) return;
        row.push(next.value);
      }
      if (row.length === 0) return;
      yield row;
    }
  } finally {
    for (const iterator of iterators) iterator.return?.();
  }
}

async function* zipAsync(inputs: readonly Items<unknown>[]): AsyncGenerator<unknown[]> {
  const iterators = inputs.map((input) =>
    typeof input === "object" && Symbol.asyncIterator in input
      ? input[Symbol.asyncIterator]()
      : (input as Iterable<unknown>)[Symbol.iterator](),
  );
  try {
    for (;;) {
      const row: unknown[] = [];
      for (const iterator of iterators) {
        const next = await iterator.next();
        if (next.done === true) return;
        row.push(next.value);
      }
      yield row;
    }
  } finally {
    for (const iterator of iterators) await iterator.return?.();
  }
}

/** Columns of rows. */
export function transpose(rows: readonly unknown[][]): unknown[][] {
  return (rows[0] as unknown[]).map((_, column) => rows.map((row) => row[column]));
}

/** @throws {TypeError} One of what a map is to go over cannot be gone over. */
export function checkInputs(inputs: readonly unknown[]): void {
  for (const [index, input] of inputs.entries()) {
    if (!isItems(input))
      throw new TypeError(`map: input ${index} must be iterable, got ${describe(input)}`);
  }
}

function describe(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  return typeof value === "object" ? "an object that is not iterable" : `a ${typeof value}`;
}
