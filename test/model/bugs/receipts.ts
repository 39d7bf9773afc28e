/** Bugs that the scenarios of receipts must find. */
import type { Edit } from "../../support/edits.ts";

const file = "/memory/receipts.js";

export const takesByLoadAndStore: Edit = {
  file,
  replace: "return compareExchange(this.#words, index, taken, taken + 1) === taken;",
  by: `
    store(this.#words, index, taken + 1);
    return true;`,
};

export const closesByLoad: Edit = {
  file,
  replace: "return exchange(this.#words, this.#indexOf(id), CLOSED);",
  by: "return load(this.#words, this.#indexOf(id));",
};

export const opensNothing: Edit = {
  file,
  replace: "store(this.#words, this.#indexOf(id), 0);",
  by: "",
};
