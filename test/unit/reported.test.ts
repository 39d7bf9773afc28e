/**
 * Short programs that users wrote and reported, each as it was written: what went wrong in them is
 * tested as a kind elsewhere. Those that end or block the program have programs of their own.
 */
import assert from "node:assert/strict";
import { AsyncLocalStorage } from "node:async_hooks";
import { createReadStream } from "node:fs";
import { after, describe, it } from "node:test";
import { move, SystemExit } from "heddle";
import {
  createTask,
  currentTask,
  Event as LoopEvent,
  gather,
  getRunningLoop,
  type Loop,
  run,
  shield,
  sleep,
  taskGroup,
  timeout,
  wait as waitForTasks,
  waitFor,
} from "heddle/asyncio";
import { type Executor, Future, ThreadPoolExecutor } from "heddle/concurrent/futures";
import { ContextVar, copyContext } from "heddle/contextvars";
import { Queue } from "heddle/queue";
import { Event, Lock, Semaphore, Thread, ThreadLocal, Timer } from "heddle/threading";

const pool: Executor = new ThreadPoolExecutor({ maxWorkers: 1 });
const store = new AsyncLocalStorage<string>();

after(() => pool.shutdown());

/** A promise that is not heddle's. */
async function foreign(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}

/** The result, or the name of the error. */
async function outcome(running: PromiseLike<unknown> | (() => unknown)): Promise<unknown> {
  try {
    return await (typeof running === "function" ? running() : running);
  } catch (error) {
    return (error as Error).name;
  }
}

describe("cancellations and time limits that reached no wait", () => {
  it("a limit around a promise that is not heddle's", async () => {
    const limited = run(() =>
      timeout(5, async (limit) => {
        while (!limit.expired()) await foreign(1);
      }),
    );
    assert.equal(await outcome(limited), "TimeoutError");
  });

  it("a race that has left its wait behind", async () => {
    const cancelled = run(async () => {
      const begun = new LoopEvent();
      // More than a few microtasks after the cancellation, which JavaScriptCore takes for its effect.
      let goOn!: () => void;
      const gate = new Promise<void>((resolve) => (goOn = resolve));
      const task = createTask(async () => {
        await Promise.race([sleep(60_000), foreign(1)]);
        begun.set();
        await gate;
        await sleep(0);
        return "not cancelled";
      });
      await begun.wait();
      task.cancel();
      await foreign(1);
      goOn();
      return task;
    });
    assert.equal(await outcome(cancelled), "CancelledError");
  });
});

describe("failures without an error", () => {
  it("of a child of a group", async () => {
    const group = run(() =>
      taskGroup((own) => {
        own.createTask(() => Promise.reject());
        return "all is well";
      }),
    );
    assert.equal(await outcome(group), "ExceptionGroup");
  });

  it("end wait(FIRST_EXCEPTION)", async () => {
    await run(async () => {
      const failing = createTask(() => Promise.reject());
      const other = createTask(sleep(60_000));
      const [done] = await waitForTasks([failing, other], { returnWhen: "FIRST_EXCEPTION" });
      assert.deepEqual([...done], [failing]);
      assert.equal(await outcome(failing.catch(() => "caught")), "caught");
      other.cancel();
    });
  });
});

describe("what is awaited twice", () => {
  it("gives the same, or is refused", async () => {
    const given = ["v", "RuntimeError"];
    await run(async () => {
      const slept = sleep(1, "v");
      assert.equal(await slept, "v");
      assert.ok(given.includes((await outcome(slept)) as string));
      const twice = sleep(1, "v");
      const both = await outcome(Promise.all([twice, twice]));
      assert.ok(["v,v", "RuntimeError"].includes(String(both)), String(both));
      const limited = timeout(60_000, () => sleep(1, "v"));
      const first = limited.then((value) => value);
      assert.ok(given.includes((await outcome(limited)) as string));
      assert.equal(await first, "v");
    });
  });
});

describe("what a program keeps in AsyncLocalStorage", () => {
  const USERS = ["ada", "bob", "cy"];

  it("is there in then", async () => {
    const seen = USERS.map((user) =>
      store.run(user, () => pool.submit((n: number) => n, 1).then(() => store.getStore())),
    );
    assert.deepEqual(await Promise.all(seen), USERS);
  });

  it("is there in runs that overlap", async () => {
    const seen = USERS.map((user) => store.run(user, () => run(async () => store.getStore())));
    assert.deepEqual(await Promise.all(seen), USERS);
  });

  it("is there in a task", async () => {
    const seen = run(async () =>
      store.run("x", async () => await createTask(async () => store.getStore())),
    );
    assert.equal(await seen, "x");
  });
});

it("callbacks do not change the context variables of the code that registers them", async () => {
  await run(async () => {
    const variable = new ContextVar<string>("variable");
    variable.set("mine");
    const change = (): void => void variable.set("other");
    getRunningLoop().callSoon(change);
    getRunningLoop().callLater(0, change);
    const call = pool.submit((n: number) => n, 1);
    call.addDoneCallback(change);
    await call;
    await sleep(1);
    assert.equal(variable.get(), "mine");
  });
});

describe("blocks in async functions", () => {
  it("time limits beside each other end their own waits", async () => {
    const settled = await run(async () =>
      Promise.allSettled([
        timeout(1, () => sleep(60_000, 1)),
        ...[2, 3].map((n) => timeout(60_000, () => sleep(20, n))),
      ]),
    );
    const said = settled.map((each) =>
      each.status === "fulfilled" ? each.value : (each.reason as Error).name,
    );
    assert.deepEqual(said, ["TimeoutError", 2, 3]);
  });

  it("the limit of a race's loser does not end a later wait", async () => {
    const later = run(async () => {
      await Promise.race([timeout(20, () => sleep(60_000)), sleep(1)]);
      return sleep(40, "slept");
    });
    assert.equal(await later, "slept");
  });

  it("a call from before the block goes on", async () => {
    const done = run(async () => {
      const background = (async () => sleep(20, "done"))();
      await timeout(1, () => sleep(60_000)).catch(() => undefined);
      return background;
    });
    assert.equal(await done, "done");
  });
});

describe("values", () => {
  class User {
    readonly #secret = 1;
    save(): number {
      return this.#secret;
    }
  }

  const UNSENDABLE: Readonly<Record<string, () => unknown>> = {
    ReadStream: () => createReadStream("/dev/null"),
    User: () => new User(),
    Future: () => new Future(),
    ThreadPoolExecutor: () => pool,
    Context: () => copyContext(),
    ContextVar: () => new ContextVar("variable"),
    ThreadLocal: () => new ThreadLocal(),
    Headers: () => new Headers(),
    Response: () => new Response("x"),
  };
  for (const [name, make] of Object.entries(UNSENDABLE)) {
    it(`a ${name} is refused by its name`, async () => {
      const sent = pool.submit((value: unknown) => String(value), make());
      const error = (await sent.exception()) as Error;
      assert.equal(error.name, "SendError");
      assert.match(error.message, new RegExp(`args\\[0\\] is (?:an?|the) .*${name}`));
    });
  }

  it("a Buffer arrives as one, with its own bytes", async () => {
    const there = pool.submit(
      (bytes: Uint8Array) => [bytes.constructor.name, bytes.buffer.byteLength],
      Buffer.from("hello"),
    );
    assert.deepEqual(await there, ["Buffer", 5]);
  });

  it("a Buffer of the pool's memory that is moved is refused by its path, or arrives", async () => {
    const sent = pool.submit((value: { bytes: Uint8Array }) => value.bytes.length, {
      bytes: move(Buffer.from("x")),
    });
    const error = await sent.exception();
    if (error === undefined || error === null) assert.equal(await sent, 1);
    else assert.match((error as Error).message, /args\[0\]\.bytes/);
  });

  it("a deep result arrives, or rejects its own call", async () => {
    const deep = pool.submit(() => {
      let nested: { inner?: object } = {};
      for (let depth = 0; depth < 10_000; depth++) nested = { inner: nested };
      return nested;
    });
    const settled = await outcome(deep.then(() => "arrived"));
    assert.ok(settled === "arrived" || settled === "SendError", String(settled));
    assert.equal(await pool.submit((n: number) => n, 1), 1);
  });

  it("an error arrives with all its causes, and with what is circular", async () => {
    const error = await pool
      .submit(() => {
        let cause = new Error("first");
        for (let n = 0; n < 3000; n++) cause = new Error("next", { cause });
        throw Object.assign(cause, { self: cause });
      })
      .exception();
    let count = 0;
    for (let each = error; each instanceof Error; each = each.cause as Error) count++;
    assert.equal(count, 3001);
    assert.equal((error as { self?: unknown }).self, error);
  });
});

describe("rules of Python's", () => {
  it("a SystemExit out of a task ends its run, and no later one", async () => {
    const leave = run(async () => {
      createTask(async () => {
        throw new SystemExit(3);
      });
      await sleep(60_000);
    });
    assert.equal(await outcome(leave), "SystemExit");
    assert.equal(await run(async () => 7), 7);
  });

  it("what a cancelled task had just taken is given back, or is its result", async () => {
    await run(async () => {
      const queue = new Queue<number>();
      queue.putNowait(1);
      const [lock, permits] = [new Lock(), new Semaphore(1)];
      for (const [take, isBack] of [
        [() => queue.get(), () => queue.qsize() === 1],
        [() => lock.acquire(), () => !lock.locked()],
        [() => permits.acquire(), () => permits.acquireSync({ timeout: 0 })],
      ] as const) {
        const task = createTask<unknown>(take());
        await sleep(0);
        task.cancel();
        const result = await outcome(task);
        assert.ok(result !== "CancelledError" || isBack());
      }
    });
  });

  it("a shield's future that fails later is reported once", async () => {
    const reports: string[] = [];
    await run(async () => {
      getRunningLoop().setExceptionHandler((_: Loop, { message }) => void reports.push(message));
      const goOn = new LoopEvent();
      const inner = createTask(async () => {
        await goOn.wait();
        throw new Error("late");
      });
      const outer = [1, 2].map(() => createTask(async () => shield(inner)));
      await sleep(0);
      for (const each of outer) each.cancel();
      await Promise.allSettled(outer);
      goOn.set();
      for (let iteration = 0; iteration < 4; iteration++) await sleep(0);
    });
    assert.equal(reports.length, 1, reports.join("\n"));
  });

  it("a Timer has its function and arguments", () => {
    const timer = new Timer(1, Math.max, [1]);
    assert.deepEqual([timer.function, timer.args, timer.kwargs], [Math.max, [1], {}]);
  });
});

describe("what a JavaScript programmer types first", () => {
  it("catch and finally", async () => {
    let ends = 0;
    const end = (): void => void ends++;
    const failing = pool.submit((message: string) => {
      throw new Error(message);
    }, "no");
    assert.equal(await failing.catch((error: Error) => error.message), "no");
    await pool.map((n: number) => n, [1]).finally(end);
    const thread = new Thread({ target: () => 1 });
    thread.start();
    await thread.finally(end);
    await run(async () => {
      await sleep(0).finally(end);
      await createTask(sleep(0)).finally(end);
    });
    assert.equal(ends, 4);
  });

  it("promises where coroutines belong are refused in words", async () => {
    await run(async () => {
      for (const call of [
        () => waitFor(Promise.resolve(1) as never, 10),
        () => gather([Promise.resolve(1) as never]),
      ])
        await assert.rejects(async () => call(), { name: "TypeError", message: /a promise/ });
    });
  });

  it("the task's signal", () =>
    run(async () => assert.ok(currentTask()?.signal instanceof AbortSignal)));

  it("a signal in place of the options is refused", async () => {
    const signal = AbortSignal.abort() as never;
    for (const wait of [
      () => new Lock().acquire(signal),
      () => new Queue().get(signal),
      () => new Event().wait(signal),
      () => new Lock().acquire(new Map() as never),
      () => new Lock().acquire(Promise.resolve() as never),
    ])
      assert.equal(await outcome(wait), "TypeError");
  });

  it("values that cannot become a string, as messages of cancellations", async () => {
    await run(async () => {
      for (const message of [Object.create(null), Symbol("x")] as const) {
        const task = createTask(sleep(60_000));
        await sleep(0);
        assert.notEqual(await outcome(async () => task.cancel(message)), undefined);
        task.cancel();
        assert.equal(await outcome(task), "CancelledError");
      }
    });
  });

  it("the next run begins without the handler and the debug mode of the last", async () => {
    const settings = async (): Promise<unknown[]> => {
      const loop = getRunningLoop();
      const before = [loop.getExceptionHandler(), loop.getDebug()];
      loop.setExceptionHandler(() => undefined);
      loop.setDebug(true);
      return before;
    };
    assert.deepEqual(await run(settings), [null, false]);
    assert.deepEqual(await run(settings), [null, false]);
  });

  it("more workers than there can be are refused", () => {
    assert.throws(() => new ThreadPoolExecutor({ maxWorkers: 1e7 }), RangeError);
  });
});
