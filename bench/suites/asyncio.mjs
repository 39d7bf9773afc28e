/** Tasks, queues and locks of one thread: `heddle/asyncio`, in both styles, and what does the same. */

import { primitiveCase } from "./primitive-case.mjs";

export const title = "asyncio";

/** The others have nothing to do with tasks of one thread. */
export const isForThoseWhoNameIt = true;

/** What the tables compare the others to. */
const reference = "heddle-generators";

/** Each with what is asked at once. */
const CASES = [
  ["spawn", "A task that does nothing: create it, wait for its end", 50000],
  ["switch", "100 tasks that let each other go first: sleep(0) (a switch)", 100000],
  ["putGet", "Queue() in one task: put and get (both)", 100000],
  ["pingPong", "Two Queue(1), ping-pong between two tasks (a round trip)", 20000],
  ["freeLock", "A free Lock: acquire and release", 100000],
  ["contendedLock", "A Lock for 10 tasks: acquire, sleep(0), release", 20000],
  ["freeSemaphore", "A free Semaphore(2): acquire and release", 100000],
  ["gather", "gather of 100000 coroutines that do nothing (each)", 100000],
  ["calls", "A call 10 coroutines deep that need not wait", 20000],
  ["deepSwitch", "A call 10 coroutines deep with a sleep(0) at the bottom", 20000],
];

export const cases = CASES.map(([name, caseTitle, count]) => ({
  ...primitiveCase(name, caseTitle, count),
  reference,
}));
