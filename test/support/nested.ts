/** A task that uses a pool of its own. */
import { ThreadPoolExecutor } from "heddle/concurrent/futures";

export async function squareInNestedPool(n: number): Promise<number> {
  const pool = new ThreadPoolExecutor({ maxWorkers: 1 });
  const blocking = pool.submit((x: number) => x * x, n).resultSync();
  const awaited = await pool.submit((x: number) => x * x, n);
  await pool.shutdown();
  return blocking === awaited ? awaited : Number.NaN;
}
