/** The worker of raw.mjs: answers every message with one. */

import { parentPort } from "node:worker_threads";

import * as tasks from "../../tasks.mjs";

const functions = { ...tasks };

parentPort.on("message", ([id, task, argument, isMoved]) => {
  const value = functions[task](argument);
  parentPort.postMessage([id, value], isMoved ? [value.buffer] : undefined);
});
