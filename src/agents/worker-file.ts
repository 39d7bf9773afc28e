import { ownFile } from "../base/own-files.ts";
import { platform, server } from "#platform";
import { UnsupportedError } from "../errors.ts";
import type { WorkerCode } from "../platform/platform.ts";

/** What a worker does; each finds it in its worker data. */
export type WorkerRole = "calls" | "warden" | "bell" | "courier";

/** The file that every worker starts with; undefined where a bundler has put heddle into a program. */
function workerFile(): URL | undefined {
  // Some bundlers write into a bundle where a file was when they made it.
  if (server.workerText !== undefined) return undefined;
  return ownFile("worker/main.js");
}

/** What every thread starts with: a file of heddle's or, inside a bundle, that file's text. */
export function workerCode(): WorkerCode {
  const file = workerFile();
  if (file !== undefined) return file;
  const text = server.workerText;
  if (text !== undefined) return { text };
  throw new UnsupportedError(
    "Cannot start a worker: a bundler has left heddle's files behind, and did not follow the " +
      'condition "module" of its package.json, which leads to their text. Add it to the conditions, ' +
      'as in "bun build --conditions=module", or leave heddle outside of the bundle',
    { capability: "threads", runtime: platform.name },
  );
}

/** The file that every child process starts with. */
export function processFile(): URL {
  const file = workerFile();
  if (file !== undefined) return file;
  throw new UnsupportedError(
    "Cannot start a process: a bundler has left heddle's files behind. Keep heddle out of the bundle, as an external package",
    { capability: "processes", runtime: platform.name },
  );
}
