/** Locks and their kind, free and between two threads; and the start of a thread. */

import { primitiveCase } from "./primitive-case.mjs";

export const title = "Threads and locks";

/** Each with what is asked at once. */
const CASES = [
  ["lock", "A free Lock: acquire and release", 200000],
  ["rlock", "A free RLock: acquire and release", 200000],
  ["semaphore", "A free Semaphore: acquire and release", 200000],
  ["contended", "A Lock between two threads: acquire, add, release", 100000],
  ["event", "Two Events, ping-pong between two threads (a round trip)", 4000],
  ["condition", "A Condition, two threads by turns (a turn each)", 4000],
  ["permits", "Two Semaphores, ping-pong between two threads (a round trip)", 4000],
  ["thread", "A warm thread: start and join", 400],
];

export const cases = CASES.map(([name, caseTitle, count]) => primitiveCase(name, caseTitle, count));
