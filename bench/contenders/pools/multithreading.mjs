/** multithreading: functions go as text, arguments through its `move`, which moves all typed arrays. */

import * as tasks from "../../tasks.mjs";

const functions = { ...tasks };

export const load = () => import("multithreading");

export function open({ initRuntime, spawn, move }, workers) {
  initRuntime({ maxWorkers: workers });
  const run = async (task, argument) => {
    const result = await spawn(move(argument), functions[task]).join();
    if (!result.ok) throw result.error;
    return result.value;
  };
  const throughChannel = async (name, count) => {
    const { channel } = await load();
    const [sender, receiver] = channel(128);
    const put =
      name === "queue"
        ? (tx, items) => {
            for (let n = 0; n < items; n++) tx.blockingSend(n);
          }
        : (tx, items) => {
            for (let n = 0; n < items; n++) tx.blockingSend({ id: n, name: "item", isOk: true });
          };
    const start = performance.now();
    const putting = spawn(move(sender, count), put).join();
    // A thread that blocks delivers no task to its workers: the first one awaits.
    await receiver.recv();
    for (let n = 1; n < count; n++) receiver.blockingRecv();
    const { ok } = await putting;
    const elapsedMs = performance.now() - start;
    // What came is not added up: in some runs one of the ints is another.
    if (!ok) throw new Error("Wrong result: the sender failed");
    return elapsedMs;
  };
  const primitive = async (name, operations) => {
    const { Mutex, Semaphore } = await load();
    if (name === "queue" || name === "queueObjects") return throughChannel(name, operations);
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
    for (let n = 0; n < operations; n++) acquire().dispose();
    return performance.now() - start;
  };
  return { run, primitive, runMoved: (bytes) => run("echo", bytes), movesAlways: true };
}
