/**
 * What a loop consists of, for the engine: the record behind a `Loop`.
 *
 * Futures, tasks and operations hold this; users hold the `Loop`, its face.
 */
import { checkedFunction, hasMethods } from "../../base/functions.ts";
import { isObject } from "../../base/options.ts";
import { wrongType } from "../../base/text.ts";
import { platform } from "#platform";
import { copyContents, currentContents } from "../../contextvars/contents.ts";
import { RuntimeError } from "../../errors.ts";
import type {
  CallExecutor,
  Handle,
  LoopClock,
  LoopFace,
  Runnable,
  TaskFace,
  TimerHandle,
} from "../events.ts";
import { countDebugLoop, madeAt, noteCreation, warn } from "./debug.ts";
import { type Callback, callOfUser, TimedCall } from "./handle.ts";
import { Iterations } from "./iterations.ts";
import { isExit } from "./step.ts";

/** Ends something that was begun in a run: an executor, a generator. */
export type Closer = () => PromiseLike<unknown> | void;

/**
 * The unfinished tasks of one `run()`, which cancels and awaits them when it ends, and what its code
 * has set of the loop: in Python, each run has a loop of its own.
 *
 * Several runs may share a loop, and so whatever belongs to a loop: a task counts
 * among those of the run that the task that made it belongs to.
 *
 * Tasks are held here until they are done. Python holds them weakly, and so loses
 * some that nothing else refers to.
 */
export class Session {
  readonly loop: LoopCore;
  readonly tasks: Set<TaskFace> = new Set();
  /** Called, in this order, when the run ends and its tasks are done. */
  readonly closers: Set<Closer> = new Set();
  /** Called with an error that is to end the run at once: KeyboardInterrupt or SystemExit. */
  onExit: ((error: unknown) => void) | undefined;
  /** Whether its tasks are done, and what is left are the closers. */
  isClosing = false;
  /** Called when the runner is closed; there if Ctrl-C has ended a run. */
  onClosed: (() => void) | undefined;
  /** What gets errors; see `Loop.setExceptionHandler`. */
  handler: unknown;
  /** What makes tasks; see `Loop.setTaskFactory`. */
  taskFactory: unknown;
  /** Whether debug mode is on. */
  isDebug = false;

  constructor(loop: LoopCore) {
    this.loop = loop;
  }
}

/** By what other threads reach a loop. */
export interface Exposure {
  /** The address of the loop's handle in the memory that all threads share. */
  readonly address: number;
  /** The loop is closed: refuses what other threads have asked for and will. */
  close(): void;
}

/** The signals that a loop handles. */
export interface SignalHandlers {
  /** Returns whether it was handled. */
  remove(signal: string): boolean;
  /** @param session Those that were added in this run only. */
  removeAll(session?: Session): void;
}

/** The loop whose callback or step is being called. */
let calling: LoopCore | undefined;

/** From how many milliseconds on steps are reported in debug mode, by default. */
export const SLOW_MS = 100;

const STOPPED = "stopped";
const RUNNING = "running";
/** A thread's own loop. */
const ALWAYS_RUNNING = "always running";
const CLOSED = "closed";

type State = typeof STOPPED | typeof RUNNING | typeof ALWAYS_RUNNING | typeof CLOSED;

export class LoopCore {
  declare readonly face: LoopFace;
  declare readonly clock: LoopClock;
  declare readonly iterations: Iterations;
  /** The runs that have not ended, the latest last; the first holds tasks of no run. */
  declare readonly sessions: Session[];
  /** Whether debug mode is on in one of the runs. */
  isDebug = false;
  /** What runs calls where no executor is given, once one was needed or chosen. */
  executor: Promise<CallExecutor> | undefined;
  /** The same, once it is there. */
  readyExecutor: CallExecutor | undefined;
  /** There once the loop has been sent to another thread. */
  exposure: Exposure | undefined;
  #state: State = STOPPED;
  /** Whether `stop` was called, and the loop has not stopped since. */
  #isToStop = false;
  /** Ends `runForever`. */
  #onStopped: (() => void) | undefined;
  /** There once it handles a signal. */
  signals: SignalHandlers | undefined;

  constructor(face: LoopFace, clock: LoopClock) {
    this.face = face;
    this.clock = checkedClock(clock);
    this.iterations = new Iterations(clock, (runs) => callAs(this, runs));
    this.sessions = [new Session(this)];
    this.iterations.onExit = (error) => this.#exit(error);
    note(this);
  }

  /** A loop that runs for as long as its agent lives. */
  static always(face: LoopFace): LoopCore {
    const loop = coreOfLoop(face) as LoopCore;
    loop.#state = ALWAYS_RUNNING;
    loop.iterations.begin();
    return loop;
  }

  /** Ends the latest run. Outside of runs, the error is reported. */
  #exit(error: unknown): boolean {
    if (!isExit(error)) return false;
    const session = this.sessions.filter(({ onExit }) => onExit !== undefined).at(-1);
    const message = "Exception in callback, outside of any run";
    if (session !== undefined) session.onExit?.(error);
    else this.face.callExceptionHandler({ message, exception: error });
    return true;
  }

  get isRunning(): boolean {
    return this.#state === RUNNING || this.#state === ALWAYS_RUNNING;
  }

  get isClosed(): boolean {
    return this.#state === CLOSED;
  }

  get inWords(): string {
    return `<Loop running=${this.isRunning} closed=${this.isClosed} debug=${this.isDebug}>`;
  }

  /** @param session The run that the calling code belongs to. */
  callSoon(callback: Callback, args: readonly unknown[], session: Session): Handle {
    this.checkCall(callback, "callSoon");
    const call = callOfUser(this.face, callback, args, session);
    if (this.isDebug) noteCreation(call);
    this.iterations.push(call);
    return call;
  }

  callAt(
    whenMs: number,
    callback: Callback,
    args: readonly unknown[],
    session: Session,
  ): TimerHandle {
    this.checkCall(callback, "callAt");
    const timer = new TimedCall(
      this.face,
      callback,
      args,
      whenMs,
      copyContents(currentContents()),
      platform.asyncScope(),
      session,
    );
    if (this.isDebug) noteCreation(timer);
    this.iterations.addTimer(timer);
    return timer;
  }

  /** Does the same as `callLater` for a callback of heddle's own. */
  after(delayMs: number, callback: Callback, ...args: readonly unknown[]): TimerHandle {
    this.checkCall(callback, "callLater");
    const timer = new TimedCall(this.face, callback, args, this.clock.time() + delayMs);
    this.iterations.addTimer(timer);
    return timer;
  }

  /** The runs in debug mode may have changed. */
  noteDebug(): void {
    const isDebug = this.sessions.some((session) => session.isDebug);
    if (isDebug !== this.isDebug) countDebugLoop(isDebug ? 1 : -1);
    this.isDebug = isDebug;
    this.iterations.onStep = isDebug
      ? (step, tookMs) => reportSlowStep(this.face, step, tookMs)
      : undefined;
  }

  /** Whether the thread's runs share it: then each has settings of its own. */
  get isShared(): boolean {
    return this.#state === ALWAYS_RUNNING;
  }

  /** Holds tasks of no run, and the settings of a loop that is not shared. */
  get ownSession(): Session {
    return this.sessions[0] as Session;
  }

  /** A run has ended, with all that its code has set. */
  endSession(session: Session): void {
    this.sessions.splice(this.sessions.indexOf(session), 1);
    this.noteDebug();
    if (this.isShared && this.sessions.length === 1) this.face.slowCallbackDuration = SLOW_MS;
    this.signals?.removeAll(session);
  }

  /** @param other The loop that the calling code runs in. */
  async runForever(other: LoopCore | undefined): Promise<void> {
    this.checkRunnable(other);
    this.#state = RUNNING;
    const { iterations } = this;
    const session = this.sessions.at(-1) as Session;
    await new Promise<void>((resolve, reject) => {
      const ended = (): void => {
        this.#state = STOPPED;
        this.#isToStop = false;
        this.#onStopped = session.onExit = undefined;
      };
      this.#onStopped = () => {
        ended();
        resolve();
      };
      session.onExit = (error) => {
        iterations.endAfterIteration(() => {
          ended();
          reject(error);
        });
      };
      if (this.#isToStop) iterations.endAfterIteration(this.#onStopped);
      iterations.begin();
    });
  }

  stop(): void {
    if (this.#state === ALWAYS_RUNNING)
      throw new RuntimeError("Cannot stop the event loop: a thread's own loop always runs");
    this.#isToStop = true;
    if (this.#onStopped !== undefined) this.iterations.endAfterIteration(this.#onStopped);
  }

  close(): void {
    if (this.isRunning) throw new RuntimeError("Cannot close the event loop: it is running");
    this.#state = CLOSED;
    this.exposure?.close();
    for (const session of this.sessions) session.isDebug = false;
    this.noteDebug();
    this.signals?.removeAll();
    this.iterations.clear();
  }

  /** @param other The loop that the calling code runs in. */
  checkRunnable(other: LoopCore | undefined): void {
    if (this.isClosed) throw closedError("runForever");
    if (!this.isRunning && other === undefined) return;
    const why = this.isRunning
      ? "it is already running"
      : "the calling code runs in another event loop";
    throw new RuntimeError(`Cannot run the event loop: ${why}`);
  }

  /** @throws {TypeError} It is not a function. @throws {RuntimeError} The loop is closed. */
  checkCall(callback: Callback, method: string): void {
    checkedFunction(callback, `Loop.${method}: callback`);
    if (this.isClosed) throw closedError(method);
  }
}

/** The loop that calls the calling code as a callback or step, if one does. */
export function callingLoop(): LoopCore | undefined {
  return calling;
}

function callAs(loop: LoopCore, runs: () => boolean): boolean {
  const outer = calling;
  calling = loop;
  try {
    return runs();
  } finally {
    calling = outer;
  }
}

/** All loops of this thread that are in use. */
let loops: readonly WeakRef<LoopCore>[] = [];
const cores = /* @__PURE__ */ new WeakMap<object, LoopCore>();

function note(loop: LoopCore): void {
  loops = [...loops.filter((known) => known.deref()), new WeakRef(loop)];
  cores.set(loop.face, loop);
}

export function allLoops(): LoopCore[] {
  return loops.flatMap((reference) => reference.deref() ?? []);
}

/** What a loop consists of; undefined for what is not a loop of this copy of heddle. */
export function coreOfLoop(loop: unknown): LoopCore | undefined {
  return isObject(loop) ? cores.get(loop) : undefined;
}

export function closedError(method: string): RuntimeError {
  return new RuntimeError(`Cannot call Loop.${method}: the event loop is closed`);
}

/** @throws {TypeError} It is not a clock. */
function checkedClock(clock: LoopClock): LoopClock {
  if (hasMethods(clock, ["time", "wakeAt"])) return clock;
  throw wrongType('Loop: "clock"', "a clock", clock);
}

/** @throws {TypeError} Not a number. @throws {RangeError} NaN. */
export function checkTime(timeMs: unknown, what: string): void {
  const number = "a number of milliseconds";
  if (typeof timeMs !== "number") throw wrongType(what, number, timeMs);
  if (Number.isNaN(timeMs)) throw new RangeError(`${what} must be ${number}, got NaN`);
}

function reportSlowStep(face: LoopFace, step: Runnable, tookMs: number): void {
  // It is a property, to which anything can be assigned.
  if (typeof face.slowCallbackDuration !== "number" || tookMs < face.slowCallbackDuration) return;
  warn(
    `Executing ${String(step)} took ${Math.round(tookMs)} ms`,
    ["until it waits at", step.getStack?.()],
    madeAt(step.task ?? step),
  );
}
