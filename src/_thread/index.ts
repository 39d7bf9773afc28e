/// <reference lib="esnext.disposable" preserve="true" />
/** Python's `_thread`. */
export { RuntimeError as error } from "../errors.ts";
export { TIMEOUT_MAX } from "../memory/deadline.ts";
export { allocateLock, Lock as LockType, Lock as lock } from "./lock.ts";
export { RLock, type RLockOptions } from "./rlock.ts";
export { stackSize } from "./stack-size.ts";
export { count, startNewThread } from "./start-new-thread.ts";
export {
  daemonThreadsAllowed,
  exit,
  getIdent,
  getNativeId,
  interruptMain,
  setName,
} from "./this-thread.ts";
export { startJoinableThread, ThreadHandle } from "./thread-handle.ts";
export type { JoinableThreadOptions } from "./thread-handle.ts";
export { __unraisablehook__, setUnraisablehook } from "./unraisable-hook.ts";
export type { UnraisableHook, UnraisableHookArgs } from "./unraisable-hook.ts";
// What the types of methods name
export type { Held } from "../base/held.ts";
export type { Waiting } from "../waiting/task-waits.ts";
export type { SyncWaitOptions, WaitOptions } from "../waiting/wait-options.ts";
// Lets this thread receive objects of these classes
// oxlint-disable-next-line import/no-unassigned-import -- for its effect
import "./fill-kinds.ts";
