/** Queues, between two threads and within one. */

import { primitiveCase } from "./primitive-case.mjs";

export const title = "Queues";

/** Each with what is asked at once. */
const CASES = [
  ["queue", "Queue(128) between two threads, small ints (an item)", 100000],
  ["queueUnbounded", "Queue() between two threads, small ints (an item)", 100000],
  ["simpleQueue", "SimpleQueue between two threads, small ints (an item)", 100000],
  ["queueObjects", "Queue(128) between two threads, small objects (an item)", 40000],
  ["queueAlone", "Queue() in one thread: put and get a small int", 100000],
];

export const cases = CASES.map(([name, caseTitle, count]) =>
  primitiveCase(name, caseTitle, count, true),
);
