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
import { hasMarks } from "../wire/transfer.ts";
import type {
  Announcement,
  ResultMessage,
  SharedTransportInit,
  WorkerMessage,
} from "./messages.ts";
import { isImmutable, received, unsend } from "../wire/send.ts";
import { NotLoaded } from "../wire/unpack.ts";
import { agentPump } from "../waiting/pump.ts";
import { copyArguments, discard, isLoad, type Load, OutsideParts } from "./call-load.ts";
import { MessagePayload } from "./message-payload.ts";
import { BLOCK_BYTES, PoolMemory, type PoolSize } from "./pool-memory.ts";
import { OVER, type Call, WAITING } from "../calls/call.ts";
import { Postponed } from "./postponed.ts";
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
  /** Results that came by message before their ids, by id. */
  readonly #arrived = new Map<number, ResultMessage>();
  /** Those of them with functions or classes that are being loaded. */
  readonly #postponed = new Postponed();
  /** Finished calls whose results wait in {@link SharedTransport.#postponed}. */
  readonly #loading = new Set<number>();
  /** Who finished the calls whose results have not come, by id. */
  readonly #expected = new Map<number, WorkerAgent>();
  /** Ids that no call has. Used as a stack: a recently used record is still in the cache. */
  readonly #freeIds: number[] = [];
  readonly #calls: (Call | undefined)[] = [];
  readonly #outside: OutsideParts;
  readonly #sharedBuffers: SharedBufferNumbers;
  /** How many announcements there have been. */
  #announced = 0;
  readonly #scratch = new ArrayBuffer(BLOCK_BYTES);
  readonly #scratchEncoder: Encoder;
  #backlog: Call[] = [];
  #backlogStart = 0;
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
    this.#scratchEncoder = new Encoder(this.#scratch, codec);
    for (let id = this.#memory.capacity - 1; id >= 0; id--) {
      this.#freeIds.push(id);
      this.#calls.push(undefined);
    }
  }

  attach(index: number, agent: WorkerAgent): void {
    this.#memory.setRetiring(index, false);
    this.#agents[index] = agent;
    if (this.#alwaysTakes) return;
    agent.port.onMessage((message) => this.#receive(agent, message as WorkerMessage));
    agent.port.onClose(() => this.#giveUp(agent));
  }

  get init(): SharedTransportInit {
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
    const mayPlace = this.#backlogStart === this.#backlog.length && this.#freeIds.length > 0;
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
    const id = this.#freeIds[this.#freeIds.length - 1] as number;
    let payload: MessagePayload | undefined;
    let handles = isLoad(load) ? load.handles : undefined;
    if (isLoad(load) && load.args instanceof Uint8Array) {
      memory.copyArguments(id, load.args);
    } else if (isLoad(load) || hasMarks() || !memory.writeArguments(id, load)) {
      payload = isLoad(load) ? (load.args as MessagePayload) : new MessagePayload(load, CHANNEL);
      handles = payload.handles;
      memory.sendArgumentsByMessage(id);
    } else {
      handles = memory.takeHandles();
    }
    const pinned = isLoad(load) ? load.pinned : this.#sharedBuffers.takeListed();
    this.#outside.keep(id, payload, pinned, handles);
    this.#freeIds.pop();
    memory.setFunction(id, call.functionId, this.#announced);
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

  isRunning(call: Call): boolean {
    return call.id >= 0 && this.#memory.table.isClaimed(call.id);
  }

  queued(): readonly Call[] {
    const placed = this.#calls.filter(
      (call, id) => call !== undefined && this.#memory.table.isQueued(id),
    );
    return [...(placed as Call[]), ...this.#backlog.slice(this.#backlogStart)];
  }

  hasNews(): boolean {
    if (!this.#memory.finished.isEmpty()) return true;
    if (this.#expected.size > 0 && this.#mustTake()) return true;
    return this.#isStalled && !this.#memory.calls.isFull();
  }

  initializerFailure(agent: WorkerAgent): ThrownValue | undefined {
    return agent.status.initializerFailure();
  }

  expectsMessages(agent?: WorkerAgent): boolean {
    if (agent === undefined) return this.#expected.size > 0;
    for (const from of this.#expected.values()) if (from === agent) return true;
    return false;
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
    if (this.#expected.size > 0 && this.#mustTake()) handled += this.#takeExpected();
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
    if (call === undefined) return; // finished by a healthy worker after the pool broke
    const worker = memory.table.workerOf(id);
    const isThrown = memory.isResultThrown(id);
    if (memory.isResultByMessage(id) && !this.#arrived.has(id)) {
      this.#expected.set(id, this.#agents[worker] as WorkerAgent);
      return;
    }
    let value: unknown;
    let refusal: unknown;
    try {
      const message = memory.isResultByMessage(id) ? this.#arrived.get(id) : undefined;
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
      if (error instanceof NotLoaded) this.#dropArrived(id);
    }
    this.#arrived.delete(id);
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
    this.#arrived.set(message.call, message);
    if (this.#expected.delete(message.call)) this.#settle(message.call);
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
    for (const [id, agent] of this.#expected) {
      for (; this.#expected.has(id); taken++) {
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

  /** The agent's port has closed: nothing comes any more. */
  #giveUp(agent: WorkerAgent): void {
    for (const [id, from] of this.#expected) {
      if (from !== agent) continue;
      this.#expected.delete(id);
      if (agent.isRetired)
        throw new InternalError(`Result ${id} of ${agent.name} did not come by message`);
    }
  }

  /** Nothing of a result that has come is received. */
  #dropArrived(id: number): void {
    const message = this.#arrived.get(id);
    if (message !== undefined) unsend(message.sent, CHANNEL);
    this.#arrived.delete(id);
  }

  /** The call is over, or no worker is going to finish it: then its arguments are lost. */
  #release(id: number, isLost: boolean): void {
    this.#calls[id] = undefined;
    this.#freeIds.push(id);
    this.#outside.release(id, isLost);
  }

  #refill(): void {
    while (this.#backlogStart < this.#backlog.length && this.#freeIds.length > 0) {
      const call = this.#backlog[this.#backlogStart] as Call;
      if (call.id === WAITING) {
        if (!this.#place(call, call.load as readonly unknown[] | Load)) return;
        call.load = undefined;
      } else {
        discard(call);
      }
      this.#backlogStart++;
    }
    if (this.#backlogStart === this.#backlog.length && this.#backlogStart > 0) {
      this.#backlog = [];
      this.#backlogStart = 0;
      // Not before: workers end when they find the pool closing and the ring empty.
      if (this.#isClosing) this.#memory.close();
    }
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
      const hasResult = !this.#memory.isResultByMessage(id) || this.#arrived.has(id);
      // It died between writing a result and saying so.
      if (table.isDone(id) && hasResult) unsaid.push(id);
      else lost.push(call);
    }
    for (const call of lost) {
      this.#dropArrived(call.id);
      this.#expected.delete(call.id);
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
      this.#dropArrived(id);
      this.#release(id, true);
      call.id = OVER;
      yield [call, started, worker];
    }
    this.#expected.clear();
    for (const call of this.#backlog.slice(this.#backlogStart)) {
      discard(call);
      if (call.id !== WAITING) continue;
      call.id = OVER;
      yield [call, false, -1];
    }
    this.#backlog = [];
    this.#backlogStart = 0;
  }
}
