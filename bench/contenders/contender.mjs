/**
 * What a contender is: one file of this folder, named in `../runner/contenders.mjs`.
 *
 * A library whose workers run a script of their own has that beside it, `*.worker.mjs`.
 * The library is imported in `load`, never at the top, so that importing it can be timed.
 *
 * @typedef {object} Contender
 * @property {() => Promise<any>} load Imports the library.
 * @property {(library: any, workers: number) => Pool | Promise<Pool>} open Makes a pool.
 *
 * A pool runs the functions of `../tasks.mjs`, by name. What it lacks, it leaves out:
 * a case that needs it then skips the contender.
 *
 * @typedef {object} Pool
 * @property {(task: string, argument: any) => PromiseLike<any>} run
 * @property {(task: string, argument: any) => any} [runSync] Blocks for the result.
 * @property {(bytes: Uint8Array) => PromiseLike<Uint8Array>} [runMoved] Sends bytes there
 *   and back without a copy.
 * @property {boolean} [movesAlways] Whether typed arrays cannot be copied.
 * @property {(task: string, items: any[]) => PromiseLike<any[]>} [mapItems] The library's
 *   own map. Default: one `run` for each item.
 * @property {(task: string, items: number[], size: number) => PromiseLike<number[]>} [mapChunks]
 *   The library's own map with a chunk size. Default: one `run` of `incrementAll` for each slice.
 */
