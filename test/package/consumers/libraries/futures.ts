/** A library's exports without written types: its declarations name what heddle/concurrent/futures exports. */
import {
  asCompleted,
  type Executor,
  type Future,
  ThreadPoolExecutor,
  wait,
} from "heddle/concurrent/futures";

const pool = new ThreadPoolExecutor();
export const submitted = () => pool.submit((n: number) => n, 1);
export const mapped = () => pool.map((n: number) => n, [1]);
export const result = (future: Future<number>) => future.result();
export const exception = (future: Future<number>) => future.exception;
export const first = (future: Future<number>) => asCompleted([future]).next();
export const waited = (future: Future<number>) => wait([future]);
export const methods = (executor: Executor) => [executor.submit, executor.map, executor.shutdown];
