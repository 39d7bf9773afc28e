/** Functions that are asked to stop. They say in files what they do: processes share no memory. */
import { appendFileSync, existsSync, writeFileSync } from "node:fs";
import process from "node:process";
import { cancelRequested, currentCall, throwIfCancelled } from "heddle/concurrent/futures";

/** Notes a line. */
function noteLine(file: string, line: string | number): void {
  appendFileSync(file, `${line}\n`);
}

/** Notes that it has begun, and returns what it was given. */
export function noteAndReturn(file: string, n: number): number {
  noteLine(file, n);
  return n;
}

/** Loops, and never awaits, until it is asked to stop; returns what it was given. */
export function pollUntilAsked(file: string, n: number): number {
  noteLine(file, n);
  while (!cancelRequested());
  return n;
}

/** The same, and lets the error out. */
export function throwOnceAsked(file: string, n: number): never {
  noteLine(file, n);
  for (;;) throwIfCancelled();
}

/** The same, and throws another error. */
export function failOnceAsked(file: string, n: number): never {
  noteLine(file, n);
  while (!cancelRequested());
  throw new RangeError(`stopped at ${n}`);
}

/** Loops until its signal is aborted; returns its name and whether all agree. */
export function pollSignal(file: string, n: number): unknown {
  const { name, signal } = currentCall() as NonNullable<ReturnType<typeof currentCall>>;
  noteLine(file, n);
  while (!signal.aborted);
  return [name, cancelRequested(), (signal.reason as Error).name];
}

/** Awaits until its signal is aborted, and rejects with the reason. */
export async function awaitSignal(file: string, n: number): Promise<never> {
  const { signal } = currentCall() as NonNullable<ReturnType<typeof currentCall>>;
  return new Promise((_, reject) => {
    const timer = setTimeout(reject, 600_000, new Error("never asked"));
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(signal.reason as Error);
    });
    noteLine(file, n);
  });
}

/** Awaits a function of the runtime's that takes a signal. */
export async function awaitTimer(file: string, n: number): Promise<void> {
  const { signal } = currentCall() as NonNullable<ReturnType<typeof currentCall>>;
  const { setTimeout: after } = await import("node:timers/promises");
  const timer = after(600_000, undefined, { signal });
  noteLine(file, n);
  await timer;
}

/** Loops, whatever it is asked, until a file of its own is removed, or the folder. */
export function ignoreRequests(file: string, n: number): number {
  const own = `${file}-${n}`;
  writeFileSync(own, "");
  noteLine(file, n);
  while (existsSync(own));
  return n;
}

/** Awaits for ever, whatever it is asked. */
export async function ignoreAndAwait(file: string, n: number): Promise<never> {
  noteLine(file, n);
  return new Promise(() => setInterval(() => undefined, 1000));
}

/** Whether there is a call, and a request to it. */
export function describeCall(): unknown {
  return [currentCall()?.name, currentCall()?.cancelRequested, cancelRequested()];
}

/** Keeps its call; a later one says what is known of it. */
let kept: ReturnType<typeof currentCall>;
export function keepCall(file: string, n: number): number {
  kept = currentCall();
  return pollUntilAsked(file, n);
}
export function describeKept(): unknown {
  return [kept?.name, kept?.cancelRequested, kept?.signal.aborted, cancelRequested()];
}

/** Notes that it has begun, and ends its worker. */
export function exitAfterNote(file: string, n: number): never {
  noteLine(file, n);
  process.exit(9);
}
