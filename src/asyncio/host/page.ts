/** What surrounds a loop in pages, which have neither threads for heddle nor signals: see server.ts. */
import { platform, server } from "#platform";
import type * as host from "./server.ts";

/** A loop stays in its thread. */
export const defineHandle: typeof host.defineHandle = () => undefined;

/** No run is ended from outside. */
export const whileWatched: typeof host.whileWatched = (_session, _main, run) => run();

export const addSignalHandler: typeof host.addSignalHandler = (_loop, signal) => {
  platform.onSignal(signal, () => undefined);
};

/** There is nothing of other threads to wait for. */
export const introduceTasks: typeof host.introduceTasks = () => undefined;

/** A task that awaits what heddle knows nothing of fails before that. */
export const watchRequest: typeof host.watchRequest = () => undefined;

/** Nothing comes from other threads. */
export const provideKindsByImport: typeof host.provideKindsByImport = () => undefined;

export const loadDefaultPool: typeof host.loadDefaultPool = async () => {
  server.channel(); // says that there are no threads
  return undefined as never;
};
