/** What the compiler knows of submit, map and the rest. The assertions are types: `npm run check` tests them. */
import { describe, it } from "node:test";
import { expectTypeOf } from "expect-type";
import { move, task } from "heddle";
import type { Future, ThreadPoolExecutor } from "heddle/concurrent/futures";
import { asCompleted, type Executor, type MapResult, wait } from "heddle/concurrent/futures";

function add(a: number, b: number): number {
  return a + b;
}
async function later(text: string): Promise<number> {
  return text.length;
}
function identity<T>(value: T): T {
  return value;
}
function first<T>(values: readonly T[], fallback: T): T {
  return values[0] ?? fallback;
}
function parse(text: string): Date;
function parse(text: string, radix: number): number;
function parse(text: string, radix?: number): Date | number {
  return radix === undefined ? new Date(text) : Number.parseInt(text, radix);
}
function greet(name: string, greeting = "hello"): string {
  return `${greeting} ${name}`;
}

// Only compiled, never called.
export function submit(pool: ThreadPoolExecutor): void {
  expectTypeOf(pool.submit(add, 1, 2)).toEqualTypeOf<Future<number>>();
  expectTypeOf(pool.submit(later, "x")).toEqualTypeOf<Future<number>>();
  expectTypeOf(pool.submit(identity, "x" as const)).toEqualTypeOf<Future<"x">>();
  expectTypeOf(pool.submit(identity<Map<string, number>>, new Map())).toEqualTypeOf<
    Future<Map<string, number>>
  >();
  expectTypeOf(pool.submit(first, [1, 2], 3)).toEqualTypeOf<Future<number>>();
  expectTypeOf(pool.submit(parse, "1")).toEqualTypeOf<Future<Date>>();
  expectTypeOf(pool.submit(parse, "1", 10)).toEqualTypeOf<Future<number>>();
  expectTypeOf(pool.submit(greet, "a")).toEqualTypeOf<Future<string>>();
  expectTypeOf(pool.submit(() => {})).toEqualTypeOf<Future<void>>();

  // @ts-expect-error -- an argument of the wrong type
  pool.submit(add, 1, "2");
  // @ts-expect-error -- an argument too few
  pool.submit(add, 1);
  // @ts-expect-error -- an argument too many
  pool.submit(add, 1, 2, 3);
  // @ts-expect-error -- no overload takes a boolean
  pool.submit(parse, true);
  // @ts-expect-error -- no function
  pool.submit("add", 1, 2);
}

export function map(pool: ThreadPoolExecutor): void {
  expectTypeOf(pool.map(later, ["a"])).toEqualTypeOf<MapResult<number>>();
  expectTypeOf(pool.map(add, [1], new Set([2]), { timeout: 1 })).toEqualTypeOf<MapResult<number>>();
  expectTypeOf(pool.mapSync(later, ["a"])).toEqualTypeOf<IterableIterator<number>>();
  expectTypeOf<Awaited<MapResult<number>>>().toEqualTypeOf<number[]>();

  // @ts-expect-error -- items of the wrong type
  pool.map(later, [1]);
  // @ts-expect-error -- an input too few
  pool.map(add, [1]);
  // @ts-expect-error -- an unknown option
  pool.map(later, ["a"], { chunkSize: 2 });
}

export async function results(future: Future<string>, executor: Executor): Promise<void> {
  expectTypeOf(await future).toEqualTypeOf<string>();
  expectTypeOf(await future.result({ timeout: 5 })).toEqualTypeOf<string>();
  expectTypeOf(future.resultSync()).toEqualTypeOf<string>();
  expectTypeOf(await future.exception()).toEqualTypeOf<unknown>();
  const { done, notDone } = await wait([future]);
  expectTypeOf(done).toEqualTypeOf<Set<Future<string>>>();
  expectTypeOf(notDone).toEqualTypeOf<Set<Future<string>>>();
  for await (const completed of asCompleted([future]))
    expectTypeOf(completed).toEqualTypeOf<Future<string>>();
  expectTypeOf(executor.submit(add, 1, 2)).toEqualTypeOf<Future<number>>();
}

export function marked(): void {
  const twice = task(import.meta.url, (n: number) => n * 2);
  expectTypeOf(twice(2)).toEqualTypeOf<number>();
  expectTypeOf(twice).parameters.toEqualTypeOf<[n: number]>();
  expectTypeOf(move(new Uint8Array(1))).toEqualTypeOf<Uint8Array<ArrayBuffer>>();
  // @ts-expect-error -- only objects can be moved
  move(1);
}

describe("types", () => {
  it("are checked by the compiler; this test only says so", () => {
    expectTypeOf(submit).toBeFunction();
  });
});
