/**
 * The contract of queues between threads, as far as it holds for those between processes. A
 * `SimpleQueue` has fewer methods there, as in Python: test/python/multiprocessing/queues.test.ts.
 */
import { JoinableQueue, Queue } from "heddle/multiprocessing";
import { type QueueKind, queueContract } from "./queue-contract.ts";

const MAKE: Readonly<Record<string, (most?: number) => unknown>> = {
  Queue: (most) => new Queue(most),
  JoinableQueue: (most) => new JoinableQueue(most),
};

for (const [name, make] of Object.entries(MAKE)) {
  queueContract({
    name: `multiprocessing ${name}`,
    make: make as QueueKind["make"],
    hasLimit: true,
    isBetweenProcesses: true,
    wrap: (item) => item,
    unwrap: (item) => item,
  });
}
