/** Rules of Python's asyncio at its edges: exits, eager children, shields that are cancelled, what a task's text says. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { CancelledError, KeyboardInterrupt, SystemExit } from "heddle";
import {
  allTasks,
  type Awaitable,
  createTask,
  eagerTaskFactory,
  Event,
  Future,
  getRunningLoop,
  Loop,
  run,
  Semaphore,
  shield,
  sleep,
  taskGroup,
  toThread,
} from "heddle/asyncio";
import { Event as ThreadEvent } from "heddle/threading";
import { inStyle, type Steps, STYLES } from "../../support/asyncio/both-styles.ts";
import * as there from "../../support/asyncio/threads.ts";

const eagerly = {
  loopFactory: (): Loop => {
    const loop = new Loop();
    loop.setTaskFactory(eagerTaskFactory);
    return loop;
  },
};

for (const style of STYLES) {
  const { co, spawn } = inStyle(style);

  describe(`groups with eager tasks, ${style.name}`, () => {
    it("a child that cancels the group in its first step is cancelled at its next wait", async () => {
      const never = new Event();
      let wasCancelled = false;
      const main = co(function* (): Steps<void> {
        yield taskGroup((group) => {
          group.createTask(
            co(function* () {
              group.cancel();
              try {
                yield never.wait();
              } catch (error) {
                wasCancelled = true;
                throw error;
              }
            }),
          );
        });
      });
      await run(main, eagerly);
      assert.equal(wasCancelled, true);
    });

    it("a task is done at once whose body is a group of children that end at once", async () => {
      const main = co(function* (): Steps<void> {
        const task = spawn(function* () {
          yield taskGroup((group) => {
            group.createTask(co(function* () {}));
          });
        });
        // An async function reaches its end in microtasks, without the loop.
        if (style.name === "generators") assert.equal(task.done(), true);
        yield task;
      });
      await run(main, eagerly);
    });
  });

  describe(`exits, ${style.name}`, () => {
    for (const Exit of [SystemExit, KeyboardInterrupt]) {
      const { name } = Exit;

      it(`${name} of a task ends the run, and the loop's next run is not stopped`, async () => {
        const loop = new Loop();
        const options = { loopFactory: () => loop };
        loop.close = () => undefined;
        const reports: string[] = [];
        loop.setExceptionHandler((_, { message }) => void reports.push(message));
        const fail = co(function* (): Steps<void> {
          throw new Exit();
        });
        await assert.rejects(run(fail, options), Exit);
        const child = co(function* (): Steps<void> {
          void createTask(fail);
          yield sleep(60_000);
        });
        await assert.rejects(run(child, options), Exit);
        const next = co(function* (): Steps<string> {
          yield sleep(0);
          return "ran";
        });
        assert.equal(await run(next, options), "ran");
        assert.deepEqual(reports, []);
      });

      it(`${name} of a callback ends the run`, async () => {
        for (const options of [{}, { loopFactory: () => new Loop() }]) {
          const main = co(function* (): Steps<void> {
            getRunningLoop().callSoon(() => {
              throw new Exit();
            });
            yield sleep(60_000);
          });
          await assert.rejects(run(main, options), Exit);
          const later = co(function* (): Steps<void> {
            getRunningLoop().callLater(1, () => {
              throw new Exit();
            });
            yield sleep(60_000);
          });
          await assert.rejects(run(later, options), Exit);
        }
      });
    }
  });

  describe(`shields, ${style.name}`, () => {
    it("a failure after the cancellation of two shields is reported once", async () => {
      const reports: string[] = [];
      const main = co(function* (): Steps<void> {
        getRunningLoop().setExceptionHandler((_, { message }) => void reports.push(message));
        const inner = new Future<void>();
        const shields = [shield(inner), shield(inner)];
        yield sleep(0);
        for (const each of shields) each.cancel();
        yield sleep(0);
        inner.setException(new RangeError("late"));
        yield sleep(0);
        yield sleep(0);
      });
      await run(main, { loopFactory: () => new Loop() });
      assert.deepEqual(reports, ["Future exception in shielded future"]);
    });
  });
}

describe("a task's text", () => {
  it("says what it waits for", async () => {
    await run(async () => {
      const future = new Future<number>();
      const task = createTask(async () => await future, { name: "ada" });
      const other = createTask(
        function* () {
          return yield* task;
        },
        { name: "bob" },
      );
      await sleep(0);
      await sleep(0);
      assert.equal(String(task), '<Task pending name="ada" wait_for=<Future pending>>');
      assert.equal(String(other), '<Task pending name="bob" wait_for=<Task pending name="ada">>');
      future.setResult(1);
      assert.equal(await other, 1);
    });
  });

  it("says so of waits that have no future of the user's", async () => {
    await run(async () => {
      const waits: readonly (readonly [() => Awaitable<unknown>, string])[] = [
        [() => new Event().wait(), "<Event unset, waiters:1>"],
        [() => new Semaphore(0).acquire(), "<Semaphore locked, waiters:1>"],
        [() => sleep(60_000), "<Future pending>"],
        [() => new ThreadEvent().wait(), "<Future pending>"],
      ];
      for (const [wait, text] of waits) {
        const task = createTask(wait, { name: "ada" });
        await sleep(0);
        await sleep(0);
        assert.equal(String(task), `<Task pending name="ada" wait_for=${text}>`);
        task.cancel();
        await assert.rejects(() => task, CancelledError);
      }
    });
  });
});

describe("allTasks()", () => {
  it("says that another thread's loop is none whose tasks it can list", async () => {
    await run(async () => {
      const text = await toThread(there.tasksThere, getRunningLoop());
      assert.match(
        text,
        /^RuntimeError: Cannot list the tasks of the loop: it runs in another thread/,
      );
    });
    for (const loop of [null, 1, {}])
      assert.throws(() => allTasks(loop as unknown as Loop), {
        name: "TypeError",
        message: /"loop" must be a Loop/,
      });
  });
});
