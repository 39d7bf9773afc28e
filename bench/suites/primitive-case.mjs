/** A case of what several threads share: the same operation again and again, for a while. */

/** How long a contender is measured in each round, and warmed up before, in milliseconds. */
const ROUND_MS = 100;

/**
 * @param {string} name The contender's method.
 * @param {string} title
 * @param {number} count Operations that are asked at once.
 * @param {boolean} [isRate] Whether operations a second are of interest too.
 */
export function primitiveCase(name, title, count, isRate = false) {
  return {
    name,
    title,
    unit: "ms",
    workers: 2,
    columns: [],
    isRate,
    skips: async (pool) =>
      (await pool.primitive?.(name, 8)) === undefined ? "has nothing comparable" : undefined,
    // A fast contender is asked several times: its compiler is slow to warm up otherwise.
    async measure(pool) {
      let [ms, operations] = [0, 0];
      for (; ms < ROUND_MS; operations += count) ms += await pool.primitive(name, count);
      return { value: ms / operations };
    },
  };
}
