/** Frames in a flow of bytes, however it is cut. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  type Frame,
  FrameReader,
  FrameWriter,
} from "../../../build/src/multiprocessing/channels/frames.js";
import { numbered, numberOf } from "../../../build/src/multiprocessing/channels/inbox.js";
import { RecordRing } from "../../../build/src/memory/record-ring.js";
import {
  requestMemory,
  RequestWriter,
} from "../../../build/src/multiprocessing/channels/requests.js";
import { Dice } from "../../support/dice.ts";

const SEEDS = Array.from({ length: 100 }, (_, n) => n + 1);
/** Some are copied beside their head, and some are not. */
const LENGTHS = [0, 1, 23, 24, 1000, 16 * 1024 - 1, 16 * 1024, 70_000];

function frames(dice: Dice): Frame[] {
  return Array.from({ length: 1 + dice.roll(12) }, (_, n) => ({
    kind: 1 + dice.roll(30),
    lane: dice.roll(1000),
    bits: dice.roll(4),
    number: dice.roll(2) === 0 ? n : 2 ** 40 + n,
    bytes: new Uint8Array(LENGTHS[dice.roll(LENGTHS.length)] as number).fill(n + 1),
  }));
}

/** What is written for the frames, in several batches. */
function flow(all: readonly Frame[], dice: Dice): Uint8Array {
  const writer = new FrameWriter();
  const chunks: Uint8Array[] = [];
  for (const { kind, lane, bits, number, bytes } of all) {
    writer.push(kind, lane, bits, number, bytes);
    if (dice.roll(3) === 0) chunks.push(...writer.take());
  }
  chunks.push(...writer.take());
  assert.equal(writer.isEmpty, true);
  return new Uint8Array(Buffer.concat(chunks));
}

describe("frames", () => {
  it("are read as they were written, wherever the flow is cut", () => {
    for (const seed of SEEDS) {
      const dice = new Dice(seed);
      const sent = frames(dice);
      const got: Frame[] = [];
      const reader = new FrameReader((frame) => got.push({ ...frame, bytes: frame.bytes.slice() }));
      const bytes = flow(sent, dice);
      for (let at = 0; at < bytes.length;) {
        const length = 1 + dice.roll(dice.roll(2) === 0 ? 40 : 50_000);
        reader.push(bytes.slice(at, at + length));
        at += length;
      }
      assert.deepEqual(got, sent, `seed ${seed}`);
    }
  });

  it("a batch that has been taken stays as it is while more is written", () => {
    const writer = new FrameWriter();
    writer.push(1, 2, 3, 4, new Uint8Array([5]));
    const [first = new Uint8Array(0)] = writer.take();
    const before = first.slice();
    writer.push(9, 9, 9, 9, new Uint8Array([9]));
    writer.take();
    assert.deepEqual(first, before);
  });

  it("the number of a message goes before its bytes, also where other frames lie around it", () => {
    const dice = new Dice(7);
    const sent = frames(dice).map((frame) => ({ ...frame, kind: 2 }));
    const items: Uint8Array[] = [];
    const reader = new FrameReader(({ bytes }) => items.push(numbered(items.length + 100, bytes)));
    reader.push(flow(sent, dice));
    assert.deepEqual(
      items.map((item) => [numberOf(item), item.slice(8)]),
      sent.map(({ bytes }, n) => [n + 100, bytes]),
    );
  });

  it("one that is shorter than a head is refused", () => {
    const reader = new FrameReader(() => assert.fail("it was read"));
    assert.throws(() => reader.push(new Uint8Array(24)), RangeError);
  });
});

describe("frames that an agent writes for its courier", () => {
  it("wake it each, but for one that another follows at once: both are there then", () => {
    const words = requestMemory(true);
    const sent: unknown[] = [];
    const port = { postMessage: (message: unknown) => sent.push(message) };
    let rings = 0;
    const writer = new RequestWriter(words, port as never, () => rings++);
    const bytes = new Uint8Array([7]);
    const frame = (number: number): Frame => ({ kind: 1, lane: 2, bits: 0, number, bytes });
    writer.frame(frame(1), false);
    assert.equal(rings, 0);
    writer.frame(frame(2));
    assert.equal(rings, 1);
    const reader = new RecordRing(words);
    const horizon = reader.look();
    assert.deepEqual([reader.read(horizon), reader.read(horizon)], [frame(1), frame(2)]);
    // What the ring does not hold goes by the port, and wakes it in any case.
    writer.frame({ ...frame(3), bytes: new Uint8Array(2 ** 20) }, false);
    assert.deepEqual([rings, sent.length], [2, 1]);
  });
});
