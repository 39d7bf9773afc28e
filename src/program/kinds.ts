/**
 * Which class a shared object has, in every agent alike: a number for each kind, and a registry
 * that the classes fill.
 *
 * The classes lie above this folder. The entry of each folder that has some fills the registry, in
 * each thread that imports it; so does the first object of a class. An agent may receive a handle
 * before that: so it asks {@link lacksKinds} where it may still wait, and loads the classes.
 * Where it may not wait, receiving such a handle throws, and says what to do.
 *
 * Only entries know how to load classes (load-kinds.ts): a bundle of a program that never
 * receives any does not contain them.
 */
import { InternalError, SendError } from "../errors.ts";
import type { HandleCodec } from "../wire/handles.ts";
import { program, type Program } from "./program.ts";
import {
  kindsOfThread,
  type Maker,
  receiveBlock,
  sendBlock,
  unsendBlock,
} from "./shared-object.ts";

export const LOCK = 1;
export const RLOCK = 2;
export const SEMAPHORE = 3;
export const BOUNDED_SEMAPHORE = 4;
export const EVENT = 5;
export const CONDITION = 6;
export const BARRIER = 7;
export const QUEUE = 8;
export const LIFO_QUEUE = 9;
export const PRIORITY_QUEUE = 10;
export const SIMPLE_QUEUE = 11;
export const LOOP = 12;
/** Has no block: a thread's handle is its ident, negated. */
export const THREAD = 13;

/** What users import to have the class of most objects. */
const USUAL_ENTRY = "heddle/threading";

/** What users call the objects, and import to have their class, where that is another entry. */
const NAMES: readonly (readonly [name: string, entry?: string])[] = [
  [""],
  ["Lock"],
  ["RLock"],
  ["Semaphore"],
  ["BoundedSemaphore"],
  ["Event"],
  ["Condition"],
  ["Barrier"],
  ["Queue", "heddle/queue"],
  ["LifoQueue", "heddle/queue"],
  ["PriorityQueue", "heddle/queue"],
  ["SimpleQueue", "heddle/queue"],
  ["RemoteLoop", "heddle/asyncio"],
  ["Thread"],
];

/** The name of the class of such objects. */
export function kindName(kind: number): string {
  return NAMES[kind]?.[0] ?? `object of kind ${kind}`;
}

/**
 * Says how objects of a kind are made. Of two copies of heddle in a thread, the later one counts:
 * it is the one that the user's code imports.
 */
export function fillKind(kind: number, maker: Maker): void {
  const state = kindsOfThread();
  state.makers[kind] = maker;
  state.settled |= 1 << kind;
}

/** Says how the classes of kinds are loaded, which then fill the registry. */
export function provideKinds(load: (kinds: readonly number[]) => Promise<void>): void {
  kindsOfThread().load ??= load;
}

/** Whether the program has objects of kinds that this thread could receive only once it has loaded them. */
export function lacksKinds(own: Program = program()): boolean {
  const { settled, load } = kindsOfThread();
  return load !== undefined && (own.kindsInUse & ~settled) !== 0;
}

/** Loads the classes of all kinds that the program has objects of. Never fails: what cannot be loaded is not tried again. */
export async function loadKinds(): Promise<void> {
  const state = kindsOfThread();
  const wanted = program().kindsInUse;
  const missing = NAMES.map((_, kind) => kind).filter(
    (kind) => (wanted & ~state.settled & (1 << kind)) !== 0,
  );
  try {
    await state.load?.(missing);
  } catch {
    // Receiving such an object will say that its class is not there.
  }
  state.settled |= wanted;
}

function make(kind: number, ident: number): object {
  const maker = kindsOfThread().makers[kind];
  if (maker !== undefined) return maker(ident);
  const [name, entry = USUAL_ENTRY] = NAMES[kind] ?? [];
  if (name === undefined)
    throw new InternalError(`Cannot receive a shared object: unknown kind ${kind}`);
  throw new SendError(
    `Cannot receive a ${name}: this thread has not loaded the class, and cannot do so while it blocks. ` +
      `Import "${entry}" in it, or await instead of blocking; in a bundle, make one of its class first`,
    { path: name },
  );
}

/** Sends and receives shared objects. */
export const handleCodec: HandleCodec = {
  send: (address) => {
    if (address > 0) sendBlock(address);
  },
  unsend: (address) => {
    if (address > 0) unsendBlock(address);
  },
  receive: (address) =>
    address > 0 ? receiveBlock(address, (kind) => make(kind, 0)) : make(THREAD, -address),
};
