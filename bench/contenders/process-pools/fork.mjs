/** `fork` and nothing else: the least that a process of JavaScript costs. */

import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";

const SCRIPT = fileURLToPath(new URL("./fork.worker.mjs", import.meta.url));

export const load = async () => ({ fork });

export function open(library, workers) {
  const pending = new Map();
  const children = Array.from({ length: workers }, () => {
    const child = library.fork(SCRIPT, { serialization: "advanced" });
    child.on("message", ([id, value]) => {
      const resolve = pending.get(id);
      pending.delete(id);
      resolve(value);
    });
    return child;
  });
  let calls = 0;
  return {
    run(task, argument) {
      const id = calls++;
      children[id % workers].send([id, task, argument]);
      return new Promise((resolve) => pending.set(id, resolve));
    },
  };
}
