/** multithreading: functions go as text, arguments through its `move`, which moves all typed arrays. */

import * as tasks from "../tasks.mjs";

const functions = { ...tasks };

export const load = () => import("multithreading");

export function open({ initRuntime, spawn, move }, workers) {
  initRuntime({ maxWorkers: workers });
  const run = async (task, argument) => {
    const result = await spawn(move(argument), functions[task]).join();
    if (!result.ok) throw result.error;
    return result.value;
  };
  const primitive = async (name, count) => {
    const { Mutex, Semaphore } = await load();
    if (name !== "lock" && name !== "semaphore") return undefined;
    const acquire =
      name === "lock"
        ? (
            (mutex) => () =>
              mutex.blockingLock()
          )(new Mutex())
        : (
            (semaphore) => () =>
              semaphore.blockingAcquire()
          )(new Semaphore(1));
    const start = performance.now();
    for (let n = 0; n < count; n++) acquire().dispose();
    return performance.now() - start;
  };
  return { run, primitive, runMoved: (bytes) => run("echo", bytes), movesAlways: true };
}
