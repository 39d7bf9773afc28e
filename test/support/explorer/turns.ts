/**
 * An agent's side of an exploration: waits for its turn, takes a step, passes the
 * turn on.
 *
 * Exactly one agent has the turn, and with it the state. It makes the scheduler's
 * decisions itself, so a step that is followed by another step of the same agent
 * costs no switch between threads, and a run costs only as many as its schedule
 * has. Whoever finds that nobody can go on ends the run and begins the next one.
 *
 * An agent that is to leave its body for good (it died, its run is over while it
 * sleeps, the exploration is over) is unwound by an exception; operations in its
 * `finally` blocks throw the same one again, and have no effect.
 */
import { atomics } from "./real-atomics.ts";
import { PAUSE } from "./operations.ts";
import type { Scenario } from "./scenario.ts";
import { agentOf, decision, DIE, NOBODY, STEP, type Scheduler } from "./scheduler.ts";
import {
  DONE,
  type ExplorerState,
  IDLING,
  IS_OVER,
  NOTES,
  NOTIFIED,
  NOWHERE,
  PARKED,
  READY,
  RUN,
  STEPS,
  TIMED,
  TURN_STRIDE,
  WAITS_BEGUN,
} from "./state.ts";

/** Looks for the turn so many times before sleeping. */
const SPINS = 50;

class Unwinding extends Error {}
/** Why an agent leaves its body. Made once: an exploration throws them by the thousand. */
const DIED = new Unwinding("The agent died");
const RUN_OVER = new Unwinding("The run is over");
const STOPPED = new Unwinding("The exploration is over");

export type FailureKind = "assertion" | "check" | "deadlock" | "too many steps" | "not explorable";

/** What an agent needs to know of the exploration. */
export interface TurnsOptions {
  readonly agent: number;
  readonly state: ExplorerState;
  readonly scheduler: Scheduler;
  readonly shared: Readonly<Record<string, Int32Array>>;
  /** What every run starts from, by name. */
  readonly initial: Readonly<Record<string, Int32Array>>;
  readonly maxSteps: number;
  /** Ends the exploration; `failure` says why, unless all was explored. */
  readonly end: (failure?: { kind: FailureKind; agent: number; error: unknown }) => void;
  /** Whether another run may follow. */
  readonly mayGoOn: () => boolean;
}

export class Turns {
  readonly #me: number;
  readonly #state: ExplorerState;
  readonly #options: TurnsOptions;
  readonly #scheduler: Scheduler;
  #scenario!: Scenario;
  /** Whether operations take turns: not while a check runs. */
  isActive = false;
  #run = 0;
  /** Whether the choice of this agent was already for its next operation. */
  #isChosen = false;
  #unwinding: Unwinding | undefined;

  constructor(options: TurnsOptions) {
    this.#options = options;
    this.#me = options.agent;
    this.#state = options.state;
    this.#scheduler = options.scheduler;
  }

  /** Takes part in run after run until the exploration is over. */
  live(scenario: Scenario): void {
    this.#scenario = scenario;
    try {
      this.#awaitTurn();
      while (this.#state.get(IS_OVER) === 0) this.#takePartInRun();
    } catch (error) {
      if (!(error instanceof Unwinding)) this.#end("not explorable", error);
    }
  }

  #takePartInRun(): void {
    this.#run = this.#state.get(RUN);
    this.#unwinding = undefined;
    this.#isChosen = true;
    this.#takePart();
    if (this.#isRunOver()) return;
    this.#state.status[this.#me] = DONE;
    this.#passOn(this.#scheduler.atRest());
  }

  #takePart(): void {
    const scenario = this.#scenario;
    const { shared } = this.#options;
    const me = this.#me;
    const agents = scenario.agents.length;
    this.#perform(me, (context) => scenario.agents[me]?.(shared, context));
    const { afterDeath } = scenario;
    if (this.#unwinding !== DIED || afterDeath === undefined) return;
    this.#unwinding = undefined;
    this.#state.status[me] = READY;
    this.#passOn(this.#scheduler.atRest());
    if (this.#isRunOver()) return;
    this.#isChosen = true;
    this.#perform(agents + me, (context) => afterDeath(shared, me, context));
  }

  #perform(
    agent: number,
    body: (context: { agent: number; note(value: number): void; idle(): void }) => void,
  ): void {
    this.isActive = true;
    try {
      body({ agent, note: (value) => this.#note(agent, value), idle: () => this.#idle() });
    } catch (error) {
      if (!(error instanceof Unwinding)) this.#fail("assertion", error);
    } finally {
      this.isActive = false;
    }
  }

  // What the body of an agent calls.

  #note(agent: number, value: number): void {
    if (this.#unwinding === undefined) this.#state.note(agent, value);
  }

  /** Takes a step; returns where to record its result. */
  step(operation: number, memory: number, index: number, a: number, b: number): number {
    this.#enter();
    if (this.#isChosen) {
      this.#isChosen = false;
      this.#follow(this.#scheduler.atFirstOperation(this.#me));
    } else {
      this.#follow(this.#scheduler.atOperation(this.#me));
    }
    return this.#record(operation, memory, index, a, b);
  }

  /** The agent spins: lets others go first. */
  pause(): void {
    this.#enter();
    this.#isChosen = false;
    this.#record(PAUSE, 0, 0, 0, 0);
    this.#follow(this.#scheduler.atPause(this.#me));
    this.#isChosen = true;
  }

  /** A wait on a word that holds what was expected. */
  sleep(word: number, hasTimeout: boolean): "ok" | "timed-out" {
    const state = this.#state;
    const me = this.#me;
    this.#follow(this.#scheduler.atSleep(me));
    state.waits[me] = word;
    state.waitOrder[me] = state.next(WAITS_BEGUN);
    state.expired[me] = 0;
    state.status[me] = hasTimeout ? TIMED : PARKED;
    this.#rest();
    return state.expired[me] === 1 ? "timed-out" : "ok";
  }

  /** A `waitAsync` on a word that holds what was expected. */
  listen(word: number): void {
    const state = this.#state;
    if (state.asyncWaits[this.#me] !== NOWHERE) {
      throw new Error("Cannot explore the scenario: an agent may have one waitAsync at a time");
    }
    state.asyncWaits[this.#me] = word;
    state.asyncOrder[this.#me] = state.next(WAITS_BEGUN);
  }

  #idle(): void {
    this.#enter();
    const state = this.#state;
    const me = this.#me;
    if (state.asyncWaits[me] === NOWHERE)
      throw new Error("Cannot idle: the agent has called no waitAsync");
    if (state.asyncWaits[me] !== NOTIFIED) {
      this.#follow(this.#scheduler.atSleep(me));
      state.status[me] = IDLING;
      this.#rest();
    }
    state.asyncWaits[me] = NOWHERE;
  }

  /** Wakes those that sleep on a word, the longest asleep first; returns how many. */
  notify(word: number, count: number): number {
    const { waits, waitOrder, asyncWaits, asyncOrder, status } = this.#state;
    let woken = 0;
    for (; woken < count; woken++) {
      let first = NOBODY;
      let firstOrder = Infinity;
      let isAsync = false;
      for (let agent = 0; agent < this.#scenario.agents.length; agent++) {
        if (waits[agent] === word && (waitOrder[agent] as number) < firstOrder) {
          first = agent;
          firstOrder = waitOrder[agent] as number;
          isAsync = false;
        }
        if (asyncWaits[agent] === word && (asyncOrder[agent] as number) < firstOrder) {
          first = agent;
          firstOrder = asyncOrder[agent] as number;
          isAsync = true;
        }
      }
      if (first === NOBODY) break;
      if (isAsync) {
        asyncWaits[first] = NOTIFIED;
        if (status[first] === IDLING) status[first] = READY;
      } else {
        waits[first] = NOWHERE;
        status[first] = READY;
      }
    }
    return woken;
  }

  setResult(at: number, result: number): void {
    this.#state.events[at] = result;
  }

  #enter(): void {
    if (this.#unwinding !== undefined) throw this.#unwinding;
  }

  #record(operation: number, memory: number, index: number, a: number, b: number): number {
    if (this.#state.next(STEPS) >= this.#options.maxSteps) {
      this.#fail(
        "too many steps",
        new Error(`The run is not over after ${this.#options.maxSteps} steps`),
      );
    }
    return this.#state.record(decision(STEP, this.#me), operation, memory, index, a, b);
  }

  // Passing the turn.

  #isRunOver(): boolean {
    return this.#state.get(RUN) !== this.#run || this.#state.get(IS_OVER) === 1;
  }

  /** Does what was decided, as far as this agent is concerned. */
  #follow(made: number): void {
    if (made === decision(STEP, this.#me)) return;
    if (made === decision(DIE, this.#me)) {
      this.#state.status[this.#me] = DONE;
      this.#state.waits[this.#me] = NOWHERE;
      this.#unwind(DIED);
    }
    this.#passOn(made);
    this.#enterRun();
  }

  /** Lets others go on until this agent can. */
  #rest(): void {
    this.#passOn(this.#scheduler.atRest());
    this.#enterRun();
    this.#isChosen = true;
  }

  #enterRun(): void {
    if (this.#state.get(IS_OVER) === 1) this.#unwind(STOPPED);
    if (this.#state.get(RUN) !== this.#run) this.#unwind(RUN_OVER);
  }

  #unwind(reason: Unwinding): never {
    this.#unwinding = reason;
    throw reason;
  }

  /** Gives the turn to whom it was given, and waits for it. */
  #passOn(made: number): void {
    const chosen = made === NOBODY ? this.#endRun() : made;
    const next = agentOf(chosen);
    if (chosen === NOBODY || next === this.#me) return;
    const { turns } = this.#state;
    atomics.store(turns, next * TURN_STRIDE, 1);
    atomics.notify(turns, next * TURN_STRIDE);
    this.#awaitTurn();
  }

  #awaitTurn(): void {
    const { turns } = this.#state;
    const at = this.#me * TURN_STRIDE;
    for (let spins = 0; atomics.load(turns, at) === 0;) {
      if (++spins > SPINS) atomics.wait(turns, at, 0);
    }
    atomics.store(turns, at, 0);
  }

  /** Judges the run, and begins the next one; returns its first decision, or NOBODY at the end. */
  #endRun(): number {
    const wasActive = this.isActive;
    this.isActive = false;
    this.#judge();
    const state = this.#state;
    state.totalSteps[0] = (state.totalSteps[0] as number) + state.get(STEPS);
    if (!this.#scheduler.backtrack() || !this.#options.mayGoOn()) {
      this.#stop();
      return NOBODY;
    }
    this.startRun();
    this.isActive = wasActive;
    return this.#scheduler.atRest();
  }

  /** Puts the memories and the scheduler back to the start. */
  startRun(): void {
    for (const [name, words] of Object.entries(this.#options.initial))
      this.#options.shared[name]?.set(words);
    this.#scheduler.reset();
  }

  #judge(): void {
    const scenario = this.#scenario;
    const { shared } = this.#options;
    const { status, dead, notes } = this.#state;
    const agents = scenario.agents.map((_, agent) => agent);
    const parked = agents.filter((agent) => status[agent] !== DONE);
    if (parked.length > 0 && !scenario.mayEndParked) {
      this.#fail("deadlock", new Error(`Asleep for good: agent ${parked.join(", agent ")}`));
    }
    try {
      scenario.check(shared, {
        notes: Array.from({ length: this.#state.get(NOTES) }, (_, index) => ({
          agent: notes[index * 2] as number,
          value: notes[index * 2 + 1] as number,
        })),
        dead: agents.filter((agent) => dead[agent] === 1),
        parked,
      });
    } catch (error) {
      this.#fail("check", error);
    }
  }

  #fail(kind: FailureKind, error: unknown): never {
    this.#end(kind, error);
    return this.#unwind(STOPPED);
  }

  #end(kind: FailureKind, error: unknown): void {
    this.#options.end({ kind, agent: this.#me, error });
    this.#stop(false);
  }

  #stop(report = true): void {
    this.#state.set(IS_OVER, 1);
    if (report) this.#options.end();
    const { turns } = this.#state;
    for (let agent = 0; agent < this.#scenario.agents.length; agent++) {
      atomics.store(turns, agent * TURN_STRIDE, 1);
      atomics.notify(turns, agent * TURN_STRIDE);
    }
  }
}
