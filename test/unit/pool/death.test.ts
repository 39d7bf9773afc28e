import assert from "node:assert/strict";
import process from "node:process";
import { describe, it } from "node:test";
import { BrokenExecutor, ThreadPoolExecutor } from "heddle/concurrent/futures";
import { Barrier } from "heddle/threading";
import { runProgram } from "../../support/program.ts";
import { exit, startTicking } from "../../support/tasks.ts";

const PROGRAM = new URL("./programs/blocked-while-worker-dies.ts", import.meta.url);
const isNode = process.versions["deno"] === undefined && process.versions["bun"] === undefined;

/** What the first of two deaths was; the same is checked of the second. */
function dyingOf(call: string): string {
  const { status, stdout, stderr } = runProgram(PROGRAM, call);
  assert.equal(status, 0, stderr);
  const lines = stdout.trim().split("\n");
  assert.deepEqual(lines, [lines[0], "9", lines[0], "9"]);
  return lines[0] as string;
}

function passBarrier(barrier: Barrier): void {
  barrier.waitSync({ timeout: 20_000 });
}

const PREFIX = 'true Cannot finish the call: worker "doomed_0" died:';

describe("a worker that dies while the main thread blocks for it", () => {
  it("by process.exit: the wait ends, with the exit code", () => {
    assert.equal(dyingOf("exit"), `${PREFIX} it exited with code 7 doomed_0 true undefined`);
  });

  it("by an error that nothing catches: the wait ends, with that error", () => {
    const text = "nothing caught its ValidationError: thrown by a timer";
    assert.equal(
      dyingOf("throwLater"),
      `${PREFIX} ${text} doomed_0 true ValidationError: thrown by a timer`,
    );
  });

  it("by a rejection that nobody handles: the wait ends, with that error", () => {
    const text = "nothing caught its ValidationError: rejected unheard";
    assert.equal(
      dyingOf("rejectUnheard"),
      `${PREFIX} ${text} doomed_0 true ValidationError: rejected unheard`,
    );
  });

  // Deno and Bun let the whole process run out of memory.
  if (isNode) {
    it("by running out of memory: the wait ends", () => {
      const options = process.env["NODE_OPTIONS"];
      process.env["NODE_OPTIONS"] = "--max-old-space-size=64";
      try {
        assert.match(
          dyingOf("exhaustMemory"),
          /died: it (was terminated or )?ran out of memory doomed_0 true/,
        );
      } finally {
        if (options === undefined) delete process.env["NODE_OPTIONS"];
        else process.env["NODE_OPTIONS"] = options;
      }
    });
  }
});

describe("the workers that are left", () => {
  it("are not taken to be idle for ever, though a death wakes them", async () => {
    const options = { maxWorkers: 2, initializer: startTicking }; // their event loops turn
    await using pool = new ThreadPoolExecutor(options);
    // One call waits for the other: if either is left to a worker that is at work, both time out.
    const meet = async (): Promise<void> => {
      const barrier = new Barrier(2);
      await Promise.all([pool.submit(passBarrier, barrier), pool.submit(passBarrier, barrier)]);
    };
    await meet();
    for (let death = 0; death < 5; death++) {
      await assert.rejects(pool.submit(exit, 7), BrokenExecutor);
      await meet();
    }
  });
});

describe("a program", () => {
  it("that forgets to shut its pool down still ends", () => {
    const { status, stdout } = runProgram(new URL("./programs/forgotten-pool.ts", import.meta.url));
    assert.deepEqual([status, stdout], [0, "25\n"]);
  });

  it("reports a failure that was not read, once, and ends with the exit code 1", () => {
    const { status, stderr } = runProgram(new URL("./programs/unread-error.ts", import.meta.url));
    assert.equal(status, 1);
    assert.match(stderr, /^Future exception was never retrieved\nValidationError: unread\n/);
    assert.equal(stderr.match(/never retrieved/g)?.length, 1);
    assert.equal(stderr.includes("ValidationError: read"), false);
    assert.match(stderr, /unread-error\.[jt]s/);
  });
});
