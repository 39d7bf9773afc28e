/** Pictures of all tasks. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  coroutine,
  type Coroutine,
  createTask,
  dumpTasks,
  gather,
  Lock,
  Loop,
  run,
  sleep,
  type Task,
  type TaskReport,
  timeout,
} from "heddle/asyncio";
import { inStyle, STYLES } from "../../support/asyncio/both-styles.ts";

function reportOf(task: Task<unknown>): TaskReport | undefined {
  return dumpTasks().tasks.find((report) => report.task === task);
}

for (const style of STYLES) {
  const { main, spawn } = inStyle(style);

  describe(`dumpTasks, ${style.name}`, () => {
    it("tells what a task waits for, and who waits for it", async () => {
      await main(function* () {
        const lock = new Lock();
        yield lock.acquire();
        const waiting = spawn(
          function* () {
            yield lock.acquire();
          },
          { name: "ada" },
        );
        const outer = spawn(
          function* () {
            yield gather([waiting]);
          },
          { name: "bob" },
        );
        assert.equal(reportOf(waiting)?.state, "ready");
        yield sleep(0);
        yield sleep(0);
        const report = reportOf(waiting);
        assert.equal(report?.state, "waiting");
        assert.deepEqual(report?.waitsFor, ["<Lock locked, waiters:1>"]);
        assert.deepEqual(report?.awaitedBy, ["bob"]);
        assert.equal(report?.madeAt, undefined);
        assert.match(
          String(dumpTasks()),
          /^Task "ada" waiting( in \S*)? for <Lock locked, waiters:1>; awaited by "bob"$/m,
        );
        const third = spawn(function* () {
          yield outer;
        });
        yield sleep(0);
        yield sleep(0);
        assert.deepEqual(reportOf(third)?.waitsFor, ['task "bob"']);
        lock.release();
        assert.equal(reportOf(waiting)?.state, "ready");
        yield third;
        assert.equal(reportOf(waiting), undefined);
      });
    });
  });
}

describe("dumpTasks", () => {
  it("gives the stacks of generators, that of the caller, and where tasks were made in debug mode", async () => {
    await run(
      function* caller(): Coroutine<void> {
        function* inner(): Coroutine<void> {
          yield* sleep(1);
        }
        function* outer(): Coroutine<void> {
          yield* timeout(1000, inner);
        }
        const task = createTask(outer());
        yield* sleep(0);
        const report = reportOf(task);
        assert.deepEqual(
          report?.stack.map(({ name }) => name),
          ["inner", "outer"],
        );
        assert.equal(report?.madeAt?.[0]?.name, "caller");
        const own = dumpTasks().tasks.find(({ state }) => state === "running");
        assert.equal(own?.stack.at(-1)?.name, "caller");
        yield* task;
      },
      { debug: true },
    );
  });

  it("gives the stacks of generators that async functions await", async () => {
    const outer = coroutine(function* outer(): Coroutine<void> {
      yield* sleep(1);
    });
    await run(async () => {
      const task = createTask(async () => await outer());
      await sleep(0);
      assert.deepEqual(
        reportOf(task)?.stack.map(({ name }) => name),
        ["outer"],
      );
      await task;
    });
  });

  it("knows that a task awaits what is not heddle's", async () => {
    await run(async () => {
      let release = (): void => {};
      const foreign = new Promise<void>((resolve) => (release = resolve));
      const task = createTask(async function fetches() {
        await foreign;
      });
      const within = createTask(async () => await timeout(1000, async () => await foreign));
      await sleep(1);
      for (const each of [task, within]) {
        assert.equal(reportOf(each)?.state, "waiting");
        assert.deepEqual(reportOf(each)?.waitsFor, ["a promise that is not heddle's"]);
      }
      assert.equal(reportOf(task)?.function, "fetches");
      task.cancel();
      assert.equal(reportOf(task)?.cancelling, 1);
      release();
      await gather([task, within], { returnExceptions: true });
    });
  });

  it("includes the tasks of all loops of the thread", async () => {
    const other = new Loop();
    const task = other.createTask(sleep(1), { name: "of another loop" });
    await run(async () => {
      assert.equal(reportOf(task)?.state, "ready");
      assert.ok(dumpTasks().tasks.length >= 2);
    });
    await other.runUntilComplete(task);
  });
});
