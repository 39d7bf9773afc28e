/** The other thread of atomics.mjs: plays one case, and says when it is ready. */

import { parentPort, workerData } from "node:worker_threads";
import { PLAYS } from "./atomics.plays.mjs";

const { name, words, count } = workerData;
parentPort.postMessage("ready");
PLAYS[name](words, 1, count);
Atomics.store(words, 32, 1);
Atomics.notify(words, 32);
