/** Bugs that the scenarios of conditions must find. */
import type { Edit } from "../../support/edits.ts";

const file = "/memory/condition.js";
const waiter = "/condition.scenarios.ts";

export const ringsBeforeItGrants: Edit = {
  file,
  replace:
    "store(this.#words, at, load(this.#words, at) + 1); this.#waiters.withdraw(slot); this.#agents.ring(slot);",
  by: "this.#waiters.withdraw(slot); this.#agents.ring(slot); store(this.#words, at, load(this.#words, at) + 1);",
};

/** Who waits a second time gets what was stored. */
export const grantsToThoseNotified: Edit = {
  file,
  replace: "if (this.#unnotified(slot) > 0 && this.#isAlive(slot)) {",
  by: "if (this.#isAlive(slot)) {",
};

export const doesNotLookAgain: Edit = {
  file,
  replace:
    "this.passOn(); // to whom it was granted may have died since, before any agent could see orphaned grants",
  by: "",
};

export const grantsToTheDead: Edit = {
  file,
  replace: "const orphanedGrants = load(this.#words, at + GRANTED);",
  by: "const orphanedGrants = 0;",
};

/** The scenarios' own waiter, which says that it waits once it has freed the lock. */
export const freesTheLockFirst: Edit = {
  file: waiter,
  replace: "condition.begin(ident, true); note(BEGAN); unlock();",
  by: "unlock(); condition.begin(ident, true); note(BEGAN);",
};

/** Likewise, which looks before it has the lock whether it was notified. */
export const givesUpWithoutTheLock: Edit = {
  file: waiter,
  replace: "lock(); const isNotified = condition.granted > 0;",
  by: "const isNotified = condition.granted > 0; lock();",
};

/** Likewise, which ignores the orphaned grants of the dead. */
export const leavesOrphanedGrants: Edit = {
  file: waiter,
  replace: "condition.granted > 0 || condition.hasOrphanedGrants;",
  by: "condition.granted > 0;",
};
