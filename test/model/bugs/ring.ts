/** Bugs that the scenarios of the ring must find. */
import type { Edit } from "../../support/edits.ts";

const file = "/memory/ring.js";

export const advancesHeadBeforeItRemoves: Edit = {
  file,
  replace:
    "const removed = compareExchange(words, index, slot, this.#empty(head + this.#mask + 1)) === slot; this.#advance(HEAD, head);",
  by: "this.#advance(HEAD, head); const removed = compareExchange(words, index, slot, this.#empty(head + this.#mask + 1)) === slot;",
};

export const removesByLoadAndStore: Edit = {
  file,
  replace:
    "const removed = compareExchange(words, index, slot, this.#empty(head + this.#mask + 1)) === slot;",
  by: `
    const removed = load(words, index) === slot;
    if (removed) Atomics.store(words, index, this.#empty(head + this.#mask + 1));`,
};

export const doesNotHelpADeadPusher: Edit = {
  file,
  replace: "else if (this.#lapsAhead(slot, empty) >= 0) { this.#advance(TAIL, tail); }",
  by: "else if (this.#lapsAhead(slot, empty) >= 0) { return false; }",
};

export const reportsEmptyOnAnOldHead: Edit = {
  file,
  replace: "} else { this.#advance(HEAD, head); }",
  by: "} else { return NOTHING; }",
};

export const forgetsTheLap: Edit = {
  file,
  replace: "return (position >>> this.#lapShift) << (this.#valueBits + 1);",
  by: "return (position >>> this.#lapShift) * 2 ** (this.#valueBits + 1);",
};

export const takesWhatOthersClaimed: Edit = {
  file,
  replace: "if (claim === undefined ? removed : claimed) return value;",
  by: "if (removed) return value;",
};
