/** Functions for tests of context variables to run in workers. */
import { ContextVar } from "heddle/contextvars";

const mine = new ContextVar<number>("mine");

/**
 * Sets a variable, waits until all the others have done so too, and reads it
 * again; several times. Returns what it read.
 *
 * @param arrived Counts, in shared memory, who has set the variable.
 */
export function setAndReread(arrived: Int32Array, all: number, own: number): number[] {
  const seen: number[] = [];
  for (let round = 1; round <= 3; round += 1) {
    mine.set(own * 100 + round);
    Atomics.add(arrived, 0, 1);
    Atomics.notify(arrived, 0);
    for (let now = Atomics.load(arrived, 0); now < all * round; now = Atomics.load(arrived, 0))
      Atomics.wait(arrived, 0, now);
    seen.push(mine.get());
  }
  return seen;
}
