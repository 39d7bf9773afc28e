/** What surrounds a loop in pages, which have neither threads for heddle nor signals: see server.ts. */
import { platform } from "#platform";
import type * as server from "./server.ts";

/** A loop stays in its thread. */
export const defineHandle: typeof server.defineHandle = () => undefined;

/** No run is ended from outside. */
export const whileWatched: typeof server.whileWatched = (_session, _main, run) => run();

export const addSignalHandler: typeof server.addSignalHandler = (_loop, signal) => {
  platform.onSignal(signal, () => undefined);
};

/** There is nothing of other threads to wait for. */
export const introduceTasks: typeof server.introduceTasks = () => undefined;

/** A task that awaits what heddle knows nothing of fails before that. */
export const watchRequest: typeof server.watchRequest = () => undefined;
