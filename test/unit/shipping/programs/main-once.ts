/**
 * A main module that exports a class of errors, one of objects and a function, and says when it is
 * evaluated: no worker may do that to find one of them.
 */
import { ThreadPoolExecutor } from "heddle/concurrent/futures";

export class Failure extends Error {
  readonly code = "MINE";
}

export class Point {
  readonly x: number;
  constructor(x: number) {
    this.x = x;
  }
}

const TWO = 2;

export function plusTwo(n: number): number {
  return n + TWO;
}

function fail(): never {
  throw new Failure("no");
}

console.log("evaluated");

/** Sends an object of the class, when its module has been evaluated. */
async function sendPoint(pool: ThreadPoolExecutor): Promise<string> {
  try {
    const back = await pool.submit((point: Point) => point, new Point(3));
    return `${back.x} ${back instanceof Point}`;
  } catch (error) {
    return String(error);
  }
}

async function main(): Promise<void> {
  const pool = new ThreadPoolExecutor({ maxWorkers: 1 });
  const error = (await pool.submit(fail).exception()) as Failure;
  const nested = await pool.submit(async () => {
    const inner = new ThreadPoolExecutor({ maxWorkers: 1 });
    try {
      return await inner.submit(plusTwo, 3);
    } finally {
      await inner.shutdown();
    }
  });
  const isOwn = error instanceof Failure;
  console.log(JSON.stringify({ isOwn, code: error.code, nested, sent: await sendPoint(pool) }));
  await pool.shutdown();
}

setTimeout(() => void main(), 1);
