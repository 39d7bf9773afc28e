/** Where calls need more than their types tell, and what is not tried, and why. */
import process from "node:process";
import { setImmediate } from "node:timers/promises";
import type { ThreadHandle } from "heddle/_thread";
import { setEventLoop } from "heddle/asyncio";
import { type Condition, enumerate, stackSize } from "heddle/threading";
import { isItems } from "./wrong-arguments-places.ts";
import {
  type Kind,
  anything,
  boolean,
  either,
  fn,
  iterable,
  number,
  object,
  oneOf,
  options,
  string,
  valued,
} from "./wrong-arguments-kinds.ts";

/** Not called at all. */
export const UNCALLED: Readonly<Record<string, string>> = {
  "testing Step.constructor": "only the type is exported",
  "asyncio Task.constructor": "tasks are made by createTask, and their class refuses to make one",
};

/** By `module Class.member(parameter)` or `module Class.member{option}`, or only by what is in brackets. */
export const PARAMETERS: Readonly<Record<string, Kind>> = {
  // Python's None.
  "{timeout}": either(number, oneOf(null)),
  // It is made a string, as Python's str() does.
  "{name}": anything,
  "threading Thread.name=(name)": anything,
  "threading Timer.name=(name)": anything,
  ...Object.fromEntries(
    ["ThreadPoolExecutor", "ProcessPoolExecutor"].map((type) => [
      `concurrent.futures ${type}.with{name}`,
      either(string, oneOf(undefined)),
    ]),
  ),
  // The first is begun at once.
  "(step)": valued(() => 0, number),
  "asyncio Future.removeDoneCallback(callback)": anything,
  "asyncio Task.removeDoneCallback(callback)": anything,
  // Any iterable, as in Python.
  "threading Thread.constructor{args}": iterable,
  "threading Timer.constructor(args)": either(iterable, oneOf(null, undefined)),
  "threading Thread.constructor{kwargs}": object,
  "multiprocessing.dummy Process.constructor{args}": iterable,
  "multiprocessing.dummy Process.constructor{kwargs}": object,
  "multiprocessing.dummy Process.name=(name)": anything,
  "multiprocessing Process.constructor{args}": iterable,
  "multiprocessing Process.constructor{kwargs}": object,
  "multiprocessing Process.name=(name)": anything,
  "multiprocessing Pool.apply(args)": iterable,
  "multiprocessing Pool.applyAsync(args)": iterable,
  "multiprocessing getContext(method)": oneOf("spawn"),
  "multiprocessing setStartMethod(method)": oneOf("spawn", undefined),
  // Options stand behind as many inputs as there are.
  ...Object.fromEntries(
    ["second", "third"].map((name) => [
      `(${name})`,
      either(
        { valid: () => [1], fits: (value) => value === undefined || isItems(value) },
        options(["timeout", "chunksize", "buffersize", "progress"].map((key) => ({ name: key }))),
      ),
    ]),
  ),
  ...Object.fromEntries(
    ["Thread.map", "Thread.mapSync", "Process.map", "Process.mapSync"].map((place) => [
      `concurrent.futures ${place.replace(".", "PoolExecutor.")}(options)`,
      either(
        { valid: () => ({}), fits: isItems },
        options(["timeout", "chunksize", "buffersize", "progress"].map((key) => ({ name: key }))),
      ),
    ]),
  ),
  // What heddle makes such records of.
  "asyncio FutureCallGraph.constructor(future)": anything,
  // Errors of which the reasons are not given have none.
  "heddle DeadlockError.constructor{waits}": either(iterable, oneOf(null)),
  // As Python's dict.get().
  "asyncio Transport.getExtraInfo(name)": { valid: () => "peername", fits: () => "free" },
  "asyncio StreamWriter.getExtraInfo(name)": { valid: () => "peername", fits: () => "free" },
  // Not during the test.
  "asyncio Loop.callLater(delayMs)": valued(() => 60_000, number),
  // Nothing listens there.
  "asyncio openConnection(host)": valued(() => "127.0.0.1", string),
  "asyncio createSubprocessExec(program)": valued(() => "true", string),
  "asyncio createSubprocessShell(command)": valued(() => "exit 0", string),
  // They are ignored, as documented.
  "multiprocessing SimpleQueue.put{timeout}": anything,
  "multiprocessing.connection wait(objects)": iterable,
  "queue SimpleQueue.put{timeout}": anything,
  "queue SimpleQueue.put{signal}": anything,
  "queue SimpleQueue.putSync{timeout}": anything,
  // A property of its own, as in Python; what is not a number has nothing reported.
  "asyncio Loop.slowCallbackDuration=(value)": anything,
  // It is marked, and then no longer what it was.
  "heddle task(fn)": valued(() => () => 3, fn),
  // Its two signatures take the one and the other.
  "asyncio gather{returnExceptions}": boolean,
  // As a promise's: what is not a function is passed over.
  "(onFulfilled)": anything,
  "(onRejected)": anything,
  "(onFinally)": anything,
  "(predicate)": valued(() => () => true, fn),
};

/** What is done with what a call returns, where it is not only awaited. */
export const USES: Readonly<Record<string, (returned: never, receiver: never) => unknown>> = {
  ...Object.fromEntries(
    ["ThreadPoolExecutor", "ProcessPoolExecutor"].map((type) => [
      `concurrent.futures ${type}.mapSync`,
      (results: Iterable<unknown>) => [...results],
    ]),
  ),
  "concurrent.futures asCompletedSync": (completed: Iterable<unknown>) => [...completed],
  "concurrent.futures asCompleted": async (completed: AsyncIterable<unknown>) => {
    for await (const future of completed) void future;
  },
  ...Object.fromEntries(
    ["imap", "imapUnordered"].map((member) => [
      `multiprocessing Pool.${member}`,
      async (results: AsyncIterable<unknown>) => {
        for await (const value of results) void value;
      },
    ]),
  ),
  "asyncio asCompleted": async (completed: Iterable<PromiseLike<unknown>>) => {
    for (const next of completed) await next;
  },
  // Threads print what they throw.
  "_thread startNewThread": async (ident: number) => {
    while (enumerate().some((thread) => thread.ident === ident)) await setImmediate();
  },
  "_thread startJoinableThread": async (handle: ThreadHandle) => handle.join(),
  "asyncio setEventLoop": () => setEventLoop(null),
  // Of all threads that are started afterwards.
  "_thread stackSize": () => stackSize(0),
  "threading stackSize": () => stackSize(0),
  ...Object.fromEntries(
    ["wait", "waitFor"].map((member) => [
      `threading Condition.${member}`,
      async (waiting: Promise<unknown>, condition: Condition) => {
        void condition.with(() => condition.notifyAll());
        await waiting;
      },
    ]),
  ),
};

/** Values that a call would wait for longer than the test, or that do what is documented to the program. */
const LONG = new Set(["2 ** 31", "2 ** 32", "2 ** 53", "1e308", "Infinity"]);

/** What is never over. */
const PENDING = new Set(["a thenable that never settles", "a future of a loop that was closed"]);

export function isUntried(place: string, value: string): boolean {
  // Python's rule: a predicate that is never true is waited for.
  if (/Condition\.(?:waitSync|waitForSync)\{timeout\}$/.test(place)) return LONG.has(value);
  // What never settles is awaited.
  if (/(?:fallback|awaitable|external|result|value|item)\)$/.test(place) && PENDING.has(value))
    return true;
  // It waits for some seconds.
  if (place === "testing untilBlocked(primitive)") return value.endsWith("of threads");
  if (place === "asyncio sleep(delayMs)") return LONG.has(value);
  // Nothing begins the steps before.
  if (/Sequencer\.step/.test(place) && LONG.has(value)) return true;
  // A pool of threads begins and ends with each run: the arguments are those of submit.
  if (place === "asyncio toThread(args)") return true;
  // Bun does not let a subprocess write to where the program reads.
  if (process.versions["bun"] !== undefined && /\{std(?:out|err)\}$/.test(place))
    return value === "0" || value === "-0";
  // It interrupts the program.
  if (place === "_thread interruptMain(signal)") return value === "undefined";
  return false;
}

/** What prints on standard error whatever it is given: that is what it is for. */
export const PRINTS =
  /(?:[eE]xcepthook|_thread start|unraisablehook__|xceptionHandler|[pP]rint|\{progress\}|allback\})/;

/** What calls a function by itself, so that what it throws is the program's. */
export const THROWS = /VirtualClock\.wakeAt\(wake\)/;
