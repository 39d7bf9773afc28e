/** What the two kinds of threads do. */
import { type Buffer, put, take } from "./buffer.ts";

/** Tells a consumer that nothing will follow. */
export const END = -1;

export function produce(buffer: Buffer, from: number, to: number): void {
  for (let item = from; item < to; item++) put(buffer, item);
}

/** Returns how many items it took, and their sum. */
export function consume(buffer: Buffer): { count: number; sum: number } {
  let count = 0;
  let sum = 0;
  for (let item; (item = take(buffer)) !== END; count++) sum += item;
  return { count, sum };
}
