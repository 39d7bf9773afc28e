/* oxlint-disable -- code as someone new writes it */
// A class with methods and private fields, used in threads.
import { ThreadPoolExecutor } from "heddle/concurrent/futures";

abstract class Model {
  abstract step(): void;
  protected steps = 0;
  run(count: number): this {
    for (let i = 0; i < count; i++) {
      this.step();
      this.steps++;
    }
    return this;
  }
}

class Walk extends Model {
  static readonly MULTIPLIER = 1103515245;
  #state: number;
  position = 0;
  constructor(seed: number) {
    super();
    this.#state = seed;
  }
  static from(seed: number): Walk {
    return new Walk(seed);
  }
  step(): void {
    this.#state = (this.#state * Walk.MULTIPLIER + 12345) % 2 ** 31;
    this.position += this.#state > 2 ** 30 ? 1 : -1;
  }
  get summary(): string {
    return `${this.position} after ${this.steps}`;
  }
}

async function main(): Promise<void> {
  const pool = new ThreadPoolExecutor({ maxWorkers: 2 });
  const simulate = (seed: number, steps: number): string => Walk.from(seed).run(steps).summary;
  const seeds = [1, 2, 3];
  const results = await Promise.all(seeds.map((seed) => pool.submit(simulate, seed, 100)));
  console.log(results.join(", ") === seeds.map((seed) => simulate(seed, 100)).join(", "));
  console.log(await pool.submit((seed: number) => new Walk(seed).run(10).position, 42));
  await pool.shutdown();
}
await main();
