/** An operation that may have to wait in line: for a lock, or for an item of a queue. */
import type { Suspend } from "../events.ts";
import { CancelledError } from "../../errors.ts";
import { FINISHED } from "../engine/future-core.ts";
import { Operation } from "../engine/coroutine.ts";
import { answerProbe, PROBE } from "../engine/probe.ts";
import type { Waiter, Waiters } from "./waiters.ts";
import { thrownInto } from "../engine/step.ts";

const NEW = 0;
const STARTED = 1;
const WAITING = 2;
const OVER = 3;

/**
 * Takes what there is, or waits in line for it.
 *
 * A waiter that was woken tries again; one that is woken and then thrown at must
 * pass its wake-up on, or it is lost: see {@link WaitInLine.giveUp}.
 */
export abstract class WaitInLine<T> extends Operation<T> {
  #state: typeof NEW | typeof STARTED | typeof WAITING | typeof OVER = NEW;
  #waiter: Waiter | undefined;

  protected abstract readonly line: Waiters;

  /** Takes it for a newcomer (`wasWoken` is false) or one who has been waiting; undefined to wait (again). */
  protected abstract tryTake(wasWoken: boolean): IteratorReturnResult<T> | undefined;

  /** Its wait has failed, after it was woken or not. It is out of the line. */
  protected abstract giveUp(wasWoken: boolean, error: unknown): void;

  get operationHasBegun(): boolean {
    return this.#state !== NEW;
  }

  set operationHasBegun(_hasBegun: boolean) {
    this.#state = STARTED; // set once, by beginNoted
  }

  next(sent?: unknown): IteratorResult<Suspend, T> {
    if (sent === PROBE) {
      answerProbe();
      return this.#suspension();
    }
    if (this.#state === OVER) return { done: true, value: undefined as T };
    const waiter = this.#waiter;
    if (waiter !== undefined) {
      if (waiter.isPending) return this.#suspension();
      this.line.remove(waiter);
      this.#waiter = undefined;
    }
    let taken;
    try {
      taken = this.tryTake(this.#state === WAITING);
    } catch (error) {
      this.#state = OVER;
      throw error;
    }
    if (taken === undefined) {
      this.#waiter = this.line.add();
      this.#state = WAITING;
      return this.#suspension();
    }
    this.#state = OVER;
    return taken;
  }

  override throw(error: unknown): IteratorResult<Suspend, T> {
    this.#end(error);
    throw thrownInto(error);
  }

  override return(value: T): IteratorResult<Suspend, T> {
    this.#end(new CancelledError());
    return { done: true, value };
  }

  #end(error: unknown): void {
    const waiter = this.#waiter;
    this.#state = OVER;
    if (waiter === undefined) return;
    this.#waiter = undefined;
    const wasWoken = waiter.state === FINISHED;
    waiter.cancel();
    this.line.remove(waiter);
    this.giveUp(wasWoken, error);
  }

  #suspension(): IteratorResult<Suspend, T> {
    return { done: false, value: this.#waiter as unknown as Suspend };
  }
}
