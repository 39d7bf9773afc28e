/** Bugs that the scenarios of barriers must find. */
import type { Edit } from "../../support/edits.ts";

const file = "/memory/barrier.js";

export const wakesOne: Edit = {
  file,
  replace: "if (isLast && !hasAction) this.#waiters.wakeAll();",
  by: "if (isLast && !hasAction) this.#waiters.wakeOne();",
};

export const countsWithoutComparing: Edit = {
  file,
  replace: "if (!this.#change(state, next)) continue; if (isLast",
  by: "store(this.#words, this.#at + STATE, next); if (isLast",
};

export const goesOnDuringTheAction: Edit = {
  file,
  replace: "stateOf(round, index + 1, isLast ? ACTING : FILLING)",
  by: "isLast ? stateOf(round + 1, 0, FILLING) : stateOf(round, index + 1, FILLING)",
};

/** A reset that says nothing of the round that it ended. */
export const forgetsWhatWasBroken: Edit = {
  file,
  replace: "if (before !== entry) compareExchange(this.#words, broken, before, entry);",
  by: "",
};

export const breaksWhatIsOver: Edit = {
  file,
  replace: "if (roundOf(state) !== round || phaseOf(state) > lastPhase) return false;",
  by: "",
};

export const finishesWhatIsBroken: Edit = {
  file,
  replace: "if (!this.#change(acting, stateOf(round + 1, 0, FILLING))) return false;",
  by: "store(this.#words, this.#at + STATE, stateOf(round + 1, 0, FILLING));",
};

export const doesNotWakeWhenBroken: Edit = {
  file,
  replace: "this.#waiters.wakeAll(); return true; } } /** Breaks the round that there is",
  by: "return true; } } /** Breaks the round that there is",
};

export const notesArrivalTooLate: Edit = {
  file,
  replace: "this.#noteArrival(ident, round); let next",
  by: "let next",
};

export const hasSeenTheDeathFirst: Edit = {
  file,
  replace: "const { capacity, deaths } = this.#agents;",
  by: "const { capacity, deaths } = this.#agents; const seen = load(this.#words, this.#at + SEEN); store(this.#words, this.#at + SEEN, deaths); if (seen !== deaths && capacity > 0) return;",
};
