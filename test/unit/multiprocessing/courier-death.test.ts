/** What waits for the thread that owns an agent's children and channels ends when that thread does. */
import assert from "node:assert/strict";
import { it } from "node:test";
import { Pipe, Process } from "heddle/multiprocessing";
import { orderCourier } from "../../../build/src/multiprocessing/channels/post.js";
import { untilGone } from "../../support/processes.ts";

it("waits for children and channels end with the thread that owns them", async () => {
  const [near, far] = Pipe();
  const child = new Process({
    target: () => new Promise<void>((done) => setTimeout(done, 2 ** 30)),
    stdout: "pipe",
  });
  child.start();
  const pid = child.pid as number; // the system has started it
  const [received, joined, printed] = [
    near.recv(),
    child.join(),
    child.stdout[Symbol.asyncIterator]().next(),
  ].map(async (wait) => (await Promise.allSettled([wait]))[0]);
  // It has no such order, and ends of the error.
  orderCourier({ kind: "child", request: undefined as never });
  await Promise.all([received, joined, printed]);
  assert.equal(child.isAlive(), false);
  await untilGone([pid]);

  const late = new Process({ target: () => 1 });
  late.start();
  await assert.rejects(async () => late.join(), /could not be started/);
  far.close();
});
