/** The operations of `Atomics` that take turns, and what notes and traces call them. */

export const OPERATIONS = [
  "load",
  "store",
  "add",
  "sub",
  "and",
  "or",
  "xor",
  "exchange",
  "compareExchange",
] as const;

export const WAIT = OPERATIONS.length;
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
