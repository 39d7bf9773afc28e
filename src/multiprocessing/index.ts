/// <reference lib="esnext.disposable" preserve="true" />
export type { StartContext } from "../concurrent/futures/process-pool-executor.ts";
export { AsyncResult } from "./pool/async-result.ts";
export {
  cpuCount,
  freezeSupport,
  getAllStartMethods,
  getContext,
  getStartMethod,
  setStartMethod,
  SpawnContext,
} from "./context.ts";
export { Connection } from "./connection/connection.ts";
export { Pipe } from "./connection/pipe.ts";
export type { PipeOptions } from "./connection/pipe.ts";
export { IMapIterator } from "./pool/imap-iterator.ts";
export { Pool } from "./pool/pool.ts";
export type { PoolCallOptions, PoolMapOptions, PoolOptions } from "./pool/pool.ts";
export { Process } from "./process.ts";
export { activeChildren, currentProcess, parentProcess } from "./processes.ts";
export { BufferTooShort } from "../process-errors.ts";
export { TimeoutError } from "../errors.ts";
export { JoinableQueue } from "./queues/joinable-queue.ts";
export { Queue } from "./queues/queue.ts";
export { SimpleQueue } from "./queues/simple-queue.ts";
export type { ProcessOptions } from "./process-options.ts";
export type { ProcessInput } from "./process-streams.ts";
