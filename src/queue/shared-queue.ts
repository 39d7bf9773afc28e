/** What is the same in all classes of queues: the waiting, and the errors. */
import { server } from "#platform";
import { program } from "../program/program.ts";
import { LockOwners } from "../program/lock-owners.ts";
import { kindName, lacksKinds, LIFO_QUEUE, loadKinds, PRIORITY_QUEUE } from "../program/kinds.ts";
import { disposesOf, openBlock, type SharedBlock } from "../program/shared-object.ts";
import { Empty, Full, ShutDown } from "../errors.ts";
import { pause } from "../memory/atomics.ts";
import { FifoSlots } from "../memory/queues/fifo-slots.ts";
import { LifoSlots } from "../memory/queues/lifo-slots.ts";
import { PrioritySlots } from "../memory/queues/priority-slots.ts";
import {
  MUST_WAIT,
  type Outcome,
  SHUT,
  SLOT_WORDS,
  SlotQueue,
  TAKEN,
} from "../memory/queues/slot-queue.ts";
import { GET, JOIN, PUT } from "../waiting/verbs.ts";
import { type Waiting, waitingFor } from "../waiting/task-waits.ts";
import type { CheckedWait, WaitOptions } from "../waiting/wait-options.ts";
import { WaitPoint } from "../waiting/wait-point.ts";
import { threadRegistry } from "../base/registry.ts";
import { ItemCodec, type Items } from "./item-codec.ts";
import { PriorityItems } from "./priority-items.ts";
import { detach } from "../wire/transfer.ts";
import { NotLoaded } from "../wire/unpack.ts";

/**
 * Looks at a queue in use by others before the agent prepares to sleep, each
 * after twice as many pauses as the one before: every look takes from the others
 * what they are writing, and they get further the fewer there are.
 */
const BRIEF_LOOKS = 12;
const MOST_PAUSES = 64;

/** What the queues of an agent share. */
interface Codecs {
  readonly items: ItemCodec;
  readonly priorityItems: PriorityItems;
  readonly owners: LockOwners;
}

function codecs(): Codecs {
  return threadRegistry("queues@1", () => {
    const items = new ItemCodec();
    return {
      items,
      priorityItems: new PriorityItems(items),
      owners: new LockOwners(program()),
    };
  });
}

/** The parts of a queue at an address. */
class Parts {
  readonly items: Items;
  readonly slots: SlotQueue;
  readonly getters: WaitPoint;
  readonly putters: WaitPoint;
  readonly joiners: WaitPoint;

  static words(): number {
    return SlotQueue.WORDS + 3 * WaitPoint.words();
  }

  constructor(block: SharedBlock) {
    const { at, kind, program: own, words } = block;
    const { items, priorityItems, owners } = codecs();
    const placesAt = at + SlotQueue.WORDS;
    this.getters = WaitPoint.inBlock(block, placesAt, GET);
    this.putters = WaitPoint.inBlock(block, placesAt + WaitPoint.words(), PUT);
    this.joiners = WaitPoint.inBlock(block, placesAt + 2 * WaitPoint.words(), JOIN);
    const options = {
      owner: own.agents.agentAt(own.slot),
      owners,
      canBlock: server.capabilities.block,
      blocks: own.heap,
      notEmpty: this.getters.waiters,
      notFull: this.putters.waiters,
      allDone: this.joiners.waiters,
    };
    this.items = kind === PRIORITY_QUEUE ? priorityItems : items;
    if (kind === PRIORITY_QUEUE) {
      this.slots = new PrioritySlots(words, at, { ...options, compare: priorityItems.compare });
    } else {
      this.slots = new (kind === LIFO_QUEUE ? LifoSlots : FifoSlots)(words, at, options);
    }
  }

  readonly drop = (slot: Int32Array): void => this.items.drop(slot);
}

export class SharedQueue {
  readonly #block: SharedBlock;
  readonly #items: Items;
  readonly #slots: SlotQueue;
  readonly #parts: Parts;
  readonly #looks = server.parallelism() > 1 ? BRIEF_LOOKS : 0;
  /** The item being put or taken. */
  readonly #slot = new Int32Array(SLOT_WORDS);

  constructor(object: object, kind: number, maxsize: number) {
    this.#block = openBlock(object, kind, Parts.words(), object.constructor);
    this.#parts = new Parts(this.#block);
    this.#items = this.#parts.items;
    this.#slots = this.#parts.slots;
    if (this.#block.isNew) this.#slots.initialize(maxsize);
    disposesOf(kind, disposeQueue);
  }

  /** Puts an item if there is room. */
  tryPut(item: unknown): void {
    this.#items.encode(item, this.#slot);
    const { moved } = this.#items;
    const outcome = this.#offer(this.#slot);
    if (outcome !== TAKEN) this.#refuse(this.#slot, outcome);
    if (moved !== undefined) detach(moved);
  }

  /** Puts bytes if there is room: who takes the item gets a copy of them. */
  tryPutBytes(bytes: Uint8Array): void {
    codecs().items.encodeBytes(bytes, this.#slot);
    const outcome = this.#offer(this.#slot);
    if (outcome !== TAKEN) this.#refuse(this.#slot, outcome);
  }

  putSync(item: unknown, deadlineMs: number): void {
    this.#items.encode(item, this.#slot);
    const { moved } = this.#items;
    let outcome = this.#offer(this.#slot);
    if (outcome === MUST_WAIT) outcome = this.#waitToPutSync(deadlineMs);
    if (outcome !== TAKEN) this.#refuse(this.#slot, outcome);
    if (moved !== undefined) detach(moved);
  }

  #waitToPutSync(deadlineMs: number): Outcome {
    for (let looks = 0; looks < this.#looks; looks++) {
      pauseBefore(looks);
      if (!this.#slots.looksFull()) {
        const outcome = this.#offer(this.#slot);
        if (outcome !== MUST_WAIT) return outcome;
      }
    }
    // Others may use this slot while this agent blocks.
    const offer = new Offer(this.#slots, this.#slot.slice());
    try {
      this.#parts.putters.waitSync(offer.attempt, deadlineMs);
      return offer.outcome();
    } catch (error) {
      this.#items.drop(offer.slot);
      throw error;
    } finally {
      this.#slot.set(offer.slot);
    }
  }

  async put(item: unknown, wait: CheckedWait): Promise<void> {
    wait.signal?.throwIfAborted();
    this.#items.encode(item, this.#slot);
    const { moved } = this.#items;
    const { putters } = this.#parts;
    let outcome: Outcome = putters.mustQueue ? MUST_WAIT : this.#offer(this.#slot);
    let slot = this.#slot;
    if (outcome === MUST_WAIT) {
      slot = slot.slice(); // others use this slot meanwhile
      const offer = new Offer(this.#slots, slot);
      try {
        await putters.wait(offer.attempt, wait);
        outcome = offer.outcome();
      } catch (error) {
        this.#items.drop(slot);
        throw error;
      }
    }
    if (outcome !== TAKEN) this.#refuse(slot, outcome);
    if (moved !== undefined) detach(moved);
  }

  /** Tries to put; an item that is refused for ever is dropped. */
  #offer(slot: Int32Array): Outcome {
    try {
      return this.#slots.tryPut(slot);
    } catch (error) {
      this.#items.drop(slot);
      throw error;
    }
  }

  #refuse(slot: Int32Array, outcome: Outcome): never {
    this.#items.drop(slot);
    if (outcome === SHUT) {
      throw new ShutDown(`Cannot put into ${this.#name()}: it has been shut down`);
    }
    throw new Full(`Cannot put into ${this.#name()}: it is full`);
  }

  /** Takes an item if there is one. */
  tryGet(): unknown {
    return this.#taken(this.#slots.tryGet(this.#slot));
  }

  /** @param looks How often to look before it sleeps. 0: what comes needs the processor to come. */
  getSync(deadlineMs: number, looks: number = this.#looks): unknown {
    let outcome = this.#slots.tryGet(this.#slot);
    if (outcome === MUST_WAIT) outcome = this.#waitToGetSync(deadlineMs, looks);
    return this.#taken(outcome);
  }

  #waitToGetSync(deadlineMs: number, most: number): Outcome {
    for (let looks = 0; looks < most; looks++) {
      pauseBefore(looks);
      if (!this.#slots.looksEmpty()) {
        const outcome = this.#slots.tryGet(this.#slot);
        if (outcome !== MUST_WAIT) return outcome;
      }
    }
    const request = new Request(this.#slots);
    this.#parts.getters.waitSync(request.attempt, deadlineMs);
    this.#slot.set(request.slot);
    return request.outcome();
  }

  /** The promise form of a get. */
  get(options: WaitOptions | undefined, of: string): Waiting<unknown> {
    return waitingFor(options, of, (wait) => this.#take(wait), this.#promiseForm);
  }

  /** Waits for an item and takes it, at once and for good. */
  async take(wait: CheckedWait): Promise<unknown> {
    return this.#items.decode(await this.#take(wait));
  }

  readonly #promiseForm = {
    taking: {
      deliver: (slot: Int32Array): unknown => this.#items.decode(slot),
      giveBack: (slot: Int32Array): boolean => this.#putBack(slot),
    },
    quick: (): Int32Array | Promise<Int32Array> | undefined => {
      if (this.#parts.getters.mustQueue || lacksKinds()) return undefined;
      const outcome = this.#slots.tryGet(this.#slot);
      if (outcome === MUST_WAIT) return undefined;
      this.#mustBeTaken(outcome);
      return this.#loaded(this.#slot.slice()); // others use this slot meanwhile
    },
  };

  /** Waits for an item, and returns it as it lies in memory: it can be put back until it is decoded. */
  async #take(wait: CheckedWait): Promise<Int32Array> {
    wait.signal?.throwIfAborted();
    const { getters } = this.#parts;
    const request = new Request(this.#slots);
    if (getters.mustQueue || !request.attempt()) await getters.wait(request.attempt, wait);
    this.#mustBeTaken(request.outcome());
    // The classes of what is inside may have to be loaded.
    if (lacksKinds()) await loadKinds();
    return this.#loaded(request.slot);
  }

  /** The slot, once the functions and classes in its item are there. */
  #loaded(slot: Int32Array): Int32Array | Promise<Int32Array> {
    const loading = this.#items.loading(slot);
    return loading === undefined ? slot : loading.then(() => slot);
  }

  /** Says whether it is in again: not if the queue has been emptied meanwhile, or it fits no more. */
  #putBack(slot: Int32Array): boolean {
    try {
      return this.#slots.putBack(slot);
    } catch {
      return false;
    }
  }

  #taken(outcome: Outcome): unknown {
    this.#mustBeTaken(outcome);
    try {
      return this.#items.decode(this.#slot);
    } catch (error) {
      // Who can wait for its code to be loaded gets it.
      if (error instanceof NotLoaded && !this.#putBack(this.#slot)) this.#items.drop(this.#slot);
      throw error;
    }
  }

  #mustBeTaken(outcome: Outcome): void {
    if (outcome === TAKEN) return;
    if (outcome === SHUT) {
      throw new ShutDown(`Cannot get from ${this.#name()}: it has been shut down`);
    }
    throw new Empty(`Cannot get from ${this.#name()}: it is empty`);
  }

  /** Waits until all items have been reported done. */
  join(wait: CheckedWait): Promise<boolean> {
    return this.#parts.joiners.wait(this.#isDone, wait);
  }

  joinSync(deadlineMs: number): boolean {
    return this.#parts.joiners.waitSync(this.#isDone, deadlineMs);
  }

  readonly #isDone = (): boolean => this.#slots.unfinished === 0;

  /** Reports an item done; returns false when all have been. */
  taskDone(): boolean {
    return this.#slots.taskDone();
  }

  shutdown(isImmediate: boolean): void {
    this.#slots.shutdown(isImmediate, this.#parts.drop);
  }

  get size(): number {
    return this.#slots.size;
  }

  get isFull(): boolean {
    return this.#slots.isFull;
  }

  get isShutDown(): boolean {
    return this.#slots.isShutDown;
  }

  get unfinished(): number {
    return this.#slots.unfinished;
  }

  get maxsize(): number {
    return this.#slots.maxsize;
  }

  set maxsize(maxsize: number) {
    this.#slots.maxsize = maxsize;
  }

  /** How many wait: to get, to put, for the end of all. */
  get waiting(): number {
    const { getters, putters, joiners } = this.#parts;
    return getters.count + putters.count + joiners.count;
  }

  toString(): string {
    const most = this.maxsize > 0 ? `/${this.maxsize}` : "";
    const state = this.isShutDown ? " shut down" : "";
    return `<${this.#name()} size=${this.size}${most}${state}>`;
  }

  #name(): string {
    return `${kindName(this.#block.kind)}-${this.#block.label}`;
  }
}

/** Frees what belongs to a queue that no agent knows any more. */
function disposeQueue(block: SharedBlock): void {
  const { slots, drop } = new Parts(block);
  slots.dispose(drop);
}

/** One wait to put: attempts must not throw, as others wait behind. */
class Offer {
  readonly slot: Int32Array;
  readonly #slots: SlotQueue;
  #outcome: Outcome = MUST_WAIT;
  #thrown: { readonly error: unknown } | undefined;

  constructor(slots: SlotQueue, slot: Int32Array) {
    this.#slots = slots;
    this.slot = slot;
  }

  readonly attempt = (): boolean => {
    if (this.#slots.looksFull()) return false;
    try {
      this.#outcome = this.#slots.tryPut(this.slot);
    } catch (error) {
      this.#thrown = { error };
      return true;
    }
    return this.#outcome !== MUST_WAIT;
  };

  /** @throws What the attempt has thrown. */
  outcome(): Outcome {
    if (this.#thrown !== undefined) throw this.#thrown.error;
    return this.#outcome;
  }
}

/** One wait to get. */
class Request {
  readonly slot: Int32Array = new Int32Array(SLOT_WORDS);
  readonly #slots: SlotQueue;
  #outcome: Outcome = MUST_WAIT;

  constructor(slots: SlotQueue) {
    this.#slots = slots;
  }

  readonly attempt = (): boolean => {
    if (this.#slots.looksEmpty()) return false;
    this.#outcome = this.#slots.tryGet(this.slot);
    return this.#outcome !== MUST_WAIT;
  };

  outcome(): Outcome {
    return this.#outcome;
  }
}

function pauseBefore(look: number): void {
  for (let pauses = Math.min(2 ** look, MOST_PAUSES); pauses > 0; pauses--) pause();
}
