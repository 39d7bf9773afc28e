/** When a cancellation is delivered in async functions, in programs of all sorts: see the reference. */
import assert from "node:assert/strict";
import process from "node:process";
import { describe, it } from "node:test";
import * as fc from "fast-check";
import { VirtualClock } from "heddle/testing";
import { runVirtual } from "../../support/asyncio/both-styles.ts";
import {
  cancelledPrograms,
  expectedLog,
  runCancelled,
} from "../../support/asyncio/cancelled-program.ts";

const PROGRAMS = 1000;

/** JavaScriptCore does not tell who awaits a promise: see src/asyncio/engine/await-chain.ts. */
const tellsWhoAwaits = process.versions["bun"] === undefined;

describe("a cancellation in an async function", () => {
  it("is delivered once, at the next wait of heddle's, or where the task or block ends", async () => {
    const delivered = fc.asyncProperty(cancelledPrograms(tellsWhoAwaits), async (program) => {
      const clock = new VirtualClock();
      const log = await runVirtual(async () => runCancelled(program, clock), clock);
      assert.deepEqual(log, expectedLog(program));
    });
    await fc.assert(delivered, { numRuns: PROGRAMS });
  });
});
