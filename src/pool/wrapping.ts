/** What a worker makes of a function before it calls it. */
import { forEachRow } from "./each-row.ts";
import { inContext } from "./in-context.ts";

/**
 *   none     calls it with the arguments
 *   rows     the arguments are columns, and it is called for each row of them
 *   context  the first argument has values of context variables, which the call sees
 *   thread   it is the target of a thread (see _thread/run-thread.ts)
 */
export type Wrapping = "none" | "rows" | "context" | "thread";

/** @param module The module that the function came from. */
export type Wrapper = (fn: Function, module: string | undefined) => Function;

/** The wrappers that a kind of worker has. */
export type Wrappers = Readonly<Partial<Record<Wrapping, Wrapper>>>;

/** Those of a worker of an executor's pool. */
export const POOL_WRAPPERS: Wrappers = { rows: forEachRow, context: inContext };
