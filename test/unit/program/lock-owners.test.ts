import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Queue } from "heddle/queue";
import { LockOwners } from "../../../build/src/program/lock-owners.js";
import { program } from "../../../build/src/program/program.js";
import { SharedBlock } from "../../../build/src/program/shared-object.js";
import { addressOf } from "../../../build/src/wire/handles.js";

const { agents } = program();

/** An agent that has a slot and no thread. */
function makeAgent(): { slot: number; agent: number } {
  const slot = agents.claim(0);
  return { slot, agent: agents.agentAt(slot) };
}

async function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

describe("LockOwners.isGone()", () => {
  it("is false for an agent that lives, whichever thread it runs", () => {
    const { slot, agent } = makeAgent();
    const owners = new LockOwners(program());
    assert.equal(owners.isGone(agent), false);
    agents.endThread(slot);
    agents.newIdent(slot);
    assert.equal(owners.isGone(agent), false);
    agents.release(slot);
  });

  it("is true for one that is dead, after the time for its last steps", async () => {
    const { slot, agent } = makeAgent();
    const owners = new LockOwners(program());
    agents.markDead(slot, agents.agentAt(slot));
    assert.equal(owners.isGone(agent), false);
    await pause(25);
    assert.equal(owners.isGone(agent), true);
    agents.release(slot);
  });

  it("is true at once for one whose thread has ended, also when another has its slot", () => {
    const { slot, agent } = makeAgent();
    agents.markDead(slot, agents.agentAt(slot));
    agents.release(slot);
    assert.equal(new LockOwners(program()).isGone(agent), true);
    const next = makeAgent();
    assert.equal(next.slot, slot);
    assert.equal(new LockOwners(program()).isGone(agent), true);
    assert.equal(new LockOwners(program()).isGone(next.agent), false);
    agents.release(next.slot);
  });
});

describe("a queue whose lock a dead agent has", () => {
  it("can be used, soon after the death", () => {
    const queue = new Queue<number>();
    queue.putNowait(1);
    const { slot, agent } = makeAgent();
    const block = new SharedBlock(program(), addressOf(queue) as number, false);
    for (const lock of [16, 32]) Atomics.store(block.words, block.at + lock, agent);
    program().reportDeath(slot, program().agents.agentAt(slot));
    const startMs = performance.now();
    queue.putNowait(2);
    assert.deepEqual([queue.getNowait(), queue.getNowait()], [1, 2]);
    assert.ok(performance.now() - startMs >= 15);
    agents.release(slot);
  });
});
