/** What every executor must do that can stop calls which run, however it does it. */
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { CancelledError } from "heddle";
import { BrokenExecutor, type Executor, type Future } from "heddle/concurrent/futures";
import {
  awaitSignal,
  awaitTimer,
  describeCall,
  describeKept,
  failOnceAsked,
  ignoreAndAwait,
  ignoreUntil,
  keepCall,
  noteAndReturn,
  pollSignal,
  pollUntilAsked,
  throwOnceAsked,
} from "../../support/stop-tasks.ts";
import { square } from "../../support/tasks.ts";

export interface StopCapabilities {
  /** The caller may block for results. */
  readonly blocking: boolean;
  /** A worker that computes can be ended; otherwise it is abandoned. */
  readonly ends: boolean;
}

type Make = (options: { maxWorkers: number; onWorkerDeath?: "replace" | "break" }) => Executor;

/** Long enough for any machine: what is asked stops at once. */
const AMPLE = 600_000;

async function turn(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 1));
}

/** How the future ended: its value, or its error. */
async function outcomeOf(future: Future<unknown>): Promise<unknown> {
  return future.result().catch((error: unknown) => error);
}

export function cancellingContract(name: string, make: Make, capabilities: StopCapabilities): void {
  describe(`${name}: calls that run are cancelled`, () => {
    const folder = mkdtempSync(join(tmpdir(), "heddle-"));
    const notes = join(folder, "notes");
    const stop = join(folder, "stop");
    after(() => rmSync(folder, { recursive: true, force: true }));
    let count = 0;

    /** Which calls have begun. */
    const begun = (): number[] =>
      existsSync(notes)
        ? readFileSync(notes, "utf8")
            .split("\n")
            .filter((line) => line !== "")
            .map(Number)
        : [];

    /** Submits a call that notes its number, and resolves once it has begun. */
    async function begin(
      pool: Executor,
      fn: (file: string, n: number) => unknown,
    ): Promise<{ future: Future<unknown>; n: number }> {
      const n = count++;
      const future = pool.submit(fn, notes, n);
      while (!begun().includes(n)) await turn();
      return { future, n };
    }

    async function beginIgnoring(pool: Executor): Promise<{ future: Future<unknown>; n: number }> {
      const n = count++;
      const future = pool.submit(ignoreUntil, stop, notes, n) as Future<unknown>;
      while (!begun().includes(n)) await turn();
      return { future, n };
    }

    it("by a flag that a loop asks for, whose result then counts", async () => {
      const pool = make({ maxWorkers: 1 });
      const { future, n } = await begin(pool, pollUntilAsked);
      assert.equal(future.cancel(), false);
      assert.equal(future.cancel({ running: false }), false);
      assert.equal(future.cancel({ running: true, grace: AMPLE }), true);
      assert.equal(future.done(), false);
      assert.equal(await future, n);
      assert.equal(future.cancelled(), false);
      assert.equal(future.cancel({ running: true }), false);
      assert.deepEqual(await pool.submit(describeCall), ["describeCall", false, false]);
      await pool.shutdown();
    });

    it("by an error, if the call lets it out; another one is the call's own", async () => {
      const pool = make({ maxWorkers: 1 });
      for (const fn of [throwOnceAsked, awaitSignal, awaitTimer]) {
        const { future } = await begin(pool, fn);
        const seen: unknown[] = [];
        future.addDoneCallback((done) => seen.push(done.cancelled()));
        assert.equal(future.cancel({ running: true, grace: AMPLE }), true);
        assert.ok((await outcomeOf(future)) instanceof CancelledError);
        assert.equal(future.cancelled(), true);
        assert.deepEqual(seen, [true]);
        assert.equal(future.cancel({ running: true }), true);
      }
      const { future, n } = await begin(pool, failOnceAsked);
      assert.equal(future.cancel({ running: true, grace: AMPLE }), true);
      const error = await outcomeOf(future);
      assert.ok(error instanceof RangeError);
      assert.equal(error.message, `stopped at ${n}`);
      assert.equal(future.cancelled(), false);
      await pool.shutdown();
    });

    it("by a signal, of which a loop that never awaits learns, too", async () => {
      const pool = make({ maxWorkers: 1 });
      const { future } = await begin(pool, pollSignal);
      assert.equal(future.cancel({ running: true, grace: AMPLE }), true);
      assert.deepEqual(await future, ["pollSignal", true, "CancelledError"]);
      await pool.shutdown();
    });

    it("and the next call of the worker is not asked; what one kept is about itself", async () => {
      const pool = make({ maxWorkers: 1 });
      const { future, n } = await begin(pool, keepCall);
      const behind = pool.submit(describeKept);
      assert.equal(future.cancel({ running: true, grace: AMPLE }), true);
      assert.equal(await future, n);
      assert.deepEqual(await behind, ["keepCall", true, true, false]);
      await pool.shutdown();
    });

    it("unless they have not begun: then they never do", async () => {
      const pool = make({ maxWorkers: 1 });
      const { future } = await begin(pool, pollUntilAsked);
      const [first, second] = [count++, count++];
      const queued = pool.submit(noteAndReturn, notes, first);
      const last = pool.submit(noteAndReturn, notes, second);
      assert.equal(queued.cancel({ running: true, grace: 0 }), true);
      future.cancel({ running: true, grace: AMPLE });
      assert.ok((await outcomeOf(queued)) instanceof CancelledError);
      assert.equal(queued.cancelled(), true);
      assert.equal(await last, second);
      assert.equal(begun().includes(first), false);
      await pool.shutdown();
    });

    it("by the end of their worker, once their grace is over; no other call is lost or run twice", async () => {
      const pool = make({ maxWorkers: 1, onWorkerDeath: "break" });
      // More in a row than deaths in vain that break a pool.
      for (let round = 0; round < 5; round++) {
        const { future, n } =
          round % 2 === 0 ? await begin(pool, ignoreAndAwait) : await beginIgnoring(pool);
        const numbers = Array.from({ length: 20 }, () => count++);
        const behind = numbers.map((each) => pool.submit(noteAndReturn, notes, each));
        const startMs = performance.now();
        const grace = round === 0 ? 50 : 0;
        assert.equal(future.cancel({ running: true, grace }), true);
        const error = await outcomeOf(future);
        assert.ok(error instanceof CancelledError);
        assert.ok(performance.now() - startMs >= grace - 2);
        assert.match(error.message, new RegExp(`did not stop within ${grace} ms`));
        assert.match(error.message, capabilities.ends ? /has been ended$/ : /has been abandoned/);
        assert.equal(future.cancelled(), true);
        assert.deepEqual(await Promise.all(behind), numbers);
        for (const each of [n, ...numbers]) {
          assert.equal(begun().filter((other) => other === each).length, 1, `call ${each}`);
        }
      }
      assert.equal(await pool.submit(square, 3), 9);
      await pool.shutdown();
      writeFileSync(stop, "");
    });

    it("at the earliest end of several graces; never, if it has none", async () => {
      rmSync(stop, { force: true });
      const pool = make({ maxWorkers: 2 });
      const { future } = await beginIgnoring(pool);
      assert.equal(future.cancel({ running: true, grace: Infinity }), true);
      assert.equal(future.cancel({ running: true, grace: AMPLE }), true);
      assert.equal(await pool.submit(square, 3), 9);
      assert.equal(future.done(), false);
      assert.equal(future.cancel({ running: true, grace: 1 }), true);
      assert.equal(future.cancel({ running: true, grace: AMPLE }), true);
      assert.ok((await outcomeOf(future)) instanceof CancelledError);
      const patient = await beginIgnoring(pool);
      assert.equal(patient.future.cancel({ running: true, grace: Infinity }), true);
      writeFileSync(stop, "");
      assert.equal(await patient.future, patient.n);
      await pool.shutdown();
    });

    it("also while the pool shuts down, which then ends", async () => {
      rmSync(stop, { force: true });
      const pool = make({ maxWorkers: 1 });
      const { future } = await beginIgnoring(pool);
      const behind = pool.submit(square, 4);
      const ending = pool.shutdown();
      assert.equal(future.cancel({ running: true, grace: 1 }), true);
      assert.ok((await outcomeOf(future)) instanceof CancelledError);
      assert.equal(await behind, 16);
      await ending;
      writeFileSync(stop, "");
    });

    it("and one that dies meanwhile fails with its worker", async () => {
      const pool = make({ maxWorkers: 1 });
      const n = count++;
      const future = pool.submit(
        (file: string, each: number) => {
          pollUntilAsked(file, each);
          process.exit(7);
        },
        notes,
        n,
      ) as Future<unknown>;
      while (!begun().includes(n)) await turn();
      future.cancel({ running: true, grace: AMPLE });
      const error = await outcomeOf(future);
      assert.ok(error instanceof BrokenExecutor, String(error));
      assert.match(error.message, /exited with code 7$/);
      assert.equal(await pool.submit(square, 3), 9);
      await pool.shutdown();
    });

    if (capabilities.blocking) {
      it("also while their owner blocks for them", async () => {
        rmSync(stop, { force: true });
        const pool = make({ maxWorkers: 1 });
        const { future } = await beginIgnoring(pool);
        const behind = pool.submit(square, 5);
        future.cancel({ running: true, grace: 20 });
        assert.throws(() => future.resultSync(), CancelledError);
        assert.equal(behind.resultSync(), 25);
        await pool.shutdown();
        writeFileSync(stop, "");
      });

      it("and where it blocks as soon as it has asked", async () => {
        rmSync(stop, { force: true });
        const pool = make({ maxWorkers: 1 });
        const { future } = await beginIgnoring(pool);
        future.cancel({ running: true, grace: 0 });
        assert.throws(() => future.resultSync(), CancelledError);
        assert.equal(pool.submit(square, 6).resultSync(), 36);
        // Once while nothing has blocked for its worker, and once when that has.
        for (let round = 0; round < 2; round++) {
          const polling = await begin(pool, pollUntilAsked);
          polling.future.cancel({ running: true, grace: AMPLE });
          assert.equal(polling.future.resultSync(), polling.n);
        }
        await pool.shutdown();
        writeFileSync(stop, "");
      });
    }
  });
}
