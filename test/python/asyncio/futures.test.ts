/** asyncio's Future. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { CancelledError, InvalidStateError, RuntimeError } from "heddle";
import {
  currentTask,
  Future,
  getRunningLoop,
  isfuture,
  Loop,
  run,
  setEventLoop,
  getEventLoop,
  sleep,
} from "heddle/asyncio";
import { copyContext, ContextVar } from "heddle/contextvars";
import { errorOf, inStyle, runOnce, STYLES } from "../../support/asyncio/both-styles.ts";
import { runProgram } from "../../support/program.ts";

/** What only JavaScript can pass. */
function wrong(value: unknown): never {
  return value as never;
}

for (const style of STYLES) {
  const { spawn, main } = inStyle(style);

  describe(`waiting for an asyncio.Future, ${style.name}`, () => {
    it("FU-011 Future: can be waited for several times, and gives the same each time", async () => {
      await main(function* () {
        const future = new Future<string>();
        getRunningLoop().callSoon(() => future.setResult("x"));
        assert.equal(yield future, "x");
        let hasRun = false;
        getRunningLoop().callSoon(() => (hasRun = true));
        if (style.name === "generators") {
          assert.equal(yield future, "x");
          assert.equal(hasRun, false);
        }
        assert.equal(yield future, "x");
      });
    });

    it("FU-030 Future: waiting for one that failed throws the same error each time", async () => {
      await main(function* () {
        const error = new RangeError("no");
        const future = new Future<void>();
        future.setException(error);
        assert.equal(yield* errorOf(future), error);
        assert.equal(yield* errorOf(future), error);
      });
    });

    it("several tasks can wait for one, and go on in the order in which they came", async () => {
      await main(function* () {
        const future = new Future<number>();
        const order: string[] = [];
        const tasks = ["a", "b", "c"].map((name) =>
          spawn(function* () {
            order.push(`${name}${(yield future) as number}`);
          }),
        );
        yield sleep(0);
        future.setResult(1);
        for (const task of tasks) yield task;
        assert.deepEqual(order, ["a1", "b1", "c1"]);
      });
    });

    it("a result that came before the cancellation is dropped", async () => {
      await main(function* () {
        const future = new Future<number>();
        const task = spawn(function* () {
          yield future;
        });
        yield sleep(0);
        future.setResult(1);
        task.cancel();
        assert.ok((yield* errorOf(task)) instanceof CancelledError);
      });
    });

    it("FU-003 Future: takes the running loop, or the one that was set", async () => {
      await main(function* () {
        assert.equal(new Future().getLoop(), getRunningLoop());
        assert.equal(getEventLoop(), getRunningLoop());
      });
    });
  });
}

describe("asyncio.Future", () => {
  const loop = new Loop();

  it("FU-001 isfuture: is true for futures and tasks only", async () => {
    assert.equal(isfuture(new Future({ loop })), true);
    await run(async () => assert.equal(isfuture(currentTask()), true));
    for (const value of [Future, {}, null, undefined, "future", Promise.resolve()])
      assert.equal(isfuture(value), false);
  });

  it("FU-003 Future: needs a loop", () => {
    assert.throws(() => new Future(), RuntimeError);
    assert.equal(new Future({ loop }).getLoop(), loop);
    assert.throws(() => getEventLoop(), RuntimeError);
    setEventLoop(loop);
    assert.equal(getEventLoop(), loop);
    setEventLoop(null);
    assert.throws(() => getEventLoop(), RuntimeError);
  });

  it("FU-004 Future: takes options only", () => {
    assert.throws(() => new Future(wrong(42)), TypeError);
    assert.throws(() => new Future(wrong({ loop, value: 42 })), TypeError);
    assert.throws(() => new Future({ loop: wrong({}) }), TypeError);
  });

  it("FU-006 cancel: returns true once; then nothing can be set", () => {
    const future = new Future<number>({ loop });
    assert.equal(future.cancel(), true);
    assert.ok(future.cancelled() && future.done());
    assert.throws(() => future.result(), CancelledError);
    assert.throws(() => future.exception(), CancelledError);
    assert.throws(() => future.setResult(1), InvalidStateError);
    assert.throws(() => future.setException(new Error("no")), InvalidStateError);
    assert.equal(future.cancel(), false);
  });

  it("FU-007 result: throws InvalidStateError before it is done", () => {
    const future = new Future<number>({ loop });
    assert.throws(() => future.result(), InvalidStateError);
    assert.throws(() => future.exception(), InvalidStateError);
    future.setResult(42);
    assert.ok(future.done() && !future.cancelled());
    assert.equal(future.result(), 42);
    assert.equal(future.exception(), undefined);
    assert.throws(() => future.setResult(1), InvalidStateError);
    assert.throws(() => future.setException(new Error("no")), InvalidStateError);
    assert.equal(future.cancel(), false);
  });

  it("FU-009 setException: takes an error's class", () => {
    const future = new Future<number>({ loop });
    future.setException(RangeError);
    assert.ok(future.exception() instanceof RangeError);
    assert.throws(() => future.result(), RangeError);
  });

  it("FU-012 Future: the string form tells its state", () => {
    const future = new Future<unknown>({ loop });
    assert.equal(String(future), "<Future pending>");
    future.setResult("abc");
    assert.equal(String(future), '<Future finished result="abc">');
    const failed = new Future<unknown>({ loop });
    failed.setException(new RangeError("no"));
    assert.equal(String(failed), '<Future finished exception=RangeError("no")>');
    failed.exception();
    const cancelled = new Future<unknown>({ loop });
    cancelled.cancel();
    assert.equal(String(cancelled), "<Future cancelled>");
  });

  it("FU-015 Future: an error that nobody asked about is reported, once", () => {
    const { status, stdout, stderr } = runProgram(
      new URL("../programs/asyncio-unread.ts", import.meta.url),
    );
    assert.equal(stdout, "ended\n");
    assert.equal(status, 0);
    assert.equal(stderr.match(/Task exception was never retrieved/g)?.length, 1);
    assert.match(stderr, /RangeError: nobody asked/);
    assert.doesNotMatch(stderr, /somebody asked/);
  });

  it("FU-022 addDoneCallback: callbacks run in order, not while the result is being set", async () => {
    const order: string[] = [];
    const future = new Future<string>({ loop });
    future.addDoneCallback((done) => order.push(`1 ${done.result()}`));
    future.addDoneCallback(() => order.push("2"));
    future.setResult("x");
    future.addDoneCallback(() => order.push("3"));
    assert.deepEqual(order, []);
    await runOnce(loop);
    assert.deepEqual(order, ["1 x", "2", "3"]);
  });

  it("FU-023 addDoneCallback: callbacks run on an error and on a cancellation as well", async () => {
    const seen: unknown[] = [];
    const future = new Future<string>({ loop });
    future.addDoneCallback((done) => seen.push(done.exception()));
    const error = new Error("no");
    future.setException(error);
    const cancelled = new Future<string>({ loop });
    cancelled.addDoneCallback((done) => seen.push(done.cancelled()));
    cancelled.cancel();
    await runOnce(loop);
    assert.deepEqual(seen, [error, true]);
  });

  it("FU-024 removeDoneCallback: removes all that are equal, and tells how many", async () => {
    const order: string[] = [];
    const [one, two, three] = ["1", "2", "3"].map((name) => (): void => void order.push(name));
    assert.ok(one && two && three);
    const future = new Future<string>({ loop });
    for (const each of [one, two, one, two, two]) future.addDoneCallback(each);
    assert.equal(future.removeDoneCallback(two), 3);
    assert.equal(future.removeDoneCallback(three), 0);
    future.setResult("x");
    await runOnce(loop);
    assert.deepEqual(order, ["1", "1"]);
  });

  it("FU-025 removeDoneCallback: the others run in order", async () => {
    for (const removed of [["1"], ["1", "2"], ["3"], ["1", "2", "3"]]) {
      const order: string[] = [];
      const callbacks = ["1", "2", "3"].map((name) => ({ name, call: () => order.push(name) }));
      const future = new Future<string>({ loop });
      for (const { call } of callbacks) future.addDoneCallback(call);
      for (const { name, call } of callbacks)
        if (removed.includes(name)) assert.equal(future.removeDoneCallback(call), 1);
      future.setResult("x");
      await runOnce(loop);
      assert.deepEqual(
        order,
        ["1", "2", "3"].filter((name) => !removed.includes(name)),
      );
    }
  });

  it("FU-027 removeDoneCallback: one that is called while callbacks run does no harm", async () => {
    const order: string[] = [];
    const future = new Future<string>({ loop });
    const last = (): void => void order.push("last");
    future.addDoneCallback(() => {
      order.push("first");
      assert.equal(future.removeDoneCallback(last), 0);
    });
    future.addDoneCallback(last);
    future.setResult("x");
    await runOnce(loop);
    assert.deepEqual(order, ["first", "last"]);
  });

  it("addDoneCallback: calls in the context of the caller, or in the one given", async () => {
    const variable = new ContextVar("variable", { default: "none" });
    const seen: string[] = [];
    const future = new Future<void>({ loop });
    const context = copyContext();
    context.run(() => variable.set("given"));
    copyContext().run(() => {
      variable.set("caller's");
      future.addDoneCallback(() => seen.push(variable.get()));
      future.addDoneCallback(() => seen.push(variable.get()), { context });
    });
    future.setResult();
    await runOnce(loop);
    assert.deepEqual(seen, ["caller's", "given"]);
  });

  it("await works outside of any task, and then() returns a promise", async () => {
    await run(async () => {
      const future = new Future<number>();
      getRunningLoop().callLater(1, () => future.setResult(20));
      const doubled = future.then((n) => n * 2);
      assert.ok(doubled instanceof Promise);
      assert.equal(await doubled, 40);
    });
    assert.equal(await sleep(1, "slept"), "slept");
  });
});
