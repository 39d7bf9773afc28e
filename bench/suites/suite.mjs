/**
 * What a suite is: one file of this folder, named in `../runner/suites.mjs`.
 *
 * @typedef {object} Suite
 * @property {string} title
 * @property {readonly Case[]} cases
 * @property {boolean} [isForThoseWhoNameIt] Whether contenders that do not name their suites have no part in it.
 * @property {boolean} [isFresh] Whether every measurement needs a process of its own. Its
 *   cases then get the contender, not an open pool.
 * @property {(results: Map<string, Map<string, import("../runner/results.mjs").Result>>) => Derived} [derive]
 *   A table made of several cases.
 *
 * @typedef {object} Case One table.
 * @property {string} name With the suite's name, what targets call it.
 * @property {string} title
 * @property {"ms" | "percent" | "MiB" | "bytes"} unit Of `value`.
 * @property {string} [reference] Whom the others are compared to. Default: heddle.
 * @property {number} workers
 * @property {readonly string[]} columns More numbers of a measurement, `name:unit`.
 * @property {number} [mostRounds]
 * @property {boolean} [isRate] Whether the table also shows values as a rate.
 * @property {(pool: Pool | Contender) => string | undefined | Promise<string | undefined>} [skips] Why this pool
 *   cannot take part; in a fresh suite, why the contender cannot.
 * @property {(pool: Pool, isWarmUp: boolean) => Promise<Measurement>} [measure]
 * @property {(contender: Contender) => Promise<Measurement>} [measureFresh]
 *
 * @typedef {{ value: number, [column: string]: number }} Measurement Less is better.
 * @typedef {{ title: string, column: string, values: Map<string, number> }} Derived By contender.
 * @typedef {import("../contenders/contender.d.ts").Pool} Pool
 * @typedef {import("../contenders/contender.d.ts").Contender} Contender
 */

/** How long one measurement of single round trips lasts, in milliseconds. */
const ROUND_MS = 150;

/**
 * Runs something again and again, one at a time, for about {@link ROUND_MS}.
 *
 * @param {(n: number) => PromiseLike<unknown>} once
 * @returns {Promise<Measurement>} Mean, and the quantiles `p50` and `p99`, in milliseconds.
 */
export async function repeat(once) {
  const times = [];
  const end = performance.now() + ROUND_MS;
  for (let start = performance.now(); start < end;) {
    await once(times.length);
    const now = performance.now();
    times.push(now - start);
    start = now;
  }
  return summary(times);
}

/** The same for something that blocks. */
export function repeatSync(once) {
  const times = [];
  const end = performance.now() + ROUND_MS;
  for (let start = performance.now(); start < end;) {
    once(times.length);
    const now = performance.now();
    times.push(now - start);
    start = now;
  }
  return summary(times);
}

/** Mean and quantiles. @returns {Measurement} */
export function summary(times) {
  const value = times.reduce((sum, time) => sum + time, 0) / times.length;
  times.sort((a, b) => a - b);
  const quantile = (share) => times[Math.floor(share * (times.length - 1))];
  return { value, p50: quantile(0.5), p99: quantile(0.99) };
}

/** Fails a measurement whose contender gave a wrong answer. */
export function check(isRight, what) {
  if (!isRight) throw new Error(`Wrong result: ${what}`);
}

export const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
