/**
 * When a loop's callbacks and steps run.
 *
 * They run in iterations. An iteration first adds the timers that are due to what
 * is ready, then runs exactly what is ready then: what becomes ready meanwhile
 * waits for the next one. So a `sleep(0)` lasts one iteration, and what the Python
 * programmer knows about the order of steps holds.
 *
 *   ASLEEP    nothing is ready; an alarm is set for the first timer
 *   ARMED     a microtask, or a turn of the host's event loop, will run iterations
 *   RUNNING   iterations run, one after the other, without a break
 *
 *   ASLEEP → ARMED     something becomes ready
 *   ASLEEP → RUNNING   the alarm goes off
 *   ARMED → RUNNING    the microtask or turn comes
 *   RUNNING → ASLEEP   nothing is ready any more
 *   RUNNING → ARMED    {@link SLICE_MS} are over: the host has its turn, timers and sockets go on;
 *                      or a step goes on in microtasks, see below
 *
 * A hand-over may come in the middle of an iteration: `#left` remembers how much of
 * it is still to be run.
 *
 * Following. A generator's step is over when its `next` returns. The step of an
 * async function goes on in microtasks, until it waits for something of heddle's,
 * or ends. Were other steps run meanwhile, their order would depend on how many
 * awaits are between: so whoever resumes an async function has it followed, and no
 * step is run until it has parked. An external promise that it awaits may take for
 * ever: after {@link MOST_HOPS} microtasks it is left alone. In browsers, where nothing
 * else tells which task a function belongs to, the task then fails.
 *
 * A loop that is not live collects what becomes ready and runs nothing.
 */
import { platform } from "#platform";
import { type Contents, contextState } from "../../contextvars/contents.ts";
import type { LoopClock, Runnable } from "../events.ts";
import { Deque } from "../../base/deque.ts";
import { inMicrotask } from "../../base/functions.ts";
import type { TimedCall } from "./handle.ts";
import { TimerHeap } from "./timers.ts";

/** How long iterations run before the host has its turn. */
const SLICE_MS = 2;
/** The time is looked at after so many steps, less one; one less than a power of two. */
const STEPS_BETWEEN_LOOKS = 63;
/** Microtasks that an async function may take from one wait for something of heddle's to the next. */
export const MOST_HOPS = 48;
/** The same where a task ends that takes more. */
const MOST_HOPS_STRICT = 2000;
/** A timer counts as due that much too early: sums of times are not exact. */
const RESOLUTION_MS = 0.001;

interface Alarm {
  readonly timeMs: number;
  readonly timer: { cancel(): void };
}

type StepListener = (runnable: Runnable, tookMs: number) => void;

export class Iterations {
  readonly #clock: LoopClock;
  /** Calls a function as the loop whose iterations these are. */
  readonly #asLoop: (runs: () => boolean) => boolean;
  #ready = new Deque<Runnable>();
  #timers = new TimerHeap<TimedCall>();
  #timersMade = 0;
  #isLive = false;
  #isArmed = false;
  /** How many of the ready belong to the iteration that is being run. */
  #left = 0;
  /** Whether an iteration has begun that has not ended. */
  #isWithin = false;
  #afterThis: (() => void) | undefined;
  #alarm: Alarm | undefined;
  /** The tasks of which an async function's step is under way: one, and those that it started eagerly. */
  readonly #followed = new Set<object>();
  #hops = 0;
  /** Grows with each of the microtasks in which an async function is followed, and from one to the next. */
  round = 0;
  readonly #mostHops = platform.asyncContext ? MOST_HOPS : MOST_HOPS_STRICT;
  /** Told of tasks whose async function is left alone. */
  onLeftAlone: ((task: object) => void) | undefined;
  /** The step that is being followed; in debug mode only. */
  #timed: { readonly runnable: Runnable; readonly startMs: number } | undefined;
  #sliceEndMs = 0;
  /** Told of what a callback threw to end the run; returns whether a run ends by it. */
  onExit: ((error: unknown) => boolean) | undefined;
  /** Told of each step, and how long it took; in debug mode only. */
  onStep: StepListener | undefined;

  constructor(clock: LoopClock, asLoop: (runs: () => boolean) => boolean) {
    this.#clock = clock;
    this.#asLoop = asLoop;
  }

  /** Whether anything is ready to be run. */
  get hasReady(): boolean {
    return this.#ready.length > 0;
  }

  push(runnable: Runnable): void {
    this.#ready.push(runnable);
    if (!this.#isArmed && this.#isLive) this.#arm();
  }

  addTimer(timer: TimedCall): void {
    timer.sequence = this.#timersMade++;
    timer.onCancel = this.#noteTimerCancelled;
    this.#timers.add(timer);
    if (!this.#isArmed && this.#isLive) this.#setAlarm();
  }

  readonly #noteTimerCancelled = (): void => {
    this.#timers.noteCancelled();
    // The alarm of the last timer would keep the agent alive for nothing.
    if (!this.#isArmed && this.#isLive) this.#setAlarm();
  };

  /** Runs iterations from now on. */
  begin(): void {
    this.#isLive = true;
    if (!this.#isArmed) this.#arm();
  }

  /** Calls back when the iteration that is being run, or else the next one, is over, and runs no more then. */
  endAfterIteration(then: () => void): void {
    this.#afterThis = then;
    if (!this.#isArmed && this.#isLive) this.#arm();
  }

  /** Forgets what is ready and all timers. */
  clear(): void {
    this.#ready = new Deque();
    this.#left = 0;
    this.#timers = new TimerHeap();
    this.#setAlarm();
  }

  /** Runs no other step until the async function of this task has parked. */
  follow(task: object, contents: Contents, part: object | undefined): void {
    if (this.#followed.size === 0) this.round += 2;
    this.#followed.add(task);
    if (!platform.asyncContext) contextState().resumed = { contents, task, part };
  }

  /** Whether an async function of the task is under way. */
  isFollowing(task: object): boolean {
    return this.#followed.has(task);
  }

  parked(task: object): void {
    this.#followed.delete(task);
    if (!platform.asyncContext) this.#forgetResumed();
  }

  /** Not at once: the function may have begun several waits, by Promise.all, of which this is the first. */
  #forgetResumed(): void {
    const state = contextState();
    const { resumed } = state;
    queueMicrotask(() => {
      if (state.resumed === resumed) state.resumed = undefined;
    });
  }

  #arm(): void {
    this.#noteArmed();
    queueMicrotask(this.#run);
  }

  #noteArmed(): void {
    this.#isArmed = true;
    this.#clock.loopBusy?.();
  }

  readonly #run = (): void => {
    this.#sliceEndMs = performance.now() + SLICE_MS;
    this.#goOn();
  };

  #goOn(): void {
    let goesOn = false;
    try {
      for (;;) {
        try {
          goesOn = this.#asLoop(this.#runIterations);
          break;
        } catch (error) {
          if (this.onExit?.(error) !== true) throw error;
        }
      }
    } finally {
      this.#isArmed = goesOn;
    }
    if (!this.#isArmed) this.#rest();
  }

  #rest(): void {
    this.#setAlarm();
    this.#clock.loopIdle?.();
  }

  /** Returns whether it has arranged to be called again. */
  readonly #runIterations = (): boolean => {
    const ready = this.#ready;
    let steps = 0;
    for (;;) {
      if (this.#left === 0 && !this.#nextIteration()) return false;
      while (this.#left > 0) {
        this.#left -= 1;
        if (this.onStep === undefined) ready.shift().run();
        else this.#runTimed(ready.shift(), this.onStep);
        if (this.#followed.size > 0) {
          this.#hops = 0;
          inMicrotask(this.#hop);
          return true;
        }
        steps += 1;
        if ((steps & STEPS_BETWEEN_LOOKS) === 0 && performance.now() > this.#sliceEndMs) {
          platform.nextTurn(this.#run);
          return true;
        }
      }
    }
  };

  #runTimed(runnable: Runnable, onStep: StepListener): void {
    const startMs = performance.now();
    runnable.run();
    if (this.#followed.size > 0) this.#timed = { runnable, startMs };
    else onStep(runnable, performance.now() - startMs);
  }

  /** The async function of the step that was followed has parked. */
  #noteParked(): void {
    const timed = this.#timed;
    this.#timed = undefined;
    if (timed !== undefined && this.#followed.size === 0)
      this.onStep?.(timed.runnable, performance.now() - timed.startMs);
  }

  /** Returns whether there is one. */
  #nextIteration(): boolean {
    if (this.#isWithin && this.#ended()) return false;
    if (this.#timers.size > 0) this.#addDueTimers();
    this.#left = this.#ready.length;
    this.#isWithin = true;
    return this.#left > 0 || (this.#ended(), false);
  }

  /** Notes that an iteration is over; returns whether it was the last. */
  #ended(): boolean {
    this.#isWithin = false;
    const then = this.#afterThis;
    if (then === undefined) return false;
    this.#afterThis = undefined;
    this.#isLive = false;
    then();
    return true;
  }

  #addDueTimers(): void {
    const dueMs = this.#clock.time() + RESOLUTION_MS;
    for (let timer; (timer = this.#timers.takeDue(dueMs)) !== undefined;) {
      timer.onCancel = undefined;
      this.#ready.push(timer);
    }
  }

  readonly #hop = (): void => {
    this.#hops += 1;
    this.round += 1;
    if (this.#followed.size > 0 && this.#hops < this.#mostHops) {
      inMicrotask(this.#hop);
      return;
    }
    // The step that was followed is over, or left alone.
    try {
      if (this.#followed.size > 0 && !platform.asyncContext) contextState().resumed = undefined;
      for (const task of this.#followed) this.onLeftAlone?.(task);
      this.#noteParked();
      this.#followed.clear();
      if (performance.now() > this.#sliceEndMs) platform.nextTurn(this.#run);
      else this.#goOn();
    } catch (error) {
      // Out of a reaction of a promise, it would be a rejection.
      queueMicrotask(() => {
        throw error;
      });
    }
  };

  /** Ensures that the loop wakes for the first timer, and not without one. */
  #setAlarm(): void {
    const first = this.#isLive ? this.#timers.earliest() : undefined;
    if (this.#alarm?.timeMs === first?.whenMs) return;
    this.#alarm?.timer.cancel();
    this.#alarm = undefined;
    if (first === undefined) return;
    const { whenMs } = first;
    this.#alarm = { timeMs: whenMs, timer: this.#clock.wakeAt(whenMs, this.#wake) };
  }

  readonly #wake = (): void => {
    this.#alarm = undefined;
    if (this.#isArmed || !this.#isLive) return;
    // Also while it runs: what becomes ready meanwhile needs no other microtask.
    this.#noteArmed();
    this.#run();
  };
}
