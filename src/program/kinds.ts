/**
 * Which class a shared object has, in every agent alike.
 *
 * The classes lie above this folder, and an agent may receive a handle before its
 * own code has imported the class: so each is named by its module and loaded when
 * its first handle comes.
 */
import { platform } from "#platform";
import { InternalError } from "../errors.ts";
import { workerModule } from "../platform/worker-module.ts";
import type { HandleCodec } from "../wire/handles.ts";
import { hasSharedObjects, receiveBlock, sendBlock } from "./shared-object.ts";

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

const CLASSES: readonly (readonly [path: string, exportName: string])[] = [
  ["", ""],
  ["../_thread/lock", "Lock"],
  ["../_thread/rlock", "RLock"],
  ["../threading/semaphore", "Semaphore"],
  ["../threading/bounded-semaphore", "BoundedSemaphore"],
  ["../threading/event", "Event"],
  ["../threading/condition", "Condition"],
  ["../threading/barrier", "Barrier"],
  ["../queue/queue", "Queue"],
  ["../queue/lifo-queue", "LifoQueue"],
  ["../queue/priority-queue", "PriorityQueue"],
  ["../queue/simple-queue", "SimpleQueue"],
  ["../asyncio/threads/remote-loop", "RemoteLoop"],
];

/** The name of the class of such objects. */
export function kindName(kind: number): string {
  return CLASSES[kind]?.[1] ?? `object of kind ${kind}`;
}

function create(kind: number): object {
  const [path, exportName] = CLASSES[kind] ?? [];
  if (path === undefined || exportName === undefined) {
    throw new InternalError(`Cannot create a shared object: unknown kind ${kind}`);
  }
  const { href } = workerModule(import.meta.url, path);
  const Class = platform.requireModule(href, href)[exportName] as new () => object;
  return new Class();
}

/** Sends and receives shared objects. */
export const handleCodec: HandleCodec = {
  mayOccur: hasSharedObjects,
  send: (address) => {
    if (address > 0) sendBlock(address);
  },
  receive: (address) => (address > 0 ? receiveBlock(address, create) : receiveThread(-address)),
};

/** A thread has no block; its handle is its ident, negated. */
function receiveThread(ident: number): object {
  const { href } = workerModule(import.meta.url, "../threading/thread");
  const module = platform.requireModule(href, href) as { threadWith(ident: number): object };
  return module.threadWith(ident);
}
