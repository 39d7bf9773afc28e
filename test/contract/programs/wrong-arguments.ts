/**
 * Makes calls with wrong values, and prints one line of JSON for each that ends as it must not.
 *
 * Before each call it prints the call's number, so that one that ends or blocks the program is
 * known. Arguments: the first number; which of the calls are this program's, and of how many; and a
 * regular expression for places.
 */
import { isMade } from "../../support/api/native-errors.ts";
import { writeSync } from "node:fs";
import { Buffer } from "node:buffer";
import process from "node:process";
import { setImmediate } from "node:timers/promises";
import { inspect } from "node:util";
import { CannotBlockError } from "heddle";
import { run } from "heddle/asyncio";
import { callables, type Callable, type OptionKey } from "../../support/api/calls.ts";
import { isUsers, WRONG_VALUES } from "../../support/api/wrong-values.ts";
import {
  type Fit,
  type Kind,
  anything,
  either,
  object,
  kindOfType,
  oneOf,
} from "../wrong-arguments-kinds.ts";
import { isUntried, PARAMETERS, PRINTS, THROWS, UNCALLED, USES } from "../wrong-arguments-cases.ts";
import {
  Boxed,
  endPools,
  HEDDLE_VALUES,
  MODULES,
  OUTSIDE_RUN,
  type Receiver,
  RECEIVERS,
  TYPES,
} from "../wrong-arguments-places.ts";

/** How long a call may take before it counts as one that does not end: much longer than any does. */
const LONGEST_MS = 5000;

/** Some of the calls replace them. */
const later = setTimeout;

/** Functions that cannot be called, whoever is asked. */
const UNCALLABLE = new Set(["a class", "a revoked function"]);

/** What breaks where it is used, by an error of the engine's that says so of the value. */
const BROKEN = new Set([
  "an iterator that is none",
  "a toPrimitive that is none",
  "detached bytes",
  "a function without a prototype",
]);

interface Case {
  readonly callable: Callable;
  readonly at: number;
  /** The option that has the value, rather than the argument. */
  readonly key: string | undefined;
  readonly valueName: string;
  readonly kind: Kind;
  /** Whether the call is made in a task: there, the options of waits get the task's signal, too. */
  readonly inTask: boolean;
}

const [first = 0, part = 0, of = 1] = process.argv.slice(2, 5).map(Number);
const only = new RegExp(process.argv[5] ?? "");

const VALUES = { ...WRONG_VALUES, ...HEDDLE_VALUES };

/** The kind of a parameter, by its place or else by its type. */
function kindOf(callable: Callable, at: number, key?: string): Kind {
  const { place, module, parameters } = callable;
  const parameter = parameters[at] as Callable["parameters"][number];
  const name = key === undefined ? `${place}(${parameter.name})` : `${place}{${key}}`;
  const known = PARAMETERS[name] ?? PARAMETERS[name.replace(/^.*(?=[({])/, "")];
  if (parameter.isRest) return anything;
  const found = parameter.keys.find((option) => option.name === key);
  const type = found?.type ?? parameter.type;
  const kind =
    known ??
    ofError(callable, parameter.name, key) ??
    TYPES[`${module} ${type}`] ??
    kindOfType(type, TYPES, key === undefined ? parameter.keys : []);
  return (found ?? parameter).isOptional ? either(kind, oneOf(undefined)) : kind;
}

/** What errors' constructors take: errors are records, made as any error of the language's. */
function ofError({ module, owner }: Callable, parameter: string, key?: string): Kind | undefined {
  const home = MODULES[module]?.[owner ?? ""];
  if (typeof home !== "function" || !(home.prototype instanceof Error)) return undefined;
  if (parameter === "message") return { valid: () => "x", fits: () => "free" };
  if (parameter !== "options" || key === "waits") return undefined;
  if (key !== undefined) return anything;
  // The language's own ignore what is not an object.
  return { ...object, fits: (value) => object.fits(value) === true || "either" };
}

/** Whether a call is made in a task, or outside, or both. */
function modesOf({ place }: Callable, keys: readonly OptionKey[]): readonly boolean[] {
  if (!OUTSIDE_RUN.test(place)) return [true];
  return keys.some(({ name }) => name === "signal") ? [false, true] : [false];
}

/** What a method or setter of a class runs; undefined for its constructor. */
function implementationOf(home: unknown, member: string): unknown {
  if (member === "constructor") return undefined;
  const name = member.replace(/=$/, "");
  let at: unknown = (home as { readonly prototype: unknown }).prototype;
  for (; typeof at === "object" && at !== null; at = Object.getPrototypeOf(at)) {
    const found = Object.getOwnPropertyDescriptor(at, name);
    if (found !== undefined) return found.set ?? found.value;
  }
  return undefined;
}

function* cases(): Generator<Case> {
  const seen = new Map<unknown, Set<string>>();
  const implementations = new Set<unknown>();
  const called = new Set<string>();
  const uncalled = new Set<string>();
  for (const callable of callables()) {
    if (UNCALLED[callable.place] !== undefined) continue;
    const { module, owner, member } = callable;
    const home = MODULES[module]?.[owner ?? member];
    if (home === undefined) {
      // Only its type; another module exports the class.
      uncalled.add(`${owner}.${member}`);
      continue;
    }
    called.add(`${owner}.${member}`);
    // The same, exported by another module.
    const members = seen.get(home) ?? new Set();
    seen.set(home, members);
    if (members.has(member)) continue;
    members.add(member);
    // The same, inherited by another class.
    const implementation = owner === undefined ? undefined : implementationOf(home, member);
    if (implementation !== undefined && implementations.has(implementation)) continue;
    implementations.add(implementation);
    for (const [at, parameter] of callable.parameters.entries()) {
      for (const key of [undefined, ...parameter.keys.map(({ name }) => name)]) {
        const kind = kindOf(callable, at, key);
        const modes = modesOf(callable, parameter.keys);
        for (const inTask of modes)
          for (const valueName of Object.keys(VALUES))
            yield { callable, at, key, valueName, kind, inTask };
      }
    }
  }
  const left = [...uncalled].filter((name) => !called.has(name));
  if (left.length > 0) throw new Error(`No module exports what is declared: ${left.join(", ")}`);
}

/** So many calls that follow each other are one program's. */
const RUN = 500;

let count = 0;
/** Prints at once, since the next call may end the program, however slowly it is read. */
function say(text: string): void {
  for (let rest = Buffer.from(text); rest.length > 0;) {
    try {
      rest = rest.subarray(writeSync(1, rest));
    } catch (error) {
      if ((error as { code?: unknown }).code !== "EAGAIN") throw error;
    }
  }
}

/** All calls, or those of which the place matches what is asked for. */
const all = [...cases()].filter((given) => only.test(placeOf(given)));

function placeOf({ callable, at, key, inTask }: Case): string {
  const name = key === undefined ? `(${callable.parameters[at]?.name})` : `{${key}}`;
  return `${callable.place}${name}${inTask && OUTSIDE_RUN.test(callable.place) ? " in a task" : ""}`;
}

/** What is printed or thrown where nobody catches it. */
const strays: string[] = [];
const noise: string[] = [];
let lastStray: unknown;
for (const event of ["uncaughtException", "unhandledRejection"] as const)
  process.on(event, (error: unknown) => {
    lastStray = error;
    strays.push(`${event}: ${textOf(error)}`);
  });
const write = process.stderr.write.bind(process.stderr);
process.stderr.write = (text: string | Uint8Array) => {
  noise.push(String(text));
  return true;
};

function textOf(error: unknown): string {
  try {
    return error instanceof Error
      ? `${error.name}: ${error.message}`
      : `not an error, ${inspect(error)}`;
  } catch {
    return "what cannot be shown";
  }
}

type End =
  | { readonly state: "returned"; readonly value: unknown }
  | { readonly state: "threw"; readonly error: unknown }
  | { readonly state: "pending" };

/** How it ends, or that it does not. */
async function ended(promise: Promise<End>): Promise<End> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<End>((resolve) => {
    timer = later(resolve, LONGEST_MS, { state: "pending" });
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === "object" && value !== null && "then" in value;
}

async function attempt(body: () => unknown): Promise<End> {
  try {
    const value = await body();
    return { state: "returned", value };
  } catch (error) {
    return { state: "threw", error };
  }
}

/** What the call comes to; undefined where that is right. */
async function judge({ callable, at, key, valueName, kind }: Case): Promise<string | undefined> {
  const { module, owner, member, parameters, place } = callable;
  const made =
    owner === undefined || member === "constructor"
      ? undefined
      : (RECEIVERS[place] ?? RECEIVERS[`${module} ${owner}`]);
  if (owner !== undefined && member !== "constructor" && made === undefined)
    throw new Error(`no receiver for ${place}`);
  const { make, works, dispose } = (made ?? {}) as Receiver<unknown>;
  const receiver = await hold(make);
  const makeValue = VALUES[valueName] as () => unknown;
  // Another one is looked at: an iterator is used up by that.
  const fits = fitOf(kind, makeValue());
  const value = makeValue();
  const args: unknown[] = [];
  for (const [index] of parameters.entries()) {
    if (index < at) args.push(kindOf(callable, index).valid());
    if (index === at)
      args.push(
        key === undefined ? value : { ...(kindOf(callable, at).valid() as object), [key]: value },
      );
  }
  // What follows and must be given.
  for (let index = at + 1; index < parameters.length; index++) {
    const { isRest, isOptional } = parameters[index] as Callable["parameters"][number];
    if (isRest || isOptional) break;
    args.push(kindOf(callable, index).valid());
  }
  const use = USES[place];
  const end = await ended(
    attempt(async () => {
      const returned = call(callable, receiver.value, args);
      if (use !== undefined) await use(returned as never, receiver.value as never);
      else if (member !== "constructor" && isThenable(returned)) await returned;
    }),
  );
  const problem = verdict(end, fits, valueName, value);
  if (problem !== undefined) {
    if (dispose !== undefined) await ended(attempt(() => dispose(receiver.value)));
    return problem;
  }
  if (receiver.value !== undefined) {
    const shown = await attempt(() => `${inspect(receiver.value)}${String(receiver.value)}`);
    if (shown.state === "threw") return `the receiver cannot be shown: ${textOf(shown.error)}`;
  }
  if (fits === false && works !== undefined) {
    const whole = await ended(attempt(() => works(receiver.value)));
    if (whole.state === "pending") return "the receiver does not go on";
    if (whole.state === "threw") return `the receiver is broken: ${textOf(whole.error)}`;
  }
  if (dispose !== undefined) {
    const disposed = await ended(attempt(() => dispose(receiver.value)));
    if (disposed.state === "pending") return "the receiver cannot be closed";
  }
  return undefined;
}

function fitOf(kind: Kind, value: unknown): Fit {
  try {
    return kind.fits(value);
  } catch {
    // It throws whatever is asked of it.
    return "either";
  }
}

/** In an object: a receiver may be awaited. */
async function hold(make: (() => unknown) | undefined): Promise<{ readonly value: unknown }> {
  if (make === undefined) return { value: undefined };
  const given = make();
  const value =
    given instanceof Promise || (isThenable(given) && isOperation(given)) ? await given : given;
  return value instanceof Boxed ? value : { value };
}

/** Whether it is an operation of asyncio's, which makes the receiver. */
function isOperation(value: PromiseLike<unknown>): boolean {
  return !("addDoneCallback" in value) && !("start" in value);
}

function call({ module, owner, member }: Callable, receiver: unknown, args: unknown[]): unknown {
  const home = MODULES[module] as Record<string, unknown>;
  if (owner === undefined) return Reflect.apply(home[member] as Function, undefined, args);
  if (member === "constructor") return Reflect.construct(home[owner] as Function, args);
  if (member.endsWith("=")) {
    Reflect.set(receiver as object, member.slice(0, -1), args[0]);
    return undefined;
  }
  const method = (receiver as Record<string, Function>)[member] as Function;
  return Reflect.apply(method, receiver, args);
}

function verdict(end: End, fits: Fit, valueName: string, value: unknown): string | undefined {
  if (end.state === "pending") return "does not end";
  if (fits === "free") return undefined;
  if (end.state === "returned") return fits === false ? "is taken" : undefined;
  const { error } = end;
  if (isUsers(error) || error === value) return undefined;
  // What the value throws, whatever is done with it.
  if (valueName.startsWith("a revoked ") && /revoked/.test(textOf(error))) return undefined;
  if ((UNCALLABLE.has(valueName) || BROKEN.has(valueName)) && fits !== false) return undefined;
  if (!isMade(error)) return `the engine's error: ${textOf(error)}`;
  if (
    fits === false &&
    !(
      error instanceof TypeError ||
      error instanceof RangeError ||
      error instanceof CannotBlockError
    )
  )
    return `another error: ${textOf(error)}`;
  return undefined;
}

for (let number = first; number < all.length; number++) {
  if (Math.floor(number / RUN) % of !== part) continue;
  const given = all[number] as Case;
  const { valueName, kind, inTask } = given;
  const place = placeOf(given);
  if (isUntried(place, valueName)) continue;
  count++;
  say(`${number} ${place} <- ${valueName}\n`);
  let problem: string | undefined = "was not made";
  const body = async (): Promise<void> => {
    problem = await judge(given);
  };
  try {
    if (!inTask) await body();
    else {
      const end = await ended(attempt(() => run(body)));
      if (end.state === "pending") problem = "the run does not end";
      if (end.state === "threw") problem = `the run failed: ${textOf(end.error)}`;
    }
  } catch (error) {
    problem = `the test failed: ${textOf(error)}`;
  }
  await setImmediate();
  const [stray, printed] = [strays.splice(0).join("; "), noise.splice(0).join("")];
  if (stray !== "" && !isUsers(lastStray) && !THROWS.test(place)) problem ??= `stray ${stray}`;
  const mayPrint =
    PRINTS.test(place) ||
    /UsersError/.test(printed) ||
    (UNCALLABLE.has(valueName) && kind.fits(undefined) !== true);
  if (printed !== "" && !mayPrint) problem ??= `prints ${printed.slice(0, 300)}`;
  if (problem !== undefined) say(`${JSON.stringify({ place, value: valueName, problem })}\n`);
}
process.stderr.write = write;
await endPools();
say(`end ${count}\n`);
// Some of the calls wait for what never comes.
process.exit(0);
