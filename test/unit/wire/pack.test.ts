import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { reduce, SendError } from "heddle";
import { pack } from "../../../build/src/wire/pack.js";
import { isPlain, MAX_DEPTH } from "../../../build/src/wire/plain.js";
import { unpack } from "../../../build/src/wire/unpack.js";
import { channelOf } from "../../support/channels.ts";

class Node {
  next: unknown = undefined;
  [reduce](): [typeof link, [unknown]] {
    return [link, [this.next]];
  }
}
function link(next: unknown): Node {
  return Object.assign(new Node(), { next });
}
class Plain {
  next: unknown = undefined;
}

const channel = channelOf(
  (fn) => ({ url: "file:///here.ts", exportName: fn.name }),
  ({ exportName }) => ({ link, Plain })[exportName],
);
const roundTrip = (value: unknown): unknown =>
  unpack(structuredClone(pack(value, "value", channel)), channel);

/** So many objects in each other. */
function nested(depth: number): unknown {
  let value: unknown = 0;
  for (let i = 0; i < depth; i++) value = [value];
  return value;
}

describe("which values need no packing", () => {
  it("plain ones as deep as structured clone is given", () => {
    assert.equal(isPlain(nested(MAX_DEPTH)), true);
    assert.equal(isPlain(nested(MAX_DEPTH + 2)), false);
    const cycle: unknown[] = [];
    cycle.push(cycle, { parent: cycle });
    assert.equal(isPlain(cycle), true);
  });

  it("a graph of objects in which everything is met often is walked once", () => {
    let graph: unknown[] = [];
    for (let i = 0; i < 100; i++) graph = [graph, graph];
    assert.equal(isPlain(graph), true);
    graph.push(() => 1);
    assert.equal(isPlain(graph), false);
  });

  it("none with a part that structured clone would flatten, wherever it is", () => {
    for (const part of [
      new Plain(),
      Buffer.from("a"),
      new Error("e"),
      new Proxy({}, {}),
      () => 1,
    ]) {
      for (const whole of [
        [part],
        { part },
        new Map([[1, part]]),
        new Map([[part, 1]]),
        new Set([part]),
        Object.assign([1], { part }),
        Object.assign([], { 5000: part }),
        [...Array.from({ length: 2000 }, () => 1), part],
      ])
        assert.equal(isPlain(whole), false);
    }
  });
});

describe("packed values", () => {
  it("are never deeper than structured clone is given, and arrive as they were", () => {
    let value = roundTrip(nested(10_000));
    let depth = 0;
    for (; Array.isArray(value); value = value[0] as unknown) depth++;
    assert.equal(depth, 10_000);
  });

  it("what is the same object stays the same, across what is cut and what has holes", () => {
    const shared = new Plain();
    const deep = nested(500) as unknown[];
    const error = Object.assign(new Error("e"), { shared, deep });
    shared.next = error;
    const got = roundTrip([deep, error, shared, new Map([[shared, deep]])]) as [
      unknown[],
      typeof error,
      Plain,
      Map<Plain, unknown>,
    ];
    assert.equal(got[1].deep, got[0]);
    assert.equal(got[1].shared, got[2]);
    assert.equal(got[2].next, got[1]);
    assert.equal(got[3].get(got[2]), got[0]);
  });

  it("what [reduce] makes can contain another, but not itself", () => {
    const got = roundTrip([link(link(undefined)), new Date(0)]) as [Node, Date];
    assert.ok(got[0].next instanceof Node);
    const circular = new Node();
    circular.next = [circular];
    assert.throws(() => roundTrip(circular), {
      name: "SendError",
      message: /the arguments that "link" makes it of contain it$/,
    });
  });

  it("an object whose class cannot be loaded is refused where it arrives", () => {
    const packed = pack(new Plain(), "value", channel);
    assert.throws(() => unpack(packed, channelOf()), SendError);
  });

  it("a thousand errors have their stacks, more have what they say", () => {
    const errors = Array.from({ length: 1002 }, (_, i) => new RangeError(`n ${i}`));
    const got = roundTrip(errors) as Error[];
    assert.match(got[999]?.stack ?? "", /pack\.test/);
    assert.equal(got[1001]?.stack, "RangeError: n 1001");
  });
});
