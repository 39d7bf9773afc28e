import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { assertExplored, explore, type Report } from "heddle/testing";

import { lostUpdate, mutex, throws } from "./explorer/explore.scenarios.ts";

function messageFor(report: Report): string {
  try {
    assertExplored(report);
  } catch (error) {
    return (error as Error).message;
  }
  return "";
}

describe("assertExplored()", () => {
  it("accepts a report of a complete exploration without a failure", async () => {
    const report = await explore(mutex);
    assert.equal(report.isComplete, true);
    assertExplored(report);
  });

  it("accepts the replay of a schedule that is good", async () => {
    assertExplored(await explore(lostUpdate, { replay: "0*2 1*2" }));
  });

  it("throws what failed, where, the trace and the schedule", async () => {
    const lines = messageFor(await explore(lostUpdate)).split("\n");
    assert.match(lines[0] ?? "", /^Scenario "lostUpdate" fails \(check\): Expected values to be/);
    const from = lines.findIndex((line) => line.startsWith("The run"));
    assert.deepEqual(lines.slice(from), [
      "The run, at the end of which agent 0 saw it:",
      "  agent 0: load words[0] = 0",
      "  agent 1: load words[0] = 0",
      "  agent 1: store words[0] ← 1",
      "  agent 0: store words[0] ← 1",
      "",
      'To run it again: explore(…, { replay: "0 1*2 0" })',
    ]);
  });

  it("shows the user's part of the stack", async () => {
    const lines = messageFor(await explore(throws)).split("\n");
    assert.equal(lines[0], 'Scenario "throws" fails (assertion): thrown by an agent');
    assert.match(lines[1] ?? "", /explore\.scenarios\.[jt]s:\d+/);
    assert.ok(lines.every((line) => !/turns\.[jt]s/.test(line)));
  });

  it("throws when not every schedule was explored", async () => {
    assert.equal(
      messageFor(await explore(mutex, { maxSchedules: 3 })),
      'Cannot say that "mutex" holds: only 3 schedules were explored, not all',
    );
  });
});
