export { AsyncResult } from "./async-result.ts";
export { IMapIterator } from "./imap-iterator.ts";
export { Pool, ThreadPool } from "./pool.ts";
export type { PoolCallbacks, PoolMapOptions, PoolOptions, ThreadPoolOptions } from "./pool.ts";
