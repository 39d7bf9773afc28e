import { isBundled, ownFile } from "../base/own-files.ts";
import { platform } from "#platform";
import { UnsupportedError } from "../errors.ts";

/** What a worker does; each finds it in its worker data. */
export type WorkerRole = "calls" | "warden" | "bell";

/** The file that every worker starts with. */
export function workerFile(): URL {
  const file = ownFile(isBundled ? `worker/${platform.name}.js` : "worker/main.js");
  if (file === undefined) {
    throw new UnsupportedError("Cannot start a worker: heddle's files are not there", {
      capability: "threads",
      runtime: platform.name,
    });
  }
  return file;
}
