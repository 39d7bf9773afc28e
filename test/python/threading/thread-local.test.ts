import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Thread, ThreadLocal } from "heddle/threading";

import * as targets from "../../support/threads/thread-targets.ts";

async function inThread<R, A extends unknown[]>(
  target: (...args: A) => R,
  ...args: A
): Promise<Awaited<R>> {
  const thread = new Thread<R, A>({ target, args });
  thread.start();
  return thread;
}

describe("threading.ThreadLocal", () => {
  it("TL-001 local: a value set in one thread is absent in another", async () => {
    targets.local.value = 1;
    assert.deepEqual((await inThread(targets.useLocal, 2)).slice(0, 2), [undefined, []]);
    assert.deepEqual(
      (await inThread(targets.useLocal, 3)).slice(0, 2),
      [undefined, []],
      "a warm one",
    );
    assert.equal(targets.local.value, 1);
  });

  it("TL-003 local: values of a subclass are isolated, too", async () => {
    targets.counting.count += 100;
    assert.equal((await inThread(targets.useCounting, 1)).count, 11);
    assert.equal((await inThread(targets.useCounting, 2)).count, 12);
    assert.equal(targets.counting.count, 110);
  });

  it("TL-004 local: a subclass whose init takes a while gives each thread its own value", async () => {
    const results = await Promise.all(
      [1, 2, 3, 4].map(async (n) => inThread(targets.useCounting, n)),
    );
    assert.deepEqual(
      results,
      [1, 2, 3, 4].map((n) => ({ count: 10 + n, isOwn: true })),
    );
  });

  it("TL-006 local: the properties are those of the current thread", async () => {
    const local = new ThreadLocal<{ a?: number; b?: number }>();
    local.a = 1;
    assert.deepEqual(Object.keys(local), ["a"]);
    assert.equal("a" in local, true);
    assert.equal("b" in local, false);
    assert.deepEqual({ ...local }, { a: 1 });
    delete local.a;
    assert.deepEqual(Object.keys(local), []);
    assert.deepEqual((await inThread(targets.useLocal, 5)).slice(2), [5, ["value"], { value: 5 }]);
  });

  it("TL-007 local: a new one is empty, whatever another one held", async () => {
    assert.deepEqual(await inThread(targets.newLocalIsEmpty), []);
  });

  it("takes an init function, and nothing else", () => {
    const local = new ThreadLocal(() => ({ n: 5 }));
    assert.equal(local.n, 5);
    assert.throws(() => new ThreadLocal({} as never), TypeError);
  });
});
