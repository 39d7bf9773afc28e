import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { AgentRecord } from "../../../build/src/memory/agent-record.js";
import { AgentTable } from "../../../build/src/memory/agent-table.js";

const SLOT = 1;

interface Place {
  readonly record: AgentRecord;
  /** Fails if anything of another agent's slot, or of this one before the record, has changed. */
  readonly checkOutside: () => void;
}

/** A record between two others, in memory that is full of a value. */
function makeRecord(): Place {
  const capacity = 3;
  const words = new Int32Array(new SharedArrayBuffer(4 * AgentTable.words(capacity)));
  const agents = new AgentTable(words, 0, capacity);
  const start = agents.slotAt(SLOT) + 64;
  const end = agents.slotAt(SLOT + 1);
  words.fill(7, 0, start);
  words.fill(7, end);
  return {
    record: new AgentRecord(words, agents, SLOT),
    checkOutside: () => {
      assert.ok(words.subarray(0, start).every((word) => word === 7));
      assert.ok(words.subarray(end).every((word) => word === 7));
    },
  };
}

describe("AgentRecord", () => {
  it("keeps the name, the function and the thread of an agent", () => {
    const { record, checkOutside } = makeRecord();
    for (const text of ["Thread-1", "", "é€\u{1f600}", "n".repeat(59), "n".repeat(60)]) {
      record.name = text;
      record.functionName = text.slice(1);
      record.threadId = text.length + 1;
      assert.equal(record.name, text);
      assert.equal(record.functionName, text.slice(1));
      assert.equal(record.threadId, text.length + 1);
    }
    checkOutside();
  });

  it("keeps as much of a text as fits, and nothing of the one before", () => {
    const { record, checkOutside } = makeRecord();
    const text = Array.from({ length: 100 }, (_, i) => String.fromCharCode(100 + i)).join("");
    record.name = text;
    record.functionName = text;
    record.threadId = 5;
    assert.equal(record.name, text.slice(0, 60));
    assert.equal(record.functionName, text.slice(0, 60));
    assert.equal(record.threadId, 5);
    record.name = "abc";
    assert.equal(record.name, "abc");
    checkOutside();
  });

  it("says what kind of thread the agent runs", () => {
    const { record } = makeRecord();
    const kind = () => [record.runsThreads, record.isDaemon, record.keepsProgramAlive];
    assert.deepEqual(kind(), [false, false, false]);
    record.setDaemon(true);
    assert.deepEqual(kind(), [true, true, false]);
    record.setDaemon(false);
    assert.deepEqual(kind(), [true, false, true]);
  });

  it("says whether the agent is idle, and has left something open", () => {
    const { record } = makeRecord();
    const state = () => [record.isIdle, record.hasLeftovers];
    assert.deepEqual(state(), [false, false]);
    record.isIdle = true;
    assert.deepEqual(state(), [true, false]);
    record.hasLeftovers = true;
    record.isIdle = false;
    assert.deepEqual(state(), [false, true]);
    record.hasLeftovers = false;
    assert.deepEqual(state(), [false, false]);
  });

  it("says what the agent waits for, and since when", () => {
    const { record, checkOutside } = makeRecord();
    assert.equal(record.wait, undefined);
    const beforeMs = Date.now();
    record.beginWait(640, 3);
    const { on, verb, epoch, sinceMs } = record.wait ?? assert.fail("it waits");
    assert.deepEqual([on, verb, epoch], [640, 3, 0]);
    assert.ok(sinceMs >= beforeMs && sinceMs <= Date.now());
    record.endWait();
    assert.equal(record.wait, undefined);
    checkOutside();
  });

  it("numbers the times that the agent sleeps: odd while it does", () => {
    const { record } = makeRecord();
    record.fallAsleep();
    assert.equal(record.waitEpoch, 1);
    record.wakeUp();
    record.fallAsleep();
    assert.equal(record.waitEpoch, 3);
    record.beginWait(1, 1);
    assert.equal(record.wait?.epoch, 3);
    assert.equal(record.wait?.hasCalls, false);
  });

  it("says whether a call may end the wait, and whether the agent is in a set", () => {
    const { record, checkOutside } = makeRecord();
    record.beginWait(0, 6);
    record.fallAsleep(true);
    assert.equal(record.wait?.hasCalls, true);
    record.wakeUp();
    record.fallAsleep();
    assert.equal(record.wait?.hasCalls, false);
    assert.equal(record.isInSet, false);
    record.noteSet(10);
    assert.equal(record.isInSet, true);
    record.dropSet(10);
    assert.equal(record.isInSet, false);
    checkOutside();
  });

  it("lists the sets that the agent may be in", () => {
    const { record, checkOutside } = makeRecord();
    assert.deepEqual(record.sets(), []);
    for (const address of [10, 20, 30]) record.noteSet(address);
    record.dropSet(40);
    assert.deepEqual(record.sets(), [10, 20, 30]);
    record.dropSet(10);
    assert.deepEqual(record.sets(), [30, 20]);
    record.dropSet(20);
    record.dropSet(30);
    assert.deepEqual(record.sets(), []);
    checkOutside();
  });

  it("says so when the agent is in more sets than it can list", () => {
    const { record } = makeRecord();
    const most = [1, 2, 3, 4, 5, 6, 7];
    for (const address of most) record.noteSet(address);
    assert.deepEqual(record.sets(), most);
    record.noteSet(8);
    assert.equal(record.sets(), undefined);
    assert.deepEqual([record.isIdle, record.runsThreads], [false, false]);
    // Which one is not listed is not known: from now on, every set is looked at.
    record.dropSet(7);
    assert.equal(record.sets(), undefined);
  });

  it("lists what the agent holds, the latest last", () => {
    const { record, checkOutside } = makeRecord();
    record.dropHeld(0);
    assert.deepEqual(record.held(), []);
    for (const address of [10, 20, 30]) record.noteHeld(address);
    record.dropHeld(30);
    assert.deepEqual(record.held(), [10, 20]);
    record.dropHeld(40);
    record.noteHeld(30);
    record.dropHeld(10);
    assert.deepEqual(record.held(), [30, 20]);
    record.dropAllHeld();
    assert.deepEqual(record.held(), []);
    checkOutside();
  });

  it("lists no more than fits of what the agent holds", () => {
    const { record } = makeRecord();
    const fifteen = Array.from({ length: 15 }, (_, i) => i + 1);
    for (const address of [...fifteen, 16, 17]) record.noteHeld(address);
    assert.deepEqual(record.held(), fifteen);
    assert.equal(record.name, "");
    record.dropHeld(17);
    assert.deepEqual(record.held(), fifteen);
    record.dropHeld(3);
    const listed = fifteen.filter((address) => address !== 3);
    assert.deepEqual(
      record.held().toSorted((a, b) => a - b),
      listed,
    );
    record.noteHeld(18);
    record.dropHeld(18);
    assert.deepEqual(
      record.held().toSorted((a, b) => a - b),
      listed,
    );
    record.dropHeld(16);
    for (const address of listed) record.dropHeld(address);
    assert.deepEqual(record.held(), []);
    record.noteHeld(19);
    assert.deepEqual(record.held(), [19]);
  });

  it("takes no other words for addresses", () => {
    const { record } = makeRecord();
    record.name = "n".repeat(8);
    const sixteen = Array.from({ length: 16 }, (_, i) => i + 100);
    for (const address of sixteen) record.noteHeld(address);
    record.dropHeld(8);
    record.dropHeld(100);
    assert.deepEqual(
      record.held().toSorted((a, b) => a - b),
      sixteen.slice(1, 15),
    );
  });

  it("carries the question where the agent waits, and the answer", () => {
    const { record, checkOutside } = makeRecord();
    assert.equal(record.siteAsker, -1);
    record.requestSite(0);
    assert.deepEqual([record.siteAsker, record.site], [0, undefined]);
    record.writeSite("at main.js:1");
    assert.deepEqual([record.siteAsker, record.site], [-1, "at main.js:1"]);
    record.requestSite(2);
    assert.deepEqual([record.siteAsker, record.site], [2, undefined]);
    const long = "0123456789".repeat(100);
    record.writeSite(long);
    assert.equal(record.site, long.slice(0, 828));
    checkOutside();
  });

  it("forgets all but that a new wait is another one", () => {
    const { record, checkOutside } = makeRecord();
    record.name = record.functionName = "n".repeat(60);
    record.threadId = 3;
    record.setDaemon(true);
    record.isIdle = record.hasLeftovers = true;
    record.beginWait(1, 2);
    record.fallAsleep();
    for (let address = 1; address < 20; address++) {
      record.noteSet(address);
      record.noteHeld(address);
    }
    record.writeSite("s".repeat(828));
    record.requestSite(1);
    record.clear();
    const { name, functionName, threadId, runsThreads, isIdle, hasLeftovers, wait, site } = record;
    assert.deepEqual(
      [name, functionName, threadId, runsThreads, isIdle, hasLeftovers, wait, site],
      ["", "", 0, false, false, false, undefined, ""],
    );
    assert.deepEqual([record.sets(), record.held()], [[], []]);
    assert.equal(record.waitEpoch, 2);
    record.fallAsleep();
    record.wakeUp();
    record.clear();
    assert.equal(record.waitEpoch, 6);
    checkOutside();
  });
});
