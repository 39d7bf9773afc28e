/** What the scenarios of whole waits need to be small and repeatable, and bugs that they must find. */
import type { Edit } from "../../support/edits.ts";

/** Four slots; no spinning, which ends by the clock, and no agent to watch. */
export const SETTINGS: readonly Edit[] = [
  { file: "/program/program.js", replace: "CAPACITY = 512;", by: "CAPACITY = 4;" },
  { file: "/waiting/shared-lock.js", replace: "SPIN_MS = 0.05;", by: "SPIN_MS = 0;" },
  { file: "/waiting/pump.js", replace: "SPIN_MS = 0.1;", by: "SPIN_MS = 0;" },
  { file: "/waiting/pump.js", replace: "UNWATCHED_MS = 50;", by: "UNWATCHED_MS = 0;" },
  { file: "/waiting/deadlock.js", replace: "ASK_MS = 200;", by: "ASK_MS = 1e9;" },
  { file: "/waiting/wait-point.js", replace: "SPIN_MS = 0.15;", by: "SPIN_MS = 0;" },
];

const ARMS =
  "this.doorbell.arm(); prepare?.(); // Only now: an agent that is chosen before it has armed its bell is not rung.\n";

/** heddle's did: who was chosen in between, and overtaken, slept outside the set. */
export const entersBeforeItArms: Edit = {
  file: "/waiting/pump.js",
  replace: ARMS,
  by: "prepare?.(); this.doorbell.arm();\n",
};

export const entersLate: Edit = {
  file: "/waiting/pump.js",
  replace: `${ARMS} if (isDone()) return true;`,
  by: "if (isDone()) return true; this.doorbell.arm(); prepare?.();",
};

export const silentDeath: Edit = {
  file: "/program/program.js",
  replace: "this.agents.announceDeaths();",
  by: "",
};

export const searchesFirst: Edit = {
  file: "/waiting/blocking-wait.js",
  replace: "this.#program.record.fallAsleep(mayRunCode); refuseDeadlock(this.#program);",
  by: "refuseDeadlock(this.#program); this.#program.record.fallAsleep(mayRunCode);",
};

export const sleepsBeforeItLooks: Edit = {
  file: "/waiting/pump.js",
  replace: `${ARMS} if (isDone()) return true;`,
  by: "this.doorbell.arm(); prepare?.(); asleep?.(); if (isDone()) return true;",
};

export const bothGiveUp: Edit = {
  file: "/waiting/deadlock.js",
  replace: "if (!agents.beginGivingUp(slot)) return;",
  by: "agents.beginGivingUp(slot);",
};

export const forgetsWhatIsOnItsWay: Edit = {
  file: "/waiting/wait-graph.js",
  replace: "block.inFlight > 0 ? live :",
  by: "",
};

export const searchesOnce: Edit = {
  file: "/waiting/deadlock.js",
  replace: "let circle = findCircle(program, slot);",
  by: "let circle = found;",
};
