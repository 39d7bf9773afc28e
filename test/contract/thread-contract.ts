/** What every thread must do, and every process that is used as one. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { RuntimeError } from "heddle";
import { addNumbers, fail, idle, ValidationError, valueAfter } from "../support/tasks.ts";

/** A thread or a process. */
export interface Started extends PromiseLike<unknown> {
  name: string;
  daemon: boolean;
  readonly ident: number | undefined;
  start(): void;
  join(options?: { timeout?: number }): PromiseLike<void>;
  joinSync(options?: { timeout?: number }): void;
  isAlive(): boolean;
}

interface Plan {
  readonly target?: unknown;
  readonly args?: readonly unknown[];
  readonly kwargs?: object;
  readonly name?: string;
  readonly daemon?: boolean;
}

/** @param make Makes one, which has not been started. */
export function threadContract(title: string, make: (plan: Plan) => Started): void {
  const started = (plan: Plan): Started => {
    const thread = make(plan);
    thread.start();
    return thread;
  };

  describe(title, () => {
    it("calls its target with its arguments, and can be awaited, more than once", async () => {
      const thread = started({ target: addNumbers, args: [2, 3] });
      assert.deepEqual([await thread, await thread], [5, 5]);
      await thread.join();
      const other = started({ target: addNumbers, args: [2], kwargs: { plus: 4 } });
      assert.equal(await other, 6);
    });

    it("waits for what its target promises", async () => {
      assert.equal(await started({ target: valueAfter, args: ["late", 20] }), "late");
    });

    it("is alive from its start to its end, and not before or after", async () => {
      const thread = make({ target: valueAfter, args: [1, 20] });
      assert.equal(thread.isAlive(), false);
      thread.start();
      assert.equal(thread.isAlive(), true);
      await thread.join();
      assert.equal(thread.isAlive(), false);
      assert.equal(typeof thread.ident, "number");
    });

    it("throws what its target threw, whole, however it is waited for", async () => {
      for (const wait of [
        async (thread: Started) => thread.join(),
        async (thread: Started) => thread,
        async (thread: Started) => thread.joinSync(),
      ]) {
        const thread = started({ target: fail, args: ["no"] });
        await assert.rejects(wait(thread), (error: unknown) => {
          assert.ok(error instanceof ValidationError);
          assert.deepEqual([error.message, error.code], ["no", "E_TEST"]);
          assert.ok(error.cause instanceof RangeError);
          return true;
        });
        await assert.rejects(async () => thread.join(), ValidationError);
      }
    });

    it("can be blocked for, and waited for a while", async () => {
      const thread = started({ target: valueAfter, args: [1, 200] });
      thread.joinSync({ timeout: 1 });
      await thread.join({ timeout: 1 });
      assert.equal(thread.isAlive(), true);
      thread.joinSync();
      assert.equal(thread.isAlive(), false);
      assert.equal(await thread, 1);
    });

    it("is started once, and joined only then", async () => {
      const thread = make({ target: idle });
      await assert.rejects(async () => thread.join(), RuntimeError);
      assert.throws(() => thread.joinSync(), RuntimeError);
      thread.start();
      assert.throws(() => thread.start(), RuntimeError);
      await thread.join();
      assert.throws(() => thread.start(), RuntimeError);
    });

    it("has a name, which can change, and is a daemon or not, which cannot once it has started", async () => {
      const thread = make({ target: idle, name: "warp", daemon: false });
      assert.deepEqual([thread.name, thread.daemon], ["warp", false]);
      thread.name = "weft";
      thread.daemon = true;
      thread.daemon = false;
      thread.start();
      assert.equal(thread.name, "weft");
      assert.throws(() => (thread.daemon = true), RuntimeError);
      await thread.join();
      assert.notEqual(make({ target: idle }).name, make({ target: idle }).name);
    });

    it("without a target does nothing, and ends", async () => {
      assert.equal(await started({}), undefined);
    });

    it("refuses what it cannot take: options, targets, and arguments that cannot be sent", () => {
      assert.throws(() => make({ tArget: idle } as Plan), TypeError);
      assert.throws(() => make({ target: 5 }), TypeError);
      assert.throws(() => make({ target: idle, daemon: 1 as never }), TypeError);
      const local = Math.random();
      const closure = (): number => local;
      assert.throws(() => make({ target: closure }).start(), { name: "NotShippableError" });
      const unsendable = make({ target: idle, args: [new WeakMap()] });
      assert.throws(() => unsendable.start(), { name: "SendError" });
    });
  });
}
