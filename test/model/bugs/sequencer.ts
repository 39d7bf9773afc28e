/** Bugs that the scenarios of the sequencer must find. */
import type { Edit } from "../../support/edits.ts";

const file = "/testing/sequencer.js";

export const notifiesOne: Edit = {
  file,
  replace: "notify(this.words, TURN);",
  by: "notify(this.words, TURN, 1);",
};

export const notifiesBeforeItEnds: Edit = {
  file,
  replace: "store(this.words, TURN, 2 * step + 2); notify(this.words, TURN);",
  by: "notify(this.words, TURN); store(this.words, TURN, 2 * step + 2);",
};

export const beginsByLoadAndStore: Edit = {
  file,
  replace: "const seen = compareExchange(this.words, TURN, 2 * step, 2 * step + 1);",
  by: `
    const seen = load(this.words, TURN);
    if (seen === 2 * step) store(this.words, TURN, 2 * step + 1);`,
};

export const endsAtItsBeginning: Edit = {
  file,
  replace: "if (seen === 2 * step) return new Step(step, () => this.#end(step));",
  by: `
    if (seen === 2 * step) {
      this.#end(step);
      return new Step(step, () => undefined);
    }`,
};
