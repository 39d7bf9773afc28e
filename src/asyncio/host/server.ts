/**
 * What surrounds a loop on servers: other threads, signals, the end of the program.
 *
 * The engine imports this as `#asyncio-host`, which package.json leads to `page.ts` in pages:
 * a bundle for a page has none of it. Server and page know no classes of users' objects: these
 * are still being made when this is loaded.
 */
// oxlint-disable-next-line no-restricted-imports -- a type
import type * as DefaultPool from "../threads/default-pool.ts";

export { defineHandle } from "./exposure.ts";
export { whileWatched } from "./run-watch.ts";
export { addSignalHandler } from "./signals.ts";
export { watchRequest } from "./stuck-tasks.ts";
export { introduceTasks } from "./thread-waits.ts";

// Here since pages have neither: bundlers put into a page's single file what may be loaded.
// oxlint-disable-next-line no-restricted-imports -- only entries of asyncio/threads/ use it
export { provideKindsByImport } from "../../program/load-kinds.ts";

/** Loads the pool that runs a loop's calls where no executor is given. */
export async function loadDefaultPool(): Promise<typeof DefaultPool> {
  // oxlint-disable-next-line no-restricted-imports -- loaded when it is needed
  return import("../threads/default-pool.ts");
}
