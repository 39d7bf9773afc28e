import assert from "node:assert/strict";
import process from "node:process";
import { describe, it } from "node:test";
import { ThreadDiedError } from "heddle";
import { Condition, Lock, RLock, Semaphore, Thread } from "heddle/threading";

import { captureErrorOutputWhile } from "../support/error-output.ts";
import { type Chaos, wreakHavoc } from "../support/threads/random-use.ts";

/** How long to go on, in seconds; and where to begin. */
const SECONDS = Number(process.env["HEDDLE_STRESS_SECONDS"] ?? 1);
const SEED = Number(process.env["HEDDLE_STRESS_SEED"] ?? Math.floor(Math.random() * 1e9));
const THREADS = 5;
const LOCKS = 4;

describe(`threads and locks at random, seed ${SEED}`, () => {
  it("no lock lets two in, nobody waits for the dead, nothing hangs", async (t) => {
    const endMs = performance.now() + SECONDS * 1000;
    let rounds = 0;
    await captureErrorOutputWhile(async () => {
      do await round(SEED + rounds++ * 100);
      while (performance.now() < endMs);
    });
    t.diagnostic(`${rounds} rounds`);
  });
});

async function round(seed: number): Promise<void> {
  const accounts = Array.from({ length: LOCKS }, (_, i) => ({
    lock: i % 2 === 0 ? new Lock() : new RLock(),
    words: new Int32Array(new SharedArrayBuffer(8)),
  }));
  const common = {
    accounts,
    permits: new Semaphore(2),
    changed: new Condition(),
    crowd: new Int32Array(new SharedArrayBuffer(8)),
    steps: 150,
  };
  const threads = Array.from({ length: THREADS }, (_, i) => {
    const dieAt = (seed + i) % 3 === 0 ? (seed * 7 + i * 13) % 150 : -1;
    const chaos: Chaos = { ...common, seed: seed + i, dieAt };
    return new Thread({ target: wreakHavoc, args: [chaos] });
  });
  for (const thread of threads) thread.start();
  const results = await Promise.allSettled(threads);
  let entries = 0;
  for (const result of results) {
    if (result.status === "fulfilled") entries += result.value;
    else {
      const error: unknown = result.reason;
      assert.ok(
        error instanceof ThreadDiedError && error.exitCode === 7,
        `seed ${seed}: ${String(error)}`,
      );
    }
  }
  assert.ok((common.crowd[1] ?? 3) <= 2, `seed ${seed}: ${common.crowd[1]} had one of two permits`);
  for (const { lock } of accounts) {
    assert.equal(await lock.acquire({ timeout: 10_000 }), true, `seed ${seed}: a lock is lost`);
    lock.release();
  }
  const made = accounts.reduce((sum, { words }) => sum + (words[0] ?? 0), 0);
  assert.ok(made >= entries, `seed ${seed}: ${entries} entries were made, ${made} are there`);
}
