/** Bugs that the scenarios of the heap must find. */
import type { Edit } from "../../support/edits.ts";

const file = "/memory/heap.js";

export const movesTopByStore: Edit = {
  file,
  replace: "if (compareExchange(this.#words, this.#at + TOP, top, end) !== top) continue;",
  by: "store(this.#words, this.#at + TOP, end);",
};

export const takesReturnedByLoad: Edit = {
  file,
  replace: "for (let next = exchange(this.#words, returned, 0); next !== 0;) {",
  by: "for (let next = load(this.#words, returned); next !== 0;) {",
};

export const doesNotClear: Edit = {
  file,
  replace: "this.#words.fill(0, block, block + 2 ** sizeClass - HEAD_WORDS);",
  by: "",
};
