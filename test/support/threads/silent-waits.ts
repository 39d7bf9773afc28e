/**
 * Tests of waits that nothing ends, or that look so. In programs of their own: the test runner's
 * handles keep an event loop from running dry.
 */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { runEach } from "../program.ts";

const program = new URL("../../unit/threading/programs/silent-waits.ts", import.meta.url);

/**
 * Declares a test for each wait of a kind.
 *
 * @param kind What the program calls the kind.
 * @param printed What the program prints for each.
 */
export function describeWaits(
  title: string,
  kind: string,
  waits: Readonly<Record<string, unknown>>,
  printed: string,
): void {
  describe(title, () => {
    const outcomes = runEach(program, Object.keys(waits), kind);
    for (const [name, outcome] of outcomes) {
      it(name, async () => {
        const { stdout, stderr } = await outcome;
        assert.equal(stderr, "");
        assert.equal(stdout, `${printed}\n`);
      });
    }
  });
}
