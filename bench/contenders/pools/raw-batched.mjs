/** The same with the tasks of one turn in one message for each worker, and so their results. */

import { Worker } from "node:worker_threads";

const SCRIPT = new URL("./raw-batched.worker.mjs", import.meta.url);

export const load = async () => ({ Worker });

export function open(library, workers) {
  const pending = new Map();
  const threads = Array.from({ length: workers }, () => {
    const thread = new library.Worker(SCRIPT);
    thread.on("message", (results) => {
      for (const [id, value] of results) {
        const resolve = pending.get(id);
        pending.delete(id);
        resolve(value);
      }
    });
    return { thread, batch: [] };
  });

  const flush = () => {
    for (const member of threads) {
      if (member.batch.length === 0) continue;
      member.thread.postMessage(member.batch);
      member.batch = [];
    }
  };

  let lastId = 0;
  let isFlushDue = false;
  const run = (task, argument) => {
    const id = lastId++;
    threads[id % workers].batch.push([id, task, argument]);
    if (!isFlushDue) {
      isFlushDue = true;
      queueMicrotask(() => {
        isFlushDue = false;
        flush();
      });
    }
    return new Promise((resolve) => pending.set(id, resolve));
  };
  return { run };
}
