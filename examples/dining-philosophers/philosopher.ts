/** What a philosopher does: think, take two forks, eat, put them down. */
import type { Barrier, RLock } from "heddle/threading";

export interface Seat {
  readonly left: RLock;
  readonly right: RLock;
  /** How often each philosopher has eaten; shared memory, which needs no lock here: each has a number of its own. */
  readonly eaten: Int32Array;
  readonly number: number;
  readonly meals: number;
}

/** Takes the left fork first, except at the last seat: so no circle of waiting philosophers can close. */
export function polite(seat: Seat): void {
  const { left, right, number, eaten } = seat;
  const isLast = number === eaten.length - 1;
  const [first, second] = isLast ? [right, left] : [left, right];
  for (let meal = 0; meal < seat.meals; meal++) {
    first.withSync(() => second.withSync(() => eat(seat)));
  }
}

/** Takes the left fork, waits until everybody has, and then reaches for the right one. */
export function greedy(seat: Seat, everybody: Barrier): void {
  seat.left.withSync(() => {
    everybody.waitSync();
    seat.right.withSync(() => eat(seat));
  });
}

function eat({ eaten, number }: Seat): void {
  eaten[number]! += 1;
}
