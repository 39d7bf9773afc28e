/** Workers and nothing else: the least that a thread costs. Only for start-up and memory. */

import { Worker } from "node:worker_threads";

const SCRIPT = new URL("./bare.worker.mjs", import.meta.url);

export const load = async () => ({ Worker });

export function open(library, workers) {
  const threads = Array.from({ length: workers }, () => new library.Worker(SCRIPT));
  let next = 0;
  return {
    run(_task, argument) {
      const thread = threads[next++ % workers];
      thread.postMessage(argument);
      return new Promise((resolve) => thread.once("message", resolve));
    },
  };
}
