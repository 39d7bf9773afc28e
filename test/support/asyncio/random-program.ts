/** Programs of asyncio that a seed decides upon; record-asyncio.py has the same in Python. */
import { CancelledError, ExceptionGroup, TimeoutError } from "heddle";
import {
  type Awaitable,
  type Body,
  type Coroutine,
  createTask,
  currentTask,
  Future,
  gather,
  getRunningLoop,
  shield,
  sleep,
  type Task,
  type TaskGroup,
  taskGroup,
  timeout,
  wait,
  waitFor,
} from "heddle/asyncio";
import { VirtualClock } from "heddle/testing";
import { runVirtual, type Steps, type Style } from "./both-styles.ts";
import { Dice } from "../dice.ts";

/** A program that a seed decides upon, and what it has done. */
export class RandomProgram {
  readonly log: string[] = [];
  readonly clock = new VirtualClock();
  readonly #style: Style;
  readonly #seed: number;
  readonly #tasks: Task<unknown>[] = [];
  readonly #futures: Future<number>[] = [];
  #made = 0;

  constructor(style: Style, seed: number) {
    this.#style = style;
    this.#seed = seed;
  }

  async run(): Promise<readonly string[]> {
    const main = this.#style.co(() => this.#main());
    await runVirtual(main, this.clock);
    return this.log;
  }

  *#main(): Steps<void> {
    // When a failure counts as unread depends on the garbage collector.
    getRunningLoop().setExceptionHandler(() => {});
    for (let i = 0; i < 3; i++) this.#futures.push(new Future());
    for (let i = 0; i < 4; i++) this.#tasks.push(createTask(this.#worker(3)));
    for (let i = 0; i < 3; i++)
      yield* this.#attempt("main", wait([...this.#tasks], { timeout: 7 }));
    for (const [i, future] of this.#futures.entries()) if (!future.done()) future.setResult(i);
    yield* this.#attempt("main", gather(this.#tasks, { returnExceptions: true }));
  }

  /** A coroutine that does random things, which depend on nothing but the seed and its number. */
  #worker(depth: number): () => Coroutine<string> {
    const id = ++this.#made;
    const dice = new Dice(this.#seed * 1000 + id);
    return this.#style.co(() => this.#work(`${id}`, depth, dice)) as () => Coroutine<string>;
  }

  *#work(id: string, depth: number, dice: Dice): Steps<string> {
    const count = 1 + dice.roll(4);
    for (let i = 0; i < count; i++) {
      this.#note(`${id} step ${i} cancelling ${currentTask()?.cancelling()}`);
      yield* this.#act(`${id}.${i}`, depth, dice);
    }
    if (dice.roll(6) === 0) throw new RangeError(`of ${id}`);
    return id;
  }

  *#act(id: string, depth: number, dice: Dice): Steps<void> {
    const future = this.#futures[dice.roll(this.#futures.length)] as Future<number>;
    const isCaught = dice.roll(3) > 0;
    const ms = dice.roll(4);
    const kind = dice.roll(depth > 0 ? 12 : 6);
    if (kind === 2) {
      const task = this.#tasks[dice.roll(this.#tasks.length)] as Task<unknown>;
      this.#note(`${id} cancels ${task.cancel(id)}`);
    } else if (kind === 3) {
      if (!future.done()) future.setResult(ms);
    } else {
      if (kind === 5 && currentTask()?.cancelling() !== 0)
        this.#note(`${id} left ${currentTask()?.uncancel()}`);
      yield* this.#attempt(id, this.#operation(kind, { future, ms, depth, dice }), isCaught);
    }
  }

  #operation(
    kind: number,
    { future, ms, depth, dice }: { future: Future<number>; ms: number; depth: number; dice: Dice },
  ): Awaitable<unknown> {
    switch (kind) {
      case 4:
        return waitFor(shield(future), 5);
      case 5:
        return sleep(0);
      case 6:
        return timeout(ms, this.#worker(depth - 1));
      case 7:
        return taskGroup(this.#group(depth, dice));
      case 8:
        return waitFor(this.#worker(depth - 1), ms);
      case 9:
        return gather([this.#worker(depth - 1), this.#worker(depth - 1)]);
      case 10:
        return createTask(this.#worker(depth - 1));
      case 11:
        return timeout(ms, () => sleep(2));
      default:
        return sleep(ms);
    }
  }

  #group(depth: number, dice: Dice): Body<[TaskGroup], void> {
    const children = 1 + dice.roll(2);
    return (group) => this.#style.co(() => this.#groupBody(group, children, depth))();
  }

  *#groupBody(group: TaskGroup, children: number, depth: number): Steps<void> {
    for (let i = 0; i < children; i++) group.createTask(this.#worker(depth - 1));
    yield sleep(1);
  }

  /** Waits, and notes what comes of it. */
  *#attempt(id: string, awaitable: Awaitable<unknown>, isCaught = true): Steps<void> {
    try {
      const result: unknown = yield awaitable;
      this.#note(`${id} got ${typeof result === "string" ? result : typeof result}`);
    } catch (error) {
      this.#note(`${id} threw ${describeError(error)}`);
      if (!isCaught) throw error;
    }
  }

  #note(text: string): void {
    this.log.push(`${this.clock.time()} ${text}`);
  }
}

/** In words that are the same in Python. */
function describeError(error: unknown): string {
  if (error instanceof ExceptionGroup) return `[${error.exceptions.map(describeError).join()}]`;
  if (error instanceof TimeoutError || error instanceof CancelledError) return error.name;
  return `Error ${(error as Error).message}`;
}
