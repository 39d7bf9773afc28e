import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Call } from "../../../build/src/calls/call.js";
import { NotShippableError } from "../../../build/src/errors.js";
import type { AgentKind } from "../../../build/src/pool/agent-kind.js";
import { childProcesses } from "../../../build/src/pool/process-kind.js";
import { messagedThreads, sharingThreads } from "../../../build/src/pool/thread-kinds.js";
import { WorkerPool } from "../../../build/src/pool/worker-pool.js";
import { fail, valueAfter } from "../../support/tasks.ts";

/** A call whose outcome is a promise. */
class PromisedTask extends Call {
  readonly outcome: Promise<unknown>;
  #resolve!: (value: unknown) => void;
  #reject!: (error: unknown) => void;

  constructor() {
    super();
    this.outcome = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  override succeed(value: unknown): void {
    this.#resolve(value);
  }

  override fail(error: unknown): void {
    this.#reject(error);
  }

  override abort(): void {}
}

function submit(pool: WorkerPool, fn: Function, ...args: unknown[]): Promise<unknown> {
  const call = new PromisedTask();
  pool.submit(call, fn, args);
  return call.outcome;
}

async function worker(pool: WorkerPool): Promise<string | undefined> {
  const error = await submit(pool, fail, "x").catch((failure: unknown) => failure as Error);
  return /--- (?:thread|process) "(.+)" ---/.exec((error as Error).stack ?? "")?.[1];
}

const KINDS = {
  "threads that share memory": sharingThreads,
  "threads by message": messagedThreads,
  processes: () =>
    childProcesses((name) => ({
      identity: { name, path: [1], daemon: false },
      ignoresInterrupts: true,
    })),
};

function makePool(kind: keyof typeof KINDS, idleMs: number): WorkerPool {
  return new WorkerPool<never>({
    maxWorkers: 2,
    namePrefix: "shy",
    initializer: undefined,
    kind: KINDS[kind]() as AgentKind<never>,
    idleMs,
    title: undefined,
    onDeath: "break",
  });
}

/** A function that no worker could run, and which calls back when it is looked at. */
function refused(onLook: () => void): Function {
  const free = Math.random();
  const fn = (): number => free;
  return Object.defineProperty(fn, "name", {
    get: () => {
      onLook();
      return "refused";
    },
  });
}

describe("WorkerPool", () => {
  for (const kind of Object.keys(KINDS) as (keyof typeof KINDS)[]) {
    it(`starts its first worker before it looks for the function, and ends it where the call is refused (${kind})`, async () => {
      const pool = makePool(kind, Infinity);
      let isStarted: boolean | undefined;
      const fn = refused(() => (isStarted ??= !pool.isEnded));
      assert.throws(() => void submit(pool, fn), NotShippableError);
      assert.equal(isStarted, true);
      while (!pool.isEnded) await new Promise((resolve) => setTimeout(resolve, 5));
      assert.equal(await worker(pool), "shy_0");
      pool.close();
      await pool.whenEnded();
    });
  }

  for (const kind of Object.keys(KINDS) as (keyof typeof KINDS)[]) {
    it(`ends workers that have been idle for long, and starts them again when needed (${kind})`, async () => {
      const pool = makePool(kind, 20);
      for (let round = 0; round < 3; round++) {
        assert.equal(await worker(pool), "shy_0");
        assert.equal(pool.isEnded, false);
        while (!pool.isEnded) await new Promise((resolve) => setTimeout(resolve, 5));
      }
      pool.close();
      await pool.whenEnded();
    });
  }

  it("ends workers that were idle before, and have been busy for longer than that since", async () => {
    const pool = makePool("threads that share memory", 20);
    assert.equal(await worker(pool), "shy_0");
    assert.equal(await submit(pool, valueAfter, "late", 60), "late");
    assert.equal(pool.isEnded, false);
    while (!pool.isEnded) await new Promise((resolve) => setTimeout(resolve, 5));
    pool.close();
    await pool.whenEnded();
  });
});
