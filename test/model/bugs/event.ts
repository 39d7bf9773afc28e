/** Bugs that the scenarios of events must find. */
import type { Edit } from "../../support/edits.ts";

const file = "/memory/event.js";

export const looksAtTheFlagAlone: Edit = {
  file,
  replace: "return (state & SET) !== 0 || state >> 1 !== noted >> 1;",
  by: "return (state & SET) !== 0;",
};

export const wakesBeforeItSets: Edit = {
  file,
  replace: "set() { for (;;) {",
  by: "set() { this.#waiters.wakeAll(); this.#waiters = { wakeAll() {} }; for (;;) {",
};

export const clearsByStoring: Edit = {
  file,
  replace: "if (compareExchange(this.#words, this.#at, state, state & ~SET) === state) return;",
  by: "return void compareExchange(this.#words, this.#at, load(this.#words, this.#at), 0);",
};

export const wakesOne: Edit = {
  file,
  replace: "this.#waiters.wakeAll();",
  by: "this.#waiters.wakeOne();",
};

export const clearsNothing: Edit = {
  file,
  replace: "if ((state & SET) === 0) return;",
  by: "return;",
};
