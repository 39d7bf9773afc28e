import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import {
  CancelledError,
  Future,
  InvalidStateError,
  ThreadPoolExecutor,
  TimeoutError,
} from "heddle/concurrent/futures";
import { CannotBlockError, RuntimeError } from "heddle";
import {
  fail,
  makeGate,
  openGate,
  passGate,
  square,
  untilArrived,
  ValidationError,
} from "../../support/tasks.ts";
import { captureErrorOutput } from "../../support/error-output.ts";

const pool = new ThreadPoolExecutor({ maxWorkers: 1 });
after(() => pool.shutdown());

function finished<T>(value: T): Future<T> {
  const future = new Future<T>();
  future.setResult(value);
  return future;
}

function failed(error: unknown): Future<never> {
  const future = new Future<never>();
  future.setException(error);
  future.exceptionSync();
  return future;
}

function cancelled(): Future<never> {
  const future = new Future<never>();
  future.cancel();
  return future;
}

function running(): Future<number> {
  const future = new Future<number>();
  future.setRunningOrNotifyCancel();
  return future;
}

describe("concurrent.futures.Future", () => {
  it("CF-022 cf.Future: a done callback is called with the future and can read its result", () => {
    const future = new Future<number>();
    const seen: unknown[] = [];
    future.addDoneCallback((done) => seen.push(done === future, done.resultSync()));
    future.setResult(5);
    assert.deepEqual(seen, [true, 5]);
  });

  it("CF-023 cf.Future: a done callback can read the future's exception", () => {
    const future = new Future<number>();
    const error = new RangeError("foo");
    let seen: unknown;
    future.addDoneCallback((done) => (seen = done.exceptionSync()));
    future.setException(error);
    assert.equal(seen, error);
  });

  it("CF-025 cf.Future: a callback that throws is reported and stops neither later ones nor the completion", () => {
    const future = new Future<number>();
    const called: string[] = [];
    future.addDoneCallback(() => called.push("first"));
    future.addDoneCallback(() => {
      throw new Error("doh!");
    });
    future.addDoneCallback(() => called.push("third"));
    const output = captureErrorOutput(() => future.setResult(1));
    assert.deepEqual(called, ["first", "third"]);
    assert.equal(future.resultSync(), 1);
    assert.match(output, /Exception calling callback for <Future[^]*doh!/);
  });

  it("CF-026 cf.Future: a callback added to a finished future is called at once", () => {
    for (const future of [finished(5), failed(new Error("foo")), cancelled()]) {
      let called = false;
      future.addDoneCallback(() => (called = true));
      assert.equal(called, true);
    }
  });

  it("CF-027 cf.Future: a callback that throws when called at once is reported, not thrown", () => {
    const output = captureErrorOutput(() => {
      finished(5).addDoneCallback(() => {
        throw new Error("doh!");
      });
    });
    assert.match(output, /doh!/);
  });

  it("CF-028 cf.Future: the string form shows the state", () => {
    assert.equal(String(new Future()), "<Future pending>");
    assert.equal(String(running()), "<Future running>");
    assert.equal(String(cancelled()), "<Future cancelled>");
    assert.equal(
      String(failed(new ValidationError("x", "y"))),
      "<Future finished, raised ValidationError>",
    );
    assert.equal(String(finished(5)), "<Future finished, returned number>");
    assert.equal(String(finished(new Map())), "<Future finished, returned Map>");
  });

  it("CF-029 cf.Future: cancel() returns true for a pending future and moves it to cancelled", () => {
    const future = new Future();
    assert.equal(future.cancel(), true);
    assert.equal(future.cancelled(), true);
    assert.equal(future.cancel(), true);
    assert.equal(running().cancel(), false);
    assert.equal(finished(1).cancel(), false);
  });

  it("CF-029 cf.Future: cancel() of a pool's queued call keeps it from running", async () => {
    const gate = makeGate();
    const first = pool.submit(passGate, gate, "first");
    untilArrived(gate, 1);
    const second = pool.submit(passGate, gate, "second");
    assert.equal(first.cancel(), false);
    assert.equal(second.cancel(), true);
    openGate(gate);
    assert.equal(await first, "first");
    await assert.rejects(second.result(), CancelledError);
    assert.equal(await pool.submit(square, 3), 9);
    assert.equal(gate[1], 1);
  });

  it("CF-032 cf.Future: cancelled() is true only in the two cancelled states", () => {
    const notified = cancelled();
    notified.setRunningOrNotifyCancel();
    const all = [new Future(), running(), cancelled(), notified, failed(1), finished(1)];
    assert.deepEqual(
      all.map((future) => future.cancelled()),
      [false, false, true, true, false, false],
    );
  });

  it("CF-033 cf.Future: done() is false for pending and running, true for cancelled and finished", () => {
    const all = [new Future(), running(), cancelled(), failed(1), finished(1)];
    assert.deepEqual(
      all.map((future) => future.done()),
      [false, false, true, true, true],
    );
  });

  it("CF-034 cf.Future: running() is true only while running", async () => {
    const all = [new Future(), running(), cancelled(), failed(1), finished(1)];
    assert.deepEqual(
      all.map((future) => future.running()),
      [false, true, false, false, false],
    );
    const gate = makeGate();
    const call = pool.submit(passGate, gate, 1);
    untilArrived(gate, 1);
    assert.equal(call.running(), true);
    openGate(gate);
    await call;
    assert.equal(call.running(), false);
  });

  it("CF-035 cf.Future: result with timeout 0 in every state", async () => {
    for (const future of [new Future(), running()]) {
      await assert.rejects(future.result({ timeout: 0 }), TimeoutError);
      assert.throws(() => future.resultSync({ timeout: 0 }), TimeoutError);
    }
    await assert.rejects(cancelled().result({ timeout: 0 }), CancelledError);
    assert.throws(() => cancelled().resultSync({ timeout: 0 }), CancelledError);
    const error = new RangeError("foo");
    await assert.rejects(failed(error).result({ timeout: 0 }), error);
    assert.throws(() => failed(error).resultSync({ timeout: 0 }), error);
    assert.equal(await finished(42).result({ timeout: 0 }), 42);
    assert.equal(finished(42).resultSync({ timeout: 0 }), 42);
  });

  it("CF-037 cf.Future: result with a timeout waits until another thread has set it", async () => {
    assert.equal(await pool.submit(square, 4).result({ timeout: 30_000 }), 16);
    assert.equal(pool.submit(square, 5).resultSync({ timeout: 30_000 }), 25);
    const future = new Future<number>();
    const waiting = future.result({ timeout: 30_000 });
    setTimeout(() => future.setResult(42), 1);
    assert.equal(await waiting, 42);
  });

  it("CF-038 cf.Future: a waiting result() throws CancelledError when the future is cancelled", async () => {
    const future = new Future<number>();
    const waiting = future.result({ timeout: 30_000 });
    future.cancel();
    await assert.rejects(waiting, CancelledError);
  });

  it("CF-039 cf.Future: a waiting exception() returns the error set by another thread", async () => {
    const error = await pool.submit(fail, "x").exception({ timeout: 30_000 });
    assert.ok(error instanceof ValidationError);
    const again = pool.submit(fail, "y").exceptionSync({ timeout: 30_000 });
    assert.ok(again instanceof ValidationError);
    assert.equal(await pool.submit(square, 1).exception(), undefined);
  });

  it("CF-040 cf.Future: setResult on a finished future throws InvalidStateError; the first value stays", () => {
    const future = finished(1);
    assert.throws(
      () => future.setResult(2),
      (error) =>
        error instanceof InvalidStateError &&
        /finished/.test(error.message) &&
        /Future/.test(error.message),
    );
    assert.throws(() => future.setException(new Error("x")), InvalidStateError);
    assert.equal(future.resultSync(), 1);
    assert.throws(() => cancelled().setResult(1 as never), InvalidStateError);
  });

  it("CF-042 cf.Future: setRunningOrNotifyCancel starts a pending future, and says no for a cancelled one", () => {
    const future = new Future();
    assert.equal(future.setRunningOrNotifyCancel(), true);
    assert.equal(future.running(), true);
    assert.throws(() => future.setRunningOrNotifyCancel(), RuntimeError);
    const other = cancelled();
    assert.equal(other.setRunningOrNotifyCancel(), false);
    assert.throws(() => other.setRunningOrNotifyCancel(), RuntimeError);
    assert.throws(() => finished(1).setRunningOrNotifyCancel(), RuntimeError);
  });

  it("can be awaited: gives the result, or throws the error", async () => {
    assert.equal(await finished(3), 3);
    const error = new Error("foo");
    await assert.rejects(async () => failed(error), error);
    await assert.rejects(async () => cancelled(), CancelledError);
  });

  it("an abort signal ends the wait with its reason, and the call goes on", async () => {
    const gate = makeGate();
    const call = pool.submit(passGate, gate, 7);
    const aborter = new AbortController();
    const waiting = call.result({ signal: aborter.signal });
    aborter.abort(new SyntaxError("enough"));
    await assert.rejects(waiting, SyntaxError);
    await assert.rejects(
      call.result({ signal: AbortSignal.abort(new SyntaxError("before")) }),
      SyntaxError,
    );
    openGate(gate);
    assert.equal(await call, 7);
  });

  it("a timeout that is no sensible number is refused", async () => {
    await assert.rejects(finished(1).result({ timeout: -1 }), RangeError);
    await assert.rejects(finished(1).result({ timeout: Number.NaN }), RangeError);
    assert.throws(() => finished(1).resultSync({ timeout: "1" as unknown as number }), TypeError);
  });

  it("unknown options and signals that are none are refused", async () => {
    await assert.rejects(finished(1).result({ timout: 1 } as never), /unknown option "timout"/);
    await assert.rejects(finished(1).result({ signal: 5 } as never), TypeError);
    assert.throws(() => finished(1).resultSync(100 as never), TypeError);
  });

  it("blocking for a future that only this thread could set is refused", () => {
    assert.throws(() => new Future().resultSync(), CannotBlockError);
  });
});
