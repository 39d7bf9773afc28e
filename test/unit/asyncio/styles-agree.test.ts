/** Random programs do the same, step by step, as generators and as async functions. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ExceptionGroup } from "heddle";
import {
  type Body,
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
import { runVirtual, type Steps, type Style, STYLES } from "../../support/asyncio.ts";
import { Dice } from "../../support/dice.ts";

/** A program that a seed decides upon, and what it has done. */
class Program {
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
    const loop = getRunningLoop();
    loop.setExceptionHandler((_, { message }) => this.#note(`handler ${message}`));
    for (let i = 0; i < 3; i++) this.#futures.push(new Future());
    for (let i = 0; i < 4; i++) this.#tasks.push(createTask(this.#worker(3)));
    for (let i = 0; i < 3; i++)
      yield* this.#attempt("main", wait([...this.#tasks], { timeout: 7 }));
    for (const [i, future] of this.#futures.entries()) if (!future.done()) future.setResult(i);
    yield* this.#attempt("main", gather(this.#tasks, { returnExceptions: true }));
  }

  /** A coroutine that does random things, which depend on nothing but the seed and its number. */
  #worker(depth: number): () => never {
    const id = ++this.#made;
    const dice = new Dice(this.#seed * 1000 + id);
    return this.#style.co(() => this.#work(`${id}`, depth, dice)) as () => never;
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
    const tasks = this.#tasks;
    const future = this.#futures[dice.roll(this.#futures.length)] as Future<number>;
    const isCaught = dice.roll(3) > 0;
    const ms = dice.roll(4);
    switch (dice.roll(depth > 0 ? 12 : 6)) {
      case 0:
      case 1:
        return yield* this.#attempt(id, sleep(ms), isCaught);
      case 2:
        this.#note(`${id} cancels ${tasks[dice.roll(tasks.length)]?.cancel(id)}`);
        return;
      case 3:
        if (!future.done()) future.setResult(ms);
        return;
      case 4:
        return yield* this.#attempt(id, waitFor(shield(future), 5), isCaught);
      case 5:
        if (currentTask()?.cancelling() !== 0)
          this.#note(`${id} left ${currentTask()?.uncancel()}`);
        return yield* this.#attempt(id, sleep(0), isCaught);
      case 6:
        return yield* this.#attempt(id, timeout(ms, this.#body(depth)), isCaught);
      case 7:
        return yield* this.#attempt(id, taskGroup(this.#group(depth, dice)), isCaught);
      case 8:
        return yield* this.#attempt(id, waitFor(this.#worker(depth - 1), ms), isCaught);
      case 9:
        return yield* this.#attempt(
          id,
          gather([this.#worker(depth - 1), this.#worker(depth - 1)]),
          isCaught,
        );
      case 10:
        return yield* this.#attempt(id, createTask(this.#worker(depth - 1)), isCaught);
      default:
        return yield* this.#attempt(
          id,
          timeout(ms, () => sleep(2)),
          isCaught,
        );
    }
  }

  #body(depth: number): Body<[], unknown> {
    return this.#worker(depth - 1);
  }

  #group(depth: number, dice: Dice): Body<[TaskGroup], unknown> {
    const children = 1 + dice.roll(2);
    const cancels = dice.roll(5) === 0;
    return (group) =>
      this.#style.co(() => this.#groupBody(group, children, cancels, depth))() as never;
  }

  *#groupBody(group: TaskGroup, children: number, cancels: boolean, depth: number): Steps<void> {
    for (let i = 0; i < children; i++) group.createTask(this.#worker(depth - 1));
    yield sleep(1);
    if (cancels) group.cancel();
  }

  /** Waits, and notes what comes of it. */
  *#attempt(id: string, awaitable: Parameters<typeof shield>[0], isCaught = true): Steps<void> {
    try {
      const result: unknown = yield awaitable as never;
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

function describeError(error: unknown): string {
  if (error instanceof ExceptionGroup) return `[${error.exceptions.map(describeError).join()}]`;
  return error instanceof Error ? `${error.name} ${error.message}` : String(error);
}

describe("programs of generators and of async functions", () => {
  it("do the same, in the same order, at the same time", async () => {
    for (let seed = 1; seed <= 300; seed++) {
      const logs: (readonly string[])[] = [];
      for (const style of STYLES) logs.push(await new Program(style, seed).run());
      const [generators, asyncFunctions] = logs;
      assert.ok((generators?.length ?? 0) > 8);
      assert.deepEqual(asyncFunctions, generators, `seed ${seed}`);
    }
  });
});
