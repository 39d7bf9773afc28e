/** How a worker wraps a function before calling it. */
import { Context } from "../contextvars/context.ts";
import { applyNamedEntries } from "../contextvars/entries.ts";
import type { Surroundings, Wrapping } from "../calls/call.ts";
import { nameCurrentCall } from "../calls/current-call.ts";
import { forEachRow } from "./each-row.ts";

/** @param module The module that the function came from. */
export type Wrapper = (fn: Function, module: string | undefined) => Function;

/** The wrappers that a kind of worker has. */
export type Wrappers = Readonly<Partial<Record<Wrapping, Wrapper>>>;

/** Those of a worker of an executor's pool. */
export const POOL_WRAPPERS: Wrappers = { rows: forEachRow, context: inContext };

/** Calls that have a name of their own, or take values of context variables along, as `asyncio.toThread` makes them. */
function inContext(fn: Function): Function {
  return ([name, entries]: Surroundings, ...args: unknown[]): unknown => {
    if (name !== undefined) nameCurrentCall(name);
    if (entries === undefined) return Reflect.apply(fn, undefined, args) as unknown;
    const context = new Context();
    applyNamedEntries(context, entries);
    return context.run(() => Reflect.apply(fn, undefined, args) as unknown);
  };
}
