/** Which of this folder's classes are shared objects. */
import { fillKind, LIFO_QUEUE, PRIORITY_QUEUE, QUEUE, SIMPLE_QUEUE } from "../program/kinds.ts";
import { LifoQueue } from "./lifo-queue.ts";
import { PriorityQueue } from "./priority-queue.ts";
import { Queue } from "./queue.ts";
import { SimpleQueue } from "./simple-queue.ts";

export function fillQueueKinds(): void {
  fillKind(QUEUE, () => new Queue());
  fillKind(LIFO_QUEUE, () => new LifoQueue());
  fillKind(PRIORITY_QUEUE, () => new PriorityQueue());
  fillKind(SIMPLE_QUEUE, () => new SimpleQueue());
}
