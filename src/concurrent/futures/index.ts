/// <reference lib="esnext.disposable" preserve="true" />
/** Python: `concurrent.futures` */
export {
  BrokenExecutor,
  BrokenProcessPool,
  BrokenThreadPool,
  CancelledError,
  InvalidStateError,
  TimeoutError,
} from "../../errors.ts";
export {
  asCompleted,
  asCompletedSync,
  type AsCompletedOptions,
  type CompletedFutures,
} from "./as-completed.ts";
export type { CurrentCall } from "../../calls/current-call.ts";
export type { CallOptions } from "./call-options.ts";
export type { CancelOptions } from "./cancel-options.ts";
export { cancelRequested, currentCall, throwIfCancelled } from "./inside-call.ts";
export type { OverloadArguments, OverloadResult } from "../../base/call-types.ts";
export type { AnyFunction } from "../../base/functions.ts";
export { Executor, type ShutdownOptions } from "./executor.ts";
export { Future } from "./future.ts";
export type { MapOptions, MapResult } from "./map.ts";
export type { PoolExecutor } from "./pool-executor.ts";
export {
  ProcessPoolExecutor,
  type ProcessPoolExecutorOptions,
  type StartContext,
} from "./process-pool-executor.ts";
export type { Progress } from "./progress.ts";
export { ThreadPoolExecutor, type ThreadPoolExecutorOptions } from "./thread-pool-executor.ts";
// Threads of JavaScript share no more than Python's interpreters do
export { ThreadPoolExecutor as InterpreterPoolExecutor } from "./thread-pool-executor.ts";
export {
  ALL_COMPLETED,
  DoneAndNotDoneFutures,
  FIRST_COMPLETED,
  FIRST_EXCEPTION,
  type ReturnWhen,
  wait,
  type WaitForOptions,
  waitSync,
} from "./wait.ts";
export type { Items } from "./zip.ts";
// What the types of methods name
export type { Waiting } from "../../waiting/task-waits.ts";
export type { SyncWaitOptions, WaitOptions } from "../../waiting/wait-options.ts";
// Lets this thread receive shared objects
// oxlint-disable-next-line import/no-unassigned-import -- for its effect
import "./fill-kinds.ts";
