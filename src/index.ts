/** What does not belong to one of Python's modules: marking functions, and the errors. */
export * from "./errors.ts";
export * from "./process-errors.ts";
export { reduce } from "./shipping/reduce.ts";
export { isMain, isMainThread } from "./shipping/main-thread.ts";
export { task } from "./shipping/marker.ts";
export type { TaskFunction, TaskOptions, TaskSite } from "./shipping/marker.ts";
export { move } from "./wire/transfer.ts";
