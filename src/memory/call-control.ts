/**
 * How a worker that gets its calls by message is asked to stop one, and how one is taken from it:
 * words that it shares with a *controller*, which is its owner or, in a process, the thread that holds
 * the lifeline. The worker's calls are numbered in the order in which they are sent to it, from 0.
 *
 * AT, the call that the worker has come to:
 *
 *   BETWEEN(n)   it has finished those before n, and has not begun n
 *   RUNNING(n)   it has begun n
 *   ENDED(n)     the controller has taken n: the worker begins no other, and is ended by force
 *
 *   BETWEEN(n) → RUNNING(n)      worker
 *   RUNNING(n) → BETWEEN(n + 1)  worker, by compareExchange: n is finished, or skipped
 *   RUNNING(n) → ENDED(n)        controller, by compareExchange
 *
 * So either the worker finishes a call, or it is taken; and when it is taken, those before it are over,
 * and those after it have not been begun, and can be given to another worker.
 *
 * ASKED, a ring of words, in which n has the place n modulo ROOM:
 *
 *   n + 1        n has been asked to stop; any other value is about another call
 *
 * Numbers wrap around: in AT after 2^30 calls, where only their differences count, and in ASKED.
 *
 * The controller writes ASKED first and reads AT second; the worker writes RUNNING(n) first and
 * reads ASKED second. In every order one of the two sees the other: if AT has not come to n by then,
 * the worker skips n.
 *
 * A worker never has more than ROOM calls at once, so that no place is needed for two.
 *
 * Explored, with death, in test/model/call-control.test.ts.
 */
import { compareExchange, load, store } from "./atomics.ts";

const BETWEEN = 0;
const RUNNING = 1;
const ENDED = 2;
const SHIFT = 2;

const AT = 0;
const ASKED = 1;
const ROOM = 512;
const WRAP = 1 << 30;

/** What is to happen to a call that has been asked. */
export type Asked = "skipped" | "running" | "over";

/** AT, about call n. */
function word(n: number, state: number): number {
  return (n << SHIFT) | state;
}

/** ASKED, about call n. */
function mark(n: number): number {
  return (n % WRAP) + 1;
}

export class CallControl {
  readonly #words: Int32Array;

  static readonly bytes: number = (ASKED + ROOM) * 4;

  /** @param words Zeroed shared memory, {@link CallControl.bytes} long. */
  constructor(words: Int32Array) {
    this.#words = words;
  }

  /** Worker: begins a call. */
  begin(n: number): void {
    store(this.#words, AT, word(n, RUNNING));
  }

  /** Worker: has finished it; false when it has been taken, and the worker must stop. */
  finish(n: number): boolean {
    const running = word(n, RUNNING);
    return compareExchange(this.#words, AT, running, word(n + 1, BETWEEN)) === running;
  }

  /** Worker: whether the call has been asked to stop. Asked after {@link CallControl.begin}: if so, it is skipped. */
  isAsked(n: number): boolean {
    return load(this.#words, ASKED + (n % ROOM)) === mark(n);
  }

  /** Controller: whether the worker has come to the call. */
  hasBegun(n: number): boolean {
    return ((load(this.#words, AT) - word(n, RUNNING)) | 0) >= 0;
  }

  /** Controller: asks a call to stop that the worker has been sent. */
  ask(n: number): Asked {
    store(this.#words, ASKED + (n % ROOM), mark(n));
    const ahead = (load(this.#words, AT) - word(n, RUNNING)) | 0;
    return ahead < 0 ? "skipped" : ahead <= ENDED - RUNNING ? "running" : "over";
  }

  /** Controller: takes a call that runs from the worker; says whether it has, now or before. */
  end(n: number): boolean {
    const was = compareExchange(this.#words, AT, word(n, RUNNING), word(n, ENDED));
    return was === word(n, RUNNING) || was === word(n, ENDED);
  }
}

/**
 * The controller as a function without anything around it, for a thread that loads no module: given
 * `a`, `e` or `b` and a call's number, it asks the call, takes it, or looks whether it has begun, and
 * returns the answer.
 */
export const CONTROLLER_TEXT: string = `(words, verb, n) => {
  const running = (n << ${SHIFT}) | ${RUNNING};
  if (verb === "e") {
    const ended = (n << ${SHIFT}) | ${ENDED};
    const was = Atomics.compareExchange(words, ${AT}, running, ended);
    return was === running || was === ended ? "ended" : "over";
  }
  if (verb === "b") return ((Atomics.load(words, ${AT}) - running) | 0) >= 0 ? "begun" : "ahead";
  Atomics.store(words, ${ASKED} + (n % ${ROOM}), (n % ${WRAP}) + 1);
  const ahead = (Atomics.load(words, ${AT}) - running) | 0;
  return ahead < 0 ? "skipped" : ahead <= ${ENDED - RUNNING} ? "running" : "over";
}`;
