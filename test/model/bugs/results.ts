/** Bugs that the scenarios of results by message must find. */
import type { Edit } from "../../support/edits.ts";

const file = "/results.scenarios.ts";

export const reportsTheDeathTooEarly: Edit = {
  file,
  replace: "if (!this.#isOver && (!this.#isExpected || hasClosed)) this.#end(HELD);",
  by: "if (!this.#isOver) this.#end(HELD);",
};

export const forgetsTheDeath: Edit = {
  file,
  replace: "return this.#isDead(); } }",
  by: "return false; } }",
};

export const postsLast: Edit = {
  file,
  replace: `addToPort(shared, POSTED); table.finish(0, WORKER); assert.ok(finishedOf(shared).push(0));`,
  by: `table.finish(0, WORKER); assert.ok(finishedOf(shared).push(0)); addToPort(shared, POSTED);`,
};
