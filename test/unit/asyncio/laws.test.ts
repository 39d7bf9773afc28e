import { describe, it } from "node:test";
import * as fc from "fast-check";

import { STYLES } from "../../support/asyncio/both-styles.ts";
import { LawfulProgram, plans } from "../../support/asyncio/lawful-program.ts";

/** Random programs for each style. */
const PROGRAMS = 1000;

for (const style of STYLES) {
  describe(`whatever tasks do, as ${style.name}`, () => {
    it("all end, no wake-up and no item is lost, nothing stays taken, requests to cancel add up", async () => {
      const lawful = fc.asyncProperty(plans, async (plan) => new LawfulProgram(style, plan).run());
      await fc.assert(lawful, { numRuns: PROGRAMS });
    });
  });
}
