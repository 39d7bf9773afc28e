/**
 * All threads wait, and the main thread merely awaits. In programs of their own: the
 * test runner's handles keep an event loop from running dry.
 */
import assert from "node:assert/strict";
import process from "node:process";
import { describe, it } from "node:test";

import { runProgram } from "../../support/program.ts";

/** Deno and Bun do not say which handles are open, so an idle worker may be about to do something. */
const seesIdleWorkers =
  process.versions["deno"] === undefined && process.versions["bun"] === undefined;

function outputOf(name: string): string {
  const { stdout, stderr } = runProgram(new URL("./programs/stalls.ts", import.meta.url), name);
  assert.equal(stderr, "");
  return stdout;
}

const STALLED = /DeadlockError Cannot wait .* deadlock, every thread waits without a timeout/;

describe("while the main thread awaits", () => {
  it("one of two threads that hold what the other wants is refused", () => {
    const output = outputOf("circle");
    assert.match(output, STALLED);
    assert.match(output, /^both$/m, "the other one goes on");
    assert.equal(output.match(/waits to acquire Lock-\d+, which thread/g)?.length, 2);
  });

  it("a thread is refused that waits for what nobody will do", () => {
    assert.match(outputOf("event"), STALLED);
  });

  if (seesIdleWorkers) {
    it("also if the last thread that was awake has ended", () => {
      const output = outputOf("last one ends");
      assert.match(output, STALLED);
      assert.match(output, /^ended$/m);
    });
  }

  it("a call of a pool is refused that waits for one behind it", () => {
    const output = outputOf("starved");
    assert.match(output, STALLED);
    assert.match(output, /^undefined$/m, "the one behind it runs then");
  });

  it("nobody is refused whom a timer, a signal or a busy thread will wake", () => {
    assert.equal(outputOf("timer to come"), "true\n");
    assert.equal(outputOf("signal to come"), "true\n");
    assert.equal(outputOf("thread at work"), "true\nundefined\n");
  });

  // On Node there are no such moments while a timer is set.
  if (!seesIdleWorkers) {
    it("a moment in which the event loop may run dry ends when a timer wakes a thread", () => {
      const url = new URL("./programs/woken-in-a-moment.ts", import.meta.url);
      const { stdout, stderr } = runProgram(url, "main");
      assert.deepEqual([stdout, stderr], ["false\ntrue\n", ""]);
    });
  }
});
