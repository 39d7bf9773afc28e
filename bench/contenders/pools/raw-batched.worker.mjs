/** The worker of raw-batched.mjs: answers every batch with one. */

import { parentPort } from "node:worker_threads";

import * as tasks from "../../tasks.mjs";

const functions = { ...tasks };

parentPort.on("message", (batch) => {
  parentPort.postMessage(batch.map(([id, task, argument]) => [id, functions[task](argument)]));
});
