/** Bugs that the scenarios of an agent's helper must find. */
import type { Edit } from "../../support/edits.ts";

const file = "/memory/bell-watch.js";

export const asksAndDoesNotNotify: Edit = {
  file,
  replace: "store(this.words, STATE, ASKED); notify(this.words, STATE);",
  by: "store(this.words, STATE, ASKED);",
};

export const overwritesTheClosing: Edit = {
  file,
  replace: "else if (compareExchange(this.words, STATE, ASKED, IDLE) === ASKED) return true;",
  by: "else { store(this.words, STATE, IDLE); return true; }",
};

export const closesAndDoesNotRing: Edit = { file, replace: "this.#bell.ringAlways();", by: "" };

export const reportsBeforeTheRing: Edit = {
  file,
  replace: "else if (this.#bell.isArmed) this.#bell.sleep(Infinity);",
  by: "else if (this.#bell.isArmed) { store(this.words, STATE, IDLE); this.#bell.sleep(Infinity); }",
};

/** The scenario's own agent, which waits for a helper that has died. */
export const ignoresTheDeath: Edit = {
  file: "/bell-watch.scenarios.ts",
  replace: "store(shared.gone, 0, 1); bring(shared);",
  by: "store(shared.gone, 0, 1);",
};
