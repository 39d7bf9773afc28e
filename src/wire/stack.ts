/** Stacks as text, as every engine writes them: a line or more of message, then a frame a line. */
import { define } from "../base/define.ts";
import { namesOwnFile } from "../base/own-files.ts";
import { withoutSlice } from "../base/slice-urls.ts";
import { withStackLimit } from "../base/text.ts";

/**
 * A frame ends in a position: `at f (file:///a.ts:1:2)` or `f@file:///a.ts:1:2`. Bun up to 1.4.3
 * leaves the first column out, `at f (file:///a.ts:1)`; messages end so, too: `127.0.0.1:80`.
 */
export const FRAME: RegExp = /^\s*at .*:\d+\)?$|:\d+:\d+\)?$/;

/**
 * The stack without the frames inside heddle, which say nothing about the user's program. A part
 * of a module that a worker evaluated is called as the module is.
 */
export function withoutOwnFrames(stack: string): string {
  return withoutSlice(stack)
    .split("\n")
    .filter((line) => !FRAME.test(line) || !namesOwnFile(line))
    .join("\n");
}

/** Only the frames, and of these only the ones outside heddle and the runtime. */
export function userFrames(stack: string): string {
  return stack
    .split("\n")
    .filter((line) => FRAME.test(line) && !namesOwnFile(line) && !isRuntime(line))
    .join("\n");
}

/** Frames that are looked at to find the user's behind heddle's own: more than a useful stack has. */
export const MOST_FRAMES = 100;

/** The user's frames of the call that is being made now, one a line, the innermost first. */
export function callerFrames(): string {
  return framesOf(stackHere()).join("\n");
}

/** The stack of the call that is being made now. */
export function stackHere(): string {
  return errorHere().stack ?? "";
}

function errorHere(): Error {
  return withStackLimit(MOST_FRAMES, () => new Error("here"));
}

/** Errors of other agents, whose stacks do not say where in this one the work was asked for. */
const remote = /* @__PURE__ */ new WeakSet();

/** Notes of an error of another agent that its stack does not say where in this one the work was asked for. */
export function noteRemote(error: object): void {
  remote.add(error);
}

/** Errors that heddle has just made, with the stacks of the places at which they have been thrown. */
const fresh = /* @__PURE__ */ new WeakMap<Error, Error[]>();
/** Places at which an error is thrown, of which one has a line of the user's: often the first or second. */
const MOST_PLACES = 8;

/**
 * Makes an error of heddle's where the stack has no line of the user's: none is taken. It gets
 * one by {@link withUserFrames}, which then costs no more than to take that.
 */
export function freshError<E extends Error>(make: () => E): E {
  const error = withStackLimit(0, make);
  const places: Error[] = [];
  fresh.set(error, places);
  // The text is made when it is asked for, since most of these errors are caught.
  Object.defineProperty(error, "stack", {
    get: () => stackOfPlaces(error, places),
    set: (value) => {
      setStack(error, value);
    },
    configurable: true,
  });
  return error;
}

/** Whether the stack of an error may lack a line of the user's: those of wrong arguments are the language's. */
function mayLackUserFrames(error: unknown): error is Error {
  if (!(error instanceof Error)) return false;
  const { constructor } = error;
  return (
    constructor === TypeError ||
    constructor === RangeError ||
    isOfHeddle(error) ||
    remote.has(error)
  );
}

/** Whether its class is one of heddle's: only these say themselves what is an instance of them. */
function isOfHeddle({ constructor }: Error): boolean {
  return typeof constructor === "function" && Object.hasOwn(constructor, Symbol.hasInstance);
}

/**
 * Returns the error. If its stack names no line of the user's, it gets those of the call that is
 * being made now, or of the async functions that await this one.
 *
 * heddle's own frames are left out then, unless the error is the engine's and may be due to them.
 *
 * @param given The user's frames, one a line. Default: those of the code that runs now.
 */
export function withUserFrames<E>(error: E, given?: string): E {
  if (!mayLackUserFrames(error)) return error;
  const places = fresh.get(error);
  if (places !== undefined && given === undefined) {
    if (places.length < MOST_PLACES) places.push(errorHere());
    return error;
  }
  const { stack = "" } = error;
  const isRemote = remote.has(error);
  if (!isRemote && framesOf(stack).length > 0) return error;
  const frames = framesOf(given ?? stackHere());
  if (frames.length === 0) return error;
  remote.delete(error);
  setStack(error, withFrames(isOfHeddle(error) && !isRemote ? headOf(error) : stack, frames));
  return error;
}

/** The user's frames of the first place that has any. */
function stackOfPlaces(error: Error, places: readonly Error[]): string {
  const stacks = places.map(({ stack = "" }) => framesOf(stack));
  return withFrames(headOf(error), stacks.find(({ length }) => length > 0) ?? []);
}

/** What a stack begins with, in V8 and in Bun. */
function headOf({ name, message }: Error): string {
  return message === "" ? name : `${name}: ${message}`;
}

function withFrames(head: string, frames: readonly string[]): string {
  return [head, ...frames.map((line) => `    ${line}`)].join("\n");
}

/** Gives an error another stack, if its class allows that. */
export function setStack(error: Error, value: unknown): void {
  fresh.delete(error);
  try {
    define(error, "stack", value);
  } catch {
    // Its class makes it read-only.
  }
}

/**
 * Rejects the promise that users await. The stack of an error of heddle's then says where they
 * do, as far as the engine follows promises: this takes three microtasks more.
 */
export function rejectAt(
  error: unknown,
  resolve: (value: never) => void,
  reject: (error: unknown) => void,
): void {
  if (mayLackUserFrames(error)) resolve(rejectedAt(error) as never);
  else reject(error);
}

async function rejectedAt(error: unknown): Promise<never> {
  // The promise that users await hangs on to this one a microtask from now. The stack is read then.
  await soon();
  await soon();
  throw withUserFrames(error) as Error;
}

async function soon(): Promise<void> {}

/** The user's frames of a stack that begins in heddle, up to where heddle called the user's code. */
export function framesOf(stack: string): string[] {
  const lines = stack.split("\n").filter((line) => FRAME.test(line));
  const start = lines.findIndex((line) => !namesOwnFile(line) && !isRuntime(line));
  if (start === -1) return [];
  const end = lines.findIndex((line, i) => i > start && namesOwnFile(line));
  return lines
    .slice(start, end === -1 ? undefined : end)
    .filter((line) => !isRuntime(line))
    .map((line) => line.trim());
}

/** Whether a frame lies in the runtime itself. */
function isRuntime(frame: string): boolean {
  return /\bnative:|\bnode:|\bext:/.test(frame);
}
