/** Makes pools, shuts them down, and prints how many are collected, and how many there were. */
import { setImmediate } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { ThreadPoolExecutor } from "heddle/concurrent/futures";

const MANY = 8;
/** Collections, with a turn of the event loop after each, until a pool that is held no more is gone. */
const MOST_COLLECTIONS = 200;

interface Collectors {
  /** Deno, with a flag. */
  readonly gc?: () => void;
  readonly Bun?: { gc(isSynchronous: boolean): void };
}

function collector(): () => void {
  const { gc, Bun } = globalThis as Collectors;
  if (gc !== undefined) return gc;
  if (Bun !== undefined) return () => Bun.gc(true);
  setFlagsFromString("--expose-gc");
  return runInNewContext("gc") as () => void;
}

const collect = collector();
const pools: WeakRef<ThreadPoolExecutor>[] = [];

async function use(end: (pool: ThreadPoolExecutor) => unknown): Promise<void> {
  const pool = new ThreadPoolExecutor({ maxWorkers: 1 });
  pools.push(new WeakRef(pool));
  await pool.submit(() => 1);
  await end(pool);
}

async function breakOne(): Promise<void> {
  const initializer = (): never => {
    throw new Error("of the initializer");
  };
  const pool = new ThreadPoolExecutor({ maxWorkers: 1, initializer });
  pools.push(new WeakRef(pool));
  await pool.submit(() => 1).exception();
  await pool.shutdown();
}

for (let i = 0; i < MANY; i++) await use(async (pool) => pool.shutdown());
for (let i = 0; i < MANY; i++) await use((pool) => pool.shutdownSync());
for (let i = 0; i < MANY; i++) await breakOne();

const held = (): number => pools.filter((pool) => pool.deref() !== undefined).length;
for (let i = 0; held() > 0 && i < MOST_COLLECTIONS; i++) {
  await setImmediate();
  collect();
}
console.log(held(), pools.length);
