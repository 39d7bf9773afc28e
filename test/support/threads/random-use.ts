/** Threads that take locks at random, count under them, and sometimes die. */
import process from "node:process";
import { type Condition, type Lock, type RLock, type Semaphore } from "heddle/threading";

import { Dice } from "../dice.ts";

/** What a lock guards: two words that are equal whenever nobody holds it. */
export interface Account {
  readonly lock: Lock | RLock;
  readonly words: Int32Array;
}

export interface Chaos {
  readonly accounts: readonly Account[];
  readonly permits: Semaphore;
  readonly changed: Condition;
  /** How many are inside the semaphore, and the most there have been. */
  readonly crowd: Int32Array;
  readonly steps: number;
  readonly seed: number;
  /** After how many steps to die; -1 to live. */
  readonly dieAt: number;
}

/** Returns how many entries it has made. */
export async function wreakHavoc(chaos: Chaos): Promise<number> {
  const { accounts, permits, changed, crowd, steps, dieAt } = chaos;
  const dice = new Dice(chaos.seed);
  const random = (): number => dice.roll(1000) / 1000;
  let entries = 0;
  for (let step = 0; step < steps; step++) {
    // Always in the same order, so that no circle can close.
    const first = Math.floor(random() * accounts.length);
    const second = first + Math.floor(random() * (accounts.length - first));
    const outer = accounts[first] as Account;
    const timeout = random() < 0.3 ? Math.floor(random() * 3) : undefined;
    const hasIt =
      random() < 0.5 ? outer.lock.acquireSync({ timeout }) : await outer.lock.acquire({ timeout });
    if (!hasIt) continue;
    enter(outer, step === dieAt);
    entries++;
    if (second !== first) {
      const inner = accounts[second] as Account;
      if (inner.lock.acquireSync({ timeout: 50 })) {
        enter(inner, false);
        entries++;
        inner.lock.release();
      }
    }
    outer.lock.release();
    if (random() < 0.2 && permits.acquireSync({ timeout: 20 })) {
      const inside = Atomics.add(crowd, 0, 1) + 1;
      if (inside > Atomics.load(crowd, 1)) Atomics.store(crowd, 1, inside);
      Atomics.sub(crowd, 0, 1);
      permits.release();
    }
    if (random() < 0.1) {
      changed.withSync(() => {
        if (random() < 0.5) changed.notifyAll();
        else changed.waitSync({ timeout: 1 });
      });
    }
  }
  return entries;
}

/** Makes an entry, in two steps; whoever finds the first without the second finishes it. */
function enter({ lock, words }: Account, dies: boolean): void {
  if (words[0] !== words[1]) {
    if (!lock.abandoned) process.exit(99); // nobody died here: the lock has let two in
    words[1] = words[0] as number;
  }
  words[0]! += 1;
  if (dies) process.exit(7);
  words[1]! += 1;
}
