/**
 * The one door to `Atomics`.
 *
 * Everything that touches shared words goes through here, so that the schedule
 * explorer can stand in: it replaces `globalThis.Atomics` in a worker and only
 * then imports the algorithm under test, and this file captures what it finds.
 * Never call `Atomics` directly: such an access is invisible to the explorer.
 */

export const load: typeof Atomics.load = Atomics.load;
export const store: typeof Atomics.store = Atomics.store;
export const add: typeof Atomics.add = Atomics.add;
export const sub: typeof Atomics.sub = Atomics.sub;
export const and: typeof Atomics.and = Atomics.and;
export const or: typeof Atomics.or = Atomics.or;
export const exchange: typeof Atomics.exchange = Atomics.exchange;
export const compareExchange: typeof Atomics.compareExchange = Atomics.compareExchange;
export const wait: typeof Atomics.wait = Atomics.wait;
export const notify: typeof Atomics.notify = Atomics.notify;

/**
 * Resolves when the word is notified; returns undefined when it no longer held
 * `expected`. There is no timeout on purpose: the engine cannot cancel one.
 * Undefined where the engine has none: a thread must wait in its place (memory/bell-watch.ts).
 */
export const waitAsync:
  | ((words: Int32Array, index: number, expected: number) => Promise<unknown> | undefined)
  | undefined = "waitAsync" in Atomics ? listenToWord : undefined;

function listenToWord(
  words: Int32Array,
  index: number,
  expected: number,
): Promise<unknown> | undefined {
  const outcome = Atomics.waitAsync(words, index, expected);
  return outcome.async ? outcome.value : undefined;
}

/** Tells the processor that this is a spin loop, where the runtime can. */
export const pause: () => void =
  (Atomics as { pause?: () => void }).pause ?? ((): void => undefined);

/** Stops the calling thread for good, using nothing: for one that was terminated where that stops no sleeper. */
export function haltForever(): never {
  const words = new Int32Array(new SharedArrayBuffer(4));
  for (;;) wait(words, 0, 0);
}
