import { LifoQueue, PriorityQueue, Queue, SimpleQueue } from "heddle/queue";
import { queueContract } from "./queue-contract.ts";

const asItIs = {
  wrap: (item: unknown) => item,
  unwrap: (item: unknown) => item,
};

queueContract({ name: "Queue", make: (most) => new Queue(most), hasLimit: true, ...asItIs });
queueContract({
  name: "LifoQueue",
  make: (most) => new LifoQueue(most),
  hasLimit: true,
  ...asItIs,
});
queueContract({ name: "SimpleQueue", make: () => new SimpleQueue(), hasLimit: false, ...asItIs });
queueContract({
  name: "PriorityQueue",
  make: (most) => new PriorityQueue(most),
  hasLimit: true,
  wrap: (item, index) => [index, item],
  unwrap: (item) => (item as [number, unknown])[1],
});
