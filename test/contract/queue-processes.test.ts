/**
 * The contract of queues between threads, as far as it holds for those between processes. What else
 * they do is in test/python/multiprocessing/queues.test.ts.
 */
import { JoinableQueue, Queue, SimpleQueue } from "heddle/multiprocessing";
import { type QueueKind, queueContract } from "./queue-contract.ts";

/** With the methods that Python's does not have, in terms of its own: the contract uses them here, and not in other threads. */
function simpleQueue(): SimpleQueue {
  const queue = new SimpleQueue();
  return Object.defineProperties(queue, {
    putNowait: { value: (item: unknown) => queue.putSync(item) },
    getNowait: { value: () => queue.getSync({ timeout: 0 }) },
  });
}

const MAKE: Readonly<Record<string, (most?: number) => unknown>> = {
  Queue: (most) => new Queue(most),
  JoinableQueue: (most) => new JoinableQueue(most),
  SimpleQueue: simpleQueue,
};

for (const [name, make] of Object.entries(MAKE)) {
  queueContract({
    name: `multiprocessing ${name}`,
    make: make as QueueKind["make"],
    hasLimit: name !== "SimpleQueue",
    hasSize: name !== "SimpleQueue",
    isBetweenProcesses: true,
    wrap: (item) => item,
    unwrap: (item) => item,
  });
}
