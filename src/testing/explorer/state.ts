/**
 * The state of an exploration, in memory that all agents share.
 *
 * Whoever has the turn owns all of it, and passes it on with the turn: plain
 * reads and writes will do, since passing the turn is a release and an acquire.
 */
import { Baton } from "./baton.ts";

/** Agent: can take a step. */
export const READY = 0;
/** Agent: asleep in `wait`. */
export const PARKED = 1;
/** Agent: asleep in `wait` with a timeout. */
export const TIMED = 2;
/** Agent: asleep until its `waitAsync` is notified. */
export const IDLING = 3;
/** Agent: has nothing left to do, or is dead and has no reaper. */
export const DONE = 4;

/** `waits` and `asyncWaits` of an agent that has no such wait. */
export const NOWHERE = -1;
/** `asyncWaits` of an agent whose wait was notified. */
export const NOTIFIED = -2;

export const MOST_AGENTS = 8;
/** Longest run, in steps. */
export const MOST_STEPS = 4096;
const MOST_NOTES = 1024;

/** Words of a recorded step: decision, operation, memory, index, two arguments, result. */
export const STEP_WORDS = 7;

/** Counters of the run under way, and of the exploration. */
export const RUN = 0;
export const STEPS = 1;
export const EVENTS = 2;
export const PREEMPTIONS = 3;
export const DEATHS = 4;
export const EXPIRIES = 5;
export const DEPTH = 6;
export const PATH_LENGTH = 7;
export const NOTES = 8;
export const WAITS_BEGUN = 9;
export const IS_OVER = 10;
const COUNTERS = 16;

export class ExplorerState {
  readonly buffer: SharedArrayBuffer;
  readonly counters: Int32Array;
  /** By agent: READY … DONE. */
  readonly status: Int32Array;
  /** By agent: the word it is parked on, and its place in the queue there. */
  readonly waits: Int32Array;
  readonly waitOrder: Int32Array;
  /** By agent: the same for `waitAsync`. */
  readonly asyncWaits: Int32Array;
  readonly asyncOrder: Int32Array;
  /** By agent: whether its timed wait has expired. */
  readonly expired: Int32Array;
  /** By agent: whether it has died in this run. */
  readonly dead: Int32Array;
  /** By depth: which option was chosen, and out of how many. */
  readonly path: Int32Array;
  readonly widths: Int32Array;
  /** What happened in this run, STEP_WORDS for each event. */
  readonly events: Int32Array;
  /** Agent and value of each note. */
  readonly notes: Int32Array;
  /** The words of the {@link Baton}. */
  readonly turns: Int32Array;
  /** Steps of all runs: may exceed 32 bits. */
  readonly totalSteps: Float64Array;

  constructor(buffer?: SharedArrayBuffer) {
    const events = (MOST_STEPS + 16) * STEP_WORDS;
    const words =
      4 +
      COUNTERS +
      7 * MOST_AGENTS +
      2 * MOST_STEPS +
      events +
      2 * MOST_NOTES +
      Baton.words(MOST_AGENTS);
    this.buffer = buffer ?? new SharedArrayBuffer((words + 64) * 4);
    let at = 0;
    const next = (length: number): Int32Array => {
      const part = new Int32Array(this.buffer, at, length);
      at += length * 4;
      return part;
    };
    this.totalSteps = new Float64Array(next(4).buffer, 0, 1);
    this.counters = next(COUNTERS);
    this.status = next(MOST_AGENTS);
    this.waits = next(MOST_AGENTS);
    this.waitOrder = next(MOST_AGENTS);
    this.asyncWaits = next(MOST_AGENTS);
    this.asyncOrder = next(MOST_AGENTS);
    this.expired = next(MOST_AGENTS);
    this.dead = next(MOST_AGENTS);
    this.path = next(MOST_STEPS);
    this.widths = next(MOST_STEPS);
    this.events = next(events);
    this.notes = next(2 * MOST_NOTES);
    this.turns = next(Baton.words(MOST_AGENTS));
  }

  get(counter: number): number {
    return this.counters[counter] as number;
  }

  set(counter: number, value: number): void {
    this.counters[counter] = value;
  }

  /** Adds one to a counter; returns what it was. */
  next(counter: number): number {
    return this.counters[counter]!++;
  }

  note(agent: number, value: number): void {
    const at = this.next(NOTES) * 2;
    if (at >= this.notes.length) throw new RangeError("Cannot note: there are too many notes");
    this.notes[at] = agent;
    this.notes[at + 1] = value;
  }

  /** Writes down what has happened; the words after `decision` are for people only. */
  record(
    decision: number,
    operation: number,
    memory: number,
    index: number,
    a: number,
    b: number,
  ): number {
    const at = this.next(EVENTS) * STEP_WORDS;
    const { events } = this;
    events[at] = decision;
    events[at + 1] = operation;
    events[at + 2] = memory;
    events[at + 3] = index;
    events[at + 4] = a;
    events[at + 5] = b;
    return at + 6;
  }
}
