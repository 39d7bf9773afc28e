/** Moments at which something can be cancelled that the runtime takes several turns to do. */
import { setImmediate } from "node:timers/promises";
import { fromPromise, sleep } from "heddle/asyncio";

export interface Moment {
  /** Turns of the runtime's event loop, and then iterations of asyncio's. */
  readonly turns: number;
  readonly iterations: number;
}

export const MOMENTS: readonly Moment[] = [0, 1, 2, 3, 4].flatMap((turns) =>
  [0, 1, 2, 3].map((iterations) => ({ turns, iterations })),
);

/** Waits for that moment. */
export async function until({ turns, iterations }: Moment): Promise<void> {
  for (let i = 0; i < turns; i++) await fromPromise(setImmediate());
  for (let i = 0; i < iterations; i++) await sleep(0);
}
