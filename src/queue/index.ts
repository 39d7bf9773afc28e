/// <reference lib="esnext.disposable" preserve="true" />
/** Python's `queue` module. */
export { Empty, Full, ShutDown } from "../errors.ts";
export { LifoQueue } from "./lifo-queue.ts";
export { type Ordered, PriorityQueue } from "./priority-queue.ts";
export { Queue, type ShutdownOptions } from "./queue.ts";
export { SimpleQueue } from "./simple-queue.ts";
// What the types of methods name
export type { Waiting } from "../waiting/task-waits.ts";
export type { SyncWaitOptions, WaitOptions } from "../waiting/wait-options.ts";
// Lets this thread receive objects of these classes
// oxlint-disable-next-line import/no-unassigned-import -- for its effect
import "./fill-kinds.ts";
