/** What every executor must do, whatever its workers are and however work gets to them. */
import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { move, SendError } from "heddle";
import { BrokenExecutor, type Executor } from "heddle/concurrent/futures";
import {
  add,
  exit,
  fail,
  hostile,
  identity,
  later,
  square,
  ValidationError,
} from "../support/tasks.ts";

export function executorContract(
  name: string,
  make: (options: { maxWorkers: number }) => Executor,
): void {
  describe(name, () => {
    const pool = make({ maxWorkers: 2 });
    after(() => pool.shutdown());

    it("runs functions with their arguments", async () => {
      assert.equal(await pool.submit(add, 2, 3), 5);
      assert.equal(await pool.submit(later, 4), 8);
      assert.equal(await pool.submit((text: string) => text.length, "four"), 4);
    });

    it("returns values as structured clone copies them", async () => {
      const values = [
        undefined,
        null,
        -0,
        "ä€𝄞",
        10n ** 30n,
        [1, [2, { three: 3 }]],
        new Map([[{ a: 1 }, new Set([1, "2"])]]),
        new Date(5),
        /re/gi,
        new Uint8Array([1, 2, 3]),
        new Float32Array([1.5]),
        { text: "x".repeat(100_000) },
        Array.from({ length: 3000 }, (_, index) => ({ index })),
      ];
      for (const value of values) assert.deepStrictEqual(await pool.submit(identity, value), value);
      assert.deepStrictEqual(await pool.map(identity, values), values);
    });

    it("copies arguments at the call, so that later changes are not seen", async () => {
      const list = [1];
      const futures = Array.from({ length: 5000 }, () => pool.submit(identity, list));
      list[0] = 2;
      for (const future of futures) assert.deepEqual(await future, [1]);
      const map = new Map([["a", 1]]);
      const future = pool.submit(identity, map);
      map.clear();
      assert.equal((await future).size, 1);
    });

    it("moves what is marked to be moved", async () => {
      const bytes = new Uint8Array(1000).fill(7);
      const returned = await pool.submit(identity, { inside: move(bytes) });
      assert.equal(bytes.length, 0);
      assert.equal(returned.inside.length, 1000);
      assert.equal(await pool.submit((given: Uint8Array) => given.length, new Uint8Array(3)), 3);
    });

    it("moves ports by itself, since they cannot be copied", async () => {
      const { port1, port2 } = new MessageChannel();
      const heard = new Promise((resolve) => {
        port1.addEventListener("message", (event) => resolve((event as MessageEvent).data));
        port1.start();
      });
      await pool.submit(
        (port: InstanceType<typeof MessagePort>) => port.postMessage("hello"),
        port2,
      );
      assert.equal(await heard, "hello");
      port1.close();
    });

    it("shares shared memory", async () => {
      const words = new Int32Array(new SharedArrayBuffer(4));
      await Promise.all(
        [1, 2, 3].map((n) =>
          pool.submit(
            (shared: Int32Array, by: number) => void Atomics.add(shared, 0, by),
            words,
            n,
          ),
        ),
      );
      assert.equal(words[0], 6);
    });

    it("brings errors home with class, fields and cause", async () => {
      const error = await pool.submit(fail, "no").exception();
      assert.ok(error instanceof ValidationError);
      assert.deepEqual([error.message, error.code], ["no", "E_TEST"]);
      assert.ok(error.cause instanceof RangeError);
      assert.match(error.stack ?? "", /--- thread ".+" ---\n.*executor-contract/);
    });

    it("refuses arguments and results that cannot be sent, by name, and goes on", async () => {
      const argument = await pool.submit(identity, { save: () => 1 }).exception();
      assert.ok(argument instanceof SendError);
      assert.equal(argument.path, "args[0].save");
      const result = await pool.submit(() => ({ save: () => 1 })).exception();
      assert.ok(result instanceof SendError);
      assert.match(result.path, /save$/);
      assert.equal(await pool.submit(square, 3), 9);
    });

    for (const kind of [
      "getter in result",
      "proxy in result",
      "message",
      "stack",
      "constructor",
      "name",
      "revoked proxy",
      "no prototype",
      "cycle",
      "symbol",
    ]) {
      it(`survives values that misbehave when they are read: ${kind}`, async () => {
        const outcome = await pool.submit(hostile, kind).then(
          () => "returned",
          (error: unknown) => error,
        );
        assert.notEqual(outcome, "returned");
        assert.equal(outcome instanceof BrokenExecutor, false);
        assert.equal(await pool.submit(square, 3), 9);
      });
    }

    it("does all that was submitted before a shutdown, however much it is", async () => {
      for (let round = 0; round < 5; round++) {
        const own = make({ maxWorkers: 2 });
        const futures = Array.from({ length: 6000 }, (_, n) => own.submit(square, n));
        await own.shutdown();
        assert.ok(futures.every((future) => future.done()));
        assert.equal(await futures.at(-1), 5999 ** 2);
      }
    });

    it("ten thousand tasks with a worker killed in the middle: every future settles and says what died", async () => {
      const own = make({ maxWorkers: 2 });
      const futures = Array.from({ length: 10_000 }, (_, n) =>
        n === 5000 ? own.submit(exit, 9) : own.submit(square, n),
      );
      let results = 0;
      for (const outcome of await Promise.allSettled(futures)) {
        if (outcome.status === "fulfilled") results++;
        else {
          assert.ok(outcome.reason instanceof BrokenExecutor);
          assert.match(outcome.reason.message, /died: it exited with code 9$/);
        }
      }
      assert.ok(results < 10_000);
      assert.throws(() => own.submit(square, 1), BrokenExecutor);
      await own.shutdown();
    });
  });
}
