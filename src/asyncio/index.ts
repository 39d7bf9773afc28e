/** Coroutines, tasks and what they wait for. Python: `asyncio` */
export type { LoopClock } from "./clock.ts";
export { coroutine } from "./coroutine.ts";
export type { Awaitable, Body, Coroutine, Result, Spawnable, Suspend } from "./coroutine-types.ts";
export { createTask, type TaskOptions } from "./create-task.ts";
export { allTasks, currentTask } from "./current-task.ts";
export { eagerTaskFactory } from "./eager-tasks.ts";
export type { ExceptionContext } from "./exception-context.ts";
export type { ExceptionHandler } from "./exception-reports.ts";
export { type CallbackOptions, Future, type FutureOptions } from "./future.ts";
export type { Handle, TimerHandle } from "./handle.ts";
export { Loop, type LoopOptions, type TaskFactory } from "./loop.ts";
export { run, type RunOptions } from "./run.ts";
export { getEventLoop, getRunningLoop, setEventLoop } from "./running-loop.ts";
export { Runner, type RunnerRunOptions } from "./runner.ts";
export { sleep } from "./sleep.ts";
export type { StackFrame } from "./stack-frames.ts";
export { Task } from "./task.ts";
