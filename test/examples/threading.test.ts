import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { runProgram } from "../support/program.ts";

const example = (path: string): URL => new URL(`../../examples/${path}/main.ts`, import.meta.url);

describe("examples of threading", () => {
  it("polite philosophers all eat", () => {
    const { status, stdout, stderr } = runProgram(example("dining-philosophers"));
    assert.equal(stderr, "");
    assert.equal(stdout.match(/ ate 1000 times$/gm)?.length, 5);
    assert.equal(status, 0);
  });

  it("greedy philosophers learn who waits for whom, and all but one eat", () => {
    const { status, stdout } = runProgram(example("dining-philosophers"), "--greedy");
    assert.equal(stdout.match(/ ate 1 times$/gm)?.length, 4);
    assert.equal(stdout.match(/ ate 0 times$/gm)?.length, 1);
    const circle = [
      ...stdout.matchAll(/thread "(\w+)" waits to acquire (RLock-\d), which thread "(\w+)" holds/g),
    ];
    const waiters = new Set(circle.map(([, waiter]) => waiter));
    const holders = new Set(circle.map(([, , , holder]) => holder));
    assert.equal(waiters.size, 5, stdout);
    assert.deepEqual(holders, waiters);
    assert.equal(
      stdout.match(/holds, taken .*philosopher.*; waits .*philosopher/g)?.length,
      5,
      stdout,
    );
    assert.equal(status, 0);
  });

  it("the bounded buffer loses nothing", () => {
    const { status, stdout, stderr } = runProgram(example("bounded-buffer"));
    assert.equal(stderr, "");
    assert.equal(stdout, "10000 items taken, sum 49995000\n");
    assert.equal(status, 0);
  });

  it("readers never see what a writer has half done", () => {
    const { status, stdout, stderr } = runProgram(example("readers-writers"));
    assert.equal(stderr, "");
    assert.equal(stdout, "6000 of 6000 audits were right\n");
    assert.equal(status, 0);
  });
});
