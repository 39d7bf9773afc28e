import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import {
  ALL_COMPLETED,
  asCompleted,
  asCompletedSync,
  FIRST_COMPLETED,
  FIRST_EXCEPTION,
  Future,
  ThreadPoolExecutor,
  TimeoutError,
  wait,
  waitSync,
} from "heddle/concurrent/futures";
import { fail, makeGate, openGate, passGate, square } from "../../support/tasks.ts";

const pool = new ThreadPoolExecutor({ maxWorkers: 2 });
after(() => pool.shutdown());

const finished = new Future<number>();
finished.setResult(42);
const failed = new Future<number>();
failed.setException(new RangeError("foo"));
failed.exceptionSync();
const cancelledAndNotified = new Future<number>();
cancelledAndNotified.cancel();
cancelledAndNotified.setRunningOrNotifyCancel();
const pending = new Future<number>();

/** Both forms of `wait`. */
const FORMS = [
  ["wait", wait],
  ["waitSync", async (...args: Parameters<typeof waitSync>) => waitSync(...args)],
] as const;

describe("concurrent.futures.wait", () => {
  for (const [name, waitFor] of FORMS) {
    it(`CF-044 cf.wait: FIRST_COMPLETED returns as soon as one finishes (${name})`, async () => {
      const gate = makeGate();
      const quick = pool.submit(square, 3);
      const slow = pool.submit(passGate, gate, 1);
      const cancelledOnly = new Future<number>();
      cancelledOnly.cancel();
      const { done, notDone } = await waitFor([quick, slow, cancelledOnly], {
        returnWhen: FIRST_COMPLETED,
      });
      assert.deepEqual([...done], [quick]);
      assert.deepEqual([...notDone], [slow, cancelledOnly]);
      openGate(gate);
      await slow;
    });

    it(`CF-045 cf.wait: FIRST_COMPLETED returns at once with all that are done (${name})`, async () => {
      const all = [cancelledAndNotified, finished, pending];
      const { done, notDone } = await waitFor(all, { returnWhen: FIRST_COMPLETED });
      assert.deepEqual([...done], [cancelledAndNotified, finished]);
      assert.deepEqual([...notDone], [pending]);
    });

    it(`CF-046 cf.wait: FIRST_EXCEPTION returns when one throws (${name})`, async () => {
      const gate = makeGate();
      const good = pool.submit(square, 2);
      await good;
      const slow = pool.submit(passGate, gate, 1);
      const bad = pool.submit(fail, "x");
      const { done, notDone } = await waitFor([good, bad, slow], { returnWhen: FIRST_EXCEPTION });
      assert.deepEqual([...done], [good, bad]);
      assert.deepEqual([...notDone], [slow]);
      await bad.exception();
      openGate(gate);
      await slow;
    });

    it(`CF-047 cf.wait: FIRST_EXCEPTION with a failed future returns at once (${name})`, async () => {
      const { done, notDone } = await waitFor([failed, pending], { returnWhen: FIRST_EXCEPTION });
      assert.deepEqual([...done], [failed]);
      assert.deepEqual([...notDone], [pending]);
    });

    it(`CF-049 cf.wait: ALL_COMPLETED waits for all, whatever their outcome (${name})`, async () => {
      const good = pool.submit(square, 2);
      const bad = pool.submit(fail, "x");
      const all = [good, bad, cancelledAndNotified, finished];
      const { done, notDone } = await waitFor(all, { returnWhen: ALL_COMPLETED });
      assert.deepEqual(new Set(done), new Set(all));
      assert.equal(notDone.size, 0);
      await bad.exception();
    });

    it(`CF-050 cf.wait: with a timeout it returns both sets without throwing (${name})`, async () => {
      const gate = makeGate();
      const slow = pool.submit(passGate, gate, 1);
      const { done, notDone } = await waitFor([finished, slow], { timeout: 30 });
      assert.deepEqual([...done], [finished]);
      assert.deepEqual([...notDone], [slow]);
      openGate(gate);
      await slow;
    });

    it(`CF-051 cf.wait: a hundred futures that finish almost at once are all seen (${name})`, async () => {
      const futures = Array.from({ length: 100 }, (_, n) => pool.submit(square, n));
      const { done, notDone } = await waitFor(futures);
      assert.equal(done.size, 100);
      assert.equal(notDone.size, 0);
    });

    it(`CF-052 cf.wait: an unknown return condition is refused; nothing to wait for gives empty sets (${name})`, async () => {
      await assert.rejects(
        async () => waitFor([finished], { returnWhen: "SOME" as never }),
        RangeError,
      );
      const { done, notDone } = await waitFor([]);
      assert.equal(done.size + notDone.size, 0);
    });
  }
});

describe("concurrent.futures.asCompleted", () => {
  it("gives futures as they finish, finished ones first and duplicates once", async () => {
    const gate = makeGate();
    const slow = pool.submit(passGate, gate, 1);
    const quick = pool.submit(square, 2);
    const seen: unknown[] = [];
    for await (const future of asCompleted([slow, finished, quick, quick])) {
      seen.push(future);
      if (seen.length === 2) openGate(gate);
    }
    assert.deepEqual(seen, [finished, quick, slow]);
    assert.deepEqual([...asCompletedSync([finished, slow])], [finished, slow]);
  });

  it("CF-054 cf.as_completed: with a timeout it gives the finished ones and then throws TimeoutError", async () => {
    for (const timeout of [0, 20]) {
      const seen: unknown[] = [];
      await assert.rejects(async () => {
        for await (const future of asCompleted([pending, finished], { timeout })) seen.push(future);
      }, TimeoutError);
      assert.deepEqual(seen, [finished]);
      assert.throws(() => [...asCompletedSync([pending, finished], { timeout })], TimeoutError);
    }
  });

  it("CF-056 cf.as_completed: the TimeoutError counts the unfinished", async () => {
    const all = [finished, cancelledAndNotified, pending, new Future<number>()];
    await assert.rejects(
      async () => {
        for await (const _ of asCompleted(all, { timeout: 0 }));
      },
      { message: /^Timed out after \d+ ms: 2 \(of 4\) futures unfinished$/ },
    );
  });

  it("CF-057 cf.as_completed: of nothing it gives nothing", async () => {
    for await (const _ of asCompleted([])) assert.fail("nothing was asked for");
    assert.deepEqual([...asCompletedSync([])], []);
  });
});
