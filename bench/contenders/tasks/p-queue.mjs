/** p-queue: runs async functions in their order, some at once. Two cases of ../suites/asyncio.mjs. */

export const load = () => import("p-queue");

export function open({ default: PQueue }) {
  async function nothing() {}

  const cases = {
    async spawn(count) {
      const queue = new PQueue({ concurrency: 10 });
      for (let n = 0; n < count; n++) await queue.add(nothing);
    },
    async gather(count) {
      const queue = new PQueue({ concurrency: 10 });
      await Promise.all(Array.from({ length: count }, () => queue.add(nothing)));
    },
  };

  return {
    async primitive(name, count) {
      if (cases[name] === undefined) return undefined;
      const start = performance.now();
      await cases[name](count);
      return performance.now() - start;
    },
  };
}
