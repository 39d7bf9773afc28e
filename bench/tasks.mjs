/**
 * The work. Every contender that runs JavaScript runs these same functions; those of
 * CPython, in `contenders/cpython.py`, are the same line by line.
 *
 * None uses anything from outside itself, since one library ships functions as text.
 */

/** Nothing; the number comes back so that a lost or swapped result is noticed. */
export function noop(number) {
  return number;
}

export function increment(number) {
  return number + 1;
}

/** A chunk of a map, for contenders whose users chunk by hand. */
export function incrementAll(numbers) {
  const results = [];
  for (let i = 0; i < numbers.length; i++) results.push(numbers[i] + 1);
  return results;
}

export function echo(value) {
  return value;
}

/** Touches one byte and sends none: for memory that both threads see. */
export function firstByte(bytes) {
  return bytes[0];
}

export function fib(n) {
  return n < 2 ? n : fib(n - 1) + fib(n - 2);
}

/** Blocks its thread without burning it. */
export function sleep(milliseconds) {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
  return milliseconds;
}
