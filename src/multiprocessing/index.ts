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
export { IMapIterator } from "./pool/imap-iterator.ts";
export { Pool } from "./pool/pool.ts";
export type { PoolCallOptions, PoolMapOptions, PoolOptions } from "./pool/pool.ts";
export { activeChildren, currentProcess, parentProcess, Process } from "./process.ts";
export type { ProcessOptions } from "./process-options.ts";
