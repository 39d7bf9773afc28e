/// <reference lib="esnext.disposable" preserve="true" />
/** Coroutines, tasks and what they wait for. Python: `asyncio` */
export {
  asCompleted,
  type AsCompletedOptions,
  type CompletedFutures,
  type Completions,
} from "./combine/as-completed.ts";
export {
  type ExceptionContext,
  type ExceptionHandler,
  Future,
  type FutureOptions,
  Loop,
  Task,
  type TaskFactory,
} from "./engine/classes.ts";
export { coroutine } from "./engine/coroutine.ts";
export { createTask, eagerTaskFactory } from "./engine/create-task.ts";
export { getEventLoop, getRunningLoop, setEventLoop } from "./engine/running-loop.ts";
export { wrapFuture, type WrapFutureOptions } from "./threads/wrap-future.ts";
export type {
  Awaitable,
  Body,
  CallbackOptions,
  Coroutine,
  Handle,
  LoopClock,
  LoopOptions,
  Result,
  Spawnable,
  StackFrame,
  Suspend,
  TaskOptions,
  TimerHandle,
} from "./events.ts";
export { each } from "./combine/each.ts";
export { ensureFuture, type EnsureFutureOptions } from "./combine/ensure-future.ts";
export { type Foreign, fromPromise } from "./combine/from-promise.ts";
export { gather, type GatherOptions } from "./combine/gather.ts";
export { rethrowCancelled } from "./combine/rethrow-cancelled.ts";
export { run } from "./run.ts";
export { Runner, type RunnerRunOptions, type RunOptions } from "./runner.ts";
export { shield } from "./combine/shield.ts";
export { sleep } from "./combine/sleep.ts";
export { TaskGroup, taskGroup } from "./combine/task-group.ts";
export { Timeout, timeout, timeoutAt } from "./combine/timeout.ts";
export {
  ALL_COMPLETED,
  FIRST_COMPLETED,
  FIRST_EXCEPTION,
  type ReturnWhen,
  wait,
  type WaitOptions,
} from "./combine/wait.ts";
export { waitFor } from "./combine/wait-for.ts";

export { Held } from "../base/held.ts";
export {
  BrokenBarrierError,
  type BrokenBarrierReason,
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
export { Barrier } from "./sync/barrier.ts";
export { BoundedSemaphore } from "./sync/bounded-semaphore.ts";
export { Condition } from "./sync/condition.ts";
export { Event } from "./sync/event.ts";
export { LifoQueue } from "./sync/lifo-queue.ts";
export { Lock } from "./sync/lock.ts";
export { PriorityQueue } from "./sync/priority-queue.ts";
export { Queue, type QueueStorage, type ShutdownOptions } from "./sync/queue.ts";
export { Semaphore } from "./sync/semaphore.ts";
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
export { allTasks, currentTask } from "./inspect/current-task.ts";
export { iscoroutine, iscoroutinefunction, isfuture } from "./inspect/recognize.ts";
export { futureAddToAwaitedBy, futureDiscardFromAwaitedBy } from "./inspect/awaited-by.ts";
export {
  type CallGraphOptions,
  captureCallGraph,
  FrameCallGraphEntry,
  FutureCallGraph,
} from "./inspect/call-graph.ts";
export {
  formatCallGraph,
  printCallGraph,
  type PrintCallGraphOptions,
  type TextSink,
} from "./inspect/call-graph-text.ts";
export { TaskDump, dumpTasks, type TaskReport } from "./inspect/dump-tasks.ts";

// Threads
export { toThread } from "./threads/to-thread.ts";
export type { LoopHandle } from "./threads/loop-handle.ts";
export { runCoroutineThreadsafe } from "./threads/run-coroutine-threadsafe.ts";

// What the types of methods name
export type { Context } from "../contextvars/context.ts";
export type { Pem, TlsSession } from "../platform/net/sockets.ts";

// oxlint-disable-next-line import/no-unassigned-import -- for its effect: see there
import "./threads/install.ts";
