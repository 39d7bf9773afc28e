/** Bugs that the scenarios of the pool must find: its agents use the right parts in the wrong order. */
import type { Edit } from "../../support/explorer/edits.ts";

const file = "/pool.scenarios.ts";

export const announcesBeforeItFinishes: Edit = {
  file,
  replace: `table.finish(id, agent); assert.ok(finished.push(id), "the finished ring is full");`,
  by: `assert.ok(finished.push(id), "the finished ring is full"); table.finish(id, agent);`,
};

export const doesNotPassTheWakeUpOn: Edit = {
  file,
  replace: "parking.bury(dead); if (!tasks.isEmpty()) parking.wakeOne();",
  by: "parking.bury(dead);",
};

export const takesNoteBeforeItDrains: Edit = {
  file,
  replace: "this.#drain(); // what it finished before it died counts",
  by: "",
};
