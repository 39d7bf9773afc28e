/**
 * A stand-in for `Atomics` whose operations on the scenario's memories wait for
 * their turn. Operations on other memory, which no other agent has, go straight
 * through, and so does everything while no body runs.
 */
import { NOTIFY, OPERATIONS, WAIT, WAIT_ASYNC } from "./operations.ts";
import { atomics } from "./real-atomics.ts";
import type { Turns } from "./turns.ts";

type Operation = (words: Int32Array, index: number, a?: number, b?: number) => number;

/** Words of one memory are told from those of the next by this. */
const WORDS_PER_MEMORY = 1 << 20;
/** A promise that never settles: bodies are synchronous, and idle by their context. */
const NEVER_SETTLES = new Promise<never>(() => undefined);

/** @param buffers The scenario's memories, in order. */
export function turnAtomics(turns: Turns, buffers: readonly ArrayBufferLike[]): typeof Atomics {
  const numbers = new Map<ArrayBufferLike, number>(
    buffers.map((buffer, number) => [buffer, number]),
  );
  const isMine = (words: Int32Array): boolean => turns.isActive && numbers.has(words.buffer);
  const memoryOf = (words: Int32Array): number => numbers.get(words.buffer) as number;
  const indexOf = (words: Int32Array, index: number): number => words.byteOffset / 4 + index;
  const wordOf = (words: Int32Array, index: number): number =>
    memoryOf(words) * WORDS_PER_MEMORY + indexOf(words, index);

  const takeTurns = (name: (typeof OPERATIONS)[number], number: number): Operation => {
    const real = atomics[name] as Operation;
    return (words, index, a = 0, b = 0) => {
      if (!isMine(words)) return real(words, index, a, b);
      const at = turns.step(number, memoryOf(words), indexOf(words, index), a, b);
      const result = real(words, index, a, b);
      turns.setResult(at, result);
      return result;
    };
  };

  /** The first half of a wait; says whether the word holds what is expected. */
  const beginWait = (
    operation: number,
    words: Int32Array,
    index: number,
    expected: number,
  ): boolean => {
    if (!isMine(words))
      throw new Error("Cannot explore the scenario: it waits on memory of its own");
    const at = turns.step(operation, memoryOf(words), indexOf(words, index), expected, 0);
    const sleeps = atomics.load(words, index) === expected;
    turns.setResult(at, sleeps ? 1 : 0);
    return sleeps;
  };

  const wait = (
    words: Int32Array,
    index: number,
    expected: number,
    timeoutMs = Infinity,
  ): string => {
    if (!beginWait(WAIT, words, index, expected)) return "not-equal";
    return timeoutMs > 0 ? turns.sleep(wordOf(words, index), timeoutMs !== Infinity) : "timed-out";
  };

  const waitAsync = (words: Int32Array, index: number, expected: number): object => {
    if (!beginWait(WAIT_ASYNC, words, index, expected)) return { async: false, value: "not-equal" };
    turns.listen(wordOf(words, index));
    return { async: true, value: NEVER_SETTLES };
  };

  const notify = (words: Int32Array, index: number, count = Infinity): number => {
    if (!isMine(words)) return atomics.notify(words, index, count);
    const at = turns.step(
      NOTIFY,
      memoryOf(words),
      indexOf(words, index),
      count === Infinity ? -1 : count,
      0,
    );
    const woken = turns.notify(wordOf(words, index), count);
    turns.setResult(at, woken);
    return woken;
  };

  return {
    ...Object.fromEntries(OPERATIONS.map((name, number) => [name, takeTurns(name, number)])),
    wait,
    waitAsync,
    notify,
    pause: () => {
      if (turns.isActive) turns.pause();
    },
    isLockFree: atomics.isLockFree,
    [Symbol.toStringTag]: "Atomics",
  } as unknown as typeof Atomics;
}
