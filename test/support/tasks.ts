/** Functions for tests to run in workers. */
import process from "node:process";

export class ValidationError extends Error {
  override name = "ValidationError";
  readonly code: string;

  constructor(message: string, code: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

export function square(n: number): number {
  return n * n;
}

export function add(a: number, b: number): number {
  return a + b;
}

export function identity<T>(value: T): T {
  return value;
}

export function fail(message: string): never {
  throw new ValidationError(message, "E_TEST", { cause: new RangeError("the reason") });
}

/** Throws for one item only. */
export function failAt(n: number, bad: number): number {
  if (n === bad) throw new RangeError(`bad item ${n}`);
  return n;
}

export async function later(n: number): Promise<number> {
  await new Promise((resolve) => setTimeout(resolve, 1));
  return n * 2;
}

/** Resolves with the value after some milliseconds. */
export async function valueAfter<T>(value: T, ms: number): Promise<T> {
  await new Promise((resolve) => setTimeout(resolve, ms));
  return value;
}

/** A word for a test and its tasks to meet at. */
export type Gate = Int32Array<SharedArrayBuffer>;

export function makeGate(): Gate {
  return new Int32Array(new SharedArrayBuffer(8));
}

/** Says that it has come to the gate, and blocks its thread until the gate is opened. */
export function passGate<T>(gate: Gate, value: T): T {
  Atomics.add(gate, 1, 1);
  Atomics.notify(gate, 1);
  Atomics.wait(gate, 0, 0);
  return value;
}

export function openGate(gate: Gate): void {
  Atomics.store(gate, 0, 1);
  Atomics.notify(gate, 0);
}

/** How many have come to the gate. */
export function arrivals(gate: Gate): number {
  return Atomics.load(gate, 1);
}

/** Blocks the calling thread until that many have come to the gate. */
export function untilArrived(gate: Gate, expected: number): void {
  for (let now = arrivals(gate); now < expected; now = arrivals(gate)) Atomics.wait(gate, 1, now);
}

/** Counts its calls in shared memory. */
export function count(calls: Int32Array, n: number): number {
  Atomics.add(calls, 0, 1);
  return n;
}

/** Enough for {@link startCounting}. */
export const TICKS = 1_000_000;

/** Counts the turns of a timer in shared memory, and says so, until there are enough. */
export function startCounting(ticks: Int32Array): void {
  const timer = setInterval(() => {
    if (Atomics.add(ticks, 0, 1) >= TICKS) clearInterval(timer);
    Atomics.notify(ticks, 0);
  }, 1);
}

export function sumOf(numbers: Iterable<number>): number {
  let sum = 0;
  for (const n of numbers) sum += n;
  return sum;
}

/** Blocks its thread for some milliseconds. */
export function block(ms: number): number {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
  return ms;
}

export function exit(code: number): never {
  process.exit(code);
}

let initialValue: unknown;

/** An initializer. */
export function remember(value: unknown, calls?: Int32Array): void {
  initialValue = value;
  if (calls !== undefined) Atomics.add(calls, 0, 1);
}

/** What the initializer of this worker was given. */
export function remembered(_item?: number): unknown {
  return initialValue;
}

export function failToInitialize(): never {
  throw new ValidationError("no licence", "E_LICENCE");
}

/** Throws where nothing catches, from a timer. */
export async function throwLater(): Promise<never> {
  setTimeout(() => {
    throw new ValidationError("thrown by a timer", "E_TIMER");
  }, 1);
  return new Promise(() => {});
}

/** Leaves a rejection that nobody handles. */
export async function rejectUnheard(): Promise<never> {
  void Promise.reject(new ValidationError("rejected unheard", "E_REJECTION"));
  return new Promise(() => {});
}

/** Allocates in small pieces: Node aborts the whole process for a large one that does not fit. */
export function exhaustMemory(): never {
  let hoard: unknown;
  for (let n = 0; ; n++) hoard = { previous: hoard, n, text: `piece ${n}` };
}

let ticks = 0;

/** Leaves an interval running in the worker. */
export function startTicking(): void {
  setInterval(() => ticks++, 5);
}

export function ticksSoFar(): number {
  return ticks;
}

/** Leaves a chain of microtasks and immediates behind. */
export function startChain(done: Int32Array): void {
  void Promise.resolve()
    .then(() => new Promise((resolve) => setTimeout(resolve, 1)))
    .then(() => {
      Atomics.store(done, 0, 1);
      Atomics.notify(done, 0);
    });
}

/** Returns a thenable that is no promise. */
export function thenable(n: number): PromiseLike<number> {
  // oxlint-disable-next-line unicorn/no-thenable -- that is what it is for
  return { then: (resolve) => Promise.resolve(n + 1).then(resolve) };
}

/** Returns or throws values that run code of their own when they are read. */
export function hostile(kind: string): unknown {
  const trap = (): never => {
    throw new RangeError("trapped");
  };
  switch (kind) {
    case "getter in result":
      return Object.defineProperty({}, "x", { enumerable: true, get: trap });
    case "proxy in result":
      return new Proxy({}, { getPrototypeOf: trap });
    case "message":
    case "stack":
    case "constructor":
    case "name":
      throw Object.defineProperty(new Error("hostile"), kind, { get: trap });
    case "revoked proxy": {
      const { proxy, revoke } = Proxy.revocable({}, {});
      revoke();
      throw proxy as Error;
    }
    case "no prototype":
      throw Object.setPrototypeOf(new Error("bare"), null);
    case "cycle": {
      const whole = new AggregateError([new Error("a"), new Error("b"), new Error("c")], "whole");
      for (const part of whole.errors as Error[])
        part.cause = Object.assign(part, { whole }) && whole;
      throw whole;
    }
    default:
      throw Symbol(kind) as unknown as Error;
  }
}

/** What arrives of a Buffer and of a view, and how many bytes their memories have. */
export function measure(
  { text, part }: { readonly text: Uint8Array; readonly part: Uint16Array },
  _extra: readonly unknown[],
): [text: [kind: string, text: string, bytes: number], part: number, bytes: number] {
  const kind = [text.constructor.name, String(text), text.buffer.byteLength] as [
    string,
    string,
    number,
  ];
  return [kind, part.buffer.byteLength, text.buffer.byteLength + part.buffer.byteLength];
}

export interface Nested {
  readonly inner: Nested | undefined;
}

export function nest(depth: number): Nested {
  let nested: Nested = { inner: undefined };
  for (let i = 0; i < depth; i++) nested = { inner: nested };
  return nested;
}

/** Throws an error with so many causes. */
export function failDeep(causes: number): never {
  let error = new Error("the first");
  for (let i = 0; i < causes; i++) error = new Error(`cause ${i}`, { cause: error });
  throw error;
}

/** Spins until the signal has aborted, or so many milliseconds have passed; says what it saw. */
export function spinUntilAborted(gate: Gate, signal: AbortSignal): string {
  Atomics.store(gate, 1, 1);
  Atomics.notify(gate, 1);
  const endMs = performance.now() + 20_000;
  while (!signal.aborted) if (performance.now() > endMs) return "never told";
  return `${String(signal.reason)}, event ${signal.aborted}`;
}

/** Waits for the signal's event. */
export async function untilAborted(signal: AbortSignal): Promise<unknown> {
  await new Promise((resolve) => {
    if (signal.aborted) resolve(undefined);
    else signal.addEventListener("abort", resolve);
  });
  return signal.reason;
}

export function throwIfAborted({ signal }: { readonly signal: AbortSignal }): string {
  signal.throwIfAborted();
  return "not aborted";
}

export function addNumbers(a: number, b: number | { readonly plus: number }): number {
  return a + (typeof b === "number" ? b : b.plus);
}

export function idle(): void {}
