/** Bugs that the scenarios of the record ring must find. */
import type { Edit } from "../../support/edits.ts";

const file = "/memory/record-ring.js";

export const looksBesideFirst: Edit = {
  file,
  replace:
    "const tail = load(this.#words, TAIL); return { tail, beside: load(this.#words, BESIDE) };",
  by: "const beside = load(this.#words, BESIDE); return { tail: load(this.#words, TAIL), beside };",
};

export const forgetsTheReader: Edit = {
  file,
  replace: "if (!this.#hasRoom(skipped + size)) return false;",
  by: "",
};

/** The scenario's own writer. */
export const countsBeforeItSends: Edit = {
  file: "/record-ring.scenarios.ts",
  replace: "post(shared, number); ring.sentBeside();",
  by: "ring.sentBeside(); post(shared, number);",
};
