import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { CallTable } from "../../../build/src/memory/call-table.js";

const STRIDE = 4;
const CALLS = 3;

function makeTable(): CallTable {
  return new CallTable(new Int32Array(new SharedArrayBuffer(4 * STRIDE * CALLS)), STRIDE);
}

/** All that the table says of a call. */
function look(table: CallTable, id: number): string {
  const said = {
    queued: table.isQueued(id),
    wanted: table.isWanted(id),
    done: table.isDone(id),
    claimed: table.isClaimed(id),
  };
  const words = Object.entries(said).flatMap(([word, isSo]) => (isSo ? [word] : []));
  return [...words, ...(said.claimed ? [`by ${table.workerOf(id)}`] : [])].join(" ");
}

describe("CallTable, one step after the other", () => {
  it("has as many calls as fit", () => assert.equal(makeTable().capacity, CALLS));

  it("says in which state a call is, and which worker has it", () => {
    const table = makeTable();
    for (const id of [0, 1, 2]) {
      assert.equal(look(table, id), "");
      table.enqueue(id);
      assert.equal(look(table, id), "queued");
      assert.equal(table.claim(id, 5 + id), true);
      assert.equal(look(table, id), `claimed by ${5 + id}`);
      table.want(id, 5 + id);
      assert.equal(look(table, id), `wanted claimed by ${5 + id}`);
      table.resume(id, 5 + id);
      assert.equal(look(table, id), `claimed by ${5 + id}`);
      table.finish(id, 5 + id);
      assert.equal(look(table, id), `done claimed by ${5 + id}`);
      table.free(id);
      assert.equal(look(table, id), "");
    }
  });

  it("changes no other call", () => {
    const table = makeTable();
    for (const id of [0, 1, 2]) table.enqueue(id);
    table.claim(1, 7);
    assert.deepEqual([look(table, 0), look(table, 2)], ["queued", "queued"]);
    table.free(1);
    assert.deepEqual([look(table, 0), look(table, 2)], ["queued", "queued"]);
    assert.equal(table.cancel(2), true);
    assert.deepEqual([look(table, 0), look(table, 1), look(table, 2)], ["queued", "", ""]);
  });

  it("lets only a queued call be claimed or cancelled, and only once", () => {
    const table = makeTable();
    assert.equal(table.claim(1, 2), false);
    assert.equal(table.cancel(1), false);
    table.enqueue(1);
    assert.equal(table.cancel(1), true);
    assert.equal(table.cancel(1), false);
    assert.equal(table.claim(1, 2), false);
    table.enqueue(1);
    assert.equal(table.claim(1, 2), true);
    assert.equal(table.claim(1, 3), false);
    assert.equal(table.cancel(1), false);
    assert.equal(table.workerOf(1), 2);
  });

  it("finds the calls that a worker has", () => {
    const table = makeTable();
    for (const id of [0, 1, 2]) table.enqueue(id);
    assert.deepEqual([...table.heldBy(0)], []);
    table.claim(0, 4);
    table.claim(2, 4);
    table.finish(2, 4);
    assert.deepEqual([...table.heldBy(4)], [0, 2]);
    table.claim(1, 0);
    assert.deepEqual([...table.heldBy(0)], [1]);
    table.free(0);
    assert.deepEqual([...table.heldBy(4)], [2]);
  });
});
