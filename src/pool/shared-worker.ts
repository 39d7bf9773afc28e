/**
 * A worker's side of a pool in shared memory: takes calls, runs them, publishes
 * results, and sleeps when there is nothing to do.
 *
 *   RUNNING   runs one call after another inside one turn of its event loop
 *   WAITING   an async call is under way, or a call cannot be made yet: the owner's
 *             announcement of what it refers to has not come, nor its arguments, or the
 *             function's module is being imported. The event loop turns, and no other
 *             call is taken
 *   IDLE      found nothing: spins while that has been paying, lets its event
 *             loop turn once, and parks
 *
 * Timers, sockets and microtasks that a call left behind live on: the event loop
 * turns at least every TURN_MS plus one call while calls keep coming, and before
 * every park. The worker parks by blocking its thread only if nothing is left
 * for its event loop to wait for; otherwise it parks while the loop turns.
 */
import type { Outcome } from "../calls/outcome.ts";
import { platform, server } from "#platform";
import { handleCodec, lacksKinds, loadKinds } from "../program/kinds.ts";
import { program } from "../program/program.ts";
import { suspectStall } from "../waiting/wait-graph.ts";
import type { AgentStatus } from "../agents/status.ts";
import { RETIRED } from "../agents/status.ts";
import { AdaptiveSpin } from "../memory/adaptive-spin.ts";
import { pause } from "../memory/atomics.ts";
import type { Doorbell } from "../memory/doorbell.ts";
import { NOTHING } from "../memory/ring.ts";
import type { Port } from "../platform/platform.ts";
import type { Channel } from "../wire/channel.ts";
import { asLongAs } from "../wire/handles.ts";
import { hasHandles, sendHandles } from "../wire/pack.ts";
import { encodeThrown, shortened } from "../wire/remote-error.ts";
import { InternalError } from "../errors.ts";
import { CallInProgress, stopAsAsked } from "../calls/current-call.ts";
import { invoke, type Promised } from "../calls/invoke.ts";
import { codeOf } from "../shipping/code-lookup.ts";
import { threadChannel } from "./call-codec.ts";
import type { OwnerMessage, ResultMessage, SharedTransportInit } from "./messages.ts";
import { postValue, received, type Sent } from "../wire/send.ts";
import { whenLoaded } from "../wire/unpack.ts";
import { receivePayload } from "./message-payload.ts";
import { agentPump, pumpInUse } from "../waiting/pump.ts";
import type { Flight, Source } from "../waiting/source.ts";
import { PoolMemory } from "./pool-memory.ts";
import { ReceivedSignals } from "./signals.ts";
import type { WorkerFunctions } from "./worker-functions.ts";

/** Longest time that calls are run without a turn of the event loop, in milliseconds. */
const TURN_MS = 2;
const SPIN_MS = 0.1;
const SPINS_PER_CLOCK = 32;

/** A worker that is parked waits for its owner, which keeps it alive if it must. */
const PARKED: Flight = { keepsAlive: false, runsCode: false, mayEnd: false };

export interface SharedWorkerOptions {
  readonly index: number;
  readonly init: SharedTransportInit;
  readonly functions: WorkerFunctions;
  readonly port: Port;
  readonly status: AgentStatus;
  /** The owner's. */
  readonly doorbell: Doorbell;
}

export class SharedWorker {
  readonly #index: number;
  readonly #memory: PoolMemory;
  readonly #functions: WorkerFunctions;
  readonly #channel: Channel;
  /** Those of the call that runs. */
  readonly #signals = new ReceivedSignals();
  /** The call that runs. */
  readonly #current: CallInProgress;
  readonly #port: Port;
  readonly #status: AgentStatus;
  readonly #program = program();
  readonly #doorbell: Doorbell;
  readonly #sharedBuffers: Map<number, SharedArrayBuffer>;
  /** How many of the owner's announcements it has received. */
  #announced: number;
  /** A claimed call that cannot be read yet; or NOTHING. */
  #unreadable = NOTHING;
  /** The call whose arguments are being read, or were last. */
  #reading = NOTHING;
  /** Whether it has not begun its first turn yet. */
  #isCold = true;
  readonly #spinning: AdaptiveSpin;
  /** Shared objects in arguments, which the owner takes back if it gives up the call before they are read. */
  readonly #received = asLongAs(() => this.#memory.receipts.takeNext(this.#reading), handleCodec);
  readonly #claim: (id: number) => boolean;
  /** Of the pump, while the worker is parked on the agent's bell. */
  readonly #parked: Source = {
    isAwaited: false,
    hasNews: () => !this.#memory.parking.isParked(this.#index),
    drain: () => {
      if (!this.#parked.hasNews()) return 0;
      agentPump().remove(this.#parked);
      agentPump().end(PARKED);
      platform.nextTurn(this.#turn); // the pump may be blocked, by a timer of a call's
      return 1;
    },
    watchWhileBlocked: () => undefined,
    mayGoOn: () => false,
  };

  constructor(options: SharedWorkerOptions) {
    this.#index = options.index;
    this.#announced = options.init.announced;
    this.#sharedBuffers = new Map(options.init.sharedBuffers);
    this.#channel = threadChannel(codeOf(() => options.functions.modules()));
    const codec = {
      handles: this.#received,
      sharedBuffers: undefined,
      sharedBuffer: (number: number) => this.#sharedBuffer(number),
    };
    this.#memory = new PoolMemory(options.init.memory, options.init.size, codec, (slot) =>
      program().agents.ring(slot),
    );
    this.#functions = options.functions;
    this.#current = new CallInProgress(
      (functionId) => this.#functions.nameOf(functionId),
      (id) => this.#memory.requests.isAsked(id),
    );
    this.#port = options.port;
    this.#status = options.status;
    this.#doorbell = options.doorbell;
    this.#spinning = new AdaptiveSpin(options.init.parallelism > 1 ? SPIN_MS : 0);
    this.#claim = (id) => this.#memory.table.claim(id, this.#index);
  }

  /** Takes calls until the pool is closed. Returns at once; the event loop goes on. */
  start(): void {
    this.#port.onMessage((message) => this.#receive(message as OwnerMessage));
    this.#turn();
  }

  /** Runs calls until none is left, one must be awaited, or the turn is up. */
  readonly #turn = (): void => {
    const { calls, parking } = this.#memory;
    let id = calls.take(this.#claim);
    if (id !== NOTHING && !calls.isEmpty()) parking.wakeOne();
    // The first turn ends with its first call: `performance` takes a millisecond to load.
    const endMs = this.#isCold ? 0 : performance.now() + TURN_MS;
    this.#isCold = false;
    for (;;) {
      if (id === NOTHING) id = this.#spin();
      if (id === NOTHING) return platform.nextTurn(this.#park);
      if (!this.#run(id)) return;
      if (performance.now() >= endMs) return platform.nextTurn(this.#turn);
      id = calls.take(this.#claim);
    }
  };

  #spin(): number {
    const budgetMs = this.#spinning.budget();
    if (budgetMs === 0) return NOTHING;
    const { calls, parking } = this.#memory;
    const endMs = performance.now() + budgetMs;
    let id = NOTHING;
    parking.startSpinning(this.#index);
    for (let spins = 1; ; spins++) {
      if (!calls.isEmpty() && (id = calls.take(this.#claim)) !== NOTHING) break;
      if (spins % SPINS_PER_CLOCK === 0 && performance.now() >= endMs) break;
      pause();
    }
    parking.stopSpinning(this.#index);
    this.#spinning.record(id !== NOTHING);
    if (id !== NOTHING && !calls.isEmpty()) parking.wakeOne();
    return id;
  }

  readonly #park = (): void => {
    const { calls, parking } = this.#memory;
    parking.preparePark(this.#index);
    // Ask this first: calls may come between a look at the empty ring and the closing.
    const isRetiring = this.#memory.isRetiring(this.#index);
    if (!calls.isEmpty()) {
      parking.cancelPark(this.#index);
      return this.#turn();
    }
    if (this.#memory.endStall()) this.#doorbell.ring();
    // A producer that has just woken this worker counts on it to look again.
    if (isRetiring) return parking.cancelPark(this.#index) ? this.#retire() : this.#turn();
    // What the pump waits for, a call of another thread's perhaps, needs the event loop.
    if (server.loopIsIdle() && pumpInUse()?.hasWorkInFlight !== true) {
      this.#program.record.isIdle = true;
      suspectStall(this.#program);
      parking.park(this.#index);
      this.#program.record.isIdle = false;
      return this.#turn();
    }
    if (!parking.canParkAsync) return this.#parkOnBell();
    const woken = parking.parkAsync(this.#index);
    if (woken === undefined) return this.#turn();
    void woken.then(() => {
      parking.cancelPark(this.#index); // another worker's death wakes it, too
      this.#turn();
    });
  };

  /** Sleeps on the agent's bell, by way of the pump. */
  #parkOnBell(): void {
    this.#memory.parking.parkOnBell(this.#index, this.#program.slot);
    agentPump().add(this.#parked);
    agentPump().begin(PARKED);
  }

  #retire(): void {
    // What it has started itself would end with it.
    const pump = pumpInUse();
    if (pump?.isKeptAlive === true) return pump.onceNotKeptAlive(this.#turn);
    this.#status.markDead(RETIRED);
    server.exit(0);
  }

  /** Makes a call; returns whether it is over, rather than waiting for something. */
  #run(id: number): boolean {
    if (!this.#memory.isReadable(id, this.#announced)) {
      this.#unreadable = id;
      return false;
    }
    const functionId = this.#memory.functionOf(id);
    const fn = this.#functions.loaded(functionId);
    if (fn === undefined || lacksKinds(this.#program)) {
      void this.#loadAndRun(id, functionId);
      return false;
    }
    let args: readonly unknown[] | undefined;
    this.#reading = id;
    try {
      args = this.#memory.readArguments(id);
    } catch (error) {
      // Such as a shared object whose class cannot be loaded.
      return this.#publish(id, { kind: "threw", error });
    }
    if (args !== undefined) return this.#call(id, fn, args);
    this.#requestArguments(id);
    return false;
  }

  #call(id: number, fn: Function, args: readonly unknown[]): boolean {
    // It may have waited for its arguments, or for its function.
    if (this.#memory.requests.isAsked(id)) {
      return this.#publish(id, { kind: "threw", error: stopAsAsked() });
    }
    this.#current.begin(id, this.#memory.functionOf(id));
    const outcome = invoke(fn, args);
    if (outcome.kind !== "promised") return this.#publish(id, outcome);
    void this.#await(id, outcome.promise);
    return false;
  }

  async #loadAndRun(id: number, functionId: number): Promise<void> {
    try {
      await this.#functions.load(functionId);
      // Not before: the function's module may bring the classes that its arguments need.
      if (lacksKinds()) await loadKinds();
    } catch (error) {
      if (this.#publish(id, { kind: "threw", error })) this.#turn();
      return;
    }
    if (this.#run(id)) this.#turn();
  }

  async #await(id: number, promise: PromiseLike<unknown>): Promise<void> {
    let outcome: Outcome | Promised;
    try {
      outcome = { kind: "returned", value: await promise };
    } catch (error) {
      outcome = { kind: "threw", error };
    }
    if (this.#publish(id, outcome)) this.#turn();
  }

  /** Publishes the outcome of a call; returns whether the worker goes on. */
  #publish(id: number, outcome: Outcome): boolean {
    this.#current.end();
    this.#signals.end();
    if (outcome.kind === "threw") this.#writeThrown(id, outcome.error);
    else this.#writeReturned(id, outcome.value);
    if (!this.#memory.table.finish(id, this.#index)) return this.#leave(id);
    this.#memory.finished.push(id);
    this.#doorbell.ring();
    return true;
  }

  /** The owner has ended the call, and this worker with it; or this worker has exited, and runs on for a moment. */
  #leave(id: number): false {
    if (!this.#memory.table.leave(id, this.#index)) return false;
    this.#memory.finished.push(id);
    this.#doorbell.ring();
    if (!this.#program.isEnding) server.exit(0); // on Deno, a second exit would keep it from ending
    return false;
  }

  #writeReturned(id: number, value: unknown): void {
    try {
      // Reading the value may run the user's code: getters, and traps of a Proxy.
      if (this.#memory.writeResult(id, value, false)) return;
      postValue(this.#port, value, "result", this.#channel, (sent): ResultMessage => ({
        kind: "result",
        call: id,
        sent,
      }));
      this.#memory.sendResultByMessage(id, false);
    } catch (error) {
      this.#writeThrown(id, error);
    }
  }

  #writeThrown(id: number, error: unknown): void {
    const thrown = encodeThrown(error, this.#channel);
    if (thrown.kind === "packed" && hasHandles(thrown)) sendHandles(thrown, this.#channel);
    else if (this.#memory.writeResult(id, thrown, true)) return;
    const post = (value: unknown): void => {
      const message: ResultMessage = { kind: "result", call: id, sent: { value, isPacked: false } };
      this.#port.postMessage(message);
    };
    try {
      post(thrown);
    } catch {
      post(shortened(thrown)); // something in it cannot be copied after all
    }
    this.#memory.sendResultByMessage(id, true);
  }

  /** Asks the owner for arguments that did not fit into shared memory. */
  #requestArguments(id: number): void {
    if (!this.#memory.table.want(id, this.#index)) return void this.#leave(id);
    this.#memory.finished.push(id);
    this.#doorbell.ring();
  }

  #receive(message: OwnerMessage): void {
    switch (message.kind) {
      case "arguments":
        return receivePayload(message.port, (sent) => this.#goOnWith(message.call, sent));
      case "function":
        this.#functions.add(message);
        break;
      case "shared buffer":
        if (message.buffer === undefined) this.#sharedBuffers.delete(message.number);
        else this.#sharedBuffers.set(message.number, message.buffer);
        break;
      case "cancel":
        return this.#current.look();
      case "end":
        return void this.#leave(message.call);
      default:
        return;
    }
    this.#announced++;
    const id = this.#unreadable;
    if (id === NOTHING || !this.#memory.isReadable(id, this.#announced)) return;
    this.#unreadable = NOTHING;
    if (this.#run(id)) this.#turn();
  }

  #goOnWith(id: number, sent: Sent): void {
    if (!this.#memory.table.resume(id, this.#index)) return void this.#leave(id);
    const fn = this.#functions.loaded(this.#memory.functionOf(id)) as Function;
    const receiver = {
      ...this.#channel,
      handles: this.#received,
      signalReceiver: this.#signals,
    };
    this.#reading = id;
    let args: readonly unknown[] | Promise<readonly unknown[]>;
    try {
      args = whenLoaded(() => received(sent, receiver) as readonly unknown[]);
    } catch (error) {
      // Such as an object whose class cannot be loaded.
      if (this.#publish(id, { kind: "threw", error })) this.#turn();
      return;
    }
    if (args instanceof Promise) void this.#goOnLater(id, fn, args);
    else if (this.#call(id, fn, args)) this.#turn();
  }

  async #goOnLater(id: number, fn: Function, loading: Promise<readonly unknown[]>): Promise<void> {
    let args: readonly unknown[];
    try {
      args = await loading;
    } catch (error) {
      if (this.#publish(id, { kind: "threw", error })) this.#turn();
      return;
    }
    if (this.#call(id, fn, args)) this.#turn();
  }

  /** The shared memory that goes by that number. */
  #sharedBuffer(number: number): SharedArrayBuffer {
    const buffer = this.#sharedBuffers.get(number);
    if (buffer === undefined) throw new InternalError(`Shared buffer ${number} was not announced`);
    return buffer;
  }
}
