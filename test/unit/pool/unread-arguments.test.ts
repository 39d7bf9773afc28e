/** Arguments that no worker reads, since it dies before, or cannot load what it needs to read them. */
import assert from "node:assert/strict";
import process from "node:process";
import { after, describe, it } from "node:test";
import { MessageChannel, type MessagePort } from "node:worker_threads";
import { type Future, ThreadPoolExecutor } from "heddle/concurrent/futures";
import { Condition, Lock } from "heddle/threading";
import { program } from "../../../build/src/program/program.js";
import { SharedBlock } from "../../../build/src/program/shared-object.js";
import { addressOf } from "../../../build/src/wire/handles.js";
import { identity, makeGate, openGate, passGate } from "../../support/tasks.ts";
import * as ending from "./fixtures/ends-workers.ts";
import * as sometimes from "./fixtures/ends-some-workers.ts";
import { isFree, isKept, keep, withElsewhere } from "./fixtures/with-locks.ts";
import * as failing from "./fixtures/fails-in-workers.ts";

/** How many handles of an object are on their way. */
function inFlight(object: object): number {
  return new SharedBlock(program(), addressOf(object) as number, false).inFlight;
}

/** It loads a module that awaits at its top level all the same. */
const isBun = process.versions["bun"] !== undefined;

const dead = { name: "BrokenThreadPool" };

/** Arguments with shared objects in them, by the way they take. */
const WAYS: readonly (readonly [how: string, rest: unknown])[] = [
  ["in the call's record", 1],
  ["in the call's block", "x".repeat(500)],
  ["in a message", new Map()],
];

for (const [how, rest] of WAYS) {
  describe(`shared objects in arguments, ${how}`, () => {
    it("are given back by a worker that dies while it loads the function", async () => {
      const pool = new ThreadPoolExecutor({ maxWorkers: 1 });
      const [lock, condition] = [new Lock(), new Condition()];
      await assert.rejects(pool.submit(ending.take, lock, [condition, lock], rest), dead);
      assert.equal(inFlight(lock), 0);
      assert.equal(inFlight(condition), 0);
      // The next worker receives them.
      assert.equal(await pool.submit(isFree, lock, rest), true);
      assert.equal(inFlight(lock), 0);
      await pool.shutdown();
    });

    it("are given back by a call whose function cannot be loaded", async () => {
      const pool = new ThreadPoolExecutor({ maxWorkers: 1 });
      const lock = new Lock();
      await assert.rejects(pool.submit(failing.take, lock, rest), /not here/);
      assert.equal(inFlight(lock), 0);
      await pool.shutdown();
    });

    it("are given back when the pool breaks while a worker loads the function", async () => {
      const pool = new ThreadPoolExecutor({ maxWorkers: 1, onWorkerDeath: "break" });
      const lock = new Lock();
      await assert.rejects(pool.submit(ending.take, lock, rest), dead);
      assert.equal(inFlight(lock), 0);
      await pool.shutdown();
    });
  });
}

describe("arguments that a worker has been handed when it dies", () => {
  it("give back the shared objects in them", async () => {
    const pool = new ThreadPoolExecutor({ maxWorkers: 1 });
    const lock = new Lock();
    // It loads the class once it has the message, and cannot receive anything in it before.
    await assert.rejects(pool.submit(identity, [lock, new ending.Taken(), new Lock()]), dead);
    assert.equal(inFlight(lock), 0);
    assert.equal(await pool.submit(isFree, lock, 1), true);
    await pool.shutdown();
  });
});

/** Resolves when the port has closed; keeps the program alive until then. */
async function closing(port: MessagePort): Promise<void> {
  port.ref();
  await new Promise((resolve) => port.once("close", resolve));
}

// On Deno the end of a port is not told to its other end.
if (process.versions["deno"] === undefined) {
  describe("a port in arguments that no worker reads", () => {
    const ways: readonly (readonly [
      when: string,
      submit: (port: MessagePort) => Future<unknown>,
    ])[] = [
      ["before it asks for them", (port) => pool.submit(ending.take, port)],
      ["when it has been handed them", (port) => pool.submit(identity, [port, new ending.Taken()])],
    ];
    const pool = new ThreadPoolExecutor({ maxWorkers: 1 });
    after(() => pool.shutdown());

    for (const [when, submit] of ways) {
      it(`is closed if the worker dies ${when}`, async () => {
        const { port1, port2 } = new MessageChannel();
        const closed = closing(port1);
        await assert.rejects(submit(port2), dead);
        await closed;
      });
    }

    it("is closed if the call is cancelled", async () => {
      const gate = makeGate();
      const running = pool.submit(passGate, gate, 1);
      const { port1, port2 } = new MessageChannel();
      const closed = closing(port1);
      const call = pool.submit(identity, port2);
      assert.ok(call.cancel());
      await closed;
      openGate(gate);
      await running;
    });
  });
}

describe("a result whose classes take waiting to load", () => {
  it("gives back its shared objects where the caller blocks", async () => {
    const pool = new ThreadPoolExecutor({ maxWorkers: 1 });
    const lock = new Lock();
    let outcome: string;
    // The worker refuses to send the object until it has found the module that exports the class.
    do {
      outcome = String(outcomeSync(pool.submit(withElsewhere, lock)));
    } while (outcome.includes("it takes waiting to find the module"));
    if (!isBun) assert.match(outcome, /^SendError: Cannot receive an instance of Elsewhere/);
    assert.equal(inFlight(lock), 0);
    // One who awaits receives it.
    const [received] = (await pool.submit(withElsewhere, lock)) as [Lock];
    assert.equal(received, lock);
    assert.equal(inFlight(lock), 0);
    await pool.shutdown();
  });
});

function outcomeSync(call: Future<unknown>): unknown {
  try {
    return call.resultSync();
  } catch (error) {
    return error;
  }
}

describe("shared objects in initargs", () => {
  it("are given back by a worker that dies while it loads the initializer", async () => {
    const lock = new Lock();
    const pool = new ThreadPoolExecutor({
      maxWorkers: 1,
      initializer: ending.take,
      initargs: [lock, { lock }],
    });
    await assert.rejects(pool.submit(identity, 1), dead);
    assert.equal(inFlight(lock), 0);
    await pool.shutdown();
  });

  it("are given back by a worker that cannot load the initializer", async () => {
    const lock = new Lock();
    const pool = new ThreadPoolExecutor({
      maxWorkers: 1,
      initializer: failing.take,
      initargs: [lock],
    });
    await assert.rejects(pool.submit(identity, 1), dead);
    assert.equal(inFlight(lock), 0);
    await pool.shutdown();
  });

  it("are given back by a worker that dies while it loads a class in them", async () => {
    const lock = new Lock();
    const pool = new ThreadPoolExecutor({
      maxWorkers: 1,
      initializer: identity,
      initargs: [[lock, new ending.Taken()]],
    });
    await assert.rejects(pool.submit(identity, 1), dead);
    // On Deno its death may be known before the thread has stopped, which may still receive them.
    await pool.shutdown();
    assert.equal(inFlight(lock), 0);
  });

  it("are given back by a worker in whose place another receives them", async () => {
    const lock = new Lock();
    const pool = new ThreadPoolExecutor({
      maxWorkers: 1,
      initializer: sometimes.take,
      initargs: [lock],
    });
    // A thread begins with a copy of the environment; on Deno there is one, and the first survives.
    process.env[sometimes.ENDS] = "1";
    const call = pool.submit(identity, 1);
    delete process.env[sometimes.ENDS];
    assert.equal(await call, 1);
    assert.equal(inFlight(lock), 0);
    await pool.shutdown();
  });

  it("arrive in each of several workers", async () => {
    const lock = new Lock();
    const pool = new ThreadPoolExecutor({ maxWorkers: 2, initializer: keep, initargs: [lock] });
    const kept = await Promise.all([pool.submit(isKept), pool.submit(isKept)]);
    assert.deepEqual(kept, [true, true]);
    await pool.shutdown();
    assert.equal(inFlight(lock), 0);
    assert.ok(lock.acquireSync({ timeout: 0 }));
  });
});
