/**
 * Many readers at once, or one writer alone: made of a condition and a counter.
 * Writers go first, so that readers who keep coming cannot starve them.
 */
import { Condition } from "heddle/threading";

/** Readers inside; -1 while a writer is. */
const INSIDE = 0;
const WAITING_WRITERS = 1;

/** What the threads share. */
export interface ReadWriteLock {
  readonly changed: Condition;
  readonly words: Int32Array;
}

export function makeReadWriteLock(): ReadWriteLock {
  return { changed: new Condition(), words: new Int32Array(new SharedArrayBuffer(8)) };
}

export function reading<R>({ changed, words }: ReadWriteLock, body: () => R): R {
  changed.withSync(() => {
    changed.waitForSync(() => words[INSIDE]! >= 0 && words[WAITING_WRITERS] === 0);
    words[INSIDE]! += 1;
  });
  try {
    return body();
  } finally {
    changed.withSync(() => {
      words[INSIDE]! -= 1;
      if (words[INSIDE] === 0) changed.notifyAll();
    });
  }
}

export function writing<R>({ changed, words }: ReadWriteLock, body: () => R): R {
  changed.withSync(() => {
    words[WAITING_WRITERS]! += 1;
    changed.waitForSync(() => words[INSIDE] === 0);
    words[WAITING_WRITERS]! -= 1;
    words[INSIDE] = -1;
  });
  try {
    return body();
  } finally {
    changed.withSync(() => {
      words[INSIDE] = 0;
      changed.notifyAll();
    });
  }
}
