import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { RuntimeError, ThreadDiedError } from "heddle";
import { Thread } from "heddle/threading";

import { captureErrorOutputWhile } from "../../support/error-output.ts";
import { runProgram } from "../../support/program.ts";
import * as targets from "../../support/threads/thread-targets.ts";

const program = (name: string): ReturnType<typeof runProgram> =>
  runProgram(new URL(`./programs/${name}.ts`, import.meta.url));

describe("exceptions of threads", () => {
  for (const form of ["join", "joinSync", "await"] as const) {
    it(`${form} throws what the target threw: class, fields, cause and both stacks`, async () => {
      const thread = new Thread({ target: targets.failWith, args: [12], name: "young" });
      thread.start();
      const error = await wait(thread, form).then(
        () => assert.fail("it did not throw"),
        (thrown: unknown) => thrown,
      );
      assert.ok(error instanceof targets.AgeError);
      assert.equal(error.age, 12);
      assert.ok(error.cause instanceof RangeError);
      assert.match(error.stack ?? "", /failWith[^]*--- thread "young" ---[^]*exceptions\.test/);
    });
  }

  it("one that somebody waits for is not reported; a second join throws it again", async () => {
    const output = await captureErrorOutputWhile(async () => {
      const thread = new Thread({ target: targets.failWith, args: [1] });
      thread.start();
      await assert.rejects(thread.join(), targets.AgeError);
      await assert.rejects(thread.join(), targets.AgeError);
      assert.throws(() => thread.joinSync(), targets.AgeError);
    });
    assert.equal(output, "");
  });

  it("one that nobody ever joins is printed, and makes the exit code 1", () => {
    const { status, stderr, stdout } = program("uncollected-exception");
    assert.match(stderr, /^Exception in thread lonely:\nRangeError: nobody joins/);
    assert.equal(stdout, "the program goes on\n");
    assert.equal(status, 1);
  });

  it("one that is printed and joined later leaves the exit code 0", () => {
    const { status, stderr, stdout } = program("late-join");
    assert.match(stderr, /^Exception in thread late:\nRangeError: joined later/);
    assert.equal(stdout, "joined: RangeError: joined later\n");
    assert.equal(status, 0);
  });

  it("a thread that ends its worker fails with ThreadDiedError, also while the main thread blocks", async () => {
    const thread = new Thread({ target: targets.endProcess, args: [3], name: "quitter" });
    thread.start();
    assert.throws(
      () => thread.joinSync(),
      (error: unknown) => {
        assert.ok(error instanceof ThreadDiedError);
        assert.equal(error.message, 'Thread "quitter" died: it exited with code 3');
        assert.deepEqual([error.thread, error.exitCode], ["quitter", 3]);
        assert.match(error.stack ?? "", /exceptions\.test/, "the stack is that of the start");
        assert.doesNotMatch(error.stack ?? "", /task-pool|thread-host/);
        return true;
      },
    );
    assert.equal(thread.isAlive(), false);
  });

  it("a view of a thread, received from elsewhere, can be joined but has no result", async () => {
    const thread = new Thread({ target: targets.who });
    thread.start();
    await thread;
    assert.throws(() => new Thread().start.call(thread), RuntimeError);
  });
});

async function wait(thread: Thread, form: "join" | "joinSync" | "await"): Promise<void> {
  if (form === "join") await thread.join();
  else if (form === "joinSync") thread.joinSync();
  else await thread;
}
