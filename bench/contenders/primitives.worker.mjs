/** The other thread's half of heddle's cases in ../suites/sync.mjs and queue.mjs. */

export function addUnder(lock, counter, count) {
  for (let n = 0; n < count; n++) {
    lock.acquireSync();
    counter[0] += 1;
    lock.release();
  }
}

export function answerEvents(mine, other, count) {
  for (let n = 0; n < count; n++) {
    mine.waitSync();
    mine.clear();
    other.set();
  }
}

export function takeTurns(condition, turn, me, count) {
  for (let n = 0; n < count; n++) {
    condition.acquireSync();
    while (turn[0] !== me) condition.waitSync();
    turn[0] = 1 - me;
    condition.notify();
    condition.release();
  }
}

export function answerPermits(mine, other, count) {
  for (let n = 0; n < count; n++) {
    mine.acquireSync();
    other.release();
  }
}

export function putInts(queue, count) {
  for (let n = 0; n < count; n++) queue.putSync(n);
}

export function putObjects(queue, count) {
  for (let n = 0; n < count; n++) queue.putSync({ id: n, name: "item", isOk: true });
}

export function nothing() {}
