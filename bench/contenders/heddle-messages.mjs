/** heddle where memory cannot be shared: everything goes by message, and nothing can block. */

import * as heddle from "./heddle.mjs";

export const load = heddle.load;

export function open(library, workers) {
  const { runSync: _, ...pool } = heddle.open(library, workers, { sharedMemory: false });
  return pool;
}
