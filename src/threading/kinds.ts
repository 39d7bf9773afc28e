/** Which of this folder's classes are shared objects, besides those of `_thread`. */
import { fillLockKinds } from "../_thread/kinds.ts";
import {
  BARRIER,
  BOUNDED_SEMAPHORE,
  CONDITION,
  EVENT,
  fillKind,
  SEMAPHORE,
  THREAD,
} from "../program/kinds.ts";
import { Barrier } from "./barrier.ts";
import { BoundedSemaphore } from "./bounded-semaphore.ts";
import { Condition } from "./condition.ts";
import { Event } from "./event.ts";
import { Semaphore } from "./semaphore.ts";
import { threadWith } from "./thread.ts";

export function fillThreadingKinds(): void {
  fillLockKinds();
  fillKind(SEMAPHORE, () => new Semaphore());
  fillKind(BOUNDED_SEMAPHORE, () => new BoundedSemaphore());
  fillKind(EVENT, () => new Event());
  fillKind(CONDITION, () => new Condition());
  // Of another agent's barrier everything is in the block.
  fillKind(BARRIER, () => new Barrier(1));
  fillKind(THREAD, threadWith);
}
