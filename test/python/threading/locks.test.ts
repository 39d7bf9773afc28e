import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { ThreadPoolExecutor } from "heddle/concurrent/futures";
import { RuntimeError } from "heddle";
import { Lock, RLock, TIMEOUT_MAX } from "heddle/threading";
import { untilBlocked } from "heddle/testing";

import {
  type AnyLock,
  canAcquire,
  countInside,
  errorOfRelease,
  isAbout,
  makeCounter,
} from "../../support/threads/lock-targets.ts";

const THREADS = 5;
const SHORT_MS = 60;
const pool = new ThreadPoolExecutor({ maxWorkers: THREADS });
after(() => pool.shutdown());

/** Whether another thread can have the lock at once. */
async function isFreeElsewhere(lock: AnyLock): Promise<boolean> {
  return pool.submit(canAcquire, lock, 0);
}

const classes: readonly (readonly [string, () => AnyLock])[] = [
  ["Lock", () => new Lock()],
  ["RLock", () => new RLock()],
];

for (const [name, make] of classes) {
  describe(`threading.${name}`, () => {
    it(`LK-001 ${name}: a new lock is unlocked, and its string form says so`, () => {
      const lock = make();
      assert.match(String(lock), /\bunlocked\b/);
      assert.equal(lock.locked(), false);
    });

    it(`LK-002 ${name}: the string form of an acquired lock says "locked"`, () => {
      const lock = make();
      lock.acquireSync();
      assert.match(String(lock), /\blocked\b/);
    });

    it(`LK-003 ${name}: acquire() and release() leave the lock free for others`, async () => {
      const lock = make();
      assert.equal(lock.acquireSync(), true);
      lock.release();
      assert.equal(await isFreeElsewhere(lock), true);
      assert.equal(await lock.acquire(), true);
      lock.release();
      assert.equal(await isFreeElsewhere(lock), true);
    });

    it(`LK-005 ${name}: acquire({ timeout: 0 }) from another thread returns false at once while it is held`, async () => {
      const lock = make();
      lock.acquireSync();
      assert.equal(await isFreeElsewhere(lock), false);
    });

    it(`LK-006 ${name}: five threads that acquire a held lock stay blocked until its holder releases it`, async () => {
      const lock = make();
      const counter = makeCounter();
      lock.acquireSync();
      const threads = Array.from({ length: THREADS }, () =>
        pool.submit(countInside, lock, counter),
      );
      await untilBlocked(lock, THREADS);
      assert.equal(counter[0], 0);
      lock.release();
      await Promise.all(threads);
      assert.equal(counter[0], THREADS);
    });

    it(`LK-008 ${name}: the scoped form acquires and releases`, async () => {
      const lock = make();
      assert.equal(await lock.with(async () => isFreeElsewhere(lock)), false);
      assert.equal(await isFreeElsewhere(lock), true);
      assert.equal(
        lock.withSync(() => lock.locked()),
        true,
      );
      assert.equal(await isFreeElsewhere(lock), true);
    });

    it(`LK-009 ${name}: when the scoped body throws, the lock is released and the same error comes out`, async () => {
      const lock = make();
      const error = new Error("the body's");
      const fail = (): never => {
        throw error;
      };
      await assert.rejects(lock.with(fail), error);
      assert.throws(() => lock.withSync(fail), error);
      assert.equal(await isFreeElsewhere(lock), true);
    });

    it(`LK-010 ${name}: there is no "blocking" to contradict a timeout: the option is refused`, () => {
      const options = { blocking: false, timeout: 1 };
      assert.throws(() => make().acquireSync(options), TypeError);
    });

    it(`LK-012 ${name}: an absurdly long timeout throws a RangeError`, () => {
      assert.throws(() => make().acquireSync({ timeout: 1e100 }), RangeError);
    });

    it(`LK-013 ${name}: a timeout above TIMEOUT_MAX throws a RangeError`, () => {
      assert.throws(() => make().acquireSync({ timeout: TIMEOUT_MAX + 1 }), RangeError);
    });

    it(`LK-014 ${name}: a timeout of TIMEOUT_MAX is accepted on a free lock, which is had at once`, () => {
      const lock = make();
      assert.equal(lock.acquireSync({ timeout: TIMEOUT_MAX }), true);
    });

    it(`LK-016 ${name}: acquire() with a timeout returns false after about that time`, async () => {
      const lock = make();
      lock.acquireSync();
      const waiting = pool.submit(
        (contended: Lock, timeout: number) => {
          const start = performance.now();
          const isHeld = contended.acquireSync({ timeout });
          return { isHeld, elapsedMs: performance.now() - start };
        },
        lock as Lock,
        SHORT_MS,
      );
      const { isHeld, elapsedMs } = await waiting;
      assert.equal(isHeld, false);
      assert.ok(isAbout(elapsedMs, SHORT_MS), `${elapsedMs} ms`);
    });
  });
}

describe("threading.Lock", () => {
  it("LK-017 Lock: a second acquire() by the same thread blocks until somebody releases", async () => {
    const lock = new Lock();
    const twice = pool.submit((own: Lock) => own.acquireSync() && own.acquireSync(), lock);
    await untilBlocked(lock);
    lock.release();
    assert.equal(await twice, true);
    assert.equal(lock.locked(), true);
  });

  it("LK-018 Lock: a lock that one thread acquired can be released by another", async () => {
    const lock = new Lock();
    assert.equal(await pool.submit((own: Lock) => own.acquireSync(), lock), true);
    lock.release();
    lock.acquireSync();
    assert.equal(await pool.submit(errorOfRelease, lock), "");
    assert.equal(lock.locked(), false);
  });

  it("LK-020 Lock: releasing a lock that is not held throws a RuntimeError", () => {
    assert.throws(() => new Lock().release(), RuntimeError);
  });
});

describe("threading.RLock", () => {
  it("LK-021 RLock: its owner acquires it again without blocking; it is free after as many releases", async () => {
    const lock = new RLock();
    for (let depth = 1; depth <= 3; depth++) assert.equal(lock.acquireSync(), true);
    lock.release();
    lock.release();
    assert.equal(await isFreeElsewhere(lock), false);
    lock.release();
    assert.equal(await isFreeElsewhere(lock), true);
  });

  it("outside of tasks, acquire() by one more async function waits; hold() gives what proves who holds it", async () => {
    const lock = new RLock();
    const held = await lock.hold();
    assert.equal(await lock.acquire({ timeout: 0 }), false);
    const second = lock.acquire();
    await untilBlocked(lock, 1);
    assert.equal(await lock.acquire({ held }), true);
    lock.release();
    assert.equal(lock.locked(), true);
    held.release();
    assert.equal(await second, true);
    lock.release();
    assert.equal(lock.locked(), false);
  });

  it("LK-022 RLock: releasing a lock that nobody holds throws a RuntimeError", () => {
    const lock = new RLock();
    assert.throws(() => lock.release(), RuntimeError);
    acquireTwiceReleaseTwice(lock);
    assert.throws(() => lock.release(), RuntimeError);
  });

  it("LK-024 RLock: a thread that is not the owner cannot release it, and the owner keeps it", async () => {
    const lock = new RLock();
    lock.acquireSync();
    assert.equal(await pool.submit(errorOfRelease, lock), "RuntimeError");
    assert.equal(lock.locked(), true);
    lock.release();
    assert.equal(lock.locked(), false);
  });

  it("LK-025 RLock: locked() is true at depth 1 and 2, and false only after the last release", () => {
    const lock = new RLock();
    const seen = [lock.locked()];
    for (const step of [() => lock.acquireSync(), () => lock.acquireSync()]) {
      step();
      seen.push(lock.locked());
    }
    lock.release();
    seen.push(lock.locked());
    lock.release();
    seen.push(lock.locked());
    assert.deepEqual(seen, [false, true, true, true, false]);
  });

  it("LK-026 RLock: locked() is true in another thread while it is held", async () => {
    const lock = new RLock();
    const isLocked = (other: RLock): boolean => other.locked();
    lock.acquireSync();
    assert.equal(await pool.submit(isLocked, lock), true);
    lock.release();
    assert.equal(await pool.submit(isLocked, lock), false);
  });

  it("LK-027 RLock: a thread that does not own it sees no recursion count", async () => {
    const lock = new RLock();
    lock.acquireSync();
    lock.acquireSync();
    assert.match(String(lock), / count=2\b/);
    assert.doesNotMatch(await pool.submit((other: RLock) => String(other), lock), /count=[^0]/);
  });
});

function acquireTwiceReleaseTwice(lock: RLock): void {
  lock.acquireSync();
  lock.acquireSync();
  lock.release();
  lock.release();
}
