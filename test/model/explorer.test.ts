import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { explore, type ExploreOptions, type Report } from "../support/explorer/explore.ts";

const scenarios = new URL("./explorer.scenarios.ts", import.meta.url);

async function run(name: string, options: ExploreOptions = {}): Promise<Report> {
  return await explore(scenarios, name, options);
}

describe("explore()", () => {
  test("runs each order of steps once", async () => {
    assert.equal((await run("twoAgentsOfTwoSteps", { preemptions: 9 })).schedules, 6);
    assert.equal((await run("threeAgentsOfOneStep", { preemptions: 9 })).schedules, 6);
  });

  test("keeps to the bound on preemptions", async () => {
    assert.equal((await run("twoAgentsOfTwoSteps", { preemptions: 0 })).schedules, 2);
    assert.equal((await run("twoAgentsOfTwoSteps", { preemptions: 1 })).schedules, 4);
  });

  test("has an agent die before each of its steps, or not at all", async () => {
    assert.equal((await run("oneAgentOfThreeSteps", { deaths: 1 })).schedules, 4);
  });

  test("lets a dead agent take no step in its finally, and its reaper run", async () => {
    const { failure, schedules } = await run("diesHolding", { deaths: 1 });
    assert.equal(failure, undefined);
    assert.equal(schedules, 4);
  });

  test("finds a lost update, and replays it", async () => {
    assert.equal((await run("lostUpdate", { preemptions: 0 })).failure, undefined);
    const { failure } = await run("lostUpdate");
    assert.equal(failure?.kind, "check");
    assert.equal(failure.schedule, "0 1*2 0");
    assert.match(failure.steps, /^agent 0: load words\[0\] = 0\nagent 1: load/);
    assert.deepEqual((await run("lostUpdate", { replay: "0*2 1*2" })).failure, undefined);
    assert.equal(
      (await run("lostUpdate", { replay: failure.schedule })).failure?.message,
      failure.message,
    );
  });

  test("finds nothing wrong with a mutex, and a waiter that a wrong one strands", async () => {
    assert.equal((await run("mutex", { preemptions: 3 })).failure, undefined);
    assert.equal((await run("strandingMutex", { preemptions: 2 })).failure?.kind, "deadlock");
  });

  test("reports a run that does not end", async () => {
    assert.equal((await run("spinsForEver", { maxSteps: 100 })).failure?.kind, "too many steps");
  });

  test("has a timed wait expire only as often as asked", async () => {
    assert.equal((await run("timedWait", { expiries: 1 })).failure, undefined);
    assert.equal((await run("timedWait")).failure?.kind, "deadlock");
  });
});
