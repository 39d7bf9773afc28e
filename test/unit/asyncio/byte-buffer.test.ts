import assert from "node:assert/strict";
import { describe, it } from "node:test";
import * as fc from "fast-check";

import { ByteBuffer } from "../../../build/src/asyncio/streams/byte-buffer.js";

const bytes = fc.uint8Array({ min: 0, max: 3, maxLength: 700 });
const step = fc.oneof(
  fc.record({ kind: fc.constant("append" as const), chunk: bytes }),
  fc.record({ kind: fc.constant("take" as const), count: fc.nat(900) }),
  fc.record({ kind: fc.constant("drop" as const), count: fc.nat(50) }),
  fc.record({
    kind: fc.constant("find" as const),
    wanted: fc.uint8Array({ min: 0, max: 3, minLength: 1, maxLength: 4 }),
    from: fc.nat(20),
  }),
);

/** Where an array first has another, at `from` or later. */
function placeOf(wanted: Uint8Array, whole: readonly number[], from: number): number {
  for (let at = from; at + wanted.length <= whole.length; at++) {
    if (wanted.every((byte, i) => whole[at + i] === byte)) return at;
  }
  return -1;
}

describe("ByteBuffer", () => {
  it("is an array of bytes, whatever is done to it", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const buffer = new ByteBuffer();
        let model: number[] = [];
        for (const one of steps) {
          if (one.kind === "append") {
            const copy = one.chunk.slice();
            buffer.append(one.chunk);
            model.push(...copy);
          } else if (one.kind === "take") {
            const taken = buffer.take(one.count);
            assert.deepEqual([...taken], model.slice(0, one.count));
            // It is the caller's: writing to it must not show.
            taken.fill(9);
            model = model.slice(one.count);
          } else if (one.kind === "drop") {
            buffer.drop(one.count);
            model = model.slice(one.count);
          } else {
            const from = Math.min(one.from, model.length);
            const place = placeOf(one.wanted, model, from);
            assert.equal(buffer.indexOf(one.wanted, from), place);
            if (place !== -1) assert.ok(buffer.hasAt(one.wanted, place));
          }
          assert.equal(buffer.length, model.length);
        }
      }),
      { numRuns: 500 },
    );
  });

  it("does not write to a chunk that it was given", () => {
    const buffer = new ByteBuffer();
    const chunk = new Uint8Array(1000).fill(1);
    buffer.append(chunk);
    buffer.take(900);
    buffer.append(new Uint8Array(100).fill(2));
    assert.ok(chunk.every((byte) => byte === 1));
    assert.equal(buffer.length, 200);
  });

  it("moves each byte a bounded number of times", () => {
    // Were it quadratic, this would move 10^12 bytes.
    const buffer = new ByteBuffer();
    buffer.append(new Uint8Array(1_000_000));
    for (let i = 0; i < 1_000_000; i++) {
      buffer.append(new Uint8Array(1));
      buffer.drop(1);
    }
    assert.equal(buffer.length, 1_000_000);
  });
});
