import { LifoQueue, PriorityQueue, Queue, SimpleQueue } from "heddle/queue";
import { isOwnShare } from "../support/shares.ts";
import { queueContract as contract } from "./queue-contract.ts";

/** By day they share all kinds but the one that people use most. */
const SHARING = ["deno", "bun"];

const queueContract: typeof contract = (kind) => {
  if (kind.name === "Queue" || isOwnShare(kind.name, SHARING)) contract(kind);
};

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
