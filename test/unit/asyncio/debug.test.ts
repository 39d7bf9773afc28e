/** What debug mode tells. */
import assert from "node:assert/strict";
import process from "node:process";
import { describe, it } from "node:test";
import {
  coroutine,
  type Coroutine,
  createTask,
  currentTask,
  type ExceptionContext,
  getRunningLoop,
  iscoroutinefunction,
  Loop,
  run,
  sleep,
  taskGroup,
  timeout,
} from "heddle/asyncio";
import { CancelledError, TimeoutError } from "heddle";
import { VirtualClock } from "heddle/testing";
import { errorOf, inStyle, STYLES } from "../../support/asyncio/both-styles.ts";
import { captureErrorOutputWhile } from "../../support/error-output.ts";
import { runProgram } from "../../support/program.ts";

/** Its stacks lack the functions that end by calling another one. */
const isBun = process.versions["bun"] !== undefined;

/** What a run in debug mode writes on standard error. */
async function outputOf(
  main: () => Coroutine<unknown> | PromiseLike<unknown>,
  debug = true,
): Promise<string> {
  const loopFactory = (): Loop => {
    const loop = new Loop({ clock: new VirtualClock() });
    loop.slowCallbackDuration = Infinity; // the machine may be busy
    return loop;
  };
  return captureErrorOutputWhile(async () => void (await run(main, { debug, loopFactory })));
}

function isBusyFor(ms: number): void {
  const start = performance.now();
  while (performance.now() - start < ms);
}

for (const style of STYLES) {
  const { co, spawn } = inStyle(style);

  describe(`asyncio's debug mode, ${style.name}`, () => {
    it("tells of a task that swallows its cancellation, and where it was made", async () => {
      const main = co(function* () {
        currentTask()?.setName("main");
        const task = spawn(
          function* () {
            try {
              yield sleep(1000);
            } catch {
              return "swallowed";
            }
            return "not cancelled";
          },
          { name: "ada" },
        );
        yield sleep(0);
        task.cancel();
        assert.equal(yield task, "swallowed");
      });
      const lines = (await outputOf(main)).split("\n");
      assert.equal(
        lines[0],
        'CancelledError swallowed by task "ada": it was cancelled, and returned normally; cancelling() is still 1',
      );
      const made = lines.indexOf("  made at:");
      assert.ok(made > 0);
      assert.match(lines.slice(made + 1).join("\n"), /debug\.test\.[jt]s", line \d+, in /);
      assert.equal(await outputOf(main, false), "");
    });

    it("says nothing of cancellations that are not swallowed, or that blocks make for themselves", async () => {
      const output = await outputOf(
        co(function* () {
          const passing = spawn(function* () {
            try {
              yield sleep(1000);
            } finally {
              yield sleep(1);
            }
          });
          const takingBack = spawn(function* () {
            try {
              yield sleep(1000);
            } catch (error) {
              assert.ok(error instanceof CancelledError);
              currentTask()?.uncancel();
            }
          });
          yield sleep(0);
          passing.cancel();
          takingBack.cancel();
          yield takingBack;
          yield* errorOf(timeout(5, () => sleep(1000)));
          yield taskGroup((group) => {
            group.createTask(sleep(1000));
            group.cancel();
          });
          yield sleep(10);
          assert.ok(passing.cancelled());
        }),
      );
      assert.equal(output, "");
    });

    it("tells of slow steps, and where the task was made", async () => {
      const output = await outputOf(
        co(function* () {
          const loop = getRunningLoop();
          loop.slowCallbackDuration = 40;
          const task = spawn(
            function* () {
              yield sleep(1);
              isBusyFor(60);
              yield sleep(1);
            },
            { name: "ada" },
          );
          yield task;
        }),
      );
      const lines = output.split("\n");
      const slow = lines.findIndex((line) =>
        /^Executing <Task \w+ name="ada".*> took \d+ ms$/.test(line),
      );
      assert.ok(slow >= 0, output);
      assert.match(
        lines.slice(slow).join("\n"),
        /\n {2}made at:\n(?: {4}File .*\n)* {4}File ".*debug\.test\.[jt]s", line/,
      );
    });

    it("gives the handler of errors the place where the task was made", async () => {
      const contexts: ExceptionContext[] = [];
      await outputOf(
        co(function* () {
          const loop = getRunningLoop();
          loop.setExceptionHandler((_, context) => contexts.push(context));
          function makesCallback(): void {
            loop.callSoon(() => {
              throw new RangeError("from a callback");
            });
          }
          makesCallback();
          yield sleep(0);
        }),
      );
      assert.equal(contexts.length, 1);
      assert.equal(contexts[0]?.sourceTraceback?.[0]?.name, "makesCallback");
    });
  });
}

describe("asyncio's debug mode", () => {
  it("tells where a generator task was when it was cancelled", async () => {
    const output = await outputOf(function* () {
      const task = createTask(function* swallows(): Coroutine<void> {
        try {
          yield* sleep(1000);
        } catch {}
      });
      yield* sleep(0);
      task.cancel();
      yield* task;
    });
    assert.match(
      output,
      /\n {2}cancelled at:\n {4}File ".*debug\.test\.[jt]s", line \d+, in swallows\n/,
    );
  });

  it("tells of a cancelled task that awaits a promise that is not heddle's, once", async () => {
    let release = (): void => {};
    const output = await outputOf(async () => {
      const task = createTask(
        async () => {
          await new Promise<void>((resolve) => (release = resolve));
          await sleep(0);
        },
        { name: "ada" },
      );
      await sleep(1);
      task.cancel();
      task.cancel();
      await sleep(5000);
      release();
      await sleep(1);
      assert.ok(task.cancelled());
    });
    assert.match(
      output,
      /^Task "ada" was cancelled, or its time is over, but it awaits a promise that is not heddle's, and goes on until that settles: pass what made it currentTask\(\)\.signal, or wrap it in fromPromise\(\)\n {2}made at:\n/,
    );
    assert.equal(output.match(/wrap it/g)?.length, 1);
  });

  it("does so once in a program in which no loop is in debug mode", async () => {
    const main = async (): Promise<void> => {
      let release = (): void => {};
      const limited = timeout(10, async () => {
        await new Promise<void>((resolve) => (release = resolve));
      });
      const watching = createTask(async () => {
        await sleep(5000);
        release();
      });
      await assert.rejects(async () => await limited, TimeoutError);
      await watching;
    };
    assert.match(
      await outputOf(main, false),
      /^Task "Task-\d+" was cancelled, or its time is over, but it awaits a promise that is not heddle's.*fromPromise\(\)\n$/,
    );
    assert.equal(await outputOf(main, false), "");
  });

  it("says nothing of a cancelled task that cleans up for long, in heddle's ways", async () => {
    const output = await outputOf(async () => {
      const task = createTask(async () => {
        try {
          await sleep(60_000);
        } finally {
          await sleep(60_000);
        }
      });
      await sleep(1);
      task.cancel();
      await sleep(30_000);
      assert.equal(task.done(), false);
    });
    assert.equal(output, "");
  });

  it("says nothing of a cancelled task that awaits a promise to clean up", async () => {
    let release = (): void => {};
    const output = await outputOf(async () => {
      const task = createTask(async () => {
        try {
          await sleep(60_000);
        } finally {
          await new Promise<void>((resolve) => (release = resolve));
        }
      });
      await sleep(1);
      task.cancel();
      await sleep(5000);
      assert.equal(task.done(), false);
      release();
      await sleep(1);
    });
    assert.equal(output, "");
  });

  it("tells of what was never awaited, when the program ends", () => {
    const { stdout, stderr } = runProgram(new URL("programs/never-awaited.ts", import.meta.url));
    assert.equal(stdout, "not in debug mode\nover\n");
    const warned = [
      ...stderr.matchAll(
        /^(?:Coroutine "(.*)"|An operation) was never awaited: it has not run\n {2}made at:\n {4}File ".*never-awaited/gm,
      ),
    ];
    assert.deepEqual(
      warned.map(([, name]) => name),
      ["tick", "sleep", isBun ? undefined : "Lock.acquire"],
    );
    assert.equal(stderr.match(/never awaited/g)?.length, 3);
  });

  it("coroutine functions look the same as before", () => {
    const double = coroutine(function* double(n: number): Coroutine<number> {
      return 2 * n;
    });
    assert.equal(double.name, "double");
    assert.equal(double.length, 1);
    assert.ok(iscoroutinefunction(double));
  });

  it("a loop that is closed is in debug mode no more", async () => {
    const loop = new Loop();
    loop.setDebug(true);
    loop.close();
    assert.equal(loop.getDebug(), false);
  });
});
