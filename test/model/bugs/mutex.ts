/** Bugs that the scenarios of mutexes must find. */
import type { Edit } from "../../support/edits.ts";

const file = "/memory/mutex.js";

export const wakesBeforeItFrees: Edit = {
  file,
  replace: "const state = exchange(this.#words, this.#at, FREE); this.waiters.wakeOne();",
  by: "this.waiters.wakeOne(); const state = exchange(this.#words, this.#at, FREE);",
};

export const takesWithoutComparing: Edit = {
  file,
  replace: "return load(this.#words, this.#at) === FREE && this.tryAcquire(ident);",
  by: "return load(this.#words, this.#at) === FREE && exchange(this.#words, this.#at, ident) !== ident;",
};

export const takesFromWhoeverHasItNow: Edit = {
  file,
  replace: "return compareExchange(this.#words, this.#at, state, -ident) === state;",
  by: "return exchange(this.#words, this.#at, -ident) !== FREE;",
};

export const leavesItToTheDead: Edit = {
  file,
  replace: "if (state === FREE || !isLost(Math.abs(state))) return false;",
  by: "return false;",
};
