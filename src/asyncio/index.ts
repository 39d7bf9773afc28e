/// <reference lib="esnext.disposable" preserve="true" />
/** Coroutines, tasks and what they wait for. Python: `asyncio` */
export {
  asCompleted,
  type AsCompletedOptions,
  type CompletedFutures,
  type Completions,
} from "./as-completed.ts";
export type { LoopClock } from "./clock.ts";
export { coroutine } from "./coroutine.ts";
export type { Awaitable, Body, Coroutine, Result, Spawnable, Suspend } from "./coroutine-types.ts";
export { createTask, type TaskOptions } from "./create-task.ts";
export { allTasks, currentTask } from "./current-task.ts";
export { each } from "./each.ts";
export { eagerTaskFactory } from "./eager-tasks.ts";
export { ensureFuture, type EnsureFutureOptions } from "./ensure-future.ts";
export type { ExceptionContext } from "./exception-context.ts";
export type { ExceptionHandler } from "./exception-reports.ts";
export { type Foreign, fromPromise } from "./from-promise.ts";
export { type CallbackOptions, Future, type FutureOptions } from "./future.ts";
export { gather, type GatherOptions } from "./gather.ts";
export type { Handle, TimerHandle } from "./handle.ts";
export { Loop, type LoopOptions, type TaskFactory } from "./loop.ts";
export { iscoroutine, iscoroutinefunction, isfuture } from "./recognize.ts";
export { rethrowCancelled } from "./rethrow-cancelled.ts";
export { run, type RunOptions } from "./run.ts";
export { Runner, type RunnerRunOptions } from "./runner.ts";
export { getEventLoop, getRunningLoop, setEventLoop } from "./running-loop.ts";
export { shield } from "./shield.ts";
export { sleep } from "./sleep.ts";
export type { StackFrame } from "./stack-frames.ts";
export { Task } from "./task.ts";
export { TaskGroup, taskGroup } from "./task-group.ts";
export { Timeout, timeout, timeoutAt } from "./timeout.ts";
export {
  ALL_COMPLETED,
  FIRST_COMPLETED,
  FIRST_EXCEPTION,
  type ReturnWhen,
  wait,
  type WaitOptions,
} from "./wait.ts";
export { waitFor } from "./wait-for.ts";

export { Held } from "../_thread/acquirable.ts";
export {
  BrokenBarrierError,
  CancelledError,
  ExceptionGroup,
  IncompleteReadError,
  InvalidStateError,
  LimitOverrunError,
  QueueEmpty,
  QueueFull,
  QueueShutDown,
  TimeoutError,
} from "../errors.ts";
export { Barrier } from "./barrier.ts";
export { BoundedSemaphore } from "./bounded-semaphore.ts";
export { Condition } from "./condition.ts";
export { Event } from "./event.ts";
export { LifoQueue } from "./lifo-queue.ts";
export { Lock } from "./lock.ts";
export { PriorityQueue } from "./priority-queue.ts";
export { Queue, type QueueStorage, type ShutdownOptions } from "./queue.ts";
export { Semaphore } from "./semaphore.ts";
// Streams
export type { Bytes } from "./streams/bytes.ts";
export type { ClientConnected } from "./streams/client-connected.ts";
export type { ExtraInfo, SocketName } from "./streams/extra-info.ts";
export type { ReadTransport } from "./streams/inflow.ts";
export {
  openConnection,
  type OpenConnectionOptions,
  openUnixConnection,
  type OpenUnixConnectionOptions,
  type Streams,
} from "./streams/open-connection.ts";
export { Server, type ServerSocket } from "./streams/server.ts";
export {
  startServer,
  type StartServerOptions,
  startUnixServer,
  type StartUnixServerOptions,
} from "./streams/start-server.ts";
export { StreamReader, type StreamReaderOptions } from "./streams/stream-reader.ts";
export { type StartTlsOptions, StreamWriter } from "./streams/stream-writer.ts";
export type { TlsOptions } from "./streams/tls-options.ts";
export { Transport } from "./streams/transport.ts";

// Subprocesses
export {
  createSubprocessExec,
  createSubprocessShell,
  type SubprocessOptions,
} from "./subprocess/create-subprocess.ts";
export { Process } from "./subprocess/process.ts";
export { DEVNULL, PIPE, type Stdio, STDOUT } from "./subprocess/stdio.ts";
export * as subprocess from "./subprocess/module.ts";

// Seeing
export { futureAddToAwaitedBy, futureDiscardFromAwaitedBy } from "./awaited-by.ts";
export {
  type CallGraphOptions,
  captureCallGraph,
  FrameCallGraphEntry,
  FutureCallGraph,
} from "./call-graph.ts";
export {
  formatCallGraph,
  printCallGraph,
  type PrintCallGraphOptions,
  type TextSink,
} from "./call-graph-text.ts";
export { TaskDump, dumpTasks, type TaskReport } from "./dump-tasks.ts";

// Threads
export { toThread } from "./threads/to-thread.ts";
export { wrapFuture, type WrapFutureOptions } from "./threads/wrap-future.ts";
export type { LoopHandle } from "./threads/loop-handle.ts";
export { runCoroutineThreadsafe } from "./threads/run-coroutine-threadsafe.ts";
