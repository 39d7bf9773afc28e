/** Reads the inputs of a `map` side by side: one row of arguments at a time, until the shortest ends. */
import type { Items } from "./executor.ts";

/** Rows of arguments, read at once or as they come. */
export type Rows =
  | { readonly kind: "sync"; readonly rows: Iterator<unknown[]>; readonly length: number | undefined }
  | { readonly kind: "async"; readonly rows: AsyncIterator<unknown[]> };

export function isItems(value: unknown): value is Items<unknown> {
  if (typeof value === "string") return true;
  return typeof value === "object" && value !== null && (Symbol.iterator in value || Symbol.asyncIterator in value);
}

/** `length` is known when every input is an array, which is then read all at once. */
export function zip(inputs: readonly Items<unknown>[]): Rows {
  if (inputs.some((input) => typeof input === "object" && Symbol.asyncIterator in input)) {
    return { kind: "async", rows: zipAsync(inputs) };
  }
  const lengths = inputs.map((input) => (isSized(input) ? input.length : undefined));
  const length = lengths.includes(undefined) ? undefined : Math.min(...(lengths as number[]));
  return { kind: "sync", rows: zipSync(inputs as Iterable<unknown>[]), length };
}

function isSized(input: Items<unknown>): input is readonly unknown[] {
  return Array.isArray(input) || ArrayBuffer.isView(input);
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
