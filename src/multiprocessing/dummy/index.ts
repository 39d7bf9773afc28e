/// <reference lib="esnext.disposable" preserve="true" />
/** Python's `multiprocessing.dummy`: the API of `multiprocessing`, with threads. */
export { Lock } from "../../_thread/lock.ts";
export { RLock } from "../../_thread/rlock.ts";
export { Queue, Queue as JoinableQueue } from "../../queue/queue.ts";
export { Barrier } from "../../threading/barrier.ts";
export { BoundedSemaphore } from "../../threading/bounded-semaphore.ts";
export { Condition } from "../../threading/condition.ts";
export { Event } from "../../threading/event.ts";
export { Semaphore } from "../../threading/semaphore.ts";
export { currentThread as currentProcess } from "../../threading/threads.ts";
export { freezeSupport } from "../context.ts";
// Between threads of one process it is the same pipe
export { Connection } from "../connection/connection.ts";
export { Pipe } from "../connection/pipe.ts";
export type { PipeOptions } from "../connection/pipe.ts";
export { ThreadPool as Pool } from "../pool/pool.ts";
export { activeChildren, Process } from "./process.ts";
export type { ProcessOptions } from "./process.ts";
// Lets this thread receive objects of these classes
// oxlint-disable-next-line import/no-unassigned-import -- for its effect
import "../../threading/fill-kinds.ts";
// oxlint-disable-next-line import/no-unassigned-import -- for its effect
import "../../queue/fill-kinds.ts";
