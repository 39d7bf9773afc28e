import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { SharedEvent } from "../../../build/src/memory/event.js";

/** The event's word has others on both sides. */
const AT = 2;

function makeEvent(): { event: SharedEvent; words: Int32Array; wakes: () => number } {
  let count = 0;
  const words = new Int32Array(new SharedArrayBuffer(4 * 5));
  const waiters = { wakeAll: () => void count++ };
  return { event: new SharedEvent(words, AT, waiters as never), words, wakes: () => count };
}

describe("SharedEvent", () => {
  it("is set until it is cleared", () => {
    const { event, words } = makeEvent();
    assert.equal(event.isSet, false);
    event.set();
    assert.equal(event.isSet, true);
    event.clear();
    assert.equal(event.isSet, false);
    event.clear();
    assert.equal(event.isSet, false);
    assert.deepEqual(
      [...words].map((word) => word !== 0),
      [false, false, true, false, false],
    );
  });

  it("wakes those who wait whenever it is set, but not if it is set already", () => {
    const { event, wakes } = makeEvent();
    event.set();
    assert.equal(wakes(), 1);
    const { state } = event;
    event.set();
    assert.equal(wakes(), 1);
    assert.equal(event.state, state);
    event.clear();
    event.set();
    assert.equal(wakes(), 2);
  });

  it("counts upwards how often it was set, so that who came before sees it", () => {
    const { event } = makeEvent();
    const states = [event.state];
    for (let times = 1; times <= 3; times++) {
      const before = event.state;
      assert.equal(event.wasSetSince(before), false);
      event.set();
      assert.equal(event.wasSetSince(before), true);
      assert.equal(event.wasSetSince(event.state), true); // it is set
      event.clear();
      assert.equal(event.wasSetSince(before), true);
      assert.equal(event.wasSetSince(event.state), false);
      states.push(event.state);
    }
    assert.deepEqual(states, [0, 2, 4, 6]);
  });
});
