/** Stops the calling thread for good, using nothing: for one that was terminated where that stops no sleeper. */
import { wait } from "./atomics.ts";

export function haltForever(): never {
  const words = new Int32Array(new SharedArrayBuffer(4));
  for (;;) wait(words, 0, 0);
}
