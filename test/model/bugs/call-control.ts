/** Bugs that the scenarios of the call control must find. */
import type { Edit } from "../../support/edits.ts";

const file = "/memory/call-control.js";

export const finishesByStore: Edit = {
  file,
  replace: "return compareExchange(this.#words, AT, running, word(n + 1, BETWEEN)) === running;",
  by: `
    store(this.#words, AT, word(n + 1, BETWEEN));
    return true;`,
};

export const looksBeforeItAsks: Edit = {
  file,
  replace: "store(this.#words, ASKED + (n % ROOM), mark(n));",
  by: `
    const early = load(this.#words, AT);
    store(this.#words, ASKED + (n % ROOM), mark(n));
    if (((early - word(n, RUNNING)) | 0) < 0) return "skipped";`,
};
