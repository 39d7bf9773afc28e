import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { RuntimeError } from "heddle";
import {
  allocateLock,
  count,
  error,
  LockType,
  setUnraisablehook,
  stackSize,
  startJoinableThread,
  startNewThread,
  ThreadHandle,
  type UnraisableHookArgs,
} from "heddle/_thread";
import { Event, Lock, Thread } from "heddle/threading";

import * as targets from "../../support/threads/thread-targets.ts";

const SHORT_MS = 30;

describe("_thread", () => {
  it("TH-001 _thread: ten threads all run to completion", async () => {
    const counter = new Int32Array(new SharedArrayBuffer(4));
    const lock = allocateLock();
    for (let i = 0; i < 10; i++) startNewThread(targets.countUp, [counter, lock]);
    const endMs = performance.now() + 20_000;
    while (counter[0]! < 10 && performance.now() < endMs) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    assert.equal(counter[0], 10);
  });

  it("TH-002 _thread: startNewThread returns the ident that the thread itself reports", async () => {
    const idents = new Int32Array(new SharedArrayBuffer(8));
    const done = new Event();
    const ident = startNewThread(targets.reportIdent, [idents, done]);
    await done.wait();
    assert.equal(idents[0], ident);
  });

  it("TH-003 _thread: the stack size is 0 at first, and 0 restores the default", () => {
    assert.equal(stackSize(), 0);
    assert.equal(stackSize(0), 0);
    assert.equal(stackSize(), 0);
  });

  it("TH-004 _thread: the count of threads goes up by one while a thread runs", async () => {
    const settledMs = performance.now() + 20_000;
    while (count() > 0 && performance.now() < settledMs); // threads of other tests may be ending
    const before = count();
    const [begun, gate] = [new Event(), new Event()];
    startNewThread(targets.beginAndWait, [begun, gate]);
    await begun.wait();
    assert.equal(count(), before + 1);
    gate.set();
    const endMs = performance.now() + 20_000;
    while (count() > before && performance.now() < endMs);
    assert.equal(count(), before);
  });

  it("TH-007 _thread: allocateLock() makes a Lock, which the facts about Lock are tested on", () => {
    assert.ok(allocateLock() instanceof Lock);
    assert.equal(LockType, Lock);
    assert.equal(error, RuntimeError);
  });

  it("TH-008 _thread: a joinable thread can be joined, and its handle has its ident", async () => {
    const handle = startJoinableThread(() => undefined);
    const { ident } = handle;
    assert.ok(ident !== undefined && ident !== 0);
    await handle.join();
    assert.equal(handle.isDone(), true);
    assert.equal(handle.ident, ident);
  });

  it("TH-009 _thread: joining after the thread has ended returns at once", async () => {
    const handle = startJoinableThread(() => undefined);
    handle.joinSync();
    handle.joinSync();
    await handle.join();
    await assert.rejects(new ThreadHandle().join(), RuntimeError);
  });

  it("TH-012 _thread: a thread that joins itself while another joins it gets RuntimeError, and both go on", async () => {
    const joined = new Event();
    const thread = new Thread({ target: targets.joinSelfWhen, args: [joined] });
    thread.start();
    const joining = thread.join();
    joined.set();
    await joining;
    assert.match(await thread, /^RuntimeError: .*current thread/);
  });

  it("TH-013 _thread: join with a timeout returns, and isDone says whether it was long enough", async () => {
    const handle = startJoinableThread(
      async () => new Promise((resolve) => setTimeout(resolve, 300)),
    );
    handle.joinSync({ timeout: SHORT_MS });
    assert.equal(handle.isDone(), false);
    await handle.join({ timeout: SHORT_MS });
    assert.equal(handle.isDone(), false);
    await handle.join();
    assert.equal(handle.isDone(), true);
  });

  it("TH-015 _thread: a handle in use cannot be used for a second thread", async () => {
    const handle = startJoinableThread(() => undefined);
    assert.throws(() => startJoinableThread(() => undefined, { handle }), RuntimeError);
    await handle.join();
    assert.throws(() => startJoinableThread(() => undefined, { handle }), RuntimeError);
  });

  it("TH-016 _thread: a handle of null makes a new one", async () => {
    const handle = startJoinableThread(() => undefined, { handle: null });
    assert.ok(handle instanceof ThreadHandle);
    await handle.join();
    const given = new ThreadHandle();
    assert.equal(
      startJoinableThread(() => undefined, { handle: given }),
      given,
    );
    await given.join();
  });

  it("TH-017 _thread: a handle that is dropped without a join does no harm", async () => {
    const ran = new Event();
    const counter = new Int32Array(new SharedArrayBuffer(8));
    startNewThread(targets.reportIdent, [counter, ran]);
    startJoinableThread(() => undefined);
    assert.equal(await ran.wait({ timeout: 20_000 }), true);
  });
});

describe("_thread: exceptions are the target's own business", () => {
  it("what a thread throws goes to the unraisable hook, and disturbs nobody", async () => {
    const told = new Promise<UnraisableHookArgs>((resolve) => setUnraisablehook(resolve));
    startNewThread(targets.failWith, [7]);
    const keepAlive = setTimeout(() => {}, 20_000);
    const { excType, excValue, object, errMsg } = await told;
    clearTimeout(keepAlive);
    setUnraisablehook(undefined);
    assert.equal(excType, targets.AgeError);
    assert.equal((excValue as targets.AgeError).age, 7);
    assert.equal(object, targets.failWith);
    assert.equal(errMsg, "Exception ignored in thread started by failWith");
  });
});
