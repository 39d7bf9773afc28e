/**
 * A pool of workers as its owner sees it: takes calls, starts workers for them,
 * notices when one dies, ends them.
 *
 *   OPEN      takes calls
 *   CLOSING   takes no more; workers end once there is nothing left to do
 *   BROKEN    workers cannot be made ready: every call that was not settled has failed, and
 *             the other workers are ended
 *
 *   OPEN → CLOSING → BROKEN, OPEN → BROKEN
 *
 * A worker that dies costs the calls that it had begun, and another takes its place, unless the
 * pool is to break then, or another worker would die as well.
 *
 * Workers are started when calls find none idle, and never hold the owner's
 * process open: only calls in flight do.
 */
import type { Agent } from "../agents/agent.ts";
import { advised } from "../base/advice.ts";
import { AgentEnds } from "../agents/agent-ends.ts";
import { CancelledError, CannotBlockError, RuntimeError, SendError } from "../errors.ts";
import { inUsersWords } from "./call-codec.ts";
import { CallIntake } from "./call-intake.ts";
import { CallLimits } from "../calls/call-limits.ts";
import { CallStops, stopIn } from "../calls/call-stops.ts";
import { decodeThrown, type ThrownValue } from "../wire/remote-error.ts";
import type { AgentKind, WorkerPoolOptions } from "./agent-kind.ts";
import { FunctionTable, STILL_RESOLVING } from "./function-table.ts";
import { IdleTimer } from "./idle-timer.ts";
import { InitargsOfWorkers } from "./initargs.ts";
import { agentPump, type Pump } from "../waiting/pump.ts";
import type { Flight, Source } from "../waiting/source.ts";
import { Postponed } from "./postponed.ts";
import type { Transport, TransportListener } from "./transport.ts";
import { type Death, fateOf, NOT_STARTED, WorkerDeaths } from "./worker-deaths.ts";
import { OVER, type Call, type PoolState, type Wrapping } from "../calls/call.ts";

/** The end of a pool's workers, while it is awaited. */
const END: Flight = { keepsAlive: true, runsCode: false, mayEnd: false };
const [OPEN, CLOSING, BROKEN] = [0, 1, 2] as const;

export class WorkerPool<A extends Agent = Agent> implements Source, TransportListener {
  readonly isAwaited = false;
  readonly #options: WorkerPoolOptions<A>;
  readonly #kind: AgentKind<A>;
  readonly #pump: Pump = agentPump();
  readonly #transport: Transport<A>;
  readonly #postponed = new Postponed();
  readonly #agents: A[] = [];
  readonly #functions = new FunctionTable((message) => this.#transport.announce(message));
  readonly #intake: CallIntake;
  #state: typeof OPEN | typeof CLOSING | typeof BROKEN = OPEN;
  #unsettled = 0;
  /** Workers that have been started and whose end has not been noticed. */
  readonly #running = new Set<A>();
  readonly #ends = new AgentEnds(this.#agents);
  readonly #stops = new CallStops((call) => this.#transport.end(call));
  readonly #limits = new CallLimits(this);
  readonly #initargs: InitargsOfWorkers<A>;
  /** Whether `whenEnded` is being waited for, and the workers must keep the agent alive. */
  #isAwaited = false;
  readonly #idleTimer: IdleTimer;
  readonly #deaths: WorkerDeaths<A>;
  /** Why the pool is broken. */
  #breakage: Death<A> | undefined;

  constructor(options: WorkerPoolOptions<A>) {
    this.#options = options;
    this.#kind = options.kind;
    this.#deaths = new WorkerDeaths(options.kind);
    this.#idleTimer = new IdleTimer(
      options.idleMs,
      () => this.#unsettled === 0 && this.#state === OPEN,
      () => this.#shrink(),
    );
    this.#initargs = new InitargsOfWorkers(options.initializer, (copied) =>
      this.#kind.codec.packInitargs(copied),
    );
    this.#transport = this.#kind.transport(this, options.maxWorkers);
    this.#intake = new CallIntake(
      {
        maxWorkers: options.maxWorkers,
        unsettled: () => this.#unsettled,
        begin: (call) => this.#begin(call),
        copy: (args) => this.#kind.codec.copyArguments(args),
        hand: (call, functionId, args) => this.#transport.submit(call, functionId, args),
        handed: () => this.#noteHanded(),
        fail: (call, error) => this.#fail(call, error),
      },
      this.#functions,
    );
    this.#pump.add(this);
  }

  /**
   * Runs `fn(...args)` in a worker and settles the call with what comes of it.
   *
   * @param wrapping How the worker wraps `fn` before calling it.
   * @throws {RuntimeError} The pool takes no more calls.
   * @throws {BrokenExecutor} The pool is broken.
   * @throws {NotShippableError} A worker could not run the function.
   * @throws {SendError} An argument cannot be sent.
   */
  submit(call: Call, fn: Function, args: readonly unknown[], wrapping: Wrapping = "none"): void {
    if (this.#state !== OPEN) throw this.#refusal();
    const isFirst = this.#startFirstWorker();
    try {
      this.#intake.take(call, fn, args, wrapping);
    } catch (error) {
      if (isFirst) this.#transport.retire(0);
      if (error instanceof SendError) throw inUsersWords(error, wrapping);
      throw call.giving === undefined ? error : advised(error, call.giving);
    }
  }

  /** Takes a call back that no worker has started; says whether it was in time. */
  cancel(call: Call): boolean {
    if (this.#intake.remove(call)) call.id = OVER;
    else if (!this.#transport.cancel(call)) return false;
    this.#end(call);
    this.#closeIfEmpty();
    return true;
  }

  /**
   * Asks a call that has started to stop. If it has not within its grace, its worker is ended.
   *
   * @param graceMs Infinity never ends the worker.
   * @returns False if the call is over.
   */
  stop(call: Call, graceMs: number): boolean {
    if (!this.#transport.ask(call)) return false;
    if (call.id !== OVER) this.#stops.ask(call, graceMs);
    return true;
  }

  /** Cancels every call that no worker has started. */
  cancelQueued(): void {
    for (const call of [...this.#intake.all(), ...this.#transport.queued()]) call.abort();
  }

  isRunning(call: Call): boolean {
    return this.#transport.isRunning(call);
  }

  hasBegun(call: Call): boolean {
    return this.#transport.hasBegun(call);
  }

  /** From now on, calls are begun in the order of their priorities. */
  order(): void {
    this.#intake.order();
  }

  /** @throws {Error} The calling agent must not block for the pool's calls, or for this one, and why. */
  checkBlocking(call?: Call): void {
    this.#kind.checkBlocking(this.#agents);
    if (call !== undefined && this.#intake.isResolving(call)) {
      throw new CannotBlockError(STILL_RESOLVING);
    }
  }

  /** Takes no more calls; those submitted will still be run. */
  close(): void {
    if (this.#state !== OPEN) return;
    this.#state = CLOSING;
    this.#closeIfEmpty();
    void this.#whenEnded();
  }

  /**
   * Ends the workers by force, at once: every call that is not over fails.
   *
   * @param by What has done so: `Pool.terminate`.
   */
  terminate(by: string): void {
    // Calls whose function is still being looked for have no worker yet.
    const worker = this.#unsettled > 0 ? this.onlyWorker() : this.#agents[0];
    this.close();
    if (this.#breakage !== undefined || worker === undefined) return;
    const reason = `${by} has ended the workers`;
    this.#break({ worker, reason, cause: undefined, isHopeless: true, wasStopped: false });
  }

  /** What the pool is doing. */
  get state(): PoolState {
    return {
      refusal: this.#state === OPEN ? "" : this.#state === BROKEN ? "broken" : "shut down",
      workers: this.#agents.filter((agent) => !agent.isDead).length,
      unsettled: this.#unsettled,
      queued: this.#intake.size + this.#transport.queued().length,
    };
  }

  /** Whether every worker has ended and every call is settled. */
  get isEnded(): boolean {
    return this.#unsettled === 0 && this.#agents.every((agent) => agent.isDead);
  }

  /** Resolves once every worker has ended, after {@link close}; keeps the agent alive until then. */
  async whenEnded(): Promise<void> {
    this.#pump.begin(END);
    try {
      // The pump keeps the agent alive, except where it cannot tell that a worker sleeps for ever.
      this.#isAwaited = !this.#kind.seesSleep;
      if (this.#isAwaited) for (const agent of this.#agents) agent.ref();
      await this.#whenEnded();
    } finally {
      this.#pump.end(END);
    }
  }

  async #whenEnded(): Promise<void> {
    await this.#ends.all();
    // What the workers finished last may not have been looked at.
    this.#drainAll();
    this.#letGo();
  }

  #letGo(): void {
    this.#idleTimer.cancel();
    this.#pump.remove(this);
  }

  // What the transport tells the pool.

  succeeded(call: Call, value: unknown, worker: number): void {
    this.#deaths.noteProgress();
    this.#end(call);
    if (call.hasFailed) return;
    call.ranOn = this.#titleOf(worker);
    call.succeed(value);
  }

  threw(call: Call, thrown: ThrownValue, worker: number): void {
    const { receiver } = this.#kind.codec;
    this.#postponed.whenLoaded(thrown, receiver, () => {
      const origin = { agent: this.#titleOf(worker), submitFrames: call.site?.frames() ?? "" };
      const error = decodeThrown(thrown, receiver, origin);
      const stop = this.#stops.isAsked(call) ? stopIn(error) : undefined;
      if (stop === undefined) this.#fail(call, error);
      else this.#cancel(call, stop);
    });
  }

  skipped(call: Call): void {
    this.#cancel(call, new CancelledError("The call was cancelled"));
  }

  ended(call: Call, worker: number, id: number): void {
    const error = this.#deaths.stop(this.#agents[worker] as A, id, this.#stops.graceOf(call));
    this.#end(call); // before another worker is started, which it does not need
    this.#noticeDeaths();
    if (!call.hasFailed) call.stopped(error);
  }

  unreadable(call: Call, error: unknown): void {
    this.#fail(call, error);
  }

  #titleOf(worker: number): string {
    return this.#options.title?.() ?? this.#agents[worker]?.title ?? "";
  }

  // What the pump asks of the pool.

  drain(limit: number): number {
    const drained = this.#transport.drain(limit) + this.#postponed.drain();
    const handled = drained + this.#stops.run() + this.#limits.run();
    if (handled === 0) this.#noticeDeaths();
    return handled;
  }

  #drainAll(): void {
    while (this.#transport.drain(Infinity) > 0);
  }

  hasNews(): boolean {
    return this.#transport.hasNews() || this.#hasUnnoticedDeath();
  }

  get wakeAtMs(): number {
    return Math.min(this.#stops.nextMs, this.#limits.nextMs);
  }

  mayGoOn(): boolean {
    const isClosing = this.#state === CLOSING;
    if (this.#unsettled === 0 && !isClosing) return false;
    if (this.#intake.size > this.#intake.waiting || !this.#kind.seesSleep) return true;
    if (this.#transport.expectsMessages() || this.wakeAtMs !== Infinity) return true;
    const hasIdle = this.#agents.some((agent) => !agent.isDead && this.#kind.isAsleep(agent));
    // One that is closed is about to end, although it still says that it has nothing to do.
    const isQueued = this.#intake.size + this.#transport.queued().length > 0;
    return hasIdle && (isClosing || isQueued);
  }

  watchWhileBlocked(): void {
    for (const agent of this.#agents) {
      if (!agent.isDead) this.#kind.watchWhileBlocked(agent);
    }
  }

  // Workers.

  /**
   * Starts the first worker before its first call is looked at: a start takes 40 ms, and to find
   * a function may take 10, in which the worker gets on. Not where a worker begins with the
   * user's initializer, which does not run for a call that is refused.
   *
   * @returns Whether it did.
   */
  #startFirstWorker(): boolean {
    if (this.#agents.length > 0 || this.#options.initializer !== undefined) return false;
    this.#startWorker(0);
    return true;
  }

  #noteHanded(): void {
    this.#startWorkerIfNeeded();
    this.#closeIfEmpty();
  }

  /** Whatever is still to be run has been handed over. */
  #closeIfEmpty(): void {
    if (this.#state === CLOSING && this.#intake.size === 0) this.#transport.close();
  }

  #startWorkerIfNeeded(): void {
    for (const agent of this.#running) {
      if (!agent.isRetired) continue;
      this.#drainAll(); // what it finished, before another has its number
      this.#forget(agent);
    }
    if (this.#running.size >= Math.min(this.#options.maxWorkers, this.#unsettled)) return;
    // One free worker is not enough for two calls: they may wait for each other.
    if (this.#transport.hasIdleWorkers()) return;
    if (this.#state === BROKEN) return;
    const retired = this.#agents.findIndex((agent) => !this.#running.has(agent));
    this.#startWorker(retired === -1 ? this.#agents.length : retired);
  }

  /** Starts the first worker, unless it is there; returns it. For pools of one worker that never retires. */
  onlyWorker(): A {
    return this.#agents[0] ?? this.#startWorker(0);
  }

  /** Whether the pool takes calls. */
  get isOpen(): boolean {
    this.#noticeDeaths();
    return this.#state === OPEN;
  }

  #startWorker(index: number): A {
    const { messages: functions } = this.#functions;
    const transport = this.#transport.initFor(index);
    const agent: A = this.#initargs.start((initializer) =>
      this.#kind.start({
        name: `${this.#options.namePrefix}_${index}`,
        init: { index, functions, initializer, transport },
        expectsMessages: () => this.#expectsMessagesOf(agent),
        onDeath: () => this.#noticeDeaths(),
      }),
    );
    this.#running.add(agent);
    if (this.#isAwaited) agent.ref();
    this.#agents[index] = agent;
    this.#transport.attach(index, agent);
    if (this.#pump.isBlocked) this.#kind.watchWhileBlocked(agent);
    return agent;
  }

  /** Asked when the worker's thread has ended: what it finished last may not have been looked at. */
  #expectsMessagesOf(agent: A): boolean {
    this.#drainAll();
    return this.#transport.expectsMessages(agent);
  }

  /** Ends the workers of a pool that has had nothing to do for long; they start again when needed. */
  #shrink(): void {
    for (const [index, agent] of this.#agents.entries())
      if (!agent.isDead) this.#transport.retire(index);
  }

  #hasUnnoticedDeath(): boolean {
    for (const agent of this.#running)
      if (agent.isDead && !this.#transport.expectsMessages(agent)) return true;
    return false;
  }

  #noticeDeaths(): void {
    for (const agent of this.#running) {
      if (!agent.isDead) continue;
      // What it finished before it ended counts, also if it is still on its way.
      this.#drainAll();
      if (!agent.isAbandoned && this.#transport.expectsMessages(agent)) continue;
      this.#forget(agent);
      if (!agent.isRetired) this.#noticeDeath(agent);
      // It may have ended just as a call came that would have kept it.
      else this.#startWorkerIfNeeded();
    }
  }

  /** A worker has ended, or is going to. */
  #forget(agent: A): void {
    this.#running.delete(agent);
    this.#initargs.takeBack(agent);
  }

  #noticeDeath(worker: A): void {
    if (this.#state === BROKEN) return;
    const death = this.#deaths.describe(worker, this.#transport.initializerFailure(worker));
    if (death.isHopeless || (this.#options.onDeath === "break" && !death.wasStopped))
      return this.#break(death);
    const lost = this.#transport.bury(this.#agents.indexOf(worker));
    if (this.#unsettled > 0 && this.#deaths.isInVain(death, lost.length)) return this.#break(death);
    for (const call of lost) {
      this.#fail(call, this.#deaths.error("Cannot finish the call", death, true, call));
    }
    this.#startWorkerIfNeeded();
  }

  #break(death: Death<A>): void {
    this.#state = BROKEN;
    this.#breakage = death;
    const dead = this.#agents.indexOf(death.worker);
    const waiting = this.#intake.clear();
    for (const [call, started, runner] of this.#transport.abandon()) {
      const fate = fateOf(started, runner === dead);
      this.#fail(call, this.#deaths.error(fate, death, started, call));
    }
    for (const call of waiting) {
      this.#fail(call, this.#deaths.error(NOT_STARTED, death, false, call));
    }
    this.#transport.close(); // a worker that sleeps cannot be terminated everywhere: it ends by itself
    for (const agent of this.#agents) if (!agent.isDead) void agent.terminate();
    this.#initargs.takeBackAll();
    this.#stops.clear();
    this.#limits.clear();
    this.#letGo();
  }

  #refusal(): Error {
    if (this.#breakage !== undefined) {
      return this.#deaths.error("Cannot submit to a broken pool", this.#breakage, false);
    }
    return new RuntimeError("Cannot submit a call: the pool has been shut down");
  }

  #fail(call: Call, error: unknown): void {
    call.id = OVER;
    this.#end(call);
    if (!call.hasFailed) call.fail(error);
  }

  #cancel(call: Call, error: Error): void {
    call.id = OVER;
    this.#end(call);
    if (!call.hasFailed) call.stopped(error);
  }

  #begin(call: Call): void {
    this.#unsettled++;
    this.#pump.begin(call.flight);
    if (call.wishes !== undefined) this.#limits.add(call, call.wishes);
  }

  #end(call: Call): void {
    this.#pump.end(call.flight);
    this.#stops.forget(call);
    if (call.wishes !== undefined) this.#limits.forget(call, call.wishes);
    if (--this.#unsettled === 0 && this.#state === OPEN) this.#idleTimer.restart();
    if (this.#intake.waiting > 0) this.#intake.goOn();
  }
}
