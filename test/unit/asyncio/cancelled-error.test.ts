/** The text of a CancelledError says what was cancelled, unless a message was given. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { CancelledError } from "heddle";
import {
  type Coroutine,
  createTask,
  currentTask,
  Future,
  gather,
  Queue,
  run,
  sleep,
  type Task,
  timeout,
  wait,
} from "heddle/asyncio";

async function errorOf(task: PromiseLike<unknown>): Promise<CancelledError> {
  try {
    await task;
  } catch (error) {
    assert.ok(error instanceof CancelledError);
    return error;
  }
  throw new Error("It was not cancelled");
}

/** Ways to wait for the same, and to be cancelled meanwhile. */
const WAITS: Readonly<Record<string, () => unknown>> = {
  "an async function": async () => {
    await sleep(60_000);
  },
  "a generator": function* (): Coroutine<void> {
    yield* sleep(60_000);
  },
  "an async function that awaits several": async () => {
    await Promise.race([sleep(60_000), sleep(60_000)]);
  },
  "a queue's get": async () => {
    await new Queue().get();
  },
  "a future": async () => {
    await new Future();
  },
};

async function cancelledTask(
  body: () => unknown,
  message?: unknown,
): Promise<{ readonly task: Task<unknown> }> {
  const task = createTask(body as () => Promise<unknown>, { name: "work" });
  await sleep(0);
  task.cancel(message);
  await wait([task]);
  return { task };
}

describe("the text of a CancelledError", () => {
  for (const [name, body] of Object.entries(WAITS)) {
    it(`names the task that was cancelled: ${name}`, async () => {
      await run(async () => {
        const error = await errorOf((await cancelledTask(body)).task);
        assert.equal(error.message, 'The task "work" was cancelled');
        assert.equal(String(error), 'CancelledError: The task "work" was cancelled');
        assert.equal(error.stack?.split("\n")[0], String(error));
        assert.equal("msg" in error, false);
      });
    });

    it(`is the message that was given: ${name}`, async () => {
      await run(async () => {
        const error = await errorOf((await cancelledTask(body, "enough")).task);
        assert.equal(error.message, "enough");
        assert.equal(error.msg, "enough");
      });
    });
  }

  it("names the task that was cancelled before it began", async () => {
    await run(async () => {
      const task = createTask(sleep(60_000), { name: "work" });
      task.cancel();
      assert.equal((await errorOf(task)).message, 'The task "work" was cancelled');
    });
  });

  it("is the same each time that the outcome is asked for", async () => {
    await run(async () => {
      const { task } = await cancelledTask(WAITS["a generator"]!);
      for (let i = 0; i < 2; i++)
        assert.throws(() => task.result(), { message: 'The task "work" was cancelled' });
    });
  });

  it("says so of a future", async () => {
    await run(async () => {
      const future = new Future();
      future.cancel();
      assert.equal((await errorOf(future)).message, "The future was cancelled");
    });
  });

  it("says so of gather()", async () => {
    await run(async () => {
      const all = gather([sleep(60_000)]);
      all.cancel();
      assert.match((await errorOf(all)).message, /was cancelled$/);
    });
  });

  it("says of a block's that the task was not asked to end", async () => {
    let seen: unknown;
    await run(async () => {
      currentTask()?.setName("main");
      const limited = timeout(1, async () => {
        seen = await errorOf(sleep(60_000));
      });
      await limited;
    });
    assert.equal((seen as Error).message, 'A block of the task "main" was cancelled');
  });

  it("names the task in the reason of its signal", async () => {
    await run(async () => {
      let signal: AbortSignal | undefined;
      await cancelledTask(async () => {
        signal = currentTask()?.signal as AbortSignal;
        await sleep(60_000);
      });
      assert.equal(String(signal?.reason), 'CancelledError: The task "work" was cancelled');
    });
  });

  it("is the user's own in an error that the user makes", () => {
    assert.equal(new CancelledError().message, "");
    assert.equal(new CancelledError("mine").message, "mine");
  });
});
