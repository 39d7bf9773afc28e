/** The stacks of heddle's errors name a line of the user's: where the function was called, or is awaited. */
import assert from "node:assert/strict";
import { after, afterEach, describe, it } from "node:test";
import { TimeoutError } from "heddle";
import { createTask, run, sleep } from "heddle/asyncio";
import {
  cleanUp,
  end,
  IN_ASYNC_FUNCTIONS,
  IN_GENERATORS,
  inTask,
  OUTSIDE_TASKS,
} from "../support/stack-cases.ts";

const LINE = /stack-cases\.[jt]s:\d+/;

async function errorOf(program: () => unknown): Promise<Error> {
  try {
    await program();
  } catch (error) {
    assert.ok(error instanceof Error);
    return error;
  }
  throw new Error("It did not fail");
}

async function check(title: string, program: () => unknown): Promise<void> {
  const error = await errorOf(program);
  assert.equal(error.name, title.split(" ")[0], error.stack);
  assert.match(error.stack ?? "", LINE);
}

after(end);

describe("the stack of an error outside of tasks", () => {
  afterEach(cleanUp);
  for (const [title, program] of Object.entries(OUTSIDE_TASKS))
    it(title, async () => check(title, program));
});

describe("the stack of an error in an async function's task", () => {
  afterEach(cleanUp);
  for (const [title, program] of Object.entries(IN_ASYNC_FUNCTIONS))
    it(title, async () => check(title, () => inTask(program)));
});

describe("the stack of an error in a generator's task", () => {
  afterEach(cleanUp);
  for (const [title, program] of Object.entries(IN_GENERATORS))
    it(title, async () => check(title, () => inTask(program)));
});

describe("an error of the user's", () => {
  it("keeps its stack, also if it is of one of heddle's classes", async () => {
    const own = new TimeoutError("the user's");
    const { stack } = own;
    const seen = await run(async () => {
      const task = createTask(async () => {
        await sleep(0);
        throw own;
      });
      return errorOf(() => task);
    });
    assert.equal(seen, own);
    assert.equal(seen.stack, stack);
  });

  it("may be given another stack", async () => {
    const error = await errorOf(() => inTask(IN_ASYNC_FUNCTIONS["TimeoutError waitFor"]!));
    error.stack = "another";
    assert.equal(error.stack, "another");
  });
});
