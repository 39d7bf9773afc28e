/** What can be awaited has `catch` and `finally`, as promises have. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import * as asyncio from "heddle/asyncio";
import * as futures from "heddle/concurrent/futures";
import * as threading from "heddle/threading";

const { coroutine, createTask, gather, run, sleep, timeout, toThread, waitFor } = asyncio;

function double(n: number): number {
  if (n < 0) throw new RangeError(`no ${n}`);
  return 2 * n;
}

/** Awaitables whose outcome is `double(n)`, or an array that begins with it; made and used in a task. */
type Making = (
  n: number,
  pool: futures.ThreadPoolExecutor,
) => Pick<Promise<unknown>, "catch"> & { finally(onFinally: () => unknown): Promise<unknown> };

async function doubled(n: number): Promise<number> {
  await sleep(0);
  return double(n);
}

const doubledByGenerator = coroutine(function* (n: number) {
  yield* sleep(0);
  return double(n);
});

const AWAITABLES: Readonly<Record<string, Making>> = {
  "an executor's future": (n, pool) => pool.submit(double, n),
  "a map": (n, pool) => pool.map(double, [n, 1]),
  "a thread": (n) => {
    const thread = new threading.Thread({ target: double, args: [n] });
    thread.start();
    return thread;
  },
  "a future of asyncio": (n) => {
    const future = new asyncio.Future<number>();
    if (n < 0) future.setException(new RangeError(`no ${n}`));
    else future.setResult(double(n));
    return future;
  },
  "a task": (n) => createTask(() => doubled(n)),
  "a coroutine": (n) => doubledByGenerator(n),
  "an operation": (n) => waitFor(() => doubled(n), 60_000),
  gather: (n) => gather([() => doubled(n), sleep(0)]),
  "a block": (n) => new asyncio.Lock().with(() => doubled(n)),
  "a time limit": (n) => timeout(60_000, () => doubled(n)),
  toThread: (n) => toThread(double, n),
};

const first = (value: unknown): unknown => (Array.isArray(value) ? (value as unknown[])[0] : value);

describe("catch and finally", () => {
  for (const [name, make] of Object.entries(AWAITABLES)) {
    it(name, async () => {
      const pool = new futures.ThreadPoolExecutor({ maxWorkers: 1 });
      await run(async () => {
        const calls: string[] = [];
        const note = (text: string) => () => void calls.push(text);

        assert.equal(first(await make(1, pool).catch(note("catch"))), 2);
        assert.equal(first(await make(2, pool).finally(note("finally"))), 4);
        assert.deepEqual(calls, ["finally"]);

        const isExpected = (error: unknown): boolean =>
          error instanceof RangeError && error.message === "no -1";
        assert.equal(await make(-1, pool).catch(isExpected), true);
        await assert.rejects(make(-1, pool).finally(note("again")), isExpected);
        assert.deepEqual(calls, ["finally", "again"]);

        // What it returns is waited for, and replaces the outcome only if it fails.
        const late = async (): Promise<string> => {
          await new Promise((resolve) => setTimeout(resolve, 1));
          calls.push("late");
          return "unused";
        };
        assert.equal(first(await make(3, pool).finally(late)), 6);
        assert.deepEqual(calls, ["finally", "again", "late"]);
        const fail = (): never => {
          throw new TypeError("finally failed");
        };
        await assert.rejects(make(3, pool).finally(fail), TypeError);
        await assert.rejects(make(-1, pool).finally(fail), TypeError);
      });
      await pool.shutdown();
    });
  }

  it("is there wherever then is", () => {
    const classes = Object.entries({ ...asyncio, ...futures, ...threading }).flatMap(
      ([name, value]: [string, unknown]) => {
        const prototype: unknown = typeof value === "function" ? value.prototype : undefined;
        return typeof prototype === "object" && prototype !== null && "then" in prototype
          ? [[name, prototype] as const]
          : [];
      },
    );
    assert.ok(classes.length >= 4);
    for (const [name, prototype] of classes)
      assert.ok("catch" in prototype && "finally" in prototype, name);
  });
});
