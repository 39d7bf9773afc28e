/// <reference lib="esnext.disposable" preserve="true" />
export type { StartContext } from "../../concurrent/futures/process-pool-executor.ts";
export { AsyncResult } from "./async-result.ts";
export { IMapIterator } from "./imap-iterator.ts";
export { Pool, ThreadPool } from "./pool.ts";
export type { PoolCallOptions, PoolMapOptions, PoolOptions, ThreadPoolOptions } from "./pool.ts";
export { TimeoutError } from "../../errors.ts";
