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
  return { run, runMoved: (bytes) => run("echo", bytes), movesAlways: true };
}
