/** Bare promises and async functions, which nobody can cancel. The cases of ../suites/asyncio.mjs. */

export const load = async () => undefined;

export function open() {
  async function nothing() {}

  async function yielding(count) {
    // oxlint-disable-next-line unicorn/no-unnecessary-await, typescript/await-thenable -- a turn of the microtask queue
    for (let n = 0; n < count; n++) await null;
  }

  async function deep(depth) {
    if (depth > 0) return (await deep(depth - 1)) + 1;
    return 0;
  }

  async function deepYield(depth) {
    if (depth > 0) return (await deepYield(depth - 1)) + 1;
    // oxlint-disable-next-line unicorn/no-unnecessary-await, typescript/await-thenable -- a turn of the microtask queue
    await null;
    return 0;
  }

  const cases = {
    async spawn(count) {
      for (let n = 0; n < count; n++) await nothing();
    },
    async switch(count) {
      await Promise.all(Array.from({ length: 100 }, () => yielding(count / 100)));
    },
    async gather(count) {
      await Promise.all(Array.from({ length: count }, nothing));
    },
    async calls(count) {
      for (let n = 0; n < count; n++) await deep(10);
    },
    async deepSwitch(count) {
      for (let n = 0; n < count; n++) await deepYield(10);
    },
  };

  const kept = [];
  return {
    async primitive(name, count) {
      if (cases[name] === undefined) return undefined;
      const start = performance.now();
      await cases[name](count);
      return performance.now() - start;
    },
    waiting: {
      event(count) {
        const event = new Promise((resolve) => kept.push(resolve));
        const wait = async () => void (await event);
        for (let n = 0; n < count; n++) kept.push(wait());
      },
      sleep(count) {
        const wait = async () => new Promise((resolve) => setTimeout(resolve, 3_600_000));
        for (let n = 0; n < count; n++) kept.push(wait());
      },
    },
  };
}
