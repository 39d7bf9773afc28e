/** What a programmer writes by hand: workers in turn, one message a task, one message a result. */

import { Worker } from "node:worker_threads";

const SCRIPT = new URL("./raw.worker.mjs", import.meta.url);

export const load = async () => ({ Worker });

export function open(library, workers) {
  const pending = new Map();
  const threads = Array.from({ length: workers }, () => {
    const thread = new library.Worker(SCRIPT);
    thread.on("message", ([id, value]) => {
      const resolve = pending.get(id);
      pending.delete(id);
      resolve(value);
    });
    return thread;
  });

  let lastId = 0;
  const send = (message, transfer) => {
    const id = lastId++;
    threads[id % workers].postMessage([id, ...message], transfer);
    return new Promise((resolve) => pending.set(id, resolve));
  };
  return {
    run: (task, argument) => send([task, argument]),
    runMoved: (bytes) => send(["echo", bytes, true], [bytes.buffer]),
  };
}
