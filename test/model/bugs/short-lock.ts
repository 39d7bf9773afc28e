/** Bugs that the scenarios of short locks must find. */
import type { Edit } from "../../support/edits.ts";

const file = "/memory/short-lock.js";

/** No bug: a shorter spin, for fewer schedules. */
export const looksOnce: Edit = { file, replace: "const SPINS = 200;", by: "const SPINS = 1;" };

export const takesWithoutComparing: Edit = {
  file,
  replace:
    "if (isFree && compareExchange(this.#words, this.#at, FREE, mark) === FREE) return true;",
  by: "if (isFree) { exchange(this.#words, this.#at, mark); return true; }",
};

export const forgetsOtherSleepers: Edit = { file, replace: "mark = -owner;", by: "" };

export const wakesNobody: Edit = {
  file,
  replace: "if (exchange(this.#words, this.#at, FREE) < FREE) notify(this.#words, this.#at, 1);",
  by: "exchange(this.#words, this.#at, FREE);",
};

export const takesFromWhoeverHasItNow: Edit = {
  file,
  replace: "if (compareExchange(this.#words, this.#at, state, -owner) === state) return;",
  by: "exchange(this.#words, this.#at, -owner); return;",
};
