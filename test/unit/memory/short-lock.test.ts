import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Owners, ShortLock } from "../../../build/src/memory/short-lock.js";

/** The lock's word has others on both sides. */
const AT = 1;
const ME = 3;
const OTHER = 7;

interface Given {
  /** What the word holds at first: the owner; less than 0 if one may sleep. */
  readonly held?: number;
  readonly canBlock?: boolean;
  readonly owners?: (words: Int32Array) => Partial<Owners>;
}

function makeLock({ held = 0, canBlock = true, owners }: Given = {}) {
  const words = new Int32Array(new SharedArrayBuffer(4 * 3));
  words[AT] = held;
  const standard: Owners = { isGone: () => false, stopIfGone: () => undefined };
  const lock = new ShortLock(words, AT, {
    owner: ME,
    owners: { ...standard, ...owners?.(words) },
    canBlock,
  });
  return { lock, words };
}

describe("ShortLock", () => {
  it("holds the number of its owner until it is released", () => {
    const { lock, words } = makeLock();
    lock.acquire();
    assert.deepEqual([...words], [0, ME, 0]);
    lock.release();
    assert.deepEqual([...words], [0, 0, 0]);
  });

  for (const held of [OTHER, -OTHER]) {
    it(`is taken from an owner that is gone, as one for which others may wait (${held})`, () => {
      const asked: number[] = [];
      const { lock, words } = makeLock({
        held,
        owners: () => ({ isGone: (owner) => asked.push(owner) > 0 }),
      });
      lock.acquire();
      assert.equal(words[AT], -ME);
      assert.deepEqual(asked, [OTHER]);
      lock.release();
      assert.equal(words[AT], 0);
    });
  }

  for (const held of [OTHER, -OTHER]) {
    it(`is marked as one for which somebody sleeps, and so is taken (${held})`, () => {
      const seen: (number | undefined)[] = [];
      const { lock, words } = makeLock({
        held,
        owners: (mine) => ({
          stopIfGone: () => {
            seen.push(mine[AT]);
            if (seen.length === 2) mine[AT] = 0; // the owner has released it meanwhile
          },
        }),
      });
      lock.acquire();
      assert.deepEqual(seen, [held, -OTHER]);
      assert.equal(words[AT], -ME);
    });
  }

  it("is waited for without sleep where an agent must not block", () => {
    let looks = 0;
    let stops = 0;
    const { lock, words } = makeLock({
      held: OTHER,
      canBlock: false,
      owners: (mine) => ({
        isGone: () => {
          assert.equal(mine[AT], OTHER); // nobody sleeps
          looks += 1;
          if (looks === 3) mine[AT] = 0;
          return false;
        },
        stopIfGone: () => void stops++,
      }),
    });
    lock.acquire();
    assert.equal(looks, 3);
    assert.equal(stops, 1);
    assert.equal(words[AT], ME);
  });

  it("is not taken by an agent that counts as gone", () => {
    const gone = new Error("gone");
    const { lock, words } = makeLock({
      owners: () => ({
        stopIfGone: () => {
          throw gone;
        },
      }),
    });
    assert.throws(
      () => lock.acquire(),
      (error) => error === gone,
    );
    assert.equal(words[AT], 0);
  });
});
