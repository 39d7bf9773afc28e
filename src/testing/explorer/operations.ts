/** The operations of `Atomics` that take turns, and what notes and traces call them. */

export type OperationName =
  | "load"
  | "store"
  | "add"
  | "sub"
  | "and"
  | "or"
  | "xor"
  | "exchange"
  | "compareExchange";

export const OPERATIONS: readonly OperationName[] = [
  "load",
  "store",
  "add",
  "sub",
  "and",
  "or",
  "xor",
  "exchange",
  "compareExchange",
];

export const WAIT: number = OPERATIONS.length;
export const WAIT_ASYNC: number = WAIT + 1;
export const NOTIFY: number = WAIT + 2;
export const PAUSE: number = WAIT + 3;

export const OPERATION_NAMES: readonly string[] = [
  ...OPERATIONS,
  "wait",
  "waitAsync",
  "notify",
  "pause",
];
