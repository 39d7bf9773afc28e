export { Empty, Full } from "../../errors.ts";
export { JoinableQueue } from "./joinable-queue.ts";
export { Queue } from "./queue.ts";
export { SimpleQueue } from "./simple-queue.ts";
