/**
 * A buffer of limited size between producers and consumers, made of a lock and two
 * conditions. (`queue.Queue` is this and more, ready made.)
 */
import { Condition, Lock } from "heddle/threading";

/** Words before the items. */
const HEAD = 0;
const COUNT = 1;
const ITEMS = 2;

/** What the threads share: shared objects and shared memory can be arguments, inside plain objects too. */
export interface Buffer {
  readonly lock: Lock;
  readonly notEmpty: Condition;
  readonly notFull: Condition;
  readonly words: Int32Array;
}

export function makeBuffer(size: number): Buffer {
  const lock = new Lock();
  return {
    lock,
    notEmpty: new Condition(lock),
    notFull: new Condition(lock),
    words: new Int32Array(new SharedArrayBuffer(4 * (ITEMS + size))),
  };
}

export function put({ notEmpty, notFull, words }: Buffer, item: number): void {
  const size = words.length - ITEMS;
  notFull.withSync(() => {
    while (words[COUNT] === size) notFull.waitSync();
    words[ITEMS + ((words[HEAD]! + words[COUNT]!) % size)] = item;
    words[COUNT]! += 1;
    notEmpty.notify();
  });
}

export function take({ notEmpty, notFull, words }: Buffer): number {
  const size = words.length - ITEMS;
  return notEmpty.withSync(() => {
    while (words[COUNT] === 0) notEmpty.waitSync();
    const item = words[ITEMS + words[HEAD]!]!;
    words[HEAD] = (words[HEAD]! + 1) % size;
    words[COUNT]! -= 1;
    notFull.notify();
    return item;
  });
}
