#!/usr/bin/env node
/**
 * Functions of a program's main module, each called here and in a worker. Prints for each what
 * came of it: "same", what differs, or the message of the refusal.
 */
import { readFileSync as read } from "node:fs";
import { ThreadPoolExecutor } from "heddle/concurrent/futures";
import { ContextVar } from "heddle/contextvars";
import { Lock, ThreadLocal } from "heddle/threading";
import { type Shape, area, visits, visit } from "./slices-lib.ts";
// oxlint-disable-next-line import/no-unassigned-import -- a case
import "./slices-setup.ts";

interface Scaled {
  readonly by: number;
}

const FACTOR = 3;
const [first, { second = 5 } = {}] = [1];
const started = Math.random();

class Point {
  static readonly origin: Point = new Point(0, 0);
  readonly #x: number;
  readonly y: number;
  constructor(x: number, y: number) {
    this.#x = x;
    this.y = y;
  }
  get norm(): number {
    return Math.hypot(this.#x, this.y);
  }
  static parse(text: string): number {
    return Number(text) * FACTOR;
  }
}

const squares: number[] = [];
for (let i = 0; i < 10; i++) squares[i] = i * i;
const codes = new Map<string, number>();
codes.set("a", 1);
function register(name: string, code: number): void {
  codes.set(name, code);
}
register("b", 2);
let reassigned = 1;
reassigned = reassigned + 1;
let [left, right] = [1, 2];
[left, right] = [right, left];
const config: Record<string, number> = {};
config["depth"] = 4;
Object.assign(config, { width: 5 });
function fill(target: Record<string, number>): void {
  target["filled"] = 6;
}
fill(config);
const alias = squares;
alias.push(100);
class Counter {
  #n = 0;
  next(): number {
    return ++this.#n;
  }
  get value(): number {
    return this.#n;
  }
}
const counter = new Counter();
counter.next();
const second2 = counter.next();
function memoised(n: number): number {
  return (memoised.cache[n] ??= n * n);
}
memoised.cache = {} as Record<number, number>;

const even = (n: number): boolean => (n === 0 ? true : odd(n - 1));
const odd = (n: number): boolean => (n === 0 ? false : even(n - 1));
function factorial(n: number): number {
  return n < 2 ? 1 : n * factorial(n - 1);
}
const handlers = {
  double(x: number): number {
    return x * 2 * FACTOR;
  },
  triple: (x: number): number => x * FACTOR,
};
let database: Map<string, number> | undefined;
function open(): void {
  database = new Map([["k", 7]]);
}
function query(): number | undefined {
  return database?.get("k");
}
const request = new ContextVar<string>("request", { default: "none" });
const local = new ThreadLocal<{ n?: number }>();
const lock = new Lock();
const shared = new SharedArrayBuffer(8);
const made = (() => new Lock())();
let late = 0;
setTimeout(() => (late = 1), 1e9).unref?.();
let byMain = 0;
console.log("evaluated");

async function main(): Promise<void> {
  byMain = 1;
  const pool = new ThreadPoolExecutor({ maxWorkers: 1 });
  const outcomes: Record<string, string> = {};
  const compare = async (name: string, fn: (...args: never[]) => unknown): Promise<void> => {
    try {
      const there = JSON.stringify(await pool.submit(fn));
      const here = JSON.stringify(await fn());
      outcomes[name] = here === there ? "same" : `here ${here}, there ${there}`;
    } catch (error) {
      outcomes[name] = String(error);
    }
  };
  const square = (x: number): number => x * x;
  function cube(x: number): number {
    return square(x) * x;
  }
  const UNIT = 10;

  await compare("an import", () => Math.round(area({ side: FACTOR } satisfies Shape)));
  await compare("an import of the runtime", () => read(new URL(import.meta.url), "utf8").length);
  await compare("import.meta.url", () => import.meta.url.replace(/\?.*|%23.*|\.heddle.*/, ""));
  await compare("import()", async () => (await import("./slices-lib.ts")).area({ side: 2 }));
  await compare("a pattern", () => [first, second]);
  await compare("a class with private names", () => new Point(FACTOR, 4).norm);
  await compare("a static field", () => Point.origin.norm);
  await compare("a filled list", () => squares);
  await compare("a filled map", () => [...codes]);
  await compare("a variable assigned later", () => reassigned);
  await compare("variables swapped", () => [left, right]);
  await compare("an object filled by a call", () => config);
  await compare("an object changed by its method", () => [counter.value, second2]);
  await compare("functions that call each other", () => [even(10), odd(10)]);
  await compare("a closure of functions and literals", () => cube(2) * UNIT);
  await compare("a type in it", (): Scaled => ({ by: FACTOR }));
  await compare("a context variable", () => request.get());
  await compare("a thread local", () => typeof local);
  await compare("a module's state", () => [visit(), visits]);

  await compare("a Lock", () => lock.locked());
  await compare("a SharedArrayBuffer", () => shared.byteLength);
  await compare("a Lock that a function makes", () => made.locked());
  await compare("a variable assigned by a callback", () => late);
  await compare("a variable assigned by the main function", () => byMain);
  await compare("what awaits heddle", () => awaited);
  const parameter = (given: number) => () => given;
  await compare("a parameter", parameter(4));
  const now = Date.now();
  await compare("a constant of the function", () => now);
  for (const each of [1]) await compare("a loop variable", () => each);
  try {
    throw new RangeError("x");
  } catch (caught) {
    await compare("a catch variable", () => String(caught));
  }
  class Inner {
    readonly n = 1;
  }
  await compare("a local class", () => new Inner().n);
  // oxlint-disable-next-line no-eval -- a case
  await compare("eval", () => eval("FACTOR") as number);
  await compare("an undeclared name", () => undeclared);

  const calls: Record<string, unknown> = {
    recursive: await pool.submit(factorial, 5),
    method: await pool.submit(handlers.double, 2),
    "arrow in an object": await pool.submit(handlers.triple, 2),
    "static method": await pool.submit(Point.parse, "4"),
    "before the initialiser": await pool.submit(query),
    opened: (await pool.submit(open)) ?? (await pool.submit(query)),
    "an initialiser runs once": await pool
      .submit(() => started)
      .then(async (once) => {
        return once !== started && once === (await pool.submit(() => started));
      }),
    nested: await pool.submit(async () => {
      const inner = new ThreadPoolExecutor({ maxWorkers: 1 });
      const value = await inner.submit((x: number) => x * FACTOR + area({ side: 1 }), 4);
      await inner.shutdown();
      return value;
    }),
    "a function with properties": await pool.submit(() => memoised(4)),
    name: await pool.submit(nameOfItself),
    stacks: await pool.submit(() => stacks()),
  };
  await pool.shutdown();
  console.log(JSON.stringify({ outcomes, calls }));
}

function stacks(): unknown[] {
  const captured: { stack?: string } = {};
  Error.captureStackTrace(captured);
  return [new Error("here").stack, captured.stack, FACTOR];
}

function nameOfItself(): string {
  return nameOfItself.name;
}

declare const undeclared: number;
const awaited = await Promise.resolve(new ThreadPoolExecutor({ maxWorkers: 1 })).then(
  async (pool) => {
    await pool.shutdown();
    return 4;
  },
);
await main();
