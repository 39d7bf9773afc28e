/** Only in browsers: nothing there follows asynchronous code. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  createTask,
  currentTask,
  fromPromise,
  getRunningLoop,
  openConnection,
  run,
  sleep,
} from "heddle/asyncio";
import { ContextVar, copyContext } from "heddle/contextvars";

const soon = async (ms: number): Promise<string> =>
  new Promise((resolve) => setTimeout(() => resolve("foreign"), ms));

describe("asyncio without ambient values", () => {
  it("an async function's task is known after each wait for something of heddle's", async () => {
    await run(async () => {
      const task = currentTask();
      assert.ok(task);
      const other = createTask(async (): Promise<boolean> => {
        const own: unknown = currentTask();
        for (let i = 0; i < 20; i++) {
          await sleep(0);
          assert.equal(currentTask(), own);
        }
        return own !== task;
      });
      for (let i = 0; i < 20; i++) {
        await sleep(i % 3);
        assert.equal(currentTask(), task);
      }
      assert.equal(await other, true);
    });
    assert.throws(() => getRunningLoop());
  });

  it("a task that awaits a foreign promise fails, and says what to write", async () => {
    await run(async () => {
      const adrift = createTask(async () => {
        await soon(5);
        return "never told";
      });
      await assert.rejects(Promise.resolve(adrift.then((value) => value)), {
        name: "RuntimeError",
        message: /fromPromise/,
      });
      const right = createTask(async () => fromPromise(soon(5)));
      assert.equal(await right, "foreign");
    });
  });

  it("a task that has failed so stays failed when its function ends", async () => {
    await run(async () => {
      const ending = Promise.withResolvers<string>();
      const adrift = createTask(async () => ending.promise);
      await assert.rejects(Promise.resolve(adrift.then((value) => value)), /fromPromise/);
      ending.resolve("too late");
      await sleep(5);
      assert.match(String(adrift.exception()), /fromPromise/);
    });
  });

  it("what browsers lack is refused", async () => {
    await run(async () => {
      let error: unknown;
      try {
        await openConnection("localhost", 80);
      } catch (thrown) {
        error = thrown;
      }
      assert.equal((error as Error).name, "UnsupportedError");
    });
  });
});

describe("Context.run with an async function", () => {
  it("says that the context is lost, once", async () => {
    const said: unknown[] = [];
    const { error } = console;
    console.error = (...texts: unknown[]) => void said.push(...texts);
    try {
      const user = new ContextVar<string>("user");
      const context = copyContext();
      const work = async (): Promise<void> => {
        user.set("ada");
        await soon(1);
      };
      await context.run(work);
      await context.run(work);
      assert.equal(
        context.run(() => user.get()),
        "ada",
      );
    } finally {
      console.error = error;
    }
    assert.equal(said.length, 1);
    assert.match(
      String(said[0]),
      /^Context\.run was given an async function\. This runtime cannot follow it/,
    );
  });
});
