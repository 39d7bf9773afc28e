import { Lock } from "./lock.ts";

/** Returns a new lock, which is free. Python: `_thread.allocate_lock` */
export function allocateLock(): Lock {
  return new Lock();
}
