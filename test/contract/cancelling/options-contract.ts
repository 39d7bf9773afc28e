/** What every executor must do that takes options for its calls, however it does it. */
import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { CancelledError, SendError, TimeoutError } from "heddle";
import { type CallOptions, BrokenExecutor, type PoolExecutor } from "heddle/concurrent/futures";
import { Context } from "heddle/contextvars";
import { CallNotes, turn } from "../../support/call-notes.ts";
import { lengthOf, tenant, whoseCall } from "../../support/option-tasks.ts";
import {
  describeCall,
  describeKept,
  exitAfterNote,
  ignoreRequests,
  keepCall,
  noteAndReturn,
  pollUntilAsked,
} from "../../support/stop-tasks.ts";
import { fail, later, square } from "../../support/tasks.ts";

type Make = (options: { maxWorkers: number; onWorkerDeath?: "replace" | "break" }) => PoolExecutor;

/** Long enough for any machine. */
const AMPLE = 600_000;

async function sleep(ms: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, ms));
}

export function optionsContract(name: string, make: Make, blocking: boolean): void {
  describe(`${name}.with(options)`, () => {
    const notes = new CallNotes();
    const pool = make({ maxWorkers: 1 });
    after(async () => {
      await pool.shutdown();
      notes.remove();
    });
    limits(pool, notes, blocking);
    signals(pool, notes);
    surroundings(pool, notes);
    priorities(make, notes);

    it("refuses options that are wrong", () => {
      const refused: [unknown, RegExp][] = [
        [{ timeout: -1 }, /RangeError/],
        [{ timeout: "5" }, /TypeError/],
        [{ deadline: NaN }, /RangeError: .*\.with: "deadline" must be finite, got NaN/],
        [{ signal: {} }, /TypeError: .*\.with: "signal" must be an AbortSignal/],
        [{ grace: -1 }, /RangeError: .*\.with: "grace" must be between 0 and/],
        [{ priority: Infinity }, /RangeError: .*\.with: "priority" must be finite/],
        [{ priority: "high" }, /TypeError: .*\.with: "priority" must be a number/],
        [{ name: 5 }, /TypeError: .*\.with: "name" must be a string/],
        [{ transfer: new ArrayBuffer(8) }, /TypeError: .*\.with: "transfer" must be an array/],
        [{ transfer: [1] }, /TypeError: .*\.with: "transfer"\[0\] must be an object/],
        [{ transfer: [new SharedArrayBuffer(8)] }, /TypeError: .*must not be shared memory/],
        [{ context: new Map() }, /TypeError: .*\.with: "context" must be a Context/],
        [{ timeOut: 5 }, /TypeError: .*\.with: unknown option "timeOut"/],
        [5, /TypeError/],
      ];
      for (const [options, message] of refused)
        assert.throws(() => pool.with(options as CallOptions), message);
    });
  });
}

function limits(pool: PoolExecutor, notes: CallNotes, blocking: boolean): void {
  it("a time limit counts from the start of a call, and not while it waits", async () => {
    const first = await notes.begin(pool, pollUntilAsked);
    const limited = notes.submit(pool.with({ timeout: 500 }), noteAndReturn);
    await sleep(600);
    first.future.cancel({ running: true, grace: AMPLE });
    assert.equal(await limited.future, limited.n);
  });

  it("a call that runs too long fails at once, and is asked to stop: its worker goes on", async () => {
    const limited = notes.submit(pool.with({ timeout: 300, grace: AMPLE }), keepCall);
    const error = await limited.future.exception();
    assert.ok(error instanceof TimeoutError, String(error));
    assert.equal(error.message, "The call ran longer than its time limit of 300 ms");
    assert.match(error.stack ?? "", /call-notes/);
    assert.deepEqual(await pool.submit(describeKept), ["keepCall", true, true, false]);
  });

  it("after the grace its worker is ended; no other call is lost", async () => {
    const brief = pool.with({ timeout: 300, grace: 0, name: "endless" });
    const limited = notes.submit(brief, ignoreRequests);
    const behind = notes.submit(pool, noteAndReturn);
    const error = await limited.future.exception();
    assert.ok(error instanceof TimeoutError, String(error));
    assert.equal(error.message, 'The call "endless" ran longer than its time limit of 300 ms');
    assert.equal(await behind.future, behind.n);
    assert.equal(notes.begun().filter((n) => n === limited.n).length, 1);
    notes.endIgnoring(limited.n);
  });

  it("a deadline stops calls that run, and drops those that wait", async () => {
    const late = pool.with({ deadline: Date.now() - 1 }).submit(square, 3);
    assert.match(String(await late.exception()), /TimeoutError: The deadline had passed/);
    const soon = pool.with({ deadline: Date.now() + 100, grace: AMPLE });
    const running = notes.submit(soon, pollUntilAsked);
    const waiting = notes.submit(soon, noteAndReturn);
    for (const { future } of [running, waiting]) {
      const error = await future.exception();
      assert.equal(String(error), "TimeoutError: The call was not over by its deadline");
    }
    assert.equal(await pool.submit(square, 4), 16);
    assert.equal(notes.begun().includes(waiting.n), false);
  });

  it("what a map calls has them, too", async () => {
    const seen: unknown[] = [];
    await assert.rejects(async () => {
      const brief = pool.with({ timeout: 300, grace: 0 });
      for await (const result of brief.map(
        (n: number) => {
          if (n === 2) for (;;);
          return n * n;
        },
        [1, 2, 3],
      ))
        seen.push(result);
    }, TimeoutError);
    assert.deepEqual(seen, [1]);
    const named = pool
      .with({ name: "mapped" })
      .map(describeCall as (n: number) => unknown, [1, 2], { chunksize: 2 });
    assert.deepEqual(await named, [
      ["mapped", false, false],
      ["mapped", false, false],
    ]);
  });

  if (!blocking) return;
  it("while its owner blocks for it, too", async () => {
    const limited = notes.submit(pool.with({ timeout: 20, grace: 0 }), ignoreRequests);
    assert.throws(() => limited.future.resultSync(), TimeoutError);
    assert.equal(pool.submit(square, 5).resultSync(), 25);
    notes.endIgnoring(limited.n);
  });
}

function signals(pool: PoolExecutor, notes: CallNotes): void {
  it("a signal cancels calls, before they are submitted, while they wait and while they run", async () => {
    const controller = new AbortController();
    const view = pool.with({ signal: controller.signal, grace: AMPLE });
    let listeners = 0;
    const { signal } = controller;
    const [add, remove] = [signal.addEventListener, signal.removeEventListener];
    signal.addEventListener = (...args: Parameters<typeof add>) => {
      listeners++;
      Reflect.apply(add, signal, args);
    };
    signal.removeEventListener = (...args: Parameters<typeof remove>) => {
      listeners--;
      Reflect.apply(remove, signal, args);
    };
    assert.equal(await view.submit(square, 3), 9);
    assert.equal(listeners, 0);
    const running = await notes.begin(view, pollUntilAsked);
    const waiting = notes.submit(view, noteAndReturn);
    assert.equal(listeners, 1);
    // The last that has a time limit takes nothing from those that have a signal.
    assert.equal(pool.with({ timeout: AMPLE }).submit(square, 3).cancel(), true);
    const reason = new Error("the client has gone");
    controller.abort(reason);
    const error = await waiting.future.result().catch((caught: unknown) => caught);
    assert.ok(error instanceof CancelledError);
    assert.equal(error.cause, reason);
    assert.equal(waiting.future.cancelled(), true);
    assert.equal(await running.future, running.n);
    assert.equal(listeners, 0);
    const late = view.submit(square, 3);
    assert.equal(late.cancelled(), true);
    await assert.rejects(async () => view.map(square, [1, 2]), CancelledError);
    assert.equal(await pool.submit(square, 3), 9);
    assert.equal(notes.begun().includes(waiting.n), false);
  });
}

function surroundings(pool: PoolExecutor, notes: CallNotes): void {
  it("a name is what the call, errors and consoles call it", async () => {
    const named = pool.with({ name: "resize" });
    assert.deepEqual(await named.submit(describeCall), ["resize", false, false]);
    assert.deepEqual(await pool.submit(describeCall), ["describeCall", false, false]);
    const lost = notes.submit(named, exitAfterNote);
    assert.match(String(lost.future), /^<Future "resize" (pending|running)>$/);
    const error = await lost.future.exception();
    assert.ok(error instanceof BrokenExecutor);
    assert.match(error.message, /^Cannot finish the call "resize": worker/);
    await assert.rejects(async () => named.submit(fail, "own"), /own/);
    assert.equal(String(named as PoolExecutor), String(pool));
  });

  it("a context is what the call sees of context variables", async () => {
    const context = new Context();
    context.run(() => tenant.set("ada"));
    const inside = pool.with({ context });
    assert.equal(await inside.submit(whoseCall), "ada");
    assert.equal(await pool.submit(whoseCall), "none");
    assert.deepEqual(await inside.map(whoseCall as (n: number) => string, [1, 2]), ["ada", "ada"]);
    context.run(() => tenant.set(new WeakMap() as never));
    assert.ok((await inside.submit(whoseCall).exception()) instanceof SendError);
  });

  it("what is listed is moved where it is an argument", async () => {
    const [moved, kept] = [new Uint8Array(64), new Uint8Array(64)];
    const view = pool.with({ transfer: [moved, kept.buffer] });
    assert.equal(await view.submit(lengthOf, moved), 64);
    assert.deepEqual([moved.length, kept.length], [0, 64]);
    assert.deepEqual(await view.map(lengthOf, [kept, new Uint8Array(8)]), [64, 8]);
    assert.equal(kept.length, 0);
  });
}

function priorities(make: Make, notes: CallNotes): void {
  it("more urgent calls are begun first, and no call waits for ever", async () => {
    const pool = make({ maxWorkers: 1, onWorkerDeath: "break" });
    const urgent = pool.with({ priority: 1000 });
    const hardly = pool.with({ priority: 0.001 });
    const first = await notes.begin(pool, pollUntilAsked);
    const plain = [1, 2, 3].map(() => notes.submit(pool, noteAndReturn));
    await sleep(10);
    // It is worth a wait of a millisecond, and the others have waited for longer.
    const patient = notes.submit(hardly, noteAndReturn);
    const [early, late] = [1, 2].map(() => notes.submit(urgent, noteAndReturn));
    const bytes = new Uint8Array(64);
    const moving = pool.with({ transfer: [bytes] }).submit(lengthOf, bytes);
    assert.equal(bytes.length, 0);
    assert.match(String(pool), /running: 1, queued: 7 /);
    assert.equal(plain[1]?.future.cancel(), true);
    first.future.cancel({ running: true, grace: AMPLE });
    const rest = [early, late, plain[0], plain[2], patient].map((each) => each as typeof patient);
    for (const { future, n } of rest) assert.equal(await future, n);
    assert.deepEqual(
      notes.begun().slice(-rest.length),
      rest.map(({ n }) => n),
    );
    assert.equal(await moving, 64);
    // Its end waits for those that wait.
    const last = [3, 2, 1].map((n) => hardly.submit(later, n));
    await pool.shutdown();
    assert.deepEqual(await Promise.all(last), [6, 4, 2]);
  });

  it("those that wait for a pool that breaks fail, or are cancelled with it", async () => {
    const pool = make({ maxWorkers: 1, onWorkerDeath: "break" });
    const view = pool.with({ priority: 1 });
    const dies = notes.submit(view, exitAfterNote);
    const waiting = view.submit(square, 3);
    assert.ok((await dies.future.exception()) instanceof BrokenExecutor);
    const error = await waiting.exception();
    assert.match(String(error), /Cannot run the call, which had not started: worker/);
    assert.throws(() => view.submit(square, 3), BrokenExecutor);
    await pool.shutdown();

    const other = make({ maxWorkers: 1 });
    const again = other.with({ priority: 1 });
    const first = await notes.begin(again, pollUntilAsked);
    const dropped = again.submit(square, 3);
    const ending = again.shutdown({ cancelFutures: true });
    assert.equal(dropped.cancelled(), true);
    assert.throws(() => again.submit(square, 3), /has been shut down/);
    first.future.cancel({ running: true, grace: AMPLE });
    assert.equal(await first.future, first.n);
    await ending;
    await turn();
  });
}
