/* oxlint-disable -- code as someone new writes it */
// Generic helpers, overloads, a union of results, and a class that a function makes.
import { ThreadPoolExecutor } from "heddle/concurrent/futures";

type Result<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: string };
const ok = <T>(value: T): Result<T> => ({ ok: true, value });
const fail = (error: string): Result<never> => ({ ok: false, error });

function mean(values: readonly number[]): number;
function mean(values: readonly number[], weights: readonly number[]): number;
function mean(values: readonly number[], weights?: readonly number[]): number {
  const total = weights?.reduce((sum, each) => sum + each, 0) ?? values.length;
  return values.reduce((sum, each, i) => sum + each * (weights?.[i] ?? 1), 0) / total;
}

class Sample {
  static readonly EMPTY: Sample = new Sample([]);
  readonly #values: readonly number[];
  private constructor(values: readonly number[]) {
    this.#values = values;
  }
  static parse(text: string): Result<Sample> {
    const values = text.split(/[,;\s]+/).map(Number);
    return values.some(Number.isNaN) ? fail(`not numbers: ${text}`) : ok(new Sample(values));
  }
  get deviation(): number {
    const middle = mean(this.#values);
    return Math.sqrt(mean(this.#values.map((each) => (each - middle) ** 2)));
  }
  toJSON(): object {
    return { n: this.#values.length, mean: mean(this.#values), deviation: this.deviation };
  }
}

const describe = (text: string): string => {
  const sample = Sample.parse(text);
  return sample.ok ? JSON.stringify(sample.value) : sample.error;
};

const pool = new ThreadPoolExecutor({ maxWorkers: 2 });
for (const line of await pool.map(describe, ["1, 2, 3", "4;4;4", "5 x"])) console.log(line);
console.log(
  await pool.submit((values: number[], weights: number[]) => mean(values, weights), [1, 4], [3, 1]),
);
console.log(await pool.submit(() => Sample.EMPTY instanceof Sample));
await pool.shutdown();
