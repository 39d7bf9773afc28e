/**
 * Many calls in one call, as a `map` with a chunk size makes them.
 *
 * The call gets columns of arguments, and gives the results of the rows up to
 * the first that throws, with what it threw.
 */
import { encodeThrown, type ThrownValue } from "../wire/remote-error.ts";
import { isThenable } from "../base/functions.ts";
import { reports } from "../wire/channel.ts";
import { codeOf } from "../shipping/code-lookup.ts";

export interface RowResults {
  readonly values: readonly unknown[];
  /** What the row after the last value threw. */
  readonly thrown: ThrownValue | undefined;
}

/** Worker: wraps a function so that it is called for each row of its arguments. */
export function forEachRow(fn: Function, module: string | undefined): Function {
  return (...columns: readonly (readonly unknown[])[]): RowResults | Promise<RowResults> => {
    const values: unknown[] = [];
    const failed = (error: unknown): RowResults => ({
      values,
      thrown: encodeThrown(error, reports(codeOf(() => [module]))),
    });
    try {
      const rows = columns[0]?.length ?? 0;
      for (let row = 0; row < rows; row++) {
        const value: unknown =
          columns.length === 1
            ? fn(columns[0]?.[row])
            : fn(...columns.map((column) => column[row]));
        if (isThenable(value)) return awaitRows(fn, columns, values, value, failed);
        values.push(value);
      }
      return { values, thrown: undefined };
    } catch (error) {
      return failed(error);
    }
  };
}

/** Goes on where a call has returned a promise: one row after the other. */
async function awaitRows(
  fn: Function,
  columns: readonly (readonly unknown[])[],
  values: unknown[],
  first: PromiseLike<unknown>,
  failed: (error: unknown) => RowResults,
): Promise<RowResults> {
  try {
    values.push(await first);
    const rows = columns[0]?.length ?? 0;
    for (let row = values.length; row < rows; row++) {
      values.push(await fn(...columns.map((column) => column[row])));
    }
    return { values, thrown: undefined };
  } catch (error) {
    return failed(error);
  }
}
