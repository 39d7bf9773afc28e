import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { AgentTable } from "../../../build/src/memory/agent-table.js";

const CAPACITY = 4;

function makeTable(): AgentTable {
  const bytes = 4 * AgentTable.words(CAPACITY);
  return new AgentTable(new Int32Array(new SharedArrayBuffer(bytes)), 0, CAPACITY);
}

describe("AgentTable: an agent that is to give up its wait, and dies", () => {
  it("leaves that to no other agent in its slot", () => {
    const agents = makeTable();
    const slot = agents.claim(-1);
    agents.requestAbort(slot);
    agents.markDead(slot);
    agents.release(slot);
    assert.equal(agents.claim(-1), slot);
    assert.equal(agents.takeAbortRequest(slot), false);
  });

  it("may have died before: the program can be suspected to stand still again", () => {
    const agents = makeTable();
    const slot = agents.claim(-1);
    agents.markDead(slot);
    agents.requestAbort(slot);
    agents.suspectStall();
    assert.equal(agents.isStallSuspected, true);
  });
});
