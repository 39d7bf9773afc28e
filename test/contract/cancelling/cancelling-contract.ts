/** What every executor must do that can stop calls which run, however it does it. */
import assert from "node:assert/strict";
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
  ignoreRequests,
  keepCall,
  noteAndReturn,
  pollSignal,
  pollUntilAsked,
  throwOnceAsked,
} from "../../support/stop-tasks.ts";
import { CallNotes, turn } from "../../support/call-notes.ts";
import { square } from "../../support/tasks.ts";

export interface StopCapabilities {
  /** The caller may block for results. */
  readonly blocking: boolean;
  /** A worker that computes can be ended; otherwise it is abandoned. */
  readonly ends: boolean;
  /** Only what depends on who owns the workers. */
  readonly isBrief?: boolean;
}

type Make = (options: { maxWorkers: number; onWorkerDeath?: "replace" | "break" }) => Executor;

/** Long enough for any machine: what is asked stops at once. */
const AMPLE = 600_000;

/** How the future ended: its value, or its error. */
async function outcomeOf(future: Future<unknown>): Promise<unknown> {
  return future.result().catch((error: unknown) => error);
}

export function cancellingContract(name: string, make: Make, capabilities: StopCapabilities): void {
  describe(`${name}: calls that run are cancelled`, () => {
    const notes = new CallNotes();
    const pool = make({ maxWorkers: 1 });
    after(async () => {
      await pool.shutdown();
      notes.remove();
    });
    const { blocking, ends, isBrief = false } = capabilities;
    if (!isBrief) byThemselves(pool, notes);
    byForce(make, notes, ends);
    if (blocking) whileBlocked(pool, notes);
  });
}

function byThemselves(pool: Executor, notes: CallNotes): void {
  it("by a flag that a loop asks for, whose result then counts", async () => {
    const { future, n } = await notes.begin(pool, pollUntilAsked);
    assert.equal(future.cancel(), false);
    assert.equal(future.cancel({ running: false }), false);
    assert.equal(future.cancel({ running: true, grace: AMPLE }), true);
    assert.equal(future.done(), false);
    assert.equal(await future, n);
    assert.equal(future.cancelled(), false);
    assert.equal(future.cancel({ running: true }), false);
    assert.deepEqual(await pool.submit(describeCall), ["describeCall", false, false]);
  });

  it("by an error, if the call lets it out; another one is the call's own", async () => {
    for (const fn of [throwOnceAsked, awaitSignal, awaitTimer]) {
      const { future } = await notes.begin(pool, fn);
      const seen: unknown[] = [];
      future.addDoneCallback((done) => seen.push(done.cancelled()));
      assert.equal(future.cancel({ running: true, grace: AMPLE }), true);
      assert.ok((await outcomeOf(future)) instanceof CancelledError);
      assert.equal(future.cancelled(), true);
      assert.deepEqual(seen, [true]);
      assert.equal(future.cancel({ running: true }), true);
    }
    const { future, n } = await notes.begin(pool, failOnceAsked);
    assert.equal(future.cancel({ running: true, grace: AMPLE }), true);
    const error = await outcomeOf(future);
    assert.ok(error instanceof RangeError);
    assert.equal(error.message, `stopped at ${n}`);
    assert.equal(future.cancelled(), false);
  });

  it("by a signal, of which a loop that never awaits learns, too", async () => {
    const { future } = await notes.begin(pool, pollSignal);
    assert.equal(future.cancel({ running: true, grace: AMPLE }), true);
    assert.deepEqual(await future, ["pollSignal", true, "CancelledError"]);
  });

  it("and the next call of the worker is not asked; what one kept is about itself", async () => {
    const { future, n } = await notes.begin(pool, keepCall);
    const behind = pool.submit(describeKept);
    assert.equal(future.cancel({ running: true, grace: AMPLE }), true);
    assert.equal(await future, n);
    assert.deepEqual(await behind, ["keepCall", true, true, false]);
    // So many that each place in shared memory has another call.
    const many = Array.from({ length: 2100 }, (_, each) => each);
    assert.deepEqual(
      await Promise.all(many.map((each) => pool.submit(square, each))),
      many.map((each) => each * each),
    );
  });

  it("unless they have not begun: then they never do", async () => {
    const { future } = await notes.begin(pool, pollUntilAsked);
    const queued = notes.submit(pool, noteAndReturn);
    const last = notes.submit(pool, noteAndReturn);
    assert.equal(queued.future.cancel({ running: true, grace: 0 }), true);
    future.cancel({ running: true, grace: AMPLE });
    assert.ok((await outcomeOf(queued.future)) instanceof CancelledError);
    assert.equal(queued.future.cancelled(), true);
    assert.equal(await last.future, last.n);
    assert.equal(notes.begun().includes(queued.n), false);
  });

  it("and one that dies meanwhile fails with its worker", async () => {
    const n = notes.next();
    const dies = (file: string, each: number): void => {
      pollUntilAsked(file, each);
      process.exit(7);
    };
    const future = pool.submit(dies, notes.file, n) as Future<unknown>;
    await notes.untilBegun(n);
    future.cancel({ running: true, grace: AMPLE });
    const error = await outcomeOf(future);
    assert.ok(error instanceof BrokenExecutor, String(error));
    assert.match(error.message, /exited with code 7$/);
    assert.equal(await pool.submit(square, 3), 9);
  });

  it("at the earliest end of several graces; never, if it has none", async () => {
    const { future, n } = await notes.begin(pool, ignoreRequests);
    assert.equal(future.cancel({ running: true, grace: Infinity }), true);
    assert.equal(future.cancel({ running: true, grace: AMPLE }), true);
    await turn();
    assert.equal(future.done(), false);
    assert.equal(future.cancel({ running: true, grace: 1 }), true);
    assert.equal(future.cancel({ running: true, grace: AMPLE }), true);
    assert.ok((await outcomeOf(future)) instanceof CancelledError);
    notes.endIgnoring(n);
    const patient = await notes.begin(pool, ignoreRequests);
    assert.equal(patient.future.cancel({ running: true, grace: Infinity }), true);
    notes.endIgnoring(patient.n);
    assert.equal(await patient.future, patient.n);
  });
}

function byForce(make: Make, notes: CallNotes, ends: boolean): void {
  it("by the end of their worker, once their grace is over; no other call is lost or run twice", async () => {
    const pool = make({ maxWorkers: 1, onWorkerDeath: "break" });
    // As many in a row as deaths in vain that break a pool.
    const endless = [
      notes.submit(pool, ignoreAndAwait),
      ...twice(() => notes.submit(pool, ignoreRequests)),
    ];
    const behind = [1, 2, 3, 4, 5].map(() => notes.submit(pool, noteAndReturn));
    for (const [index, { future, n }] of endless.entries()) {
      await notes.untilBegun(n);
      const startMs = performance.now();
      const grace = index === 0 ? 50 : 0;
      assert.equal(future.cancel({ running: true, grace }), true);
      const error = await outcomeOf(future);
      assert.ok(error instanceof CancelledError);
      assert.ok(performance.now() - startMs >= grace - 2);
      assert.match(error.message, new RegExp(`did not stop within ${grace} ms`));
      assert.match(error.message, ends ? /has been ended$/ : /has been abandoned/);
      assert.equal(future.cancelled(), true);
    }
    for (const { future, n } of behind) assert.equal(await future, n);
    for (const { n } of [...endless, ...behind]) {
      assert.equal(notes.begun().filter((other) => other === n).length, 1, `call ${n}`);
    }
    // Also while the pool shuts down, which then ends.
    const last = await notes.begin(pool, ignoreRequests);
    const afterIt = pool.submit(square, 4);
    const ending = pool.shutdown();
    assert.equal(last.future.cancel({ running: true, grace: 1 }), true);
    assert.ok((await outcomeOf(last.future)) instanceof CancelledError);
    assert.equal(await afterIt, 16);
    await ending;
    for (const { n } of [...endless, last]) notes.endIgnoring(n);
  });
}

function whileBlocked(pool: Executor, notes: CallNotes): void {
  it("also where their owner blocks for them as soon as it has asked", async () => {
    // The first time nothing has blocked for the worker; later, something has.
    for (let round = 0; round < 2; round++) {
      const { future, n } = await notes.begin(pool, pollUntilAsked);
      future.cancel({ running: true, grace: AMPLE });
      assert.equal(future.resultSync(), n);
    }
    for (const grace of [0, 20]) {
      const { future, n } = await notes.begin(pool, ignoreRequests);
      const behind = pool.submit(square, 5);
      future.cancel({ running: true, grace });
      assert.throws(() => future.resultSync(), CancelledError);
      assert.equal(behind.resultSync(), 25);
      notes.endIgnoring(n);
    }
  });
}

function twice<T>(make: () => T): T[] {
  return [make(), make()];
}
