import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import process from "node:process";
import { describe, it } from "node:test";
import { mismatch, RELEASE } from "../../../build/src/base/release.js";
import { runProgram } from "../../support/program.ts";

const isNode = process.versions["deno"] === undefined && process.versions["bun"] === undefined;
const PROGRAM = new URL("./programs/another-release.ts", import.meta.url);

const WHY =
  `it runs heddle ${RELEASE}, and heddle 0.0.7 started it. Both must be the same release: ` +
  "start the program again if heddle was updated while it ran, and deploy all of heddle's files together";

function failureOf(way: string): string {
  const { status, stdout, stderr } = runProgram(PROGRAM, way);
  assert.equal(status, 0, stderr);
  return stdout.trim();
}

describe("the protocol's version", () => {
  it("is the release", () => {
    const path = new URL(import.meta.resolve("heddle/package.json"));
    const manifest = JSON.parse(readFileSync(path, "utf8")) as { version: string };
    assert.equal(RELEASE, manifest.version);
    assert.equal(mismatch(RELEASE), undefined);
    assert.match(mismatch(undefined) ?? "", /^it runs heddle .*, and another release started it/);
  });
});

describe("two releases of heddle in one thread", () => {
  it("do not share memory: the second is refused", () => {
    const text = `Cannot use the threads and locks of heddle ${RELEASE}: this thread uses those of heddle 0.0.7.`;
    const failure = failureOf("in one thread");
    assert.ok(failure.startsWith(`RuntimeError: ${text} Install one release`), failure);
  });
});

describe("a worker that another release of heddle has started refuses, and says so", () => {
  for (const way of ["awaited", "blocked"]) {
    it(`to a pool that is ${way}`, () => {
      assert.match(
        failureOf(way),
        /^BrokenThreadPool: Cannot run the call, which had not started: /,
      );
      assert.ok(failureOf(way).endsWith(` died: ${WHY}`));
    });
  }

  it("to a pool without shared memory", () => {
    const failure = failureOf("by messages");
    assert.match(failure, /^BrokenThreadPool: /);
    assert.ok(failure.endsWith(`Cannot start a worker: ${WHY}`), failure);
  });

  // Deno and Bun do not let a program replace what heddle starts processes with.
  if (isNode) {
    it("to a pool of processes", () => {
      const failure = failureOf("process");
      assert.match(failure, /^BrokenProcessPool: /);
      assert.ok(failure.endsWith(` died: ${WHY}`), failure);
    });
  }

  for (const way of ["thread", "thread, blocked"]) {
    it(`to who waits for a thread: ${way}`, () => {
      assert.equal(failureOf(way), `ThreadDiedError: Thread "Thread-1 (square)" died: ${WHY}`);
    });
  }
});
