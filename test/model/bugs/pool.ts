/** Bugs that the scenarios of the pool must find: its agents use the right parts in the wrong order. */
import type { Edit } from "../../support/edits.ts";

const file = "/pool.scenarios.ts";

export const announcesBeforeItFinishes: Edit = {
  file,
  replace: `table.finish(id, agent); assert.ok(finished.push(id), "the finished ring is full");`,
  by: `assert.ok(finished.push(id), "the finished ring is full"); table.finish(id, agent);`,
};

export const armsAndDoesNotLook: Edit = {
  file,
  replace: "if (!pool.finished.isEmpty() || this.#newlyDead() !== undefined) continue;",
  by: "",
};

export const readsTooEarly: Edit = {
  file,
  replace: "if (announced < needed) announced = memories.untilAnnounced(agent, needed);",
  by: "if (announced < needed) announced = id;",
};

export const countsTooFew: Edit = {
  file,
  replace: "this.#pool.announce(++announced); this.#pool.submit(id, announced);",
  by: "this.#pool.submit(id, announced); this.#pool.announce(++announced);",
};

export const asksAndDoesNotRing: Edit = {
  file,
  replace: "bell.ring(); memories.untilDelivered(agent, id);",
  by: "memories.untilDelivered(agent, id);",
};
