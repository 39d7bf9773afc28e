import assert from "node:assert/strict";
import { describe, it } from "node:test";
import * as fc from "fast-check";
import { Decoder } from "../../../build/src/wire/decode.js";
import { DECLINED, Encoder } from "../../../build/src/wire/encode.js";
import { HANDLE } from "../../../build/src/wire/handles.js";
import { SharedBufferNumbers } from "../../../build/src/wire/shared-buffers.js";

const BYTES = 4096;
const memory = new SharedArrayBuffer(BYTES);
const numbered = new Map<number, SharedArrayBuffer>();
const sharedBuffers = new SharedBufferNumbers(
  (number, buffer) => numbered.set(number, buffer),
  () => {},
);
const encoder = new Encoder(memory, {
  sharedBuffers,
  handles: undefined,
});
const decoder = new Decoder(memory, {
  sharedBuffer: (number) => numbered.get(number) as SharedArrayBuffer,
  handles: undefined,
});

function roundTrip(value: unknown): unknown {
  assert.notEqual(encoder.write(value, 8, BYTES), DECLINED);
  return decoder.read(8);
}

function isDeclined(value: unknown, end = BYTES): boolean {
  return encoder.write(value, 8, end) === DECLINED;
}

describe("hand codec", () => {
  it("gives back the handles after one that cannot be received, and reads on", () => {
    const seen: string[] = [];
    const handles = {
      send: (address: number) => void seen.push(`sent ${address}`),
      unsend: (address: number) => void seen.push(`given back ${address}`),
      receive: (address: number) => {
        if (address === 2) throw new RangeError("no class");
        seen.push(`received ${address}`);
        return {};
      },
    };
    const [writer, reader] = [
      new Encoder(memory, { sharedBuffers: undefined, handles }),
      new Decoder(memory, { sharedBuffer: undefined, handles }),
    ];
    const values = [1, 2, 3, 2].map((address) => ({ [HANDLE]: address }));
    const objects = values.map((value) => Object.setPrototypeOf(value, null) as object);
    assert.notEqual(writer.writeList(objects, 8, BYTES), DECLINED);
    seen.length = 0;
    assert.throws(() => reader.readList(8), { message: "no class" });
    assert.deepEqual(seen, ["received 1", "given back 3", "given back 2"]);
    assert.notEqual(writer.writeList([1], 8, BYTES), DECLINED);
    assert.deepEqual(reader.readList(8), [1]);
  });

  it("any value that it writes comes back as structured clone would copy it", () => {
    const anything = fc.anything({
      withBigInt: true,
      withTypedArray: true,
      withSparseArray: true,
      withNullPrototype: true,
      withDate: true,
      withMap: true,
      withSet: true,
      maxDepth: 4,
    });
    let written = 0;
    fc.assert(
      fc.property(anything, (value) => {
        if (encoder.write(value, 8, BYTES) === DECLINED) return;
        written++;
        assert.deepStrictEqual(decoder.read(8), structuredClone(value));
      }),
      { numRuns: 2000 },
    );
    assert.ok(written > 200, `only ${written} values were written`);
  });

  it("strings of any characters come back", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 700 }), (text) =>
        assert.equal(roundTrip(text), text),
      ),
      { numRuns: 500 },
    );
    for (const length of [0, 47, 48, 255, 256, 3000]) {
      assert.equal(roundTrip("a".repeat(length)), "a".repeat(length));
    }
    assert.equal(roundTrip("\ud800 lone"), "\ud800 lone");
  });

  it("numbers come back exactly, minus zero included", () => {
    for (const n of [
      0,
      -0,
      1,
      -1,
      2 ** 31 - 1,
      -(2 ** 31),
      2 ** 31,
      0.5,
      Number.NaN,
      Infinity,
      -Infinity,
    ]) {
      assert.ok(Object.is(roundTrip(n), n), String(n));
      assert.ok(Object.is((roundTrip([n, n]) as number[])[1], n), String(n));
    }
    for (const n of [0n, -1n, 2n ** 63n - 1n, -(2n ** 63n)]) assert.equal(roundTrip(n), n);
    assert.ok(isDeclined(2n ** 63n));
  });

  it("a key __proto__ is a key", () => {
    const value = JSON.parse('{"__proto__": {"polluted": true}}') as object;
    const copy = roundTrip(value) as object;
    assert.deepEqual(Object.keys(copy), ["__proto__"]);
    assert.equal(Object.getPrototypeOf(copy), Object.prototype);
  });

  it("declines what structured clone treats specially", () => {
    const twice = {};
    const cycle: unknown[] = [];
    cycle.push(cycle);
    class Point {
      x = 1;
    }
    const named: number[] & { note?: string } = [1, 2];
    named.note = "kept by structured clone";
    for (const value of [
      [twice, twice],
      cycle,
      new Point(),
      Object.assign(Object.create(null) as object, { a: 1 }),
      named,
      // oxlint-disable-next-line no-sparse-arrays -- a hole is what it is about
      [1, , 3],
      new Uint16Array(2),
      new Error("e"),
      new Proxy({ a: 1 }, {}),
      new Proxy([1], {}),
      Math,
      new Map(),
      new Date(),
      () => 1,
      Symbol("s"),
    ]) {
      assert.ok(isDeclined(value), String(Object.prototype.toString.call(value)));
    }
  });

  it("declines what does not fit, and writes nothing behind the end", () => {
    const view = new Uint8Array(memory);
    for (const value of [
      "x".repeat(100),
      [1, 2, 3, 4, 5],
      { a: "b".repeat(50) },
      new Uint8Array(60),
      1.5,
      3n,
    ]) {
      for (let end = 8; end < 8 + 120; end++) {
        view.fill(0xee);
        const written = encoder.write(value, 8, end);
        assert.equal(
          view.indexOf(0xee, 8) >= 0 && view.subarray(end).every((byte) => byte === 0xee),
          true,
        );
        if (written !== DECLINED) assert.ok(8 + written <= end);
      }
    }
  });

  it("shared memory comes back as the same memory", () => {
    const shared = new SharedArrayBuffer(32);
    const view = new Float64Array(shared, 8, 2);
    const [buffer, copy] = roundTrip([shared, view]) as [SharedArrayBuffer, Float64Array];
    assert.equal(buffer, shared);
    assert.deepEqual([copy.buffer, copy.byteOffset, copy.length], [shared, 8, 2]);
    assert.deepEqual(sharedBuffers.takeListed(), [shared, shared]);
    assert.equal(sharedBuffers.takeListed(), undefined);
    assert.equal(new Encoder(memory).write(view, 8, BYTES), DECLINED);
  });
});
