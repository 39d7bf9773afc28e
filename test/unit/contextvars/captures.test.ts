/** What captures the caller's async context, which costs: only what registers a function to be called later. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import * as asyncio from "heddle/asyncio";
import { type Executor, ThreadPoolExecutor, wait } from "heddle/concurrent/futures";
import { Queue } from "heddle/queue";
import { Lock } from "heddle/threading";
import { platform } from "#platform";

function double(n: number): number {
  return 2 * n;
}

let captures = 0;
const pool: Executor = new ThreadPoolExecutor({ maxWorkers: 1 });

const NOTHING: Readonly<Record<string, () => unknown>> = {
  submit: () => void pool.submit(double, 1),
  "await of a call": async () => await pool.submit(double, 1),
  "await of a call, through then and catch without functions": () => pool.submit(double, 1).then(),
  "result()": () => pool.submit(double, 1).result(),
  "await of map": async () => await pool.map(double, [1, 2]),
  "for await over map": async () => {
    for await (const each of pool.map(double, [1, 2])) double(each);
  },
  "wait()": () => wait([pool.submit(double, 1)]),
  "a lock": async () => {
    const lock = new Lock();
    await lock.acquire();
    lock.release();
  },
  "a queue": async () => {
    const queue = new Queue<number>();
    await queue.put(1);
    await queue.get();
  },
};

const IN_A_TASK: Readonly<Record<string, () => unknown>> = {
  "native await": async () => await Promise.resolve(1),
  sleep: async () => asyncio.sleep(0),
  "a queue of asyncio": async () => {
    const queue = new asyncio.Queue<number>();
    await queue.put(1);
    await queue.get();
  },
  "a lock of asyncio": async () => {
    const lock = new asyncio.Lock();
    await lock.acquire();
    lock.release();
  },
};

const ONE: Readonly<Record<string, () => unknown>> = {
  addDoneCallback: () => pool.submit(double, 1).addDoneCallback(() => undefined),
  callSoon: () => asyncio.getRunningLoop().callSoon(() => undefined),
  createTask: () => asyncio.createTask(async () => 1),
};

async function capturesOf(program: () => unknown): Promise<number> {
  const earlier = captures;
  await program();
  return captures - earlier;
}

describe("the caller's async context", () => {
  const { asyncScope } = platform;
  before(async () => {
    await pool.submit(double, 1);
    platform.asyncScope = () => {
      captures += 1;
      return asyncScope();
    };
  });
  after(async () => {
    platform.asyncScope = asyncScope;
    await pool.shutdown();
  });

  for (const [name, program] of Object.entries(NOTHING))
    it(`is not captured by ${name}`, async () => assert.equal(await capturesOf(program), 0));

  for (const [name, program] of Object.entries(IN_A_TASK))
    it(`is not captured in a task by ${name}`, () =>
      asyncio.run(async () => assert.equal(await capturesOf(program), 0)));

  for (const [name, program] of Object.entries(ONE))
    it(`is captured once by ${name}`, () =>
      asyncio.run(async () => assert.equal(await capturesOf(program), 1)));
});
