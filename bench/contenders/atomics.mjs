/** Atomics and nothing else: two threads that spin. No library can be faster. */

import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { PLAYS } from "./atomics.plays.mjs";

export const load = async () => undefined;

function alone(count) {
  const words = new Int32Array(new SharedArrayBuffer(4));
  const start = performance.now();
  for (let n = 0; n < count; n++) {
    if (Atomics.compareExchange(words, 0, 0, 1) === 0) Atomics.store(words, 0, 0);
  }
  return performance.now() - start;
}

export function open() {
  return {
    async primitive(name, count) {
      if (name === "lock") return alone(count);
      const play = PLAYS[name];
      if (play === undefined) return undefined;
      const words = new Int32Array(new SharedArrayBuffer(1024));
      const worker = new Worker(new URL("./atomics.worker.mjs", import.meta.url), {
        workerData: { name, words, count },
      });
      await once(worker, "message");
      const start = performance.now();
      play(words, 0, count);
      Atomics.wait(words, 32, 0);
      const elapsedMs = performance.now() - start;
      await worker.terminate();
      return elapsedMs;
    },
  };
}
