/**
 * A stand-in for `Atomics` whose operations on the scenario's memories wait for
 * their turn. Operations on other memory, which no other agent has, go straight
 * through, and so does everything while no body runs.
 */
import { NotExplorable } from "./not-explorable.ts";
import { NOTIFY, type OperationName, OPERATIONS, WAIT, WAIT_ASYNC } from "./operations.ts";
import { atomics } from "./real-atomics.ts";
import type { Turns } from "./turns.ts";

/** Any integer array: those of 64 bits take and give bigints. */
type Words = Int32Array;
type Operation = (words: Words, index: number, a?: number, b?: number) => number;

/** Words of one memory are told from those of the next by this. */
const WORDS_PER_MEMORY = 1 << 20;
/** An operand or a result as the trace can hold it. */
function shown(value: number | bigint = 0): number {
  return typeof value === "bigint" ? Number(BigInt.asIntN(32, value)) : value;
}

/** @param buffers The scenario's memories, in order. */
export function turnAtomics(turns: Turns, buffers: readonly ArrayBufferLike[]): typeof Atomics {
  const numbers = new Map(buffers.map((buffer, number) => [buffer, number] as const));
  const isMine = (words: Words): boolean => turns.isActive && numbers.has(words.buffer);
  const memoryOf = (words: Words): number => numbers.get(words.buffer) as number;
  /** The 32-bit word of the memory, whatever the elements' size. */
  const indexOf = (words: Words, index: number): number =>
    Math.floor((words.byteOffset + index * words.BYTES_PER_ELEMENT) / 4);
  const wordOf = (words: Words, index: number): number =>
    memoryOf(words) * WORDS_PER_MEMORY + indexOf(words, index);

  const takeTurns = (name: OperationName, number: number): Operation => {
    const real = atomics[name] as Operation;
    return (words, index, a, b) => {
      if (!isMine(words)) return real(words, index, a, b);
      const at = turns.step(number, memoryOf(words), indexOf(words, index), shown(a), shown(b));
      const result = real(words, index, a, b);
      turns.setResult(at, shown(result));
      return result;
    };
  };

  /** The first half of a wait; says whether the word holds what is expected. */
  const beginWait = (operation: number, words: Words, index: number, expected: number): boolean => {
    if (!isMine(words)) throw new NotExplorable("it waits on memory that it does not declare");
    const at = turns.step(operation, memoryOf(words), indexOf(words, index), shown(expected), 0);
    const sleeps = atomics.load(words, index) === expected;
    turns.setResult(at, sleeps ? 1 : 0);
    return sleeps;
  };

  const wait = (words: Words, index: number, expected: number, timeoutMs = Infinity): string => {
    if (!beginWait(WAIT, words, index, expected)) return "not-equal";
    return timeoutMs > 0 ? turns.sleep(wordOf(words, index), timeoutMs !== Infinity) : "timed-out";
  };

  const waitAsync = (words: Words, index: number, expected: number): object => {
    if (!beginWait(WAIT_ASYNC, words, index, expected)) return { async: false, value: "not-equal" };
    return { async: true, value: turns.listen(wordOf(words, index)) };
  };

  const notify = (words: Words, index: number, count = Infinity): number => {
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
