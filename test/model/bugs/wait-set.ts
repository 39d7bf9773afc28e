/** Bugs that the scenarios of wait sets must find. */
import type { Edit } from "../../support/edits.ts";

const file = "/memory/wait-set.js";
const waiter = "/blocking.ts";

export const countsAfterItEnters: Edit = {
  file,
  replace:
    "add(this.#words, this.at + COUNT, 1); or(this.#words, this.#wordOf(agent), bitOf(agent));",
  by: "or(this.#words, this.#wordOf(agent), bitOf(agent)); add(this.#words, this.at + COUNT, 1);",
};

/** Two wakers choose the same agent. */
export const choosesWhoIsChosen: Edit = {
  file,
  replace:
    "if (!this.has(agent) || !this.withdraw(agent) || !this.#agents.isLive(agent)) continue;",
  by: "if (!this.has(agent)) continue; this.withdraw(agent);",
};

/** The scenarios' own waiter, which looks before it enters. */
export const looksBeforeItEnters: Edit = {
  file: waiter,
  replace:
    "bell.arm(); set.enter(agent); wasIn = set.has(agent); hasTaken = tryTake(); if (hasTaken) break;",
  by: "bell.arm(); set.enter(agent);",
};

/** Likewise, which may be chosen, and overtaken, before its bell can be rung. heddle's did. */
export const entersBeforeItArms: Edit = {
  file: waiter,
  replace: "bell.arm(); set.enter(agent);",
  by: "set.enter(agent); bell.arm();",
};

/** Likewise, which gives up with a wake-up. */
export const givesUpWithTheWakeUp: Edit = {
  file: waiter,
  replace: "if (wasChosen && (!hasTaken || wasIn)) set.wakeOne();",
  by: "if (wasChosen && hasTaken && wasIn) set.wakeOne();",
};

/** The scenarios' own reaper, which passes nothing on. */
export const takesTheWakeUpAlong: Edit = {
  file: waiter,
  replace: "set.wakeOne(); } table.announceDeaths();",
  by: "} table.deaths;",
};
