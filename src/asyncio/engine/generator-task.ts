/** A task that runs a generator: a step is a call of its `next` or `throw`. */
import { contextState } from "../../contextvars/contents.ts";
import {
  mustCancel,
  setWaitedFor,
  strike,
  strikesAfter,
  strikeWait,
  waitedFor,
} from "./cancellation.ts";
import type { Coroutine } from "./coroutine-types.ts";
import { addWaiter, isPending, NO_ERROR, takeError } from "./future.ts";
import { probe } from "./probe.ts";
import { iterationsOf } from "./loop-core.ts";
import { LoopTask } from "./loop-task.ts";
import { framesOf, type StackFrame } from "./stack-frames.ts";
import { checkedSuspension } from "./suspension.ts";
import { contentsOfTask, failTask, finishTask, type TaskParts } from "./task.ts";

export class GeneratorTask<T> extends LoopTask<T> {
  #coroutine: Coroutine<T> | undefined;

  constructor(coroutine: Coroutine<T>, parts: TaskParts) {
    super(parts);
    this.#coroutine = coroutine;
  }

  getCoro(): Coroutine<T> | undefined {
    return this.#coroutine;
  }

  getStack(options?: { readonly limit?: number | undefined }): StackFrame[] {
    const coroutine = this.#coroutine;
    if (coroutine === undefined || waitedFor(this) === undefined) return [];
    return framesOf(probe(coroutine), options?.limit);
  }

  override get hasLeftSteps(): boolean {
    return false;
  }

  /** Takes the first step now, rather than in the loop's next iteration. */
  startNow(): void {
    this.#step(NO_ERROR);
    if (!isPending(this)) this.#coroutine = undefined;
  }

  run(): void {
    if (!isPending(this)) return;
    const future = waitedFor(this);
    let error: unknown = NO_ERROR;
    if (future !== undefined) {
      setWaitedFor(this, undefined);
      error = takeError(future);
    }
    if (mustCancel(this) && strikesAfter(future)) error = strike(this, error);
    this.#step(error);
  }

  #step(error: unknown): void {
    const coroutine = this.#coroutine as Coroutine<T>;
    const state = contextState();
    const { step, stepTask } = state;
    state.step = contentsOfTask(this);
    state.stepTask = this;
    let result: IteratorResult<unknown, T>;
    try {
      result = error === NO_ERROR ? coroutine.next() : coroutine.throw(error);
    } catch (thrown) {
      failTask(this, thrown);
      return;
    } finally {
      state.step = step;
      state.stepTask = stepTask;
    }
    if (result.done === true) finishTask(this, result.value);
    else if (result.value === undefined) iterationsOf(this.getLoop()).push(this);
    else this.#park(result.value);
  }

  #park(suspension: unknown): void {
    const future = checkedSuspension(suspension, this);
    setWaitedFor(this, future);
    addWaiter(future, this);
    if (mustCancel(this)) strikeWait(this, future);
  }
}
