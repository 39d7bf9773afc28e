/** The shared objects in the arguments of calls: each is counted until a worker has it, or none will. */
import assert from "node:assert/strict";
import process from "node:process";
import { describe, it, mock } from "node:test";
import { type Future, ThreadPoolExecutor } from "heddle/concurrent/futures";
import { Event, Lock } from "heddle/threading";
import { threadChannel } from "../../../build/src/pool/call-codec.js";
import { program } from "../../../build/src/program/program.js";
import { SharedBlock } from "../../../build/src/program/shared-object.js";
import { CALLERS_CODE } from "../../../build/src/shipping/code-lookup.js";
import { addressOf } from "../../../build/src/wire/handles.js";
import { postValue, received, toSend } from "../../../build/src/wire/send.js";
import { server } from "#platform";

/** One whose class this module exports. */
export class Sendable {
  readonly name = "sendable";
}

/** How many handles of an object are on their way. */
function inFlight(object: object): number {
  return new SharedBlock(program(), addressOf(object) as number, false).inFlight;
}

/** Arguments with a lock in them, by the way they take. */
const WITH_LOCK: readonly (readonly [how: string, argument: (lock: Lock) => object])[] = [
  ["in the call's record", (lock) => [lock]],
  ["in the call's block", (lock) => [lock, "x".repeat(500)]],
  ["in a message", (lock) => new Map([["lock", lock]])],
];

/** More calls than a pool has in shared memory. */
const MANY = 2100;

interface Busy {
  readonly pool: ThreadPoolExecutor;
  readonly running: Future<unknown>;
  readonly gate: Event;
}

/** A pool whose worker waits. */
async function busyPool(onWorkerDeath: "replace" | "break" = "replace"): Promise<Busy> {
  const pool = new ThreadPoolExecutor({ maxWorkers: 1, onWorkerDeath });
  const [started, gate] = [new Event(), new Event()];
  const running = pool.submit(
    (hasStarted: Event, mayEnd: Event) => {
      hasStarted.set();
      mayEnd.waitSync();
    },
    started,
    gate,
  );
  await started.wait();
  return { pool, running, gate };
}

async function end({ pool, gate, running }: Busy): Promise<void> {
  gate.set();
  await running;
  await pool.shutdown();
}

for (const [how, argument] of WITH_LOCK) {
  describe(`a shared object in arguments, ${how}`, () => {
    it("is given back by a call that is cancelled before it starts", async () => {
      const busy = await busyPool();
      const lock = new Lock();
      const future = busy.pool.submit(String, argument(lock));
      assert.equal(inFlight(lock), 1);
      assert.ok(future.cancel());
      assert.equal(inFlight(lock), 0);
      await end(busy);
    });

    it("is given back by a cancelled call for which shared memory has had no room", async () => {
      const busy = await busyPool();
      const lock = new Lock();
      const others = Array.from({ length: MANY }, () => busy.pool.submit(String, 1));
      const future = busy.pool.submit(String, argument(lock));
      assert.equal(inFlight(lock), 1);
      assert.ok(future.cancel());
      assert.equal(inFlight(lock), 0);
      await end(busy);
      await Promise.all(others);
    });

    it("is given back by the calls that a shutdown cancels", async () => {
      const busy = await busyPool();
      const lock = new Lock();
      for (let n = 0; n < MANY; n++) busy.pool.submit(String, argument(lock)).catch(() => {});
      assert.equal(inFlight(lock), MANY);
      const closed = busy.pool.shutdown({ cancelFutures: true });
      assert.equal(inFlight(lock), 0);
      busy.gate.set();
      await closed;
    });

    it("is given back by the calls that a pool has not made when it breaks", async () => {
      const { pool, gate } = await busyPool("break");
      const lock = new Lock();
      const death = pool.submit(() => process.exit(3));
      const futures = Array.from({ length: MANY }, () => pool.submit(String, argument(lock)));
      assert.equal(inFlight(lock), MANY);
      gate.set();
      await assert.rejects(death, { name: "BrokenThreadPool" });
      for (const future of futures) await assert.rejects(future, { name: "BrokenThreadPool" });
      assert.equal(inFlight(lock), 0);
      await pool.shutdown();
    });

    it("arrives with a call that is made", async () => {
      const busy = await busyPool();
      const lock = new Lock();
      const futures = Array.from({ length: MANY }, () => busy.pool.submit(String, argument(lock)));
      await end(busy);
      await Promise.all(futures);
      assert.equal(inFlight(lock), 0);
    });
  });
}

describe("a shared object that a worker has when it is killed", () => {
  it("is not on its way for ever", async () => {
    const pool = new ThreadPoolExecutor({ maxWorkers: 2, onWorkerDeath: "break" });
    const [started, never, lock] = [new Event(), new Event(), new Lock()];
    const running = pool.submit(
      (_lock: Lock, hasStarted: Event, mayEnd: Event) => {
        hasStarted.set();
        mayEnd.waitSync();
      },
      lock,
      started,
      never,
    );
    await started.wait();
    const death = pool.submit(() => process.exit(3));
    await assert.rejects(death, { name: "BrokenThreadPool" });
    await assert.rejects(running, { name: "BrokenThreadPool" });
    never.set(); // for runtimes that do not terminate a thread that blocks
    await pool.shutdown();
    assert.equal(inFlight(lock), 0);
  });
});

describe("a shared object in a value that cannot be received", () => {
  const channel = threadChannel(CALLERS_CODE);
  const nowhere = { ...CALLERS_CODE, load: (): string => "its module cannot be loaded" };

  it("is given back wherever it stands", () => {
    const lock = new Lock();
    const instance = new Sendable();
    const values: readonly object[] = [
      [lock, instance],
      [instance, lock],
      new Map([[instance, lock]]),
      [lock, instance, lock, [new Event(), lock]],
    ];
    for (const value of values) {
      const sent = toSend(value, "result", channel);
      assert.equal(inFlight(lock), 1);
      assert.throws(() => received(sent, { ...channel, code: nowhere }), { name: "SendError" });
      assert.equal(inFlight(lock), 0);
    }
  });

  it("is counted until the value has been received", () => {
    const lock = new Lock();
    const sent = toSend([new Sendable(), lock], "result", channel);
    assert.equal(inFlight(lock), 1);
    const later = { ...CALLERS_CODE, load: (): undefined => undefined };
    assert.throws(() => received(sent, { ...channel, code: later }), { name: "SendError" });
    assert.equal(inFlight(lock), 1); // whoever can wait receives it again
    received(sent, channel);
    assert.equal(inFlight(lock), 0);
  });
});

describe("a shared object in initargs", () => {
  it("is given back by a worker that cannot be started", async () => {
    const lock = new Lock();
    const pool = new ThreadPoolExecutor({ maxWorkers: 1, initializer: String, initargs: [[lock]] });
    const { spawn } = server;
    const starts = mock.method(server, "spawn", () => {
      assert.equal(inFlight(lock), 1);
      throw new Error("no thread");
    });
    assert.throws(() => pool.submit(String, 1), /no thread/);
    assert.equal(starts.mock.callCount(), 1);
    assert.equal(inFlight(lock), 0);
    starts.mock.restore();
    assert.equal(server.spawn, spawn);
    assert.equal(await pool.submit(String, 1), "1");
    await pool.shutdown();
    assert.equal(inFlight(lock), 0);
  });
});

describe("a shared object in a value that cannot be sent", () => {
  it("is not counted", async () => {
    const busy = await busyPool();
    const lock = new Lock();
    for (const value of [Symbol("none"), new WeakMap()]) {
      await assert.rejects(busy.pool.submit(String, [lock, value]), { name: "SendError" });
      assert.equal(inFlight(lock), 0);
    }
    await end(busy);
  });

  it("is not counted where only the port refuses the value", () => {
    const lock = new Lock();
    const refusing = {
      postMessage(): never {
        throw new Error("refused");
      },
    };
    const channel = threadChannel(CALLERS_CODE);
    for (const value of [new Map([["lock", lock]]), { lock }]) {
      assert.throws(() => postValue(refusing, value, "item", channel), { name: "SendError" });
      assert.equal(inFlight(lock), 0);
    }
  });
});
