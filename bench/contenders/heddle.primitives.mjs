/** heddle's threads, locks and queues, in the cases of ../suites/sync.mjs and queue.mjs. */

import { Queue, SimpleQueue } from "../../dist/queue/index.js";
import * as threading from "../../dist/threading/index.js";
import * as worker from "./primitives.worker.mjs";

const { Condition, Event, Lock, RLock, Semaphore, Thread } = threading;

const words = () => new Int32Array(new SharedArrayBuffer(4));

/** Runs `body` beside a thread, and returns how long both took, in milliseconds. */
function beside(target, args, body) {
  const thread = new Thread({ target, args });
  const start = performance.now();
  thread.start();
  body();
  thread.joinSync();
  return performance.now() - start;
}

/** Another thread puts, this one gets. */
function through(queue, put, count, sumUp = (sum, item) => sum + item) {
  let sum = 0;
  const ms = beside(put, [queue, count], () => {
    for (let n = 0; n < count; n++) sum = sumUp(sum, queue.getSync());
  });
  if (sum !== (count * (count - 1)) / 2) throw new Error(`Wrong result: ${sum}`);
  return ms;
}

function alone(lock, count) {
  const start = performance.now();
  for (let n = 0; n < count; n++) {
    lock.acquireSync();
    lock.release();
  }
  return performance.now() - start;
}

/** Each runs `count` operations and returns the milliseconds they took in all. */
export const PRIMITIVES = {
  lock: (count) => alone(new Lock(), count),
  rlock: (count) => alone(new RLock(), count),
  semaphore: (count) => alone(new Semaphore(1), count),

  contended(count) {
    const [lock, counter] = [new Lock(), words()];
    const ms = beside(worker.addUnder, [lock, counter, count / 2], () =>
      worker.addUnder(lock, counter, count / 2),
    );
    if (counter[0] !== count) throw new Error(`Wrong result: ${counter[0]}`);
    return ms;
  },

  event(count) {
    const [mine, other] = [new Event(), new Event()];
    return beside(worker.answerEvents, [other, mine, count], () => {
      for (let n = 0; n < count; n++) {
        other.set();
        mine.waitSync();
        mine.clear();
      }
    });
  },

  condition(count) {
    const [condition, turn] = [new Condition(), words()];
    return beside(worker.takeTurns, [condition, turn, 1, count], () =>
      worker.takeTurns(condition, turn, 0, count),
    );
  },

  permits(count) {
    const [mine, other] = [new Semaphore(0), new Semaphore(0)];
    return beside(worker.answerPermits, [other, mine, count], () => {
      for (let n = 0; n < count; n++) {
        other.release();
        mine.acquireSync();
      }
    });
  },

  queue: (count) => through(new Queue(128), worker.putInts, count),
  queueUnbounded: (count) => through(new Queue(), worker.putInts, count),
  simpleQueue: (count) => through(new SimpleQueue(), worker.putInts, count),
  queueObjects: (count) =>
    through(new Queue(128), worker.putObjects, count, (sum, item) => sum + item.id),

  queueAlone(count) {
    const queue = new Queue();
    const start = performance.now();
    for (let n = 0; n < count; n++) {
      queue.putSync(n);
      queue.getSync();
    }
    return performance.now() - start;
  },

  thread(count) {
    const start = performance.now();
    for (let n = 0; n < count; n++) {
      const thread = new Thread({ target: worker.nothing });
      thread.start();
      thread.joinSync();
    }
    return performance.now() - start;
  },
};
