/// <reference lib="esnext.disposable" preserve="true" />
/** Python's `threading`. */
export { Held } from "../base/held.ts";
export { Lock } from "../_thread/lock.ts";
export { RLock } from "../_thread/rlock.ts";
export type { RLockOptions } from "../_thread/rlock.ts";
export { stackSize } from "../_thread/stack-size.ts";
export { TIMEOUT_MAX } from "../memory/deadline.ts";
export { __excepthook__, excepthook, setExcepthook } from "./excepthook.ts";
export type { ExceptHook, ExceptHookArgs } from "./excepthook.ts";
export { Thread } from "./thread.ts";
export type { ThreadOptions } from "./thread.ts";
export { activeCount, currentThread, enumerate, mainThread } from "./threads.ts";
export { getIdent, getNativeId } from "../_thread/this-thread.ts";
export { RuntimeError as ThreadError } from "../errors.ts";
export { ThreadLocal } from "./thread-local.ts";
export { Timer } from "./timer.ts";
export { Event } from "./event.ts";
export { Semaphore } from "./semaphore.ts";
export { BoundedSemaphore } from "./bounded-semaphore.ts";
export { Dump, dump, dumpSync } from "./dump.ts";
export type { ThreadReport, WaitReport } from "./dump.ts";
export { traceLocks } from "./trace-locks.ts";
export { Condition } from "./condition.ts";
export { Barrier } from "./barrier.ts";
export type { BarrierOptions } from "./barrier.ts";
export { BrokenBarrierError, type BrokenBarrierReason } from "../errors.ts";
// What the types of methods name
export type { Waiting } from "../waiting/task-waits.ts";
export type { SyncWaitOptions, WaitOptions } from "../waiting/wait-options.ts";
// Lets this thread receive objects of these classes
// oxlint-disable-next-line import/no-unassigned-import -- for its effect
import "./fill-kinds.ts";
