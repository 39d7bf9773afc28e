/** What an agent wants of what it waits for: numbers in shared memory, words in reports. */

export const ACQUIRE = 1;
export const WAIT = 2;
export const JOIN = 3;
export const PUT = 4;
export const GET = 5;
/** Of what has no address: a call of the agent's own pools. */
export const FINISH = 6;

/** `waits to acquire Lock-1`, `waits for Event-2`, …: what goes between "waits" and the object's name. */
const WORDS: readonly string[] = [
  "for",
  "to acquire",
  "for",
  "for the end of",
  "to put into",
  "to get from",
  "for",
];

export function wordsOf(verb: number): string {
  return WORDS[verb] ?? "for";
}
