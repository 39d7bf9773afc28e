/** A module that no worker can evaluate. */
import { isMainThread } from "node:worker_threads";

if (!isMainThread || process.send !== undefined) throw new Error("not in a worker");

export function atHome(): number {
  return Number(isMainThread);
}
