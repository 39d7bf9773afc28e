/**
 * Calls and results through shared memory (see pool-memory.ts); the owner's side.
 *
 * A result that does not fit there comes by message, and its call's id through the
 * ring of finished calls as always. Either may be seen first; the call is settled once both
 * are there. Messages come through a listener. While the owner blocks no listener is
 * called, so it takes what waits in the port: the worker posts before it pushes the id.
 * On a runtime that cannot do both, it always takes.
 */
import { server } from "#platform";
import { handleCodec } from "../program/kinds.ts";
import { CALLERS_CODE } from "../shipping/code-lookup.ts";
import { threadChannel } from "./call-codec.ts";
import type { WorkerAgent } from "../agents/worker-agent.ts";
import { program } from "../program/program.ts";
import { CannotBlockError, InternalError } from "../errors.ts";
import { NOTHING } from "../memory/ring.ts";
import { Encoder } from "../wire/encode.ts";
import type { ThrownValue } from "../wire/remote-error.ts";
import { SharedBufferNumbers } from "../wire/shared-buffers.ts";
import type {
  Announcement,
  CancelMessage,
  SharedTransportInit,
  WorkerMessage,
} from "./messages.ts";
import { isImmutable, received, unsend } from "../wire/send.ts";
import { NotLoaded } from "../wire/unpack.ts";
import { agentPump } from "../waiting/pump.ts";
import { Backlog } from "../base/backlog.ts";
import { CallIds } from "./call-ids.ts";
import {
  copyArguments,
  discard,
  isLoad,
  type Load,
  OutsideParts,
  writeArguments,
} from "./call-load.ts";
import { BLOCK_BYTES, PoolMemory, type PoolSize } from "./pool-memory.ts";
import { OVER, type Call, WAITING } from "../calls/call.ts";
import { Postponed } from "./postponed.ts";
import { ResultMessages } from "./result-messages.ts";
import type { Transport, TransportListener } from "./transport.ts";

const CHANNEL = /* @__PURE__ */ threadChannel(CALLERS_CODE);

export class SharedTransport implements Transport<WorkerAgent> {
  readonly #size: PoolSize;
  readonly #memory: PoolMemory;
  readonly #listener: TransportListener;
  /** Whether a listener would keep messages from an agent that blocks. */
  readonly #alwaysTakes =
    server.takeMessage !== undefined && !server.capabilities.takesBesideListeners;
  readonly #agents: WorkerAgent[] = [];
  readonly #results = new ResultMessages(CHANNEL);
  /** Those of them with functions or classes that are being loaded. */
  readonly #postponed = new Postponed();
  /** Finished calls whose results wait in {@link SharedTransport.#postponed}. */
  readonly #loading = new Set<number>();
  readonly #ids: CallIds;
  /** Ids of calls that were asked to stop, and have not been given to others since. */
  readonly #asked = new Set<number>();
  readonly #calls: (Call | undefined)[] = [];
  readonly #outside: OutsideParts;
  readonly #sharedBuffers: SharedBufferNumbers;
  /** How many announcements there have been. */
  #announced = 0;
  readonly #scratch = new ArrayBuffer(BLOCK_BYTES);
  readonly #scratchEncoder: Encoder;
  readonly #backlog = new Backlog<Call>();
  #isClosing = false;
  /** Whether a call in the backlog waits for workers to drop the ids of cancelled ones. */
  #isStalled = false;

  constructor(size: PoolSize, listener: TransportListener) {
    this.#listener = listener;
    this.#size = size;
    this.#sharedBuffers = new SharedBufferNumbers(
      (number, buffer) => this.announce({ kind: "shared buffer", number, buffer }),
      (number) => this.announce({ kind: "shared buffer", number, buffer: undefined }),
    );
    const codec = {
      handles: handleCodec,
      sharedBuffers: this.#sharedBuffers,
      sharedBuffer: undefined,
    };
    this.#memory = PoolMemory.create(size, codec, (slot) => program().agents.ring(slot));
    this.#outside = new OutsideParts(this.#memory.receipts);
    this.#ids = new CallIds(this.#memory.table, () => this.#refill());
    this.#scratchEncoder = new Encoder(this.#scratch, codec);
    for (let id = 0; id < this.#memory.capacity; id++) this.#calls.push(undefined);
  }

  attach(index: number, agent: WorkerAgent): void {
    this.#memory.setRetiring(index, false);
    this.#agents[index] = agent;
    if (this.#alwaysTakes) return;
    agent.port.onMessage((message) => this.#receive(agent, message as WorkerMessage));
    agent.port.onClose(() => this.#results.giveUp(agent));
  }

  initFor(): SharedTransportInit {
    return {
      kind: "shared",
      memory: this.#memory.memory,
      size: this.#size,
      parallelism: server.parallelism(),
      announced: this.#announced,
      sharedBuffers: [...this.#sharedBuffers.all()],
    };
  }

  announce(message: Announcement): void {
    this.#announced++;
    for (const agent of this.#agents) if (!agent.isDead) agent.port.postMessage(message);
  }

  submit(call: Call, functionId: number, args: readonly unknown[]): void {
    call.functionId = functionId;
    const mayPlace = this.#backlog.length === 0 && this.#ids.next !== undefined;
    if (mayPlace && this.#place(call, args)) return;
    call.load = args.every(isImmutable)
      ? args
      : copyArguments(args, this.#scratchEncoder, this.#scratch, CHANNEL, this.#sharedBuffers);
    this.#backlog.push(call);
  }

  /** Hands a call to the workers; false when cancelled ones have left no room in the ring. */
  #place(call: Call, load: readonly unknown[] | Load): boolean {
    const memory = this.#memory;
    this.#isStalled = !memory.hasRoom();
    if (this.#isStalled) {
      memory.parking.wakeOne();
      return false;
    }
    const id = this.#ids.next as number;
    const { payload, handles } = writeArguments(memory, id, load, CHANNEL);
    const pinned = isLoad(load) ? load.pinned : this.#sharedBuffers.takeListed();
    this.#outside.keep(id, payload, pinned, handles);
    this.#ids.take();
    memory.setFunction(id, call.functionId, this.#announced);
    if (this.#asked.size > 0 && this.#asked.delete(id)) memory.requests.clear(id);
    this.#calls[id] = call;
    call.id = id;
    memory.table.enqueue(id);
    if (!memory.calls.push(id)) throw new InternalError("The call ring is full");
    memory.parking.wakeOne();
    return true;
  }

  cancel(call: Call): boolean {
    const { id } = call;
    if (id === OVER) return false;
    if (id !== WAITING) {
      if (!this.#memory.table.cancel(id)) return false;
      this.#release(id, true);
      this.#refill();
    } else {
      discard(call);
    }
    call.id = OVER;
    return true;
  }

  ask(call: Call): boolean {
    const { id } = call;
    const { table } = this.#memory;
    if (id < 0 || !table.isClaimed(id) || table.isDone(id)) return false;
    this.#asked.add(id);
    this.#memory.requests.ask(id);
    const message: CancelMessage = { kind: "cancel", call: id };
    this.#agents[table.workerOf(id)]?.port.postMessage(message);
    return true;
  }

  end(call: Call): void {
    const { id } = call;
    const worker = id < 0 ? -1 : this.#memory.table.end(id);
    if (worker === -1) return; // it is over, and its result on its way
    this.#calls[id] = undefined;
    this.#results.drop(id);
    this.#outside.release(id, true);
    this.#ids.quarantine(id, this.#agents[worker] as WorkerAgent);
    call.id = OVER;
    this.#listener.ended(call, worker, id);
  }

  isRunning(call: Call): boolean {
    return call.id >= 0 && this.#memory.table.isClaimed(call.id);
  }

  hasBegun(call: Call): boolean {
    return this.isRunning(call);
  }

  queued(): readonly Call[] {
    const placed = this.#calls.filter(
      (call, id) => call !== undefined && this.#memory.table.isQueued(id),
    );
    return [...(placed as Call[]), ...this.#backlog.all()];
  }

  hasNews(): boolean {
    if (!this.#memory.finished.isEmpty()) return true;
    if (this.#results.expected.size > 0 && this.#mustTake()) return true;
    return this.#isStalled && !this.#memory.calls.isFull();
  }

  initializerFailure(agent: WorkerAgent): ThrownValue | undefined {
    return agent.status.initializerFailure();
  }

  expectsMessages(agent?: WorkerAgent): boolean {
    return this.#results.expects(agent);
  }

  hasIdleWorkers(): boolean {
    return this.#memory.parking.idle >= this.#memory.calls.size;
  }

  drain(limit: number): number {
    const { finished, table } = this.#memory;
    let handled = 0;
    for (; handled < limit; handled++) {
      const id = finished.take();
      if (id === NOTHING) break;
      if (table.isWanted(id)) this.#deliver(id);
      else this.#settle(id);
    }
    if (this.#results.expected.size > 0 && this.#mustTake()) handled += this.#takeExpected();
    handled += this.#postponed.drain();
    if (handled > 0 || this.#isStalled) this.#refill();
    return handled;
  }

  /** A worker has asked for arguments that did not fit into shared memory. */
  #deliver(id: number): void {
    const worker = this.#memory.table.workerOf(id);
    const agent = this.#agents[worker];
    if (agent === undefined || agent.isDead) return;
    this.#outside.deliver(id, agent.port);
  }

  #settle(id: number): void {
    const memory = this.#memory;
    const call = this.#calls[id];
    // Ended by force; or finished by a healthy worker after the pool broke.
    if (call === undefined) return this.#ids.look(id);
    const worker = memory.table.workerOf(id);
    const isThrown = memory.isResultThrown(id);
    if (memory.isResultByMessage(id) && !this.#results.arrived.has(id)) {
      this.#results.expected.set(id, this.#agents[worker] as WorkerAgent);
      return;
    }
    let value: unknown;
    let refusal: unknown;
    try {
      const message = memory.isResultByMessage(id) ? this.#results.arrived.get(id) : undefined;
      value = message ? received(message.sent, CHANNEL) : memory.readResult(id);
    } catch (error) {
      if (error instanceof NotLoaded && !agentPump().isBlocked) {
        this.#loading.add(id);
        return this.#postponed.until(error, () => {
          this.#loading.delete(id);
          this.#settle(id);
        });
      }
      refusal = error;
      // Who cannot wait for the code in the result does not receive it later either.
      if (error instanceof NotLoaded) this.#results.drop(id);
    }
    this.#results.arrived.delete(id);
    memory.table.free(id);
    this.#release(id, false);
    call.id = OVER;
    if (refusal !== undefined) this.#listener.unreadable(call, refusal);
    else if (isThrown) this.#listener.threw(call, value as ThrownValue, worker);
    else this.#listener.succeeded(call, value, worker);
  }

  #receive(agent: WorkerAgent, message: WorkerMessage): void {
    if (message.kind !== "result") return;
    if (!this.#hasCall(agent, message.call)) return unsend(message.sent, CHANNEL);
    this.#results.arrived.set(message.call, message);
    if (this.#results.expected.delete(message.call)) this.#settle(message.call);
    if (this.#backlog.length > 0) this.#refill();
  }

  /** What an agent posted before it died may come when another call has the id. */
  #hasCall(agent: WorkerAgent, id: number): boolean {
    const { table } = this.#memory;
    if (this.#calls[id] === undefined || !table.isClaimed(id)) return false;
    return this.#agents[table.workerOf(id)] === agent;
  }

  /** Whether no listener will be called with what is expected. */
  #mustTake(): boolean {
    return this.#alwaysTakes || agentPump().isBlocked;
  }

  /** Takes the expected messages out of their ports; returns how many. */
  #takeExpected(): number {
    if (server.takeMessage === undefined) {
      throw new CannotBlockError(
        "Cannot block for the result: it comes by message, which a blocked thread cannot receive here. Await it instead",
      );
    }
    let taken = 0;
    for (const [id, agent] of this.#results.expected) {
      for (; this.#results.expected.has(id); taken++) {
        const next = server.takeMessage(agent.port);
        if (next === undefined) {
          throw new InternalError(`Result ${id} of ${agent.name} did not come by message`);
        }
        this.#receive(agent, next.message as WorkerMessage);
      }
    }
    return taken;
  }

  /** Takes what a dead agent has posted. */
  #takeAll(agent: WorkerAgent): void {
    for (let next; (next = server.takeMessage?.(agent.port)) !== undefined;)
      this.#receive(agent, next.message as WorkerMessage);
  }

  /** The call is over, or no worker is going to finish it: then its arguments are lost. */
  #release(id: number, isLost: boolean): void {
    this.#calls[id] = undefined;
    this.#ids.free(id);
    this.#outside.release(id, isLost);
  }

  #refill(): void {
    const hadSome = this.#backlog.length > 0;
    for (let call; (call = this.#backlog.first) !== undefined && this.#ids.next !== undefined;) {
      if (call.id === WAITING) {
        if (!this.#place(call, call.load as readonly unknown[] | Load)) return;
        call.load = undefined;
      } else {
        discard(call);
      }
      this.#backlog.drop();
    }
    // Not before: workers end when they find the pool closing and the ring empty.
    if (hadSome && this.#backlog.length === 0 && this.#isClosing) this.#memory.close();
  }

  close(): void {
    this.#isClosing = true;
    if (this.#backlog.length === 0) this.#memory.close();
  }

  retire(worker: number): void {
    this.#memory.setRetiring(worker, true);
  }

  bury(worker: number): readonly Call[] {
    const { table, parking } = this.#memory;
    if (this.#alwaysTakes) this.#takeAll(this.#agents[worker] as WorkerAgent);
    const lost: Call[] = [];
    const unsaid: number[] = [];
    for (const id of table.heldBy(worker)) {
      const call = this.#calls[id];
      if (call === undefined || this.#loading.has(id)) continue;
      const hasResult = !this.#memory.isResultByMessage(id) || this.#results.arrived.has(id);
      // It died between writing a result and saying so.
      if (table.isDone(id) && hasResult) unsaid.push(id);
      else lost.push(call);
    }
    for (const call of lost) {
      this.#results.drop(call.id);
      this.#results.expected.delete(call.id);
      table.free(call.id);
      this.#release(call.id, true);
      call.id = OVER;
    }
    parking.removeDead(worker);
    this.#refill();
    parking.wakeOne(); // the dead one may have taken a wake-up with it
    for (const id of unsaid) this.#settle(id);
    return lost;
  }

  *abandon(): Generator<readonly [Call, boolean, number]> {
    const { table } = this.#memory;
    for (const [id, call] of this.#calls.entries()) {
      if (call === undefined) continue;
      const started = !table.cancel(id);
      const worker = started ? table.workerOf(id) : -1;
      this.#results.drop(id);
      this.#release(id, true);
      call.id = OVER;
      yield [call, started, worker];
    }
    this.#results.expected.clear();
    for (const call of this.#backlog.all()) {
      discard(call);
      if (call.id !== WAITING) continue;
      call.id = OVER;
      yield [call, false, -1];
    }
    this.#backlog.clear();
  }
}
