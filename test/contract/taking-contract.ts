/**
 * What every wait that takes something must do when it is cancelled at the moment at which it
 * takes: nothing is lost, and nothing stays taken.
 *
 * What there is to take is provided, and the wait cancelled, in each of a few iterations of the
 * loop, in all orders. In the end either the wait has the result, or there is as much as if it
 * had never been.
 */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { isDeepStrictEqual } from "node:util";
import {
  type Awaitable,
  createTask,
  Event,
  gather,
  getRunningLoop,
  run,
  sleep,
  type Spawnable,
  type Task,
  taskGroup,
  type TaskGroup,
  type Timeout,
  timeout,
  waitFor,
} from "heddle/asyncio";
import { isOwnShare } from "../support/shares.ts";

/** Of a wait for what belongs to threads. */
export interface Options {
  readonly signal?: AbortSignal;
  readonly timeout?: number;
}

/** One thing to be taken, which is not there at first. */
export interface Provided {
  /** Begins to wait for it. */
  readonly wait: (options?: Options) => Awaitable<unknown>;
  /** Whether it stays taken once it is, such as room in a queue. */
  readonly isFinal?: boolean;
  /** Makes it available. */
  readonly provide: () => void;
  /** Called in the end: fails unless the wait has taken it, or not. */
  readonly check: (hasTaken: boolean, result: unknown) => void | Promise<void>;
}

/** Makes it anew. */
type Make = () => Provided | Promise<Provided>;

export interface Taking {
  readonly make: Make;
  /** Whether the wait can be ended by an AbortSignal and a timeout. Default: it can. */
  readonly takesSignal?: boolean;
  /** Where it takes long to make, or is made of what is tried above: fewer forms and orders. */
  readonly tries?: "all" | "few" | "fewest";
  /** Whether it is there some time after it was provided, and not at once. */
  readonly comesLater?: boolean;
  /** Whether it is a promise of JavaScript's own, as an iterator gives: a generator cannot wait for it. */
  readonly isPromise?: boolean;
}

/** By the public name, as in the list of them; what follows a comma says which of several. */
export type Takings = Readonly<Record<string, Taking>>;

/** How a program writes the wait. */
interface Form {
  readonly name: string;
  /** Tried where few are; the first of these also where the fewest are. */
  readonly isUsual?: boolean;
  readonly waitsForPromises?: boolean;
  readonly of: (wait: () => Awaitable<unknown>) => Spawnable<unknown>;
}

const RACE = "Promise.race";
const ITSELF = "the wait itself";

const FORMS: readonly Form[] = [
  {
    name: "an async function",
    isUsual: true,
    waitsForPromises: true,
    of: (wait) => async () => {
      const result = await wait();
      return result;
    },
  },
  { name: "an async function that returns the wait", of: (wait) => async () => wait() },
  {
    name: RACE,
    of: (wait) => async () => Promise.race([wait(), new Event().wait()]),
  },
  { name: "then", of: (wait) => async () => Promise.resolve(wait()).then((result) => result) },
  { name: "a function", of: (wait) => () => wait() },
  {
    name: "a generator",
    isUsual: true,
    of: (wait) =>
      function* () {
        const result = yield* wait();
        return result;
      },
  },
  { name: ITSELF, of: (wait) => wait() },
];

/** A wait that has begun, and how to cancel it. */
interface Begun {
  readonly task: Task<unknown>;
  readonly cancel: () => void;
}

interface Way {
  readonly name: string;
  readonly begin: (body: Spawnable<unknown>) => Begun;
}

function byTask(body: Spawnable<unknown>): Begun {
  const task = createTask(body);
  return { task, cancel: () => void task.cancel() };
}

function byLimit(body: Spawnable<unknown>): Begun {
  let limit: Timeout | undefined;
  let isOver = false;
  const expire = (): void => limit?.reschedule(getRunningLoop().time());
  const task = createTask(() =>
    timeout(null, (own) => {
      limit = own;
      if (isOver) expire();
      return typeof body === "function" ? body() : body;
    }),
  );
  const cancel = (): void => {
    isOver = true;
    if (!task.done()) expire();
  };
  return { task, cancel };
}

function byGroup(body: Spawnable<unknown>): Begun {
  let group: TaskGroup | undefined;
  const task = createTask(async () => {
    let child: Task<unknown> | undefined;
    await taskGroup((own) => {
      group = own;
      child = own.createTask(body);
    });
    return [child];
  });
  const cancel = (): void => {
    if (group === undefined) task.cancel();
    else group.cancel();
  };
  return { task, cancel };
}

function byGather(body: Spawnable<unknown>): Begun {
  const task = createTask(body);
  const all = createTask(() => gather([task, sleep(60_000)]));
  return { task, cancel: () => void all.cancel() };
}

const WAYS: readonly Way[] = [
  { name: "Task.cancel()", begin: byTask },
  { name: "a time limit", begin: byLimit },
  { name: "waitFor(), cancelled", begin: (body) => byTask(waitFor(body, 60_000)) },
  {
    name: "waitFor() with no time left",
    begin: (body) => ({ task: createTask(() => waitFor(body, 0)), cancel: () => undefined }),
  },
  { name: "a group", begin: byGroup },
  { name: "gather()", begin: byGather },
];

type Order = readonly [provided: number, cancelled: number, isFirst: boolean];

const FEW_ORDERS: readonly Order[] = [
  [-1, 1, true],
  [0, 1, true],
  [1, 1, true],
  [1, 1, false],
  [2, 1, true],
];

/** In which iteration it is provided and cancelled, and which comes first if it is the same. */
function ordersOf(tries: Taking["tries"]): Iterable<Order> {
  if (tries === "few") return FEW_ORDERS;
  return tries === "fewest" ? FEW_ORDERS.slice(2, 4) : allOrders();
}

function* allOrders(): Generator<Order> {
  for (let provided = -1; provided < 4; provided++) {
    for (let cancelled = 0; cancelled < 4; cancelled++) {
      yield [provided, cancelled, true];
      if (provided === cancelled) yield [provided, cancelled, false];
    }
  }
}

async function outcomeOf(task: PromiseLike<unknown>): Promise<readonly [boolean, unknown]> {
  try {
    return [true, await task];
  } catch (error) {
    const { name } = error as Error;
    assert.ok(name === "CancelledError" || name === "TimeoutError", String(error));
    return [false, undefined];
  }
}

async function tryOut(taking: Taking, form: Form, way: Way): Promise<void> {
  const { make, tries } = taking;
  for (const [provided, cancelled, isFirst] of ordersOf(tries)) {
    // The group is cancelled before it is entered: what was made for it is still the caller's.
    if (way.begin === byGroup && form.name === ITSELF && cancelled === 0) continue;
    const { wait, provide, check, isFinal = false } = await make();
    // It has been taken before the task has begun; or the race sees the error of another wait.
    if (isFinal && (form.name === RACE || (form.name === ITSELF && cancelled === 0))) continue;
    if (provided < 0) provide();
    const { task, cancel } = way.begin(form.of(() => wait()));
    for (let iteration = 0; iteration < 4; iteration++) {
      if (iteration === cancelled && !isFirst) cancel();
      if (iteration === provided) provide();
      if (iteration === cancelled && isFirst) cancel();
      await sleep(0);
    }
    let [hasTaken, result] = await outcomeOf(task);
    // A group's task returns the child; it has none if it was cancelled before its first step.
    if (way.begin === byGroup)
      [hasTaken, result] =
        result === undefined
          ? [false, undefined]
          : await outcomeOf((result as Task<unknown>[])[0] as Task<unknown>);
    for (let iteration = 0; iteration < 4; iteration++) await sleep(0); // what is given back may have to be taken first
    await check(hasTaken, result);
  }
}

async function tryOutSignal({ make, tries }: Taking): Promise<void> {
  for (const [provided, cancelled, isFirst] of ordersOf(tries)) {
    const { wait, provide, check } = await make();
    if (provided < 0) provide();
    const abortion = new AbortController();
    const outcome = outcomeOf(Promise.resolve(wait({ signal: abortion.signal })));
    for (let microtask = 0; microtask < 4; microtask++) {
      const abort = (): void => abortion.abort(new DOMException("enough", "TimeoutError"));
      if (microtask === cancelled && !isFirst) abort();
      if (microtask === provided) provide();
      if (microtask === cancelled && isFirst) abort();
      await Promise.resolve();
    }
    await check(...(await outcome));
  }
}

/** How waits end that have taken nothing in time. */
const TOO_LATE = ["Empty", "Full", "TimeoutError", "BrokenBarrierError"];

async function tryOutTimeout({ make, comesLater = false }: Taking): Promise<void> {
  for (const [limitMs, providedAfter] of [
    [0, undefined],
    [0, -1],
    [1, -1],
    [1, 0],
    [1, 1],
    [1, 2],
  ] as const) {
    const { wait, provide, check } = await make();
    if (providedAfter === -1) provide();
    const ended = Promise.resolve(wait({ timeout: limitMs })).then(
      (result) => [result !== false, result] as const,
      (error: Error) => {
        assert.ok(TOO_LATE.includes(error.name), String(error));
        return [false, undefined] as const;
      },
    );
    // How long these take does not matter: in the end it has been taken, or not.
    if (providedAfter !== undefined && providedAfter >= 0) {
      await new Promise((resolve) => setTimeout(resolve, providedAfter));
      provide();
    }
    const [hasTaken, result] = await ended;
    if (providedAfter === -1 && !comesLater)
      assert.ok(hasTaken, "what is there at once was not taken");
    if (providedAfter === undefined) provide();
    await check(hasTaken, result);
  }
}

/** The outcome of an await, as something to compare. */
async function said(awaitable: PromiseLike<unknown>): Promise<unknown> {
  try {
    return { value: await awaitable };
  } catch (error) {
    return { thrown: (error as Error).name };
  }
}

/** The second await of one wait gives the same, or says that it cannot: it never takes a second time. */
async function awaitTwice(make: Make): Promise<void> {
  for (const isProvidedFirst of [true, false]) {
    const { wait, provide, check } = await make();
    if (isProvidedFirst) provide();
    const awaitable = wait();
    if (!isProvidedFirst) provide();
    const result = await awaitable;
    const again = await said(awaitable);
    assert.ok(
      [{ value: result }, { thrown: "RuntimeError" }].some((expected) =>
        isDeepStrictEqual(again, expected),
      ),
      JSON.stringify(again),
    );
    await check(true, result);
  }
}

/** A wait that was cancelled fails again, says that it cannot be awaited twice, or begins anew. */
async function awaitAgainAfterCancellation(make: Make): Promise<void> {
  const { wait, provide, check } = await make();
  const task = createTask(async () => {
    const awaitable = wait();
    const first = await said(awaitable);
    assert.deepEqual(first, { thrown: "CancelledError" });
    return said(awaitable);
  });
  await sleep(0);
  task.cancel();
  for (let iteration = 0; iteration < 4; iteration++) await sleep(0);
  provide();
  const again = (await task) as { readonly thrown?: string; readonly value?: unknown };
  const hasTaken = again.thrown === undefined;
  if (!hasTaken) assert.ok(["CancelledError", "RuntimeError"].includes(again.thrown));
  await check(hasTaken, again.value);
}

/** Runtimes that share the tests by day. */
const SHARING = ["node24", "deno", "bun"];

export function takingContract(takings: Takings): void {
  for (const [name, taking] of Object.entries(takings)) {
    describe(`${name}: nothing is lost with a wait that is cancelled, and nothing stays taken`, () =>
      tests(name, taking));
  }
}

function tests(name: string, taking: Taking): void {
  const test = (title: string, body: () => Promise<unknown>): void => {
    if (isOwnShare(`${name} ${title}`, SHARING)) it(title, body as () => Promise<void>);
  };
  const { make, takesSignal = true, tries = "all", isPromise = false } = taking;
  const usual = FORMS.filter(({ isUsual = false }) => isUsual);
  const forms = tries === "all" ? FORMS : tries === "few" ? usual : usual.slice(0, 1);
  const ways = tries === "fewest" ? WAYS.slice(0, 2) : WAYS;
  for (const way of ways) {
    for (const form of forms) {
      if (isPromise && form.waitsForPromises !== true) continue;
      test(`${way.name}, ${form.name}`, () => run(async () => tryOut(taking, form, way)));
    }
  }
  if (isPromise) return;
  test("awaited twice, in a task", () => run(async () => awaitTwice(make)));
  test("awaited again after a cancellation", () =>
    run(async () => awaitAgainAfterCancellation(make)));
  if (!takesSignal) return;
  test("an AbortSignal, outside of tasks", () => tryOutSignal(taking));
  test("awaited twice, outside of tasks", () => awaitTwice(make));
  if (tries === "fewest") return;
  test("an AbortSignal, in a task", () => run(async () => tryOutSignal(taking)));
  test("a timeout, outside of tasks", () => tryOutTimeout(taking));
  test("a timeout, in a task", () => run(async () => tryOutTimeout(taking)));
}
