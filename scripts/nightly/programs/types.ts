/** TypeScript that cannot be left out: each function is called here and in a worker. */
import { ThreadPoolExecutor } from "heddle/concurrent/futures";
import { counted, bump, hidden } from "./types-state.ts";
enum Level {
  Low = 1,
  High = 5,
}
const enum Fast {
  A = 2,
}
namespace Geo {
  export const unit = 3;
  export function area(x: number): number {
    return x * unit;
  }
}
class Box {
  constructor(
    private readonly w: number,
    public h: number,
  ) {}
  get size(): number {
    return this.w * this.h;
  }
}
abstract class Shape {
  abstract area(): number;
  describe(): string {
    return `area ${this.area()}`;
  }
}
class Sq extends Shape {
  constructor(readonly s: number) {
    super();
  }
  override area(): number {
    return this.s ** 2;
  }
}
function generic<T extends number>(x: T): T {
  return (x * Level.High) as T;
}
const satisfied = { a: 1 } satisfies Record<string, number>;
// oxlint-disable-next-line prefer-const -- a case
let asserted!: number;
asserted = 4;
export default function (x: number): number {
  return x + satisfied.a;
}
type Fn = (x: number) => number;
const over = ((x: number) => x + asserted) as Fn;
const pool = new ThreadPoolExecutor({ maxWorkers: 1 });
const cases: [string, () => unknown][] = [
  ["enum", () => Level[Level.High]],
  ["const enum", () => Fast.A],
  ["namespace", () => Geo.area(2)],
  ["param props", () => new Box(2, 3).size],
  ["abstract", () => new Sq(3).describe()],
  ["generic", () => generic(2)],
  ["satisfies", () => satisfied.a],
  ["definite", () => asserted],
  ["as", () => over(1)],
  ["state", () => [bump(), counted]],
  ["hidden", () => hidden()],
];
let same = 0;
for (const [name, fn] of cases) {
  const there = JSON.stringify(await pool.submit(fn));
  const here = JSON.stringify(fn());
  if (here === there) same += 1;
  else console.log("differs", name, "here", here, "there", there);
}
console.log(same, "of", cases.length, await pool.submit(over, 3), await pool.submit(generic, 3));
await pool.shutdown();
