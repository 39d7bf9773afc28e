import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { explore, type ExploreOptions, scenario } from "heddle/testing";

import { runProgram } from "../../../support/program.ts";
import * as scenarios from "./explore.scenarios.ts";
import { comesLate } from "./fixtures/comes-late.ts";
import { doesNotLoad } from "./fixtures/does-not-load.ts";

describe("explore()", () => {
  test("runs each order of steps once", async () => {
    assert.equal((await explore(scenarios.twoAgentsOfTwoSteps, { preemptions: 9 })).schedules, 6);
    assert.equal((await explore(scenarios.threeAgentsOfOneStep, { preemptions: 9 })).schedules, 6);
  });

  test("keeps to the bound on preemptions", async () => {
    assert.equal((await explore(scenarios.twoAgentsOfTwoSteps, { preemptions: 0 })).schedules, 2);
    assert.equal((await explore(scenarios.twoAgentsOfTwoSteps, { preemptions: 1 })).schedules, 4);
  });

  test("has an agent die before each of its steps, or not at all", async () => {
    assert.equal((await explore(scenarios.oneAgentOfThreeSteps, { deaths: 1 })).schedules, 4);
  });

  test("lets a dead agent take no step in its finally, and its reaper run", async () => {
    const { failure, schedules } = await explore(scenarios.diesHolding, { deaths: 1 });
    assert.equal(failure, undefined);
    assert.equal(schedules, 4);
  });

  test("finds a lost update, and replays it", async () => {
    assert.equal((await explore(scenarios.lostUpdate, { preemptions: 0 })).failure, undefined);
    const { failure } = await explore(scenarios.lostUpdate);
    assert.equal(failure?.kind, "check");
    assert.equal(failure.schedule, "0 1*2 0");
    assert.match(failure.trace, /^agent 0: load words\[0\] = 0\nagent 1: load/);
    assert.deepEqual(
      (await explore(scenarios.lostUpdate, { replay: "0*2 1*2" })).failure,
      undefined,
    );
    assert.equal(
      (await explore(scenarios.lostUpdate, { replay: failure.schedule })).failure?.message,
      failure.message,
    );
  });

  test("finds nothing wrong with a mutex, and a waiter that a wrong one strands", async () => {
    assert.equal((await explore(scenarios.mutex, { preemptions: 3 })).failure, undefined);
    assert.equal(
      (await explore(scenarios.strandingMutex, { preemptions: 2 })).failure?.kind,
      "deadlock",
    );
  });

  test("reports a run that does not end", async () => {
    assert.equal(
      (await explore(scenarios.spinsForEver, { maxSteps: 100 })).failure?.kind,
      "too many steps",
    );
  });

  test("has a timed wait expire only as often as asked", async () => {
    assert.equal((await explore(scenarios.timedWait, { expiries: 1 })).failure, undefined);
    assert.equal((await explore(scenarios.timedWait)).failure?.kind, "deadlock");
  });

  test("counts the steps of the run that failed", async () => {
    assert.equal((await explore(scenarios.lostUpdate)).steps, 8);
  });

  test("stops after as many schedules as asked, and says that there are more", async () => {
    const { schedules, isComplete, failure } = await explore(scenarios.mutex, { maxSchedules: 5 });
    assert.deepEqual([schedules, isComplete, failure], [5, false, undefined]);
    const all = { preemptions: 1, maxSchedules: 4 };
    assert.ok((await explore(scenarios.twoAgentsOfTwoSteps, all)).isComplete);
  });

  test("finds a lost update of 64 bits", async () => {
    const { failure } = await explore(scenarios.lostBigUpdate);
    assert.equal(failure?.kind, "check");
    assert.match(failure.trace, /store words\[0\] ← 1$/);
  });

  test("replaces Atomics before heddle's own files capture it", async () => {
    assert.equal((await explore(scenarios.loadsMemoryLast)).failure, undefined);
  });

  test("loads a prelude into each agent before the scenario, and waits for it", async () => {
    const module = import.meta.url.replace("explore.test.", "fixtures/prelude.");
    const { failure } = await explore(scenarios.seesThePrelude, { prelude: { module, data: 7 } });
    assert.equal(failure, undefined);
    assert.equal((await explore(scenarios.seesThePrelude)).failure?.kind, "check");
  });
});

describe("explore() reports", () => {
  test("an agent that throws, with its number and stack", async () => {
    const { failure } = await explore(scenarios.throws);
    assert.deepEqual(
      [failure?.kind, failure?.agent, failure?.message],
      ["assertion", 1, "thrown by an agent"],
    );
    assert.match(failure?.stack ?? "", /explore\.scenarios/);
  });

  test("an agent that loops without an operation", async () => {
    const { failure } = await explore(scenarios.loops, { timeout: 3000 });
    assert.equal(failure?.kind, "stuck");
    assert.equal(failure.agent, undefined);
    assert.match(failure.trace, /^agent 0: add words\[0\] 1, was 0$/);
  });

  test("an agent that is asynchronous", async () => {
    const { failure } = await explore(scenarios.isAsync);
    assert.equal(failure?.kind, "not explorable");
    assert.match(failure.message, /agent 0 returns a promise, and must be synchronous$/);
  });

  test("an agent that waits on memory of its own", async () => {
    const { failure } = await explore(scenarios.waitsElsewhere);
    assert.match(failure?.message ?? "", /it waits on memory that it does not declare$/);
  });

  test("a schedule to replay that is not the scenario's", async () => {
    const { failure } = await explore(scenarios.lostUpdate, { replay: "0*9" });
    assert.equal(failure?.kind, "not explorable");
    assert.match(failure.message, /the schedule to replay does not fit after 2 events$/);
  });

  test("an agent that does not do the same each time", async () => {
    const { failure } = await explore(scenarios.remembers);
    assert.equal(failure?.kind, "not explorable");
    assert.match(failure.message, /a body does not do the same each time$/);
  });
});

describe("explore() rejects", () => {
  const elsewhere = (name: string): typeof scenarios.mutex =>
    scenario(scenarios.mutex.module, name, scenarios.mutex);

  test("when an agent cannot load the module", async () => {
    await assert.rejects(explore(doesNotLoad), {
      name: "RuntimeError",
      message: `Cannot explore "does not load": agent 0 cannot load it: this module is for the main thread`,
    });
  });

  test("when the module does not define the scenario, or does so twice", async () => {
    await assert.rejects(explore(elsewhere("absent")), /its module does not define it at its top/);
    await assert.rejects(explore(scenarios.definedTwice), /its module defines it twice$/);
  });

  test("when the thread of an agent ends", async () => {
    await assert.rejects(explore(scenarios.exits), {
      name: "RuntimeError",
      message: 'Cannot explore "exits": the thread of agent 0 has ended',
    });
  });

  test("when the module does not come to the scenario in time", async () => {
    await assert.rejects(explore(comesLate, { timeout: 200 }), {
      name: "TimeoutError",
      message: 'Cannot explore "comes late": its module has not come to it within 200 ms',
    });
  });

  test("options that are unknown, of the wrong type or out of range", async () => {
    const wrong = (options: object): Promise<unknown> =>
      explore(scenarios.mutex, options as ExploreOptions);
    await assert.rejects(wrong({ preemption: 1 }), {
      name: "TypeError",
      message: /^explore: unknown option "preemption"; known are "preemptions", /,
    });
    await assert.rejects(wrong({ deaths: "1" }), {
      name: "TypeError",
      message: 'explore: "deaths" must be a number, got string',
    });
    await assert.rejects(wrong({ preemptions: -1 }), {
      name: "RangeError",
      message: 'explore: "preemptions" must be at least 0, got -1',
    });
    await assert.rejects(
      wrong({ maxSteps: 5000 }),
      /must be at least 1 and at most 4096, got 5000/,
    );
    await assert.rejects(wrong({ timeout: NaN }), RangeError);
    await assert.rejects(wrong({ replay: 1 }), TypeError);
    await assert.rejects(wrong({ replay: "0 y" }), {
      name: "RangeError",
      message: 'Cannot replay the schedule: "y" is not a part of one',
    });
  });

  test("a scenario of no agents, and one of nine", async () => {
    const { module, mutex } = { module: scenarios.mutex.module, mutex: scenarios.mutex };
    for (const agents of [[], Array.from({ length: 9 }, () => () => undefined)]) {
      await assert.rejects(explore(scenario(module, "mutex", { ...mutex, agents })), RangeError);
    }
  });
});

describe("scenario()", () => {
  test("takes a URL, import.meta and a path, and nothing else", () => {
    const parts = scenarios.mutex;
    const { module } = parts;
    assert.equal(scenario(new URL(module), "x", parts).module, module);
    assert.equal(scenario(import.meta, "x", parts).module, import.meta.url);
    assert.equal(scenario("/a b.js", "x", parts).module, "file:///a b.js".replace(" ", "%20"));
    assert.throws(() => scenario("a.js", "x", parts), {
      name: "TypeError",
      message: `Cannot make the scenario "x": "a.js" is not the URL of a module; use scenario(import.meta.url, "x", …)`,
    });
  });

  test("can stand in the program that explores it, which its agents load", () => {
    const { status, stdout, stderr } = runProgram(new URL("programs/single.ts", import.meta.url));
    assert.equal(status, 0, stderr);
    assert.equal(stdout, "2 the count is 1\n");
  });
});
