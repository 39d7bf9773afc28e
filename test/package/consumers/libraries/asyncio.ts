/** A library's exports without written types: its declarations name what heddle/asyncio exports. */
import {
  asCompleted,
  type BrokenBarrierError,
  captureCallGraph,
  type Condition,
  createTask,
  gather,
  type Handle,
  type Loop,
  type Queue,
  sleep,
  startServer,
  type StreamWriter,
  type Task,
  type TlsOptions,
  toThread,
} from "heddle/asyncio";

export const context = (handle: Handle) => handle.getContext();
export const session = (writer: StreamWriter) => writer.getExtraInfo("ssl_object");
export const authorities = (options: TlsOptions) => options.ca;
export const reason = (error: BrokenBarrierError) => error.reason;
export const signal = (task: Task<number>) => task.signal;
export const gathered = () => gather([sleep(1, 1), async () => "x"]);
export const later = (loop: Loop) => loop.callLater(1, () => 1);
export const made = (loop: Loop) => loop.createTask;
export const got = (queue: Queue<number>) => queue.get();
export const held = (condition: Condition) => condition.hold();
export const functions = [asCompleted, captureCallGraph, createTask, startServer, toThread];
