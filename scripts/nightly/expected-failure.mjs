import assert from "node:assert/strict";
import { it } from "node:test";

/**
 * A test of what heddle cannot do yet. It fails when that works: then it becomes a test.
 *
 * @param {string} name
 * @param {string} reason In plain words.
 * @param {RegExp} error What the failure says.
 * @param {() => unknown} body
 */
export function cannotYet(name, reason, error, body) {
  it(`not yet: ${name}: ${reason}`, async () => {
    await assert.rejects(async () => body(), error, "works now: make it a test that has to pass");
  });
}
