/** Calls that take values of context variables along, as `asyncio.toThread` makes them. */
import { Context } from "../contextvars/context.ts";
import { applyNamedEntries, type NamedEntry } from "../contextvars/entries.ts";

/** Worker: makes of a function one that is called in a context with these values. */
export function inContext(fn: Function): Function {
  return (entries: readonly NamedEntry[], ...args: unknown[]): unknown => {
    const context = new Context();
    applyNamedEntries(context, entries);
    return context.run(() => Reflect.apply(fn, undefined, args) as unknown);
  };
}
