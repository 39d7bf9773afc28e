import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { BellWatch } from "../../../build/src/memory/bell-watch.js";
import { Doorbell } from "../../../build/src/memory/doorbell.js";

describe("BellWatch", () => {
  it("reports at once when the bell is quiet, and ends when it is closed", () => {
    const bell = new Doorbell(new Int32Array(new SharedArrayBuffer(4)));
    const watch = new BellWatch(new Int32Array(new SharedArrayBuffer(4)), bell);
    watch.ask();
    assert.equal(watch.next(), true);
    bell.arm();
    watch.ask();
    watch.close();
    assert.equal(watch.next(), false);
    assert.equal(bell.isArmed, false);
  });
});
