/** Where the work is done, by name: in this thread, in threads, or in processes. */

import { ProcessPoolExecutor, ThreadPoolExecutor } from "heddle/concurrent/futures";

/** What the census needs of an executor. */
export interface Pool {
  map<A, R>(
    fn: (item: A) => R,
    items: readonly A[],
    options?: { readonly progress?: boolean },
  ): PromiseLike<R[]>;
  shutdown(): Promise<void>;
}

export type ExecutorName = "inline" | "threads" | "processes";

/** Without workers: for a debugger, and to see what a pool is worth. */
const inline: Pool = {
  map: async (fn, items) => items.map((item) => fn(item)),
  shutdown: async () => undefined,
};

const EXECUTORS: Readonly<Record<ExecutorName, (workers: number) => Pool>> = {
  inline: () => inline,
  threads: (maxWorkers) => new ThreadPoolExecutor({ maxWorkers, threadNamePrefix: "census" }),
  processes: (maxWorkers) => new ProcessPoolExecutor({ maxWorkers }),
};

export function isExecutor(name: string): name is ExecutorName {
  return Object.hasOwn(EXECUTORS, name);
}

export function openPool(name: ExecutorName, workers: number): Pool {
  return EXECUTORS[name](workers);
}
