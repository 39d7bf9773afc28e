/** async-mutex: locks between the async functions of one thread. */

export const load = () => import("async-mutex");

export function open({ Mutex, Semaphore }) {
  const acquireAndRelease = async (lock, count) => {
    const start = performance.now();
    for (let n = 0; n < count; n++) {
      await lock.acquire();
      lock.release();
    }
    return performance.now() - start;
  };
  return {
    async primitive(name, count) {
      if (name === "lock") return acquireAndRelease(new Mutex(), count);
      if (name === "semaphore") return acquireAndRelease(new Semaphore(1), count);
      return undefined;
    },
  };
}
