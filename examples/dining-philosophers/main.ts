/**
 * Five philosophers, five forks: the classic example of deadlock.
 *
 *   node main.ts            they are polite, and all eat
 *   node main.ts --greedy   each takes its left fork and waits for the right one
 *
 * The greedy ones would wait for ever. heddle sees it: the wait that closes the
 * circle throws a DeadlockError, which says who waits for whom. The philosopher who
 * gets it puts its fork down, and the others can eat.
 */
import process from "node:process";
import { DeadlockError, isMainThread } from "heddle";
import { Barrier, RLock, Thread, traceLocks } from "heddle/threading";

import { greedy, polite, type Seat } from "./philosopher.ts";

const NAMES = ["Plato", "Aristotle", "Hypatia", "Diotima", "Zeno"];

if (isMainThread) main(process.argv.includes("--greedy"));

function main(areGreedy: boolean): void {
  if (areGreedy) traceLocks(); // the error then tells where each fork was taken
  const forks = NAMES.map(() => new RLock());
  const eaten = new Int32Array(new SharedArrayBuffer(4 * NAMES.length));
  const everybody = new Barrier(NAMES.length);
  const threads = NAMES.map((name, number) => {
    const left = forks[number]!;
    const right = forks[(number + 1) % forks.length]!;
    const seat: Seat = { left, right, eaten, number, meals: areGreedy ? 1 : 1000 };
    return areGreedy
      ? new Thread({ target: greedy, args: [seat, everybody], name })
      : new Thread({ target: polite, args: [seat], name });
  });

  for (const thread of threads) thread.start();
  const results = threads.map(outcomeOf);
  for (const [number, name] of NAMES.entries()) {
    console.log(`${name} ate ${eaten[number]} times${results[number]}`);
  }
}

/** Waits for a philosopher, and says what kept it from eating. */
function outcomeOf(thread: Thread): string {
  try {
    thread.joinSync();
    return "";
  } catch (error) {
    if (!(error instanceof DeadlockError)) throw error;
    return `\n${error.message}`;
  }
}
