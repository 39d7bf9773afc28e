/** p-limit: limits how many async functions run at once. Two cases of ../suites/asyncio.mjs. */

export const load = () => import("p-limit");

export function open({ default: pLimit }) {
  async function nothing() {}

  const cases = {
    async spawn(count) {
      const limit = pLimit(10);
      for (let n = 0; n < count; n++) await limit(nothing);
    },
    async gather(count) {
      const limit = pLimit(10);
      await Promise.all(Array.from({ length: count }, () => limit(nothing)));
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
