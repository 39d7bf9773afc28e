/** What does not belong to one of Python's modules: marking functions, and the errors. */
export * from "./errors.ts";
export { isMain, isMainThread } from "./task/main-module.ts";
export { task } from "./task/marker.ts";
export type { TaskFunction, TaskOptions, TaskSite } from "./task/marker.ts";
export { move } from "./wire/transfer.ts";
