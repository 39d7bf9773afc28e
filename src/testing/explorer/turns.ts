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
import { Baton } from "./baton.ts";
import { agentOf, decision, DIE, NOBODY, STEP } from "./decision.ts";
import { judge, type Verdict } from "./judge.ts";
import { NotExplorable } from "./not-explorable.ts";
import { PAUSE } from "./operations.ts";
import type { FailureKind } from "./report.ts";
import type { AgentContext, ScenarioParts } from "./scenario.ts";
import type { Scheduler } from "./scheduler.ts";
import { DONE, type ExplorerState, IS_OVER, NOWHERE, READY, RUN, STEPS } from "./state.ts";
import { WaitQueues } from "./wait-queues.ts";

class Unwinding extends Error {}
/** Why an agent leaves its body. Made once for an agent: an exploration throws them by the thousand. */
const DIED: Unwinding = /* @__PURE__ */ new Unwinding("The agent died");
const RUN_OVER: Unwinding = /* @__PURE__ */ new Unwinding("The run is over");
const STOPPED: Unwinding = /* @__PURE__ */ new Unwinding("The exploration is over");

/** What an agent needs to know of the exploration. */
export interface TurnsOptions {
  readonly agent: number;
  readonly agents: number;
  readonly state: ExplorerState;
  readonly scheduler: Scheduler;
  readonly shared: Readonly<Record<string, Int32Array>>;
  /** What every run starts from, by name. */
  readonly initial: Readonly<Record<string, Int32Array>>;
  readonly maxSteps: number;
  readonly maxSchedules: number;
  /** Called once, by the agent that sees the exploration end. */
  readonly onEnd: (end: { readonly verdict?: Verdict; readonly isComplete: boolean }) => void;
}

export class Turns {
  readonly #me: number;
  readonly #state: ExplorerState;
  readonly #options: TurnsOptions;
  readonly #scheduler: Scheduler;
  readonly #baton: Baton;
  readonly #queues: WaitQueues;
  #scenario!: ScenarioParts;
  /** Whether operations take turns: not while a check runs. */
  isActive = false;
  #run = 0;
  /** Whether the choice of this agent was already for its next operation. */
  #isChosen = false;
  #unwinding: Unwinding | undefined;
  /** Settles the promise of the agent's `waitAsync`. */
  #settle: ((outcome: "ok") => void) | undefined;

  constructor(options: TurnsOptions) {
    this.#options = options;
    this.#me = options.agent;
    this.#state = options.state;
    this.#scheduler = options.scheduler;
    this.#baton = new Baton(options.state.turns);
    this.#queues = new WaitQueues(options.state, options.agents);
  }

  /** Takes part in run after run until the exploration is over. */
  live(scenario: ScenarioParts): void {
    this.#scenario = scenario;
    try {
      this.#baton.await(this.#me);
      while (this.#state.get(IS_OVER) === 0) this.#takePartInRun();
    } catch (error) {
      if (!(error instanceof Unwinding)) {
        this.#end({ verdict: { kind: "not explorable", error }, isComplete: false });
      }
    }
  }

  #takePartInRun(): void {
    this.#run = this.#state.get(RUN);
    this.#unwinding = undefined;
    this.#settle = undefined;
    this.#isChosen = true;
    this.#takePart();
    if (this.#isRunOver()) return;
    this.#state.status[this.#me] = DONE;
    this.#passOn(this.#scheduler.atRest());
  }

  #takePart(): void {
    const scenario = this.#scenario;
    const { shared, agents } = this.#options;
    const me = this.#me;
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

  #perform(agent: number, body: (context: AgentContext) => unknown): void {
    this.isActive = true;
    try {
      const returned = body({
        agent,
        note: (value) => this.#note(agent, value),
        idle: () => this.#idle(),
      });
      if (returned instanceof Promise) {
        throw new NotExplorable(`agent ${agent} returns a promise, and must be synchronous`);
      }
    } catch (error) {
      if (error instanceof Unwinding) return;
      this.#fail(error instanceof NotExplorable ? "not explorable" : "assertion", error);
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
    this.#follow(this.#scheduler.atSleep(this.#me));
    this.#queues.park(this.#me, word, hasTimeout);
    this.#rest();
    return this.#state.expired[this.#me] === 1 ? "timed-out" : "ok";
  }

  /** A `waitAsync` on a word that holds what was expected; its promise settles as the agent idles. */
  listen(word: number): Promise<"ok"> {
    this.#queues.listen(this.#me, word);
    return new Promise((resolve) => (this.#settle = resolve));
  }

  #idle(): void {
    this.#enter();
    if (!this.#queues.isNotified(this.#me)) {
      this.#follow(this.#scheduler.atSleep(this.#me));
      this.#queues.idle(this.#me);
      this.#rest();
    }
    this.#queues.stopListening(this.#me);
    this.#settle?.("ok");
  }

  notify(word: number, count: number): number {
    return this.#queues.notify(word, count);
  }

  setResult(at: number, result: number): void {
    this.#state.events[at] = result;
  }

  #enter(): void {
    if (this.#unwinding !== undefined) throw this.#unwinding;
  }

  #record(operation: number, memory: number, index: number, a: number, b: number): number {
    if (this.#state.next(STEPS) >= this.#options.maxSteps) {
      const message = `The run is not over after ${this.#options.maxSteps} steps`;
      this.#fail("too many steps", new Error(message));
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
    this.#baton.give(next);
    this.#baton.await(this.#me);
  }

  /** Judges the run, and begins the next one; returns its first decision, or NOBODY at the end. */
  #endRun(): number {
    const { shared, initial, maxSchedules } = this.#options;
    const state = this.#state;
    const wasActive = this.isActive;
    this.isActive = false;
    const verdict = judge(this.#scenario, shared, state);
    if (verdict !== undefined) this.#fail(verdict.kind, verdict.error);
    state.totalSteps[0] = (state.totalSteps[0] as number) + state.get(STEPS);
    const isComplete = !this.#scheduler.backtrack();
    if (isComplete || state.get(RUN) >= maxSchedules) {
      this.#end({ isComplete });
      return NOBODY;
    }
    for (const [name, words] of Object.entries(initial)) shared[name]?.set(words);
    this.#scheduler.reset();
    this.isActive = wasActive;
    return this.#scheduler.atRest();
  }

  #fail(kind: FailureKind, error: unknown): never {
    this.#end({ verdict: { kind, error }, isComplete: false });
    return this.#unwind(STOPPED);
  }

  /** Ends the exploration: tells its creator, and sends all agents home. */
  #end(end: { readonly verdict?: Verdict; readonly isComplete: boolean }): void {
    this.#state.set(IS_OVER, 1);
    this.#options.onEnd(end);
    for (let agent = 0; agent < this.#options.agents; agent++) this.#baton.give(agent);
  }
}
