/**
 * Programs of asyncio that are made of random actions, and the laws that hold in all of them.
 *
 * Every wait has a time limit, so every task has to end. All times are whole milliseconds:
 * half a millisecond after each, nothing is under way, and then nobody may wait for what
 * is there.
 */
import assert from "node:assert/strict";
import * as fc from "fast-check";
import { CancelledError, ExceptionGroup, QueueEmpty, TimeoutError } from "heddle";
import {
  Condition,
  createTask,
  currentTask,
  gather,
  Lock,
  Queue,
  Semaphore,
  sleep,
  type Task,
  taskGroup,
  timeout,
  wait,
} from "heddle/asyncio";
import { VirtualClock } from "heddle/testing";
import { runVirtual, type Steps, type Style } from "./both-styles.ts";

const PERMITS = 2;
const ROOM = 2;
/** Later than any program can last. */
const END_MS = 400;

interface Action {
  readonly kind:
    | "sleep"
    | "cancel"
    | "lock"
    | "semaphore"
    | "put"
    | "get"
    | "give"
    | "take"
    | "fail"
    | "group";
  /** How long it takes, once it has what it waits for. */
  readonly ms: number;
  readonly limitMs: number;
  /** Which task is meant. */
  readonly whom: number;
  readonly isCaught: boolean;
  /** Whether it cancels a task in the same step: one that it has woken, perhaps. */
  readonly isRude: boolean;
  /** What the tasks of a group do. */
  readonly inner: readonly (readonly Action[])[];
}

/** What tasks wait for. */
type Wish = "lock" | "semaphore" | "put" | "get" | "take";

export type Plan = readonly (readonly Action[])[];

/** Kinds of actions that have to do with each other: all others would keep them from meeting. */
const THEMES = [
  ["lock"],
  ["semaphore"],
  ["put", "get"],
  ["give", "take"],
  ["lock", "semaphore", "put", "get", "give", "take"],
] as const;

const times = {
  ms: fc.nat(3),
  limitMs: fc.integer({ min: 1, max: 6 }),
  whom: fc.nat(9),
  isCaught: fc.boolean(),
  isRude: fc.boolean(),
};

export const plans: fc.Arbitrary<Plan> = fc
  .constantFrom<readonly Action["kind"][]>(...THEMES)
  .chain((theme) => {
    const kinds = ["sleep", "cancel", ...theme] as const;
    const alone = { ...times, kind: fc.constantFrom(...kinds), inner: fc.constant([]) };
    const failing = fc.record({ ...alone, kind: fc.constant("fail" as const) });
    const child = fc.oneof(
      { weight: 4, arbitrary: fc.record(alone) },
      { weight: 1, arbitrary: failing },
    );
    const inner = fc.array(fc.array(child, { maxLength: 3 }), { minLength: 1, maxLength: 2 });
    const group = fc.record({ ...times, kind: fc.constant("group" as const), inner });
    const action = fc.oneof(
      { weight: 8, arbitrary: fc.record(alone) },
      { weight: 1, arbitrary: group },
    );
    const actions = fc.array(action, { minLength: 1, maxLength: 6 });
    return fc.array(actions, { minLength: 2, maxLength: 7 });
  });

class Failure extends Error {}

/** Whether it is what the program itself has brought about. */
function isExpected(error: unknown): boolean {
  if (error instanceof ExceptionGroup)
    return error.exceptions.every((each) => each instanceof Failure || isExpected(each));
  return error instanceof TimeoutError;
}

export class LawfulProgram {
  readonly clock = new VirtualClock();
  readonly #style: Style;
  readonly #plan: Plan;
  readonly #tasks: Task<unknown>[] = [];
  readonly #lock = new Lock();
  readonly #semaphore = new Semaphore(PERMITS);
  readonly #queue = new Queue<number>(ROOM);
  readonly #condition = new Condition();
  /** How many tasks have each, or wait for it. */
  readonly #has = { lock: 0, semaphore: 0, condition: 0 };
  readonly #wants: Record<Wish, number> = { lock: 0, semaphore: 0, put: 0, get: 0, take: 0 };
  /** What one may take that waits for the condition. */
  #gifts = 0;
  #made = 0;
  readonly #put: number[] = [];
  readonly #got: number[] = [];
  readonly #cancels = new Map<Task<unknown>, number>();

  constructor(style: Style, plan: Plan) {
    this.#style = style;
    this.#plan = plan;
  }

  async run(): Promise<void> {
    await runVirtual(
      this.#style.co(() => this.#main()),
      this.clock,
    );
  }

  *#main(): Steps<void> {
    for (const actions of this.#plan)
      this.#tasks.push(createTask(this.#style.co(() => this.#work(actions))));
    yield sleep(0.5);
    while (this.#tasks.some((task) => !task.done())) {
      this.#checkRest();
      assert.ok(this.clock.time() < END_MS, "a task does not end");
      yield wait(this.#tasks, { timeout: 1 });
    }
    yield gather(this.#tasks, { returnExceptions: true });
    yield* this.#checkEnd();
  }

  *#work(actions: readonly Action[]): Steps<void> {
    for (const one of actions) {
      try {
        if (one.kind === "fail") throw new Failure("on purpose");
        if (one.kind === "cancel") this.#cancel(one.whom);
        else if (one.kind === "sleep") yield sleep(one.ms);
        else
          yield timeout(
            one.limitMs,
            this.#style.co(() => this.#act(one)),
          );
      } catch (error) {
        if (error instanceof CancelledError ? one.isCaught : isExpected(error)) continue;
        throw error;
      }
    }
  }

  #cancel(whom: number): void {
    const task = this.#tasks[whom % this.#tasks.length] as Task<unknown>;
    if (task !== currentTask() && task.cancel())
      this.#cancels.set(task, (this.#cancels.get(task) ?? 0) + 1);
  }

  *#act(one: Action): Steps<void> {
    switch (one.kind) {
      case "lock":
        return yield* this.#hold("lock", this.#lock, 1, one.ms);
      case "semaphore":
        return yield* this.#hold("semaphore", this.#semaphore, PERMITS, one.ms);
      case "put": {
        const item = ++this.#made;
        yield* this.#waiting("put", () => this.#queue.put(item));
        this.#put.push(item);
        if (one.isRude) this.#cancel(one.whom);
        return undefined;
      }
      case "get":
        this.#got.push((yield* this.#waiting("get", () => this.#queue.get())) as number);
        if (one.isRude) this.#cancel(one.whom);
        return undefined;
      case "give":
        yield this.#condition.with(() => {
          this.#gifts += 1;
          this.#condition.notify();
          if (one.isRude) this.#cancel(one.whom);
        });
        return undefined;
      case "take":
        yield this.#condition.with(this.#style.co(() => this.#take(one.ms)));
        return undefined;
      default:
        yield taskGroup((children) => {
          for (const actions of one.inner)
            children.createTask(this.#style.co(() => this.#work(actions)));
        });
        return undefined;
    }
  }

  /** Counts who waits. */
  *#waiting(what: Wish, start: () => PromiseLike<unknown>): Steps<unknown> {
    this.#wants[what] += 1;
    try {
      return yield start() as never;
    } finally {
      this.#wants[what] -= 1;
    }
  }

  *#hold(
    what: "lock" | "semaphore",
    held: Lock | Semaphore,
    most: number,
    ms: number,
  ): Steps<void> {
    yield* this.#waiting(what, () => held.acquire());
    this.#has[what] += 1;
    assert.ok(this.#has[what] <= most, `${this.#has[what]} have the ${what}`);
    try {
      yield sleep(ms);
    } finally {
      this.#has[what] -= 1;
      held.release();
    }
  }

  *#take(ms: number): Steps<void> {
    try {
      while (this.#gifts === 0) yield* this.#waiting("take", () => this.#condition.wait());
      this.#gifts -= 1;
      this.#has.condition += 1;
      assert.equal(this.#has.condition, 1);
      try {
        yield sleep(ms);
      } finally {
        this.#has.condition -= 1;
      }
    } finally {
      assert.ok(this.#condition.locked(), "a wait has ended without the condition's lock");
    }
  }

  /** Nothing is under way now: nobody may wait for what there is. */
  #checkRest(): void {
    const { lock, semaphore, put, get, take } = this.#wants;
    assert.ok(lock === 0 || this.#has.lock === 1, "the lock is free, and somebody waits");
    assert.ok(
      semaphore === 0 || this.#has.semaphore === PERMITS,
      "a permit is free, and somebody waits",
    );
    assert.ok(get === 0 || this.#queue.empty(), "there is an item, and somebody waits");
    assert.ok(put === 0 || this.#queue.full(), "there is room, and somebody waits");
    const canTake = this.#gifts > 0 && !this.#condition.locked();
    assert.ok(take === 0 || !canTake, "there is a gift, and somebody waits");
  }

  *#checkEnd(): Steps<void> {
    assert.deepEqual(this.#has, { lock: 0, semaphore: 0, condition: 0 });
    assert.deepEqual(this.#wants, { lock: 0, semaphore: 0, put: 0, get: 0, take: 0 });
    assert.equal(this.#lock.locked(), false);
    assert.equal(this.#condition.locked(), false);
    for (let n = 0; n < PERMITS; n++) {
      assert.equal(this.#semaphore.locked(), false);
      yield this.#semaphore.acquire();
    }
    assert.equal(this.#semaphore.locked(), true);

    const left: number[] = [];
    while (!this.#queue.empty()) left.push(this.#queue.getNowait());
    assert.throws(() => this.#queue.getNowait(), QueueEmpty);
    assert.deepEqual(
      [...this.#got, ...left].sort((a, b) => a - b),
      this.#put.sort((a, b) => a - b),
    );

    for (const task of this.#tasks)
      assert.equal(task.cancelling(), this.#cancels.get(task) ?? 0, "cancelling() does not add up");
  }
}
