import assert from "node:assert/strict";
import { describe, it } from "node:test";
import * as fc from "fast-check";
import { Session } from "../../../build/src/platform/process/session.js";

/** One side, what it has received, and the ends of its lanes to the other. */
interface Side {
  readonly session: Session;
  readonly got: number[];
  /** What is on its way to the other side. */
  readonly first: unknown[];
  readonly second: unknown[];
  sent: number;
  hasChanged: boolean;
}

function side(): Side {
  const first: unknown[] = [];
  const got: number[] = [];
  const session = new Session(
    (message) => first.push(message),
    (message) => got.push((message as { n: number }).n),
  );
  return { session, got, first, second: [], sent: 0, hasChanged: false };
}

function change(one: Side): void {
  if (one.hasChanged) return;
  one.hasChanged = true;
  one.session.changeOver((message) => one.second.push(message));
}

/** Lets the next message of a lane arrive. */
function arrive(from: Side, to: Side, lane: "first" | "second"): void {
  const [message] = from[lane];
  if (from[lane].length === 0) return;
  // What comes by the second lane comes to who has it.
  if (lane === "second" && !to.hasChanged) return;
  from[lane].shift();
  if (lane === "first") to.session.receive(message);
  else to.session.receiveChanged(message);
}

const STEPS = ["send", "first", "second", "change"] as const;

describe("a session of two lanes", () => {
  it("brings each message once and in order, whenever the sides change over", () => {
    const step = fc.tuple(fc.boolean(), fc.constantFrom(...STEPS), fc.nat(40));
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), fc.boolean(), (steps, isFirstLost) => {
        const sides = [side(), side()] as const;
        for (const [isLeft, kind, count] of steps) {
          const [one, other] = isLeft ? sides : [sides[1], sides[0]];
          for (let i = 0; i <= (kind === "change" ? 0 : count); i++) {
            if (kind === "send") one.session.send({ kind: "x", n: one.sent++ });
            else if (kind === "change") change(one);
            else arrive(one, other, kind);
          }
        }
        const hasChanged = sides.some((one) => one.hasChanged);
        if (hasChanged) for (const one of sides) change(one);
        for (let i = 0; i < 10_000; i++) {
          for (const [one, other] of [sides, [sides[1], sides[0]]] as const) {
            if (!hasChanged || !isFirstLost) arrive(one, other, "first");
            arrive(one, other, "second");
          }
          if (
            sides.every((one) => one.second.length === 0 && (hasChanged || one.first.length === 0))
          )
            break;
        }
        for (const [one, other] of [sides, [sides[1], sides[0]]] as const) {
          assert.deepEqual(
            other.got,
            Array.from({ length: one.sent }, (_, n) => n),
          );
        }
      }),
      { numRuns: 400 },
    );
  });

  it("acknowledges what is large, or many, so that it is not kept", () => {
    for (const [count, bytes, acknowledged] of [
      [100, 1, [32, 64, 96]],
      [3, 100_000, [1, 2, 3]],
    ] as const) {
      const [one, other] = [side(), side()];
      for (let n = 0; n < count; n++) {
        one.session.send({ n, results: [n, false, new Uint8Array(bytes)] });
        arrive(one, other, "first");
      }
      assert.deepEqual(other.first, acknowledged);
      while (other.first.length > 0) arrive(other, one, "first");
      change(one);
      // As if the other side had got nothing since its last acknowledgement.
      one.session.receiveChanged(acknowledged[2]);
      assert.equal(one.second.length - 1, count - acknowledged[2]);
    }
  });

  it("what a packed value holds counts as well", () => {
    const [one, other] = [side(), side()];
    one.session.send({ n: 0, calls: [0, 0, 1, [new Uint8Array(70_000), true]] });
    arrive(one, other, "first");
    assert.deepEqual(other.first, [1]);
    one.session.send({ n: 1, calls: [1, 0, 1, "x".repeat(70_000)] });
    arrive(one, other, "first");
    assert.deepEqual(other.first, [1, 2]);
  });
});
