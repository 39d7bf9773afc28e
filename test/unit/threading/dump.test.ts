import assert from "node:assert/strict";
import process from "node:process";
import { describe, it } from "node:test";
import { setTimeout as nextTurn } from "node:timers/promises";
import { ThreadPoolExecutor } from "heddle/concurrent/futures";
import { dump, dumpSync, Event, Lock, RLock, Thread } from "heddle/threading";
import { untilBlocked } from "heddle/testing";

import * as targets from "../../support/threads/thread-targets.ts";

const isNode = process.versions["bun"] === undefined && process.versions["deno"] === undefined;

describe("threading.dump", () => {
  it("says what every thread does, waits for and holds, and where", async () => {
    const [held, wanted, begun] = [new Lock(), new Lock(), new Event()];
    const [spinning, stop] = [new Event(), new Event()];
    wanted.acquireSync();
    const blocked = new Thread({
      target: targets.waitHolding,
      args: [held, wanted, begun],
      name: "blocked",
    });
    const busy = new Thread({
      target: targets.spinUntil,
      args: [spinning, stop],
      name: "busy",
      daemon: true,
    });
    for (const thread of [blocked, busy]) thread.start();
    await spinning.wait();
    await untilBlocked(wanted, 1);

    for (const picture of [await dump(), dumpSync()]) {
      const of = (name: string): (typeof picture.threads)[number] | undefined =>
        picture.threads.find((thread) => thread.name === name);
      const main = of("MainThread");
      assert.deepEqual([main?.state, main?.ident, main?.daemon], ["running", 1, false]);
      assert.ok(main?.holds.some((name) => name.startsWith("Lock-")));

      const waiter = of("blocked");
      assert.deepEqual(
        [waiter?.state, waiter?.ident, waiter?.task],
        ["waiting", blocked.ident, "waitHolding"],
      );
      assert.match(waiter?.wait?.what ?? "", /^to acquire Lock-\d+$/);
      assert.equal(waiter?.wait?.holder, "MainThread");
      assert.ok((waiter?.wait?.forMs ?? -1) >= 0);
      assert.equal(waiter?.holds.length, 1);
      assert.match(waiter?.stack ?? "", /thread-targets/);

      const spinner = of("busy");
      assert.deepEqual(
        [spinner?.state, spinner?.task, spinner?.daemon],
        ["running", "spinUntil", true],
      );
      assert.match(
        String(picture),
        /^Thread "blocked" \(\d+\) waiting in waitHolding, to acquire Lock-\d+, which thread "MainThread" holds, for \d/m,
      );
    }
    if (isNode) {
      const { threads } = await dump();
      assert.match(
        threads.find(({ name }) => name === "busy")?.stack ?? "",
        /spinUntil .*thread-targets/,
      );
    }
    stop.set();
    wanted.release();
    await Promise.all([blocked, busy]);
  });

  it("of a thread that a reentrant lock was taken from", async () => {
    const lock = new RLock();
    lock.withSync(() =>
      lock.withSync(() => {
        const main = dumpSync().threads.find(({ name }) => name === "MainThread");
        assert.deepEqual(main?.holds.filter((name) => name.startsWith("RLock")).length, 1);
      }),
    );
  });

  it("leaves every thread as it was, however often it is made", async () => {
    const pool = new ThreadPoolExecutor({ maxWorkers: 1 });
    // A thread that is watched while this one blocks, and one that is kept warm: both idle.
    assert.equal(pool.submit(targets.spinFor, 100).resultSync(), 100);
    const ended = new Thread({ target: targets.spinFor, args: [1] });
    ended.start();
    ended.joinSync();
    for (let time = 0; time < 150; time++) {
      await dump();
      assert.equal(await pool.submit(targets.spinFor, 0).result({ timeout: 20_000 }), 0);
    }
    await pool.shutdown();
  });

  it("has an answer of every thread, also after this one blocked for a call", async () => {
    const pool = new ThreadPoolExecutor({ maxWorkers: 2 });
    assert.equal(pool.submit(targets.spinFor, 200).resultSync(), 200);
    const { setTimeout: realTimeout } = globalThis;
    // Without it, the dump is there only if every thread that was asked has answered.
    const never = (): unknown => realTimeout(() => undefined, 2 ** 30);
    try {
      globalThis.setTimeout = never as never;
      for (let time = 0; time < 5; time++) assert.ok((await dump()).threads.length > 0);
    } finally {
      globalThis.setTimeout = realTimeout;
    }
    await pool.shutdown();
  });

  it("names the thread that has left a lock locked", async () => {
    const [lock, begun] = [new Lock(), new Event()];
    const careless = new Thread({ target: targets.leaveLocked, args: [lock], name: "careless" });
    careless.start();
    await assert.rejects(careless.join(), { message: "while it has the lock" });
    assert.match(String(lock), /^<Lock-\d+ locked, held by thread "careless" when it ended>$/);
    const waiter = new Thread({ target: targets.waitHolding, args: [new Lock(), lock, begun] });
    waiter.start();
    await begun.wait();
    await untilBlocked(lock, 1);
    const text = String(await dump());
    lock.release();
    await waiter.join();
    // By its number once its worker runs another thread.
    assert.match(text, /Lock-\d+, which (?:thread "careless"|a thread \(\d+\)) held when it ended/);
    assert.match(String(lock), /^<Lock-\d+ unlocked>$/);
  });

  it("interrupts a busy thread without running what that has put off", async () => {
    const [begun, stop] = [new Event(), new Event()];
    const pool = new ThreadPoolExecutor({ maxWorkers: 1 });
    const ran = pool.submit(targets.countRunWhileSpinning, begun, stop);
    await begun.wait();
    for (let time = 0; time < 20; time++) await dump();
    stop.set();
    assert.equal(await ran, 0);
    await pool.shutdown();
  });

  for (const [name, make] of [
    ["dump()", async () => dump()],
    ["dumpSync()", async () => dumpSync()],
  ] as const) {
    it(`${name} while this thread listens for a result: it arrives`, async () => {
      const [begun, stop] = [new Event(), new Event()];
      const pool = new ThreadPoolExecutor({ maxWorkers: 1 });
      const call = pool.submit(targets.spinUntil, begun, stop);
      await begun.wait();
      for (let turn = 0; turn < 20; turn++) {
        await make();
        await nextTurn();
      }
      stop.set();
      await call.result({ timeout: 20_000 });
      await pool.shutdown();
    });
  }
});
