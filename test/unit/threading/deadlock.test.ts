import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { DeadlockError } from "heddle";
import {
  Barrier,
  Condition,
  dumpSync,
  Event,
  Lock,
  RLock,
  Semaphore,
  Thread,
  traceLocks,
} from "heddle/threading";

import * as targets from "../../support/threads/thread-targets.ts";

/** Ends with a DeadlockError in one of the threads; returns it. */
async function deadlockOf(threads: readonly Thread[]): Promise<DeadlockError> {
  const results = await Promise.allSettled(threads.map(async (thread) => thread.join()));
  const errors = results
    .filter((result) => result.status === "rejected")
    .map(({ reason }) => reason as unknown);
  assert.equal(errors.length, 1, errors.join("\n"));
  assert.ok(errors[0] instanceof DeadlockError, String(errors[0]));
  return errors[0];
}

describe("deadlocks", () => {
  it("two threads that take two RLocks in opposite orders: one is refused, the other goes on", async () => {
    const [a, b] = [new RLock(), new RLock()];
    const everybody = new Barrier(2);
    const threads = [
      new Thread({ target: targets.takeBoth, args: [a, b, everybody], name: "one" }),
      new Thread({ target: targets.takeBoth, args: [b, a, everybody], name: "two" }),
    ];
    for (const thread of threads) thread.start();
    const error = await deadlockOf(threads);
    assert.deepEqual(error.waits.map(({ thread }) => thread).sort(), ["one", "two"]);
    assert.deepEqual(error.waits.map(({ holder }) => String(holder)).sort(), ["one", "two"]);
    for (const wait of error.waits) {
      assert.match(wait.object, /^RLock-\d+$/);
      assert.equal(wait.holds.length, 1);
      assert.notEqual(wait.holds[0], wait.object);
    }
    assert.match(
      error.message,
      /thread "one" waits to acquire RLock-\d+, which thread "two" holds/,
    );
  });

  it("told where each lock was taken, when locks are traced", async () => {
    const [a, b] = [new RLock(), new RLock()];
    const everybody = new Barrier(2);
    traceLocks();
    try {
      const threads = [
        new Thread({ target: targets.takeBoth, args: [a, b, everybody], name: "one" }),
        new Thread({ target: targets.takeBoth, args: [b, a, everybody], name: "two" }),
      ];
      for (const thread of threads) thread.start();
      const error = await deadlockOf(threads);
      for (const { takenAt, site } of error.waits) {
        assert.match(String(takenAt), /takeBoth.*thread-targets\.[jt]s:\d+:\d+/);
        assert.ok(site?.includes("thread-targets") === true, site);
        assert.notEqual(site.split("\n")[0], takenAt, "another line than that of the wait");
      }
      assert.match(error.message, /which thread "one" holds, taken .*takeBoth/);
      assert.doesNotMatch(error.message, /traceLocks/);
    } finally {
      traceLocks(false);
    }
  });

  it("not told where locks were taken while they are not traced, but how to learn it", () => {
    const lock = new Lock();
    traceLocks();
    lock.acquireSync();
    assert.match(String(dumpSync()), /holds Lock-\d+ \(taken .*deadlock\.test/);
    lock.release();
    traceLocks(false);
    lock.acquireSync();
    assert.throws(() => lock.acquireSync(), {
      message: /holds; waits .*deadlock\.test[^]*traceLocks\(true\)/,
    });
    assert.match(String(dumpSync()), /holds Lock-\d+\n/, "what was noted before is forgotten");
    lock.release();
    assert.throws(() => traceLocks(1 as never), TypeError);
  });

  it("plain Locks, when everybody who knows them waits", async () => {
    const [a, b] = [new Lock(), new Lock()];
    const everybody = new Barrier(2);
    const threads = [
      new Thread({ target: targets.takeBoth, args: [a, b, everybody] }),
      new Thread({ target: targets.takeBoth, args: [b, a, everybody] }),
    ];
    for (const thread of threads) thread.start();
    const failures: unknown[] = [];
    for (const thread of threads) {
      try {
        thread.joinSync();
      } catch (error) {
        failures.push(error);
      }
    }
    assert.equal(failures.length, 1);
    assert.ok(failures[0] instanceof DeadlockError);
    assert.ok(
      failures[0].waits.some(({ object }) => object.startsWith("thread ")),
      "the main thread joins",
    );
  });

  it("not plain Locks while somebody who knows them is awake", async () => {
    const [a, b] = [new Lock(), new Lock()];
    const everybody = new Barrier(2);
    const threads = [
      new Thread({ target: targets.takeBoth, args: [a, b, everybody] }),
      new Thread({ target: targets.takeBoth, args: [b, a, everybody] }),
    ];
    for (const thread of threads) thread.start();
    await new Promise((resolve) => setTimeout(resolve, 300));
    assert.ok(threads.every((thread) => thread.isAlive()));
    a.release(); // anybody may
    await Promise.allSettled(threads.map(async (thread) => thread.join()));
  });

  it("a thread that waits for itself", () => {
    const lock = new Lock();
    lock.acquireSync();
    assert.throws(() => lock.acquireSync(), DeadlockError);
    assert.throws(() => new Event().waitSync(), DeadlockError);
    assert.throws(() => new Semaphore(0).acquireSync(), DeadlockError);
    const condition = new Condition();
    condition.withSync(() => assert.throws(() => condition.waitSync(), DeadlockError));
    assert.equal(condition.locked(), false);
    assert.equal(lock.acquireSync({ timeout: 10 }), false, "a wait with a timeout ends by itself");
  });

  it("a thread that blocks for a lock that an async function of its own has", async () => {
    const lock = new RLock();
    const held = await lock.hold();
    assert.throws(() => lock.acquireSync(), DeadlockError);
    assert.equal(lock.acquireSync({ timeout: 0 }), false);
    held.release();
    assert.equal(lock.acquireSync(), true);
  });

  it("two threads that join each other are refused, and so is nobody else", async () => {
    const gate = new Event();
    const first = new Thread({ target: targets.waitFor, args: [gate] });
    first.start();
    const second = new Thread({ target: targets.joinOther, args: [first, gate] });
    second.start();
    assert.equal(await second, "joined");
    await first;
  });
});
