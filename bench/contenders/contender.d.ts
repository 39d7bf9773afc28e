/**
 * What a contender is: one file of this folder, named in `../runner/contenders.mjs`. In `pools/` are
 * those that run functions in threads, in `tasks/` those that stand beside asyncio.
 *
 * A library whose workers run a script of their own has that beside it, `*.worker.mjs`.
 */
export interface Contender {
  /** What functions it takes that no file of a worker exports; undefined if none. */
  submits?: "by its text" | "with its module";
  /** Imports the library. It is not imported at the top, so that importing it can be timed. */
  load(): Promise<unknown>;
  /** Makes a pool. One that is imported and no more lacks it. */
  open?(library: unknown, workers: number): Pool | Promise<Pool>;
}

/**
 * Runs the functions of `../tasks.mjs`, by name. What a library lacks, its pool leaves
 * out: a case that needs it then skips the contender.
 */
export interface Pool {
  run(task: string, argument: unknown): PromiseLike<unknown>;
  /** Runs a function that no file of a worker exports. */
  submitFunction?(fn: (argument: number) => number, argument: number): PromiseLike<number>;
  /** Blocks for the result. */
  runSync?(task: string, argument: unknown): unknown;
  /** Sends bytes there and back without a copy. */
  runMoved?(bytes: Uint8Array): PromiseLike<Uint8Array>;
  /** Whether typed arrays cannot be copied. */
  movesAlways?: boolean;
  /**
   * Does `count` operations of a case of ../suites/sync.mjs, queue.mjs or asyncio.mjs, and resolves with the
   * milliseconds they took in all; undefined where the library has no such thing.
   */
  primitive?(name: string, count: number): Promise<number | undefined>;
  /** Makes so many tasks that wait, by case of ../suites/asyncio-memory.mjs. */
  waiting?: Record<string, (count: number) => unknown>;
  /** The library's own map. Without, there is one `run` for each item. */
  mapItems?(task: string, items: number[]): PromiseLike<number[]>;
  /** The library's own map with a chunk size. Without, `incrementAll` runs on each slice. */
  mapChunks?(task: string, items: number[], size: number): PromiseLike<number[]>;
}
