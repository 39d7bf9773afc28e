import assert from "node:assert/strict";
import process from "node:process";
import { describe, it } from "node:test";
import {
  type CancelOptions,
  cancelRequested,
  currentCall,
  Future,
  ProcessPoolExecutor,
  ThreadPoolExecutor,
  throwIfCancelled,
} from "heddle/concurrent/futures";
import { getContext } from "heddle/multiprocessing";
import { triesKind } from "../../support/shares.ts";
import { cancellingContract as contract } from "./cancelling-contract.ts";

/** There a thread that computes cannot be stopped. */
const isDeno = "deno" in process.versions;

const cancellingContract: typeof contract = (name, ...rest) => {
  if (triesKind(name)) contract(name, ...rest);
};

cancellingContract("ThreadPoolExecutor", (options) => new ThreadPoolExecutor(options), {
  blocking: true,
  ends: !isDeno,
});
cancellingContract(
  "ThreadPoolExecutor without shared memory",
  (options) => new ThreadPoolExecutor({ ...options, sharedMemory: false }),
  { blocking: false, ends: !isDeno },
);
cancellingContract("ProcessPoolExecutor", (options) => new ProcessPoolExecutor(options), {
  blocking: true,
  ends: true,
});
cancellingContract(
  "ProcessPoolExecutor whose processes another thread owns",
  (options) => new ProcessPoolExecutor({ ...options, mpContext: getContext() }),
  { blocking: true, ends: true, isBrief: true },
);

describe("where there is nothing to stop", () => {
  it("a future that no executor has made cannot be asked while it runs", () => {
    const future = new Future<number>();
    future.setRunningOrNotifyCancel();
    assert.equal(future.cancel({ running: true }), false);
    future.setResult(1);
    assert.equal(future.cancel({ running: true }), false);
    assert.equal(new Future().cancel({ running: true, grace: 0 }), true);
  });

  it("no call runs outside a worker", () => {
    assert.equal(currentCall(), undefined);
    assert.equal(cancelRequested(), false);
    throwIfCancelled();
  });

  it("options that make no sense are refused", () => {
    const future = new Future<number>();
    const refused: [unknown, RegExp][] = [
      [{ grace: 5 }, /TypeError: Future.cancel: "grace" requires "running": true/],
      [{ running: 1 }, /TypeError: Future.cancel: "running" must be true or false/],
      [{ running: true, grace: "5" }, /TypeError: Future.cancel: "grace" must be a number/],
      [{ running: true, grace: -1 }, /RangeError: Future.cancel: "grace" must be between 0 and/],
      [{ running: true, grace: NaN }, /RangeError: Future.cancel: "grace" must be between 0 and/],
      [{ runing: true }, /TypeError: .*runing/],
      [true, /TypeError/],
    ];
    for (const [options, message] of refused) {
      assert.throws(() => future.cancel(options as CancelOptions), message);
    }
    assert.equal(future.cancelled(), false);
  });
});
