/**
 * What surrounds a loop on servers: other threads, signals, the end of the program.
 *
 * The engine imports this as `#asyncio-host`, which package.json leads to `page.ts` in pages:
 * a bundle for a page has none of it. Server and page know no classes of users' objects: these
 * are still being made when this is loaded.
 */
export { defineHandle } from "./exposure.ts";
export { whileWatched } from "./run-watch.ts";
export { addSignalHandler } from "./signals.ts";
export { watchRequest } from "./stuck-tasks.ts";
export { introduceTasks } from "./thread-waits.ts";
