/**
 * Objects that many agents have: one block of shared words, and in each agent
 * that knows it one JavaScript object.
 *
 *   REFS     agents that know the block, plus handles on their way to one
 *   KIND     which class its object has (see wire/handles.ts)
 *   SERIAL   a number that people know it by: how many its maker had made, and the maker's slot
 *   KNOWN    a bit for each agent that knows it
 *   INNER    address of another block that this one needs, and has a reference to: as a
 *            condition to its lock; 0 for none
 *
 * Sending a handle counts one more reference; receiving it makes that reference
 * the agent's own, or drops it if the agent has one already. An agent drops its
 * own when its object has been collected. The agent that drops the last one frees the
 * block. A handle that will not be received is taken back by its sender (memory/receipts.ts). An
 * agent that is killed costs the blocks that it knew, which are never freed, but cannot free one
 * that is in use.
 */
import { add, and, load, or, store, sub } from "../memory/atomics.ts";
import { threadRegistry } from "../base/registry.ts";
import { checkNotEvaluating } from "../shipping/main-module.ts";
import { HANDLE } from "../wire/handles.ts";
import { CAPACITY, program, type Program } from "./program.ts";

const REFS = 0;
const KIND = 1;
const SERIAL = 2;
const KNOWN = 3;
const INNER = KNOWN + Math.ceil(CAPACITY / 32);
/** First of the words that the object may use. Blocks begin at odd words, so these begin at an even one, as doubles need. */
const CONTENTS = INNER + 2;

/** The block behind a shared object, as one agent has it. */
export class SharedBlock {
  readonly program: Program;
  readonly words: Int32Array;
  /** Identifies the block everywhere. */
  readonly address: number;
  /** Index of the first word of the object's own. */
  readonly at: number;
  /** Whether only its maker has seen it: the words are all zero. */
  readonly isNew: boolean;

  constructor(owner: Program, address: number, isNew: boolean) {
    this.program = owner;
    this.isNew = isNew;
    this.address = address;
    this.words = owner.heap.wordsFor(address);
    this.at = address + CONTENTS;
  }

  get kind(): number {
    return kindOfBlock(this.program, this.address);
  }

  /** What people know the object by, besides its class: `3`, or `3@2` where the agent in slot 2 made it. */
  get label(): string {
    const serial = load(this.words, this.address + SERIAL);
    const maker = serial % CAPACITY;
    const number = Math.floor(serial / CAPACITY);
    return maker === 0 ? `${number}` : `${number}@${maker}`;
  }

  /**
   * How many handles are on their way. The reference of an agent that was killed is not: its bit
   * stays, as its reference does.
   */
  get inFlight(): number {
    let known = 0;
    for (let at = KNOWN; at < INNER; at++)
      for (let bits = load(this.words, this.address + at); bits !== 0; bits &= bits - 1) known++;
    return load(this.words, this.address + REFS) - known;
  }

  /** Address of the block that this one needs, or 0. */
  get inner(): number {
    return load(this.words, this.address + INNER);
  }

  /** A new block needs another one, which lives at least as long from now on. */
  set inner(address: number) {
    sendBlock(address);
    store(this.words, this.address + INNER, address);
  }

  isKnownTo(slot: number): boolean {
    return (load(this.words, this.address + KNOWN + (slot >>> 5)) & (1 << (slot & 31))) !== 0;
  }
}

/** What an agent remembers of the blocks it knows. */
interface Known {
  object: WeakRef<object>;
  /** Objects that stand for the block and have not been reported collected. */
  objects: number;
}

interface Table {
  readonly known: Map<number, Known>;
  readonly collected: FinalizationRegistry<number>;
  /** The block of the object that is being made. */
  opening: number | undefined;
  /** By kind: frees what belongs to a block besides itself. */
  readonly disposers: Map<number, (block: SharedBlock) => void>;
}

function table(): Table {
  return threadRegistry("shared objects@1", () => ({
    known: new Map(),
    collected: new FinalizationRegistry(forget),
    opening: undefined,
    disposers: new Map(),
  }));
}

/** Objects of that kind own more than their block: `dispose` frees that when the last reference has gone. */
export function disposesOf(kind: number, dispose: (block: SharedBlock) => void): void {
  table().disposers.set(kind, dispose);
}

/** Makes the object of a handle: for a block the constructor opens it, for a thread by its ident. */
export type Maker = (ident: number) => object;

/** How a thread makes the objects of handles that it receives; see kinds.ts. */
interface Kinds {
  readonly makers: (Maker | undefined)[];
  /** A bit for each kind that has a maker, or that cannot be loaded. */
  settled: number;
  load: ((kinds: readonly number[]) => Promise<void>) | undefined;
}

let ownKinds: Kinds | undefined;

export function kindsOfThread(): Kinds {
  return (ownKinds ??= threadRegistry("kinds@1", () => ({
    makers: [],
    settled: 0,
    load: undefined,
  })));
}

/** A class of shared objects; with `kind` if its subclasses have kinds of their own. */
type SharedClass = Function & { readonly kind?: number };

/**
 * Constructors call this first: makes a block for the new object, or opens the
 * one that a handle brought (see {@link objectAt}).
 *
 * @param size Words that the object needs for itself.
 * @param Class Makes objects of that kind, if called without arguments; or a subclass of it.
 */
export function openBlock(
  object: object,
  kind: number,
  size: number,
  Class: SharedClass,
): SharedBlock {
  const state = table();
  const own = program();
  const isNew = state.opening === undefined;
  if (isNew) checkNotEvaluating(`make a ${Class.name}`);
  const address = state.opening ?? createBlock(own, kind, size);
  state.opening = undefined;
  if (isNew) fillByClass(kind, Class);
  const known = state.known.get(address);
  if (known === undefined) state.known.set(address, { object: new WeakRef(object), objects: 1 });
  else {
    known.object = new WeakRef(object);
    known.objects++;
  }
  state.collected.register(object, address);
  Object.defineProperty(object, HANDLE, { value: address });
  return new SharedBlock(own, address, isNew);
}

/** Who has made an object of a kind can receive others. */
function fillByClass(kind: number, Class: SharedClass): void {
  const kinds = kindsOfThread();
  if (kinds.makers[kind] !== undefined) return;
  let Base = Class;
  while (Base.kind !== undefined && !Object.hasOwn(Base, "kind"))
    Base = Object.getPrototypeOf(Base) as SharedClass; // a subclass of the user's
  kinds.makers[kind] = () => Reflect.construct(Base, []) as object;
  kinds.settled |= 1 << kind;
}

function createBlock(own: Program, kind: number, size: number): number {
  own.noteKind(kind);
  const { heap, slot } = own;
  const address = heap.allocate(CONTENTS + size);
  const words = heap.wordsFor(address);
  store(words, address + KIND, kind);
  store(words, address + SERIAL, nextSerial(kind) * CAPACITY + slot);
  or(words, address + KNOWN + (slot >>> 5), 1 << (slot & 31));
  store(words, address + REFS, 1);
  return address;
}

function nextSerial(kind: number): number {
  const serials = threadRegistry<Map<number, number>>("serials@1", () => new Map());
  const serial = (serials.get(kind) ?? 0) + 1;
  serials.set(kind, serial);
  return serial;
}

/** The kind of the object at that address. */
export function kindOfBlock({ heap }: Program, address: number): number {
  return load(heap.wordsFor(address), address + KIND);
}

/** Whether the constructor that asks is making the object of a handle: its arguments are ignored. */
export function isOpening(): boolean {
  return table().opening !== undefined;
}

/** Counts a handle that is being sent. */
export function sendBlock(address: number): void {
  add(program().heap.wordsFor(address), address + REFS, 1);
}

/** Drops a handle that was sent, and will not be received. */
export function unsendBlock(address: number): void {
  dropReference(address);
}

/**
 * The object of a handle that has been received.
 *
 * @param create Makes the object, whose constructor calls {@link openBlock}.
 */
export function receiveBlock<T extends object>(address: number, create: (kind: number) => T): T {
  const state = table();
  const { heap, slot } = program();
  const words = heap.wordsFor(address);
  const known = state.known.get(address);
  const present = known?.object.deref() as T | undefined;
  if (present === undefined) {
    state.opening = address;
    try {
      const object = create(load(words, address + KIND));
      if (known === undefined) or(words, address + KNOWN + (slot >>> 5), 1 << (slot & 31));
      else dropReference(address);
      return object;
    } catch (error) {
      // Such as an object whose class cannot be loaded.
      if (state.opening === address) dropReference(address);
      throw error;
    } finally {
      state.opening = undefined;
    }
  }
  dropReference(address);
  return present;
}

function forget(address: number): void {
  const { known } = table();
  const entry = known.get(address);
  if (entry === undefined || --entry.objects > 0) return;
  known.delete(address);
  disown(address);
}

/** Drops all that this agent knows: it is about to end. */
export function forgetAll(): void {
  const { known } = table();
  for (const address of known.keys()) disown(address);
  known.clear();
  program().heap.handBack();
}

function disown(address: number): void {
  const { heap, slot } = program();
  and(heap.wordsFor(address), address + KNOWN + (slot >>> 5), ~(1 << (slot & 31)));
  dropReference(address);
}

function dropReference(address: number): void {
  const own = program();
  const { heap } = own;
  const words = heap.wordsFor(address);
  if (sub(words, address + REFS, 1) !== 1) return;
  table().disposers.get(load(words, address + KIND))?.(new SharedBlock(own, address, false));
  const inner = load(words, address + INNER);
  heap.free(address);
  if (inner !== 0) dropReference(inner);
}
