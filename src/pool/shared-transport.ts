/** Tasks and results through shared memory (see pool-memory.ts); the owner's side. */
import { platform } from "#platform";
import { handleCodec } from "../program/kinds.ts";
import type { WorkerAgent } from "../agents/worker-agent.ts";
import { InternalError } from "../errors.ts";
import { NOTHING } from "../memory/ring.ts";
import { DECLINED, Encoder } from "../wire/encode.ts";
import { type Packed, unpack } from "../wire/handles.ts";
import { SharedBufferNumbers } from "../wire/shared-buffers.ts";
import { hasMarks } from "../wire/transfer.ts";
import { valueCodec } from "../program/value-codec.ts";
import type { SharedBufferMessage, SharedTransportInit, WorkerMessage } from "./messages.ts";
import { isImmutable, Parcel } from "./parcel.ts";
import { BLOCK_BYTES, PoolMemory, type PoolSize } from "./pool-memory.ts";
import { OVER, type Task, WAITING } from "./task.ts";
import type { Transport, TransportListener } from "./transport.ts";

/**
 * What a task that found the shared memory full carries with it: a copy of its
 * arguments, encoded or in a parcel. Immutable ones are kept as they are.
 */
interface Load {
  readonly args: Uint8Array | Parcel;
  /** Shared memory that they refer to. */
  readonly pinned: readonly SharedArrayBuffer[] | undefined;
}

function isLoad(args: readonly unknown[] | Load): args is Load {
  return !Array.isArray(args);
}

export class SharedTransport implements Transport {
  readonly #size: PoolSize;
  readonly #memory: PoolMemory;
  readonly #listener: TransportListener;
  readonly #agents: WorkerAgent[] = [];
  /** Ids that no task has. Used as a stack: a recently used record is still in the cache. */
  readonly #freeIds: number[] = [];
  readonly #tasks: (Task | undefined)[] = [];
  readonly #parcels = new Map<number, Parcel>();
  /** Shared memory in the arguments of tasks, by task id: alive at least until the task is over. */
  readonly #pinned = new Map<number, readonly SharedArrayBuffer[]>();
  readonly #sharedBuffers: SharedBufferNumbers;
  readonly #scratch = new ArrayBuffer(BLOCK_BYTES);
  readonly #scratchEncoder: Encoder;
  #backlog: Task[] = [];
  #backlogStart = 0;
  #isClosing = false;
  /** Whether a task in the backlog waits for workers to drop the ids of cancelled ones. */
  #isStalled = false;

  constructor(size: PoolSize, listener: TransportListener) {
    this.#listener = listener;
    this.#size = size;
    this.#sharedBuffers = new SharedBufferNumbers(
      (number, buffer) => this.#announce(number, buffer),
      (number) => this.#announce(number, undefined),
    );
    const codec = {
      ...valueCodec(() => [platform.entryUrl()]),
      sharedBuffers: this.#sharedBuffers,
    };
    this.#memory = PoolMemory.create(size, codec);
    this.#scratchEncoder = new Encoder(this.#scratch, codec);
    for (let id = this.#memory.capacity - 1; id >= 0; id--) {
      this.#freeIds.push(id);
      this.#tasks.push(undefined);
    }
  }

  attach(index: number, agent: WorkerAgent): void {
    this.#memory.setRetiring(index, false);
    this.#agents[index] = agent;
  }

  get init(): SharedTransportInit {
    return {
      kind: "shared",
      memory: this.#memory.memory,
      size: this.#size,
      parallelism: platform.parallelism(),
      sharedBuffers: [...this.#sharedBuffers.all()],
    };
  }

  #announce(number: number, buffer: SharedArrayBuffer | undefined): void {
    const message: SharedBufferMessage = { kind: "shared buffer", number, buffer };
    for (const agent of this.#agents) if (!agent.isDead) agent.port.postMessage(message);
  }

  submit(task: Task, functionId: number, args: readonly unknown[]): void {
    task.functionId = functionId;
    const mayPlace = this.#backlogStart === this.#backlog.length && this.#freeIds.length > 0;
    if (mayPlace && this.#place(task, args)) return;
    task.load = args.every(isImmutable)
      ? args
      : { args: this.#copy(args), pinned: this.#sharedBuffers.takeListed() };
    this.#backlog.push(task);
  }

  #copy(args: readonly unknown[]): Uint8Array | Parcel {
    if (hasMarks()) return new Parcel(args);
    const written = this.#scratchEncoder.writeList(args, 0, BLOCK_BYTES);
    return written === DECLINED
      ? new Parcel(args)
      : new Uint8Array(this.#scratch.slice(0, written));
  }

  /** Hands a task to the workers; false when cancelled ones have left no room in the ring. */
  #place(task: Task, load: readonly unknown[] | Load): boolean {
    const memory = this.#memory;
    this.#isStalled = !memory.hasRoom();
    if (this.#isStalled) {
      memory.parking.wakeOne();
      return false;
    }
    const id = this.#freeIds[this.#freeIds.length - 1] as number;
    if (isLoad(load) && load.args instanceof Uint8Array) {
      memory.copyArguments(id, load.args);
    } else if (isLoad(load) || hasMarks() || !memory.writeArguments(id, load)) {
      this.#parcels.set(id, isLoad(load) ? (load.args as Parcel) : new Parcel(load));
      memory.sendArgumentsByMessage(id);
    }
    const pinned = isLoad(load) ? load.pinned : this.#sharedBuffers.takeListed();
    if (pinned !== undefined) this.#pinned.set(id, pinned);
    this.#freeIds.pop();
    memory.setFunction(id, task.functionId);
    this.#tasks[id] = task;
    task.id = id;
    memory.table.enqueue(id);
    if (!memory.tasks.push(id)) throw new InternalError("The task ring is full");
    memory.parking.wakeOne();
    return true;
  }

  cancel(task: Task): boolean {
    const { id } = task;
    if (id === OVER) return false;
    if (id !== WAITING) {
      if (!this.#memory.table.cancel(id)) return false;
      this.#release(id);
      this.#refill();
    }
    task.id = OVER;
    return true;
  }

  isRunning(task: Task): boolean {
    return task.id >= 0 && this.#memory.table.isClaimed(task.id);
  }

  queued(): readonly Task[] {
    const placed = this.#tasks.filter(
      (task, id) => task !== undefined && this.#memory.table.isQueued(id),
    );
    return [...(placed as Task[]), ...this.#backlog.slice(this.#backlogStart)];
  }

  hasNews(): boolean {
    return !this.#memory.finished.isEmpty() || (this.#isStalled && !this.#memory.tasks.isFull());
  }

  hasIdleWorkers(): boolean {
    return this.#memory.parking.idle >= this.#memory.tasks.size;
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
    if (handled > 0 || this.#isStalled) this.#refill();
    return handled;
  }

  /** A worker has asked for arguments that did not fit into shared memory. */
  #deliver(id: number): void {
    const worker = this.#memory.table.workerOf(id);
    const agent = this.#agents[worker];
    if (agent === undefined || agent.isDead) return;
    this.#parcels.get(id)?.deliver(agent.port, id);
    this.#memory.mail[worker]?.ring();
  }

  #settle(id: number): void {
    const memory = this.#memory;
    const task = this.#tasks[id];
    if (task === undefined) return; // finished by a healthy worker after the pool broke
    const worker = memory.table.workerOf(id);
    const isThrown = memory.isResultThrown(id);
    const value = memory.isResultByMessage(id)
      ? this.#receiveResult(id, worker)
      : memory.readResult(id);
    memory.table.free(id);
    this.#release(id);
    task.id = OVER;
    if (isThrown) this.#listener.threw(task, value, worker);
    else this.#listener.succeeded(task, value, worker);
  }

  #receiveResult(id: number, worker: number): unknown {
    const agent = this.#agents[worker] as WorkerAgent;
    const received = platform.receive(agent.port)?.message as WorkerMessage | undefined;
    if (received?.kind !== "result" || received.task !== id) {
      throw new InternalError(`Result ${id} of ${agent.name} did not come by message`);
    }
    if (!received.isPacked) return received.value;
    return unpack(received.value as Packed, handleCodec);
  }

  #release(id: number): void {
    this.#tasks[id] = undefined;
    this.#freeIds.push(id);
    if (this.#parcels.size > 0) {
      this.#parcels.get(id)?.discard();
      this.#parcels.delete(id);
    }
    if (this.#pinned.size > 0) this.#pinned.delete(id);
  }

  #refill(): void {
    while (this.#backlogStart < this.#backlog.length && this.#freeIds.length > 0) {
      const task = this.#backlog[this.#backlogStart] as Task;
      if (task.id === WAITING) {
        if (!this.#place(task, task.load as readonly unknown[] | Load)) return;
        task.load = undefined;
      } else {
        discard(task);
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

  *abandon(): Generator<readonly [Task, boolean, number]> {
    const { table } = this.#memory;
    for (const [id, task] of this.#tasks.entries()) {
      if (task === undefined) continue;
      const started = !table.cancel(id);
      const worker = started ? table.workerOf(id) : -1;
      this.#release(id);
      task.id = OVER;
      yield [task, started, worker];
    }
    for (const task of this.#backlog.slice(this.#backlogStart)) {
      discard(task);
      if (task.id !== WAITING) continue;
      task.id = OVER;
      yield [task, false, -1];
    }
    this.#backlog = [];
    this.#backlogStart = 0;
  }
}

/** Lets go of the arguments of a task that will not be placed. */
function discard(task: Task): void {
  const load = task.load as readonly unknown[] | Load | undefined;
  task.load = undefined;
  if (load !== undefined && isLoad(load) && load.args instanceof Parcel) load.args.discard();
}
