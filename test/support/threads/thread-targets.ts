/** What threads of the tests do. */
import { exit } from "heddle/_thread";
import { ContextVar } from "heddle/contextvars";
import {
  type Barrier,
  type BoundedSemaphore,
  type Condition,
  currentThread,
  enumerate,
  type Event,
  getIdent,
  type Lock,
  mainThread,
  type RLock,
  type Semaphore,
  Thread,
  ThreadLocal,
} from "heddle/threading";

/** Waits until it may go on. */
export function waitFor(gate: Event): void {
  gate.waitSync();
}

/** Says that it has begun, and waits until it may go on. */
export function beginAndWait(begun: Event, gate: Event): void {
  begun.set();
  gate.waitSync();
}

export async function beginAndAwait(begun: Event, gate: Event): Promise<void> {
  begun.set();
  await gate.wait();
}

let starts = 0;

/** Counts the calls in the worker that it runs in. */
export function countStarts(): number {
  return ++starts;
}

export function countUp(counter: Int32Array, lock: Lock): void {
  lock.withSync(() => (counter[0]! += 1));
}

export function reportIdent(idents: Int32Array, done: Event): void {
  idents[0] = getIdent();
  idents[1] = currentThread().ident ?? 0;
  done.set();
}

export function who(): {
  ident: number;
  name: string;
  isAlive: boolean;
  main: string;
  isMain: boolean;
} {
  const thread = currentThread();
  const main = mainThread();
  return {
    ident: getIdent(),
    name: thread.name,
    isAlive: thread.isAlive(),
    main: main.name,
    isMain: main.ident === thread.ident,
  };
}

/** Counts how many are inside at once; returns the most it has seen. */
export function crowd(limit: BoundedSemaphore, lock: RLock, counter: Int32Array): number {
  let most = 0;
  for (let i = 0; i < 20; i++) {
    limit.withSync(() => {
      most = Math.max(
        most,
        lock.withSync(() => lock.withSync(() => (counter[0]! += 1))),
      );
      lock.withSync(() => (counter[0]! -= 1));
    });
  }
  return most;
}

export function joinSelf(): string {
  try {
    currentThread().joinSync();
    return "joined";
  } catch (error) {
    return `${(error as Error).name}: ${(error as Error).message}`;
  }
}

export function recurse(depth: number): number {
  return recurse(depth + 1) + 1;
}

export class AgeError extends Error {
  override name = "AgeError";
  readonly age: number;

  constructor(message: string, age: number, cause: unknown) {
    super(message, { cause });
    this.age = age;
  }
}

export function failWith(age: number): never {
  throw new AgeError("too young", age, new RangeError("below 18"));
}

export function exitQuietly(): void {
  exit();
}

export function endProcess(code: number): void {
  process.exit(code);
}

/** Acquires and ends, one way or the other. */
export function endHolding(lock: Lock | RLock, code: number): void {
  lock.acquireSync();
  if (code !== 0) process.exit(code);
}

/** Waits for a lock that it will never get, until it is ended. */
export function waitHolding(held: Lock, wanted: Lock, begun: Event): void {
  held.acquireSync();
  begun.set();
  wanted.acquireSync();
  wanted.release();
}

export function names(): string[] {
  return enumerate().map((thread) => thread.name);
}

export function startDaemonless(gate: Event): boolean {
  const child = new Thread({ target: waitFor, args: [gate] });
  const isDaemon = child.daemon;
  child.start();
  return isDaemon;
}

export class Squarer extends Thread<number> {
  number = 0;
  note = { text: "" };

  override run(): string {
    this.number **= 2;
    return `${this.note.text} ${this.number} in ${this.name}, ${this === currentThread()}`;
  }
}

/** Does what a Thread does, and a little more. */
export class Wrapped extends Thread<string> {
  override run(): string {
    return `<${String(super.run())}>`;
  }
}

export function spell(...letters: readonly string[]): string {
  return letters.join("-");
}

export function renameSelf(renamed: Event, go: Event): string {
  currentThread().name = "renamed";
  renamed.set();
  go.waitSync();
  return currentThread().name;
}

export const local = new ThreadLocal<{ value?: number; other?: string }>();

/** What the thread finds, and then leaves. */
export function useLocal(value: number): unknown[] {
  const found = [local.value, Object.keys(local)];
  local.value = value;
  return [...found, local.value, Object.keys(local), { ...local }];
}

class Counting extends ThreadLocal<{ count: number; made: number }> {
  override init(): { count: number; made: number } {
    const endMs = performance.now() + 5;
    while (performance.now() < endMs); // takes a while
    return { count: 10, made: getIdent() };
  }
}
export const counting = new Counting();

export function useCounting(add: number): { count: number; isOwn: boolean } {
  counting.count += add;
  return { count: counting.count, isOwn: counting.made === getIdent() };
}

export function newLocalIsEmpty(): string[] {
  local.other = "old";
  return Object.keys(new ThreadLocal());
}

export const request = new ContextVar<string>("thread-targets.request", { default: "none" });

export function readRequest(): string {
  const before = request.get();
  request.set("changed");
  return before;
}

export async function readRequestLater(): Promise<string> {
  await Promise.resolve();
  return request.get();
}

/** Acquires, says so, and dies a little later. */
export function dieHolding(lock: Lock, begun: Event): void {
  lock.acquireSync();
  begun.set();
  const endMs = performance.now() + 200;
  while (performance.now() < endMs);
  process.exit(5);
}

export function takeAndRelease(lock: Lock): boolean {
  const hasIt = lock.acquireSync();
  lock.release();
  return hasIt;
}

export function acquireOne(semaphore: Semaphore): void {
  semaphore.acquireSync();
}

export function waitForNotify(condition: Condition): boolean {
  return condition.withSync(() => condition.waitSync());
}

export function meet(barrier: Barrier): number {
  return barrier.waitSync();
}

/** Takes one lock, waits until everybody has one, and takes the other. */
export function takeBoth(first: Lock | RLock, second: Lock | RLock, everybody: Barrier): void {
  first.withSync(() => {
    everybody.waitSync();
    second.withSync(() => undefined);
  });
}

/** Lets another thread go on, and waits for its end. */
export function joinOther(other: Thread, gate: Event): string {
  gate.set();
  other.joinSync();
  return "joined";
}

/** Joins the thread twice at once, the first time for a moment; says whether it has ended by then. */
export async function joinTwice(thread: Thread, hasGivenUp: Event): Promise<boolean> {
  const first = thread.join({ timeout: 5 });
  const second = thread.join({ timeout: 20_000 });
  await first;
  hasGivenUp.set();
  await second;
  return !thread.isAlive();
}

/** Keeps its thread busy for so many milliseconds. */
export function spinFor(ms: number): number {
  const endMs = performance.now() + ms;
  while (performance.now() < endMs);
  return ms;
}

/** Spins until it may stop; returns how much ran meanwhile of what was to run afterwards. */
export function countRunWhileSpinning(begun: Event, stop: Event): number {
  let ran = 0;
  queueMicrotask(() => ran++);
  begun.set();
  while (!stop.isSet());
  return ran;
}

export function spinUntil(begun: Event, stop: Event): void {
  begun.set();
  while (!stop.isSet());
}

/** What a thread that was given another one sees of it. */
export async function look(other: Thread, hasLooked: Event): Promise<unknown[]> {
  const seen = [other.name, other.isAlive(), other.ident];
  hasLooked.set();
  await other.join();
  const result = await other.then(
    () => "a result",
    (error: unknown) => String(error),
  );
  return [...seen, other.isAlive(), result];
}

export function nameAndTotal(prefix: string, { total }: { total: number }): string {
  return `${prefix} ${total}`;
}

/** Ends, and rings some time after it was told that it has. */
export function ringOnceEnded(ended: Event, rang: Event): void {
  const timer = setInterval(() => {
    if (!ended.isSet()) return;
    clearInterval(timer);
    rang.set();
  }, 1);
}

/** How many calls fit on the stack. */
export function measureStack(): number {
  let depth = 0;
  const descend = (): number => {
    depth++;
    return descend() + 1;
  };
  try {
    descend();
  } catch {
    // The stack is full.
  }
  return depth;
}

export function leaveTimer(): void {
  setInterval(() => {}, 60_000);
}

/** Ends with the lock locked. */
export function leaveLocked(lock: Lock): never {
  lock.acquireSync();
  throw new Error("while it has the lock");
}

/** Returns the value once the gate is open. */
export function afterGate(gate: Event, value: number): number {
  gate.waitSync();
  return value;
}

/** The error of a join of the thread that calls it, once another has begun to join it. */
export function joinSelfWhen(isJoined: Event): string {
  isJoined.waitSync();
  return joinSelf();
}
