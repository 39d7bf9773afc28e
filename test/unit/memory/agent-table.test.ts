import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  AgentTable,
  CRASHED_THREAD,
  ENDED,
  RUNNING,
} from "../../../build/src/memory/agent-table.js";

const CAPACITY = 4;
/** The table begins behind other words, and ends before others: these stay what they are. */
const AT = 64;
const BEHIND = 640;

interface Table {
  readonly agents: AgentTable;
  readonly words: Int32Array;
}

function makeTable(): Table {
  const count = AT + AgentTable.words(CAPACITY) + BEHIND;
  const words = new Int32Array(new SharedArrayBuffer(4 * count));
  return { agents: new AgentTable(words, AT, CAPACITY), words };
}

/** Whether agents that sleep are woken by what is done. */
function woken({ agents, words }: Table, slots: readonly number[], act: () => void): boolean[] {
  for (const slot of slots) agents.bell(slot).arm();
  const armed = slots.map((slot) => words[agents.bellAt(slot)]);
  act();
  return slots.map((slot, i) => words[agents.bellAt(slot)] !== armed[i]);
}

describe("AgentTable", () => {
  it("gives each agent a slot, until there is none", () => {
    const { agents, words } = makeTable();
    assert.deepEqual(
      [...agents.slots()].concat(Array.from({ length: CAPACITY }, () => agents.claim(-1))),
      [0, 1, 2, 3],
    );
    assert.equal(agents.claim(0), -1);
    assert.deepEqual([...agents.slots()], [0, 1, 2, 3]);
    agents.release(1);
    agents.release(2);
    assert.deepEqual([...agents.slots()], [0, 3]);
    assert.equal(agents.claim(3), 1);
    assert.deepEqual(
      [0, 1, 2, 3].map((slot) => agents.parentOf(slot)),
      [-1, 3, -1, -1],
    );
    assert.deepEqual(
      [0, 1, 2, 3].map((slot) => agents.isLive(slot)),
      [true, true, false, true],
    );
    assert.ok(words.subarray(0, AT).every((word) => word === 0));
    assert.ok(words.subarray(words.length - BEHIND).every((word) => word === 0));
  });

  it("lets a death that is reported late touch no other agent that has the slot since then", () => {
    const { agents } = makeTable();
    const slot = agents.claim(-1);
    const dead = agents.agentAt(slot);
    assert.deepEqual(agents.markDead(slot, dead), [slot]);
    agents.release(slot);
    assert.equal(agents.claim(-1), slot);
    const ident = agents.identOf(slot);
    assert.deepEqual(agents.markDead(slot, dead), []);
    assert.equal(agents.isLive(slot), true);
    assert.equal(agents.fateOf(ident), RUNNING);
    assert.equal(agents.fateOf(dead), CRASHED_THREAD);
    assert.deepEqual(agents.markDead(slot, agents.agentAt(slot)), [slot]);
  });

  it("has room for the record of each agent", () => {
    const { agents } = makeTable();
    assert.equal(agents.slotAt(1) - agents.slotAt(0), 576);
    assert.equal(AgentTable.words(CAPACITY), agents.slotAt(CAPACITY) - AT);
    assert.equal(agents.bellAt(1) - agents.slotAt(1), 32);
  });

  it("gives each thread an ident that tells its slot", () => {
    const { agents } = makeTable();
    const slot = (agents.claim(-1), agents.claim(0));
    const first = agents.identOf(slot);
    const second = agents.newIdent(slot);
    const third = agents.newIdent(slot);
    assert.deepEqual([first, second, third], [2, 2 + CAPACITY, 2 + 2 * CAPACITY]);
    assert.deepEqual(
      [first, second, third].map((ident) => agents.slotOf(ident)),
      [1, 1, 1],
    );
    assert.equal(agents.identOf(slot), third);
    assert.deepEqual(
      [second, third].map((ident) => agents.fateOf(ident)),
      [ENDED, RUNNING],
    );
    agents.endThread(slot);
    assert.equal(agents.identOf(slot), 0);
    assert.equal(agents.fateOf(third), ENDED);
  });

  it("begins again with the idents of a slot when they would not fit into a word", () => {
    const { agents, words } = makeTable();
    const slot = (agents.claim(-1), agents.claim(0));
    const generation = agents.slotAt(slot) + 4;
    const most = Math.floor((2 ** 31 - 1 - CAPACITY) / CAPACITY);
    words[generation] = most - 1;
    const last = agents.newIdent(slot);
    assert.equal(last, 2 + (most - 1) * CAPACITY);
    assert.ok(last < 2 ** 31 && last > 2 ** 31 - 3 * CAPACITY);
    assert.deepEqual([agents.newIdent(slot), agents.newIdent(slot)], [2, 2 + CAPACITY]);
    assert.equal(agents.slotOf(agents.identOf(slot)), slot);
  });

  it("knows an agent for as long as it is there, whatever threads it runs", () => {
    const { agents } = makeTable();
    const slot = agents.claim(-1);
    const agent = agents.agentAt(slot);
    agents.newIdent(slot);
    assert.equal(agents.agentAt(slot), agent);
    assert.equal(agents.hasLeft(agent), false);
    agents.markDead(slot, agents.agentAt(slot));
    assert.equal(agents.hasLeft(agent), false);
    agents.release(slot);
    assert.equal(agents.hasLeft(agent), true);
    assert.equal(agents.claim(-1), slot);
    assert.equal(agents.hasLeft(agent), true);
    assert.equal(agents.hasLeft(agents.agentAt(slot)), false);
  });

  it("marks those dead that a dead agent has created, once", () => {
    const { agents } = makeTable();
    const main = agents.claim(-1);
    const child = agents.claim(main);
    const other = agents.claim(main);
    const grandchild = agents.claim(child);
    const ident = agents.identOf(grandchild);
    assert.deepEqual(agents.markDead(child, agents.agentAt(child)), [child, grandchild]);
    assert.deepEqual(agents.markDead(child, agents.agentAt(child)), []);
    assert.deepEqual(agents.markDead(grandchild, agents.agentAt(grandchild)), []);
    assert.deepEqual([...agents.live()], [main, other]);
    assert.deepEqual([...agents.slots()], [main, child, other, grandchild]);
    assert.equal(agents.fateOf(ident), CRASHED_THREAD);
    assert.equal(agents.fateOf(agents.identOf(other)), RUNNING);
    agents.release(grandchild);
    assert.equal(agents.fateOf(ident), CRASHED_THREAD);
  });

  it("tells that a thread has ended whose agent is dead and ran it no more", () => {
    const { agents } = makeTable();
    const slot = agents.claim(-1);
    const ident = agents.identOf(slot);
    agents.newIdent(slot);
    agents.markDead(slot, agents.agentAt(slot));
    assert.equal(agents.fateOf(ident), ENDED);
  });

  it("counts deaths, and wakes every agent", () => {
    const table = makeTable();
    const { agents } = table;
    for (let slot = 0; slot < 3; slot++) agents.claim(-1);
    agents.release(1);
    assert.equal(agents.deaths, 0);
    assert.deepEqual(
      woken(table, [0, 1, 2], () => agents.announceDeaths()),
      [true, false, true],
    );
    assert.equal(agents.deaths, 1);
  });

  it("wakes who waits for the end of a thread", () => {
    const table = makeTable();
    const { agents } = table;
    const [waiter, slot] = [agents.claim(-1), agents.claim(0)];
    agents.joiners(slot).enter(waiter);
    assert.deepEqual(
      woken(table, [waiter, slot], () => agents.endThread(slot)),
      [true, false],
    );
  });

  it("counts threads whose exception was not collected, and numbers those without a name", () => {
    const { agents } = makeTable();
    agents.countUncollected(1);
    agents.countUncollected(1);
    agents.countUncollected(-1);
    assert.equal(agents.uncollected, 1);
    assert.deepEqual([agents.nextNumber(), agents.nextNumber()], [1, 2]);
    assert.equal(agents.deaths, 0);
  });

  it("has a number for each period in which locks are traced", () => {
    const { agents } = makeTable();
    assert.equal(agents.tracesLocks, false);
    agents.tracesLocks = false;
    assert.equal(agents.lockTrace, 0);
    agents.tracesLocks = true;
    agents.tracesLocks = true;
    assert.deepEqual([agents.tracesLocks, agents.lockTrace], [true, 1]);
    agents.tracesLocks = false;
    assert.deepEqual([agents.tracesLocks, agents.lockTrace], [false, 2]);
  });
});

describe("AgentTable: an agent that gives up a wait", () => {
  it("is alone in that, and the others look again when it has", () => {
    const table = makeTable();
    const { agents } = table;
    const [one, other] = [agents.claim(-1), agents.claim(0)];
    assert.equal(agents.beginGivingUp(one), true);
    assert.equal(agents.beginGivingUp(other), false);
    assert.deepEqual(
      woken(table, [one], () => agents.endGivingUp(other)),
      [false],
    );
    assert.equal(agents.beginGivingUp(other), false);
    assert.deepEqual(
      woken(table, [one, other], () => agents.endGivingUp(one)),
      [true, true],
    );
    assert.equal(agents.beginGivingUp(other), true);
  });

  it("leaves the way to others if it dies", () => {
    const { agents } = makeTable();
    const [one, other] = [agents.claim(-1), agents.claim(0)];
    agents.beginGivingUp(other);
    agents.markDead(other, agents.agentAt(other));
    assert.equal(agents.beginGivingUp(one), true);
  });
});

describe("AgentTable: a program that may stand still", () => {
  it("is suspected to by any thread, and looked at by the main thread once", () => {
    const table = makeTable();
    const { agents } = table;
    const [main] = [agents.claim(-1), agents.claim(0)];
    assert.equal(agents.takeSuspicion(), false);
    assert.deepEqual(
      woken(table, [main, 1], () => agents.suspectStall()),
      [true, false],
    );
    assert.equal(agents.isStallSuspected, true);
    assert.equal(agents.takeSuspicion(), true);
    assert.equal(agents.takeSuspicion(), false);
    assert.equal(agents.isStallSuspected, false);
  });

  it("has one agent give up its wait, who is asked once", () => {
    const table = makeTable();
    const { agents } = table;
    const [main, slot] = [agents.claim(-1), agents.claim(0)];
    assert.deepEqual(
      woken(table, [main, slot], () => agents.requestAbort(slot)),
      [false, true],
    );
    agents.suspectStall();
    assert.equal(agents.isStallSuspected, false, "one request at a time");
    assert.equal(agents.takeAbortRequest(main), false);
    assert.equal(agents.takeAbortRequest(slot), true);
    assert.equal(agents.takeAbortRequest(slot), false);
    agents.suspectStall();
    assert.equal(agents.isStallSuspected, true);
  });

  it("asks nobody else where that agent dies", () => {
    const { agents } = makeTable();
    const slot = agents.claim(-1);
    agents.requestAbort(slot);
    agents.markDead(slot, agents.agentAt(slot));
    agents.release(slot);
    assert.equal(agents.claim(-1), slot);
    assert.equal(agents.takeAbortRequest(slot), false);
  });

  it("may be suspected again where that agent has died before", () => {
    const { agents } = makeTable();
    const slot = agents.claim(-1);
    agents.markDead(slot, agents.agentAt(slot));
    agents.requestAbort(slot);
    agents.suspectStall();
    assert.equal(agents.isStallSuspected, true);
  });
});
