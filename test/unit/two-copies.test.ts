/**
 * Two copies of heddle in one thread agree: a dependency has bundled one, or the code that a
 * worker starts with contains another than the functions that it runs.
 */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import * as own from "heddle";
import type * as futures from "heddle/concurrent/futures";
import * as contextvars from "heddle/contextvars";
import * as threading from "heddle/threading";

import * as tasks from "../support/copy-tasks.ts";
import { secondCopy } from "../support/second-copy.ts";

describe("two copies of heddle in one thread", () => {
  const copy = secondCopy("top");
  let other: typeof own;
  let otherThreading: typeof threading;
  let otherContextvars: typeof contextvars;
  let pool: futures.ThreadPoolExecutor;

  before(async () => {
    other = (await copy.load(".")) as typeof own;
    otherThreading = (await copy.load("threading")) as typeof threading;
    otherContextvars = (await copy.load("contextvars")) as typeof contextvars;
    const { ThreadPoolExecutor } = (await copy.load("concurrent/futures")) as typeof futures;
    pool = new ThreadPoolExecutor({ maxWorkers: 1 });
  });
  after(async () => {
    await pool.shutdown();
    copy.remove();
  });

  it("are two", () => {
    assert.notEqual(other.RuntimeError, own.RuntimeError);
    assert.notEqual(otherThreading.Lock, threading.Lock);
  });

  it("an error of one is an instance of the other's class, and of those that it extends", () => {
    const error: unknown = new other.BrokenThreadPool("m");
    assert.ok(error instanceof own.BrokenThreadPool);
    assert.ok(error instanceof own.RuntimeError);
    assert.ok(!(error instanceof own.TimeoutError));
    assert.ok(!(new other.RuntimeError("m") instanceof own.BrokenThreadPool));
    assert.ok(!(new TypeError("m") instanceof own.RuntimeError));
  });

  it("an error is no instance of a class that a program derives from the other's", () => {
    class Mine extends own.TimeoutError {}
    const theirs: unknown = new other.TimeoutError("m");
    assert.ok(!(theirs instanceof Mine));
    assert.ok(new Mine("m") instanceof Mine);
    assert.ok(new Mine("m") instanceof other.TimeoutError);
  });

  it("errors cross to and from workers as what they are", async () => {
    const error = await pool.submit(tasks.throwOwn, "TimeoutError").exception();
    assert.ok(error instanceof own.TimeoutError && error instanceof other.TimeoutError);
    const late = await pool.submit(tasks.throwOwn, "Late").exception();
    assert.ok(late instanceof tasks.Late);
    assert.ok(late.cause instanceof own.CancelledError);
    assert.equal(late.cause.message, "inside");
  });

  it("what a worker's own copy throws is caught by the class that the function imports", async () => {
    assert.deepEqual(await pool.submit(tasks.catchTheirs, new threading.Lock()), [true, false]);
  });

  it("a condition takes the lock of either", async () => {
    for (const lock of [new otherThreading.Lock(), new otherThreading.RLock()]) {
      const condition = new threading.Condition(lock);
      condition.withSync(() => {
        assert.ok(lock.locked());
        assert.equal(condition.waitSync({ timeout: 1 }), false);
        assert.ok(lock.locked());
      });
      assert.ok(!lock.locked());
      assert.equal(await pool.submit(tasks.waitForNotice, lock, condition), "true false");
    }
    assert.throws(() => new threading.Condition({} as never), TypeError);
  });

  it("a context and a token of one serve the other", () => {
    const variable = new contextvars.ContextVar("variable", { default: "none" });
    const theirs = new otherContextvars.Context();
    theirs.run(() => variable.set("theirs"));
    assert.equal(theirs.get(variable as never), "theirs");
    const twin = new contextvars.Context();
    twin.run(() => variable.set("theirs"));
    assert.ok(twin.equals(theirs) && theirs.equals(twin));

    const others = new otherContextvars.ContextVar("theirs", { default: "none" });
    const token: unknown = others.set("set");
    // Known as a token, and as one of another variable.
    assert.throws(() => variable.reset(token as contextvars.Token<string>), RangeError);
    assert.throws(() => variable.reset({} as contextvars.Token<string>), TypeError);
    assert.equal(others.get(), "set");
  });

  it("a thread of one takes a context of the other, and knows itself", async () => {
    const context = new contextvars.Context();
    context.run(() => tasks.user.set("ada"));
    const target = tasks.describeThread;
    const thread = new otherThreading.Thread({ target, name: "weaver", context });
    thread.start();
    assert.equal(await thread, "weaver ada");
  });

  it("what one marks to be moved, the other moves", async () => {
    const bytes = own.move(new Uint8Array(100_000));
    assert.equal(await pool.submit((given: Uint8Array) => given.length, bytes), 100_000);
    assert.equal(bytes.length, 0);
    assert.equal((await pool.submit(tasks.moved, 100_000)).length, 100_000);
    assert.equal(await pool.submit(tasks.keptBytes), 0);
  });
});
