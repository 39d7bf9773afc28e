/** How a worker wraps a function before calling it. */
import { Context } from "../contextvars/context.ts";
import { applyNamedEntries, type NamedEntry } from "../contextvars/entries.ts";
import type { Wrapping } from "../calls/call.ts";
import { forEachRow } from "./each-row.ts";

/** @param module The module that the function came from. */
export type Wrapper = (fn: Function, module: string | undefined) => Function;

/** The wrappers that a kind of worker has. */
export type Wrappers = Readonly<Partial<Record<Wrapping, Wrapper>>>;

/** Those of a worker of an executor's pool. */
export const POOL_WRAPPERS: Wrappers = { rows: forEachRow, context: inContext };

/** Calls that take values of context variables along, as `asyncio.toThread` makes them. */
function inContext(fn: Function): Function {
  return (entries: readonly NamedEntry[], ...args: unknown[]): unknown => {
    const context = new Context();
    applyNamedEntries(context, entries);
    return context.run(() => Reflect.apply(fn, undefined, args) as unknown);
  };
}
