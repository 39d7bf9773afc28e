import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { DeadlockError, ProcessDiedError, TimeoutError } from "heddle";
import { BrokenProcessPool, ProcessPoolExecutor } from "heddle/concurrent/futures";
import { getContext, Pipe, Pool, Process } from "heddle/multiprocessing";
import { Lock, Thread } from "heddle/threading";
import { echoSync, sendLate } from "../../support/channels-tasks.ts";
import { captureErrorOutputWhile } from "../../support/error-output.ts";
import { compute, pid } from "../../support/processes.ts";
import { exit, square, valueAfter } from "../../support/tasks.ts";

const fail = (): never => {
  throw new RangeError("too far");
};

/** Starts a process and blocks for it, in whatever thread this runs. */
const startAndJoin = (n: number): number | undefined => {
  const child = new Process({ target: (x: number) => x * x, args: [n] });
  child.start();
  child.joinSync();
  return child.exitcode;
};

/** Whether a process tells its id directly after its start, and the right one. */
const hasOwnPid = async (): Promise<boolean> => {
  const child = new Process({ target: pid });
  child.start();
  const known = child.pid;
  return known === (await child);
};

/** The same for a pipe: nothing of this thread turns between the start and the answer. */
const askAtOnce = (n: number): unknown => {
  const [ours, theirs] = Pipe();
  const child = new Process({ target: echoSync, args: [theirs] });
  child.start();
  ours.sendSync(n);
  const answer = ours.recvSync();
  ours.sendSync(null);
  child.joinSync();
  return answer;
};

describe("blocking for processes", () => {
  it("joinSync waits for the end of a process that has just been started", async () => {
    const child = new Process({ target: square, args: [7] });
    child.start();
    child.joinSync();
    assert.deepEqual([child.exitcode, child.isAlive()], [0, false]);
    assert.equal(await child, 49);
    child.joinSync();
  });

  it("joinSync throws what the target threw, which is not printed", async () => {
    const printed = await captureErrorOutputWhile(async () => {
      const child = new Process({ target: fail });
      child.start();
      assert.throws(() => child.joinSync(), { name: "RangeError", message: "too far" });
      assert.equal(child.exitcode, 1);
    });
    assert.equal(printed, "");
  });

  it("joinSync has a timeout, and sees a process that is killed", () => {
    const child = new Process({ target: compute });
    child.start();
    child.joinSync({ timeout: 20 });
    assert.equal(child.isAlive(), true);
    child.kill();
    child.joinSync();
    assert.equal(child.exitcode, -9);
  });

  it("joinSync of a process that cannot be started throws why", () => {
    const child = new Process({ target: compute, cwd: "/no/such/directory" });
    child.start();
    assert.throws(() => child.joinSync(), ProcessDiedError);
  });

  it("the process id is known directly after the start, also in a thread", async () => {
    const child = new Process({ target: pid });
    assert.equal(child.pid, undefined);
    child.start();
    const known = child.pid;
    assert.equal(typeof known, "number");
    assert.match(String(child), new RegExp(`started ${known}\\)>$`));
    const thread = new Thread({ target: hasOwnPid });
    thread.start();
    assert.equal(await child, known);
    assert.equal(await thread, true);
    const lost = new Process({ target: pid, cwd: "/no/such/directory" });
    lost.start();
    assert.deepEqual([lost.pid, lost.ident], [undefined, undefined]);
    await assert.rejects(lost.join(), ProcessDiedError);
  });

  it("a process that has been started answers a thread that blocks at once", async () => {
    assert.equal(askAtOnce(5), 5);
    assert.equal(startAndJoin(3), 0);
    const asking = new Thread({ target: askAtOnce, args: [6] });
    asking.start();
    assert.equal(await asking, 6);
    const joining = new Thread({ target: startAndJoin, args: [4] });
    joining.start();
    assert.equal(await joining, 0);
  });

  it("waits that no thread can end are refused, though processes and pipes are there", async () => {
    const [ours] = Pipe();
    await ours.send(1);
    const child = new Process({ target: pid });
    child.start();
    child.joinSync();
    const lock = new Lock();
    lock.acquireSync();
    assert.throws(() => lock.acquireSync(), DeadlockError);
    // A wait for another process is no such wait, however long it takes.
    const [late, sender] = Pipe();
    const sending = new Process({ target: sendLate, args: [sender] });
    sending.start();
    assert.equal(late.recvSync(), "late");
    sending.joinSync();
  });

  it("getSync and waitSync give the results of a pool", async () => {
    const pool = new Pool({ processes: 2 });
    assert.equal(pool.applyAsync(square, [3]).getSync(), 9);
    assert.deepEqual(pool.mapAsync(square, [1, 2, 3, 4, 5]).getSync(), [1, 4, 9, 16, 25]);
    assert.throws(() => pool.applyAsync(fail).getSync(), RangeError);
    const slow = pool.applyAsync(valueAfter, ["late", 60_000]);
    assert.throws(() => slow.getSync({ timeout: 20 }), TimeoutError);
    slow.waitSync({ timeout: 1 });
    assert.equal(slow.ready(), false);
    pool.terminate();
    await slow.catch(() => undefined);
    await pool.join();
  });

  it("an executor with a context can block for results, for maps and for its end; so can others for results", async () => {
    const pool = new ProcessPoolExecutor({ maxWorkers: 2, mpContext: getContext() });
    assert.equal(pool.submit(square, 5).resultSync(), 25);
    assert.deepEqual([...pool.mapSync(square, [1, 2, 3])], [1, 4, 9]);
    assert.throws(() => pool.submit(exit, 3).resultSync(), BrokenProcessPool);
    assert.equal(pool.submit(square, 6).resultSync(), 36);
    assert.equal(await pool.submit(square, 7), 49);
    pool.shutdownSync();
    const other = new ProcessPoolExecutor({ maxWorkers: 1 });
    assert.notEqual(other.submit(pid).resultSync(), pid());
    await other.shutdown();
  });
});
