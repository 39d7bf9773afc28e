import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { RuntimeError } from "heddle";
import * as processes from "heddle/multiprocessing";
import * as dummy from "heddle/multiprocessing/dummy";
import { ThreadPool } from "heddle/multiprocessing/pool";
import * as queue from "heddle/queue";
import * as threading from "heddle/threading";
import { echoSync } from "../../support/channels-tasks.ts";
import { ChildOfThread } from "../../support/process-classes.ts";

const { activeChildren, currentProcess, Event, JoinableQueue, Lock, Process, Queue } = dummy;

describe("multiprocessing.dummy", () => {
  it("Process: is a thread, and its exit code is 0 once it has ended", async () => {
    const child = new Process({ target: (a: number, b: number) => a + b, args: [40, 2] });
    assert.ok(child instanceof threading.Thread);
    assert.equal(child.exitcode, undefined);
    child.start();
    await child.join();
    assert.equal(child.exitcode, 0);
    assert.equal(await child, 42);
    assert.throws(() => child.start(), RuntimeError);
    assert.equal(child.exitcode, 0);
  });

  it("Process: the exit code is undefined while it runs, and its creator can block for it", () => {
    const gate = new Event();
    const child = new Process({
      target: (open: InstanceType<typeof Event>) => open.waitSync(),
      args: [gate],
    });
    child.start();
    assert.equal(child.exitcode, undefined);
    assert.equal(child.isAlive(), true);
    gate.set();
    child.joinSync();
    assert.equal(child.exitcode, 0);
  });

  it("Process: join throws what the target threw; the exit code is 0 all the same", async () => {
    const child = new Process({
      target: () => {
        throw new RangeError("too far");
      },
    });
    child.start();
    await assert.rejects(async () => child.join(), { name: "RangeError", message: "too far" });
    assert.equal(child.exitcode, 0);
  });

  it("Process: takes the arguments of a process that a thread can have, and no others", () => {
    const child = new Process({
      target: (name: unknown) => name,
      kwargs: { a: 1 },
      name: "n",
      daemon: true,
    });
    assert.deepEqual([child.name, child.daemon], ["n", true]);
    const options = { target: () => 1, cwd: "/" } as object;
    assert.throws(() => new Process(options), /Process: unknown option "cwd"/);
    assert.throws(() => new Process({ context: 1 } as object), /Process: unknown option "context"/);
  });

  it("Process: a subclass overrides run, and is the current process there", async () => {
    const child = new ChildOfThread(20);
    child.start();
    assert.deepEqual(await child, [true, undefined, 21]);
    assert.equal(child.exitcode, 0);
  });

  it("activeChildren: those that this thread has started and that have not ended", async () => {
    const gate = new Event();
    const wait = (open: InstanceType<typeof Event>): number => {
      open.waitSync();
      return dummy.activeChildren().length;
    };
    const children = [1, 2].map(() => new Process({ target: wait, args: [gate] }));
    assert.deepEqual(activeChildren(), []);
    for (const child of children) child.start();
    assert.deepEqual(activeChildren(), children);
    gate.set();
    assert.deepEqual(await Promise.all(children), [0, 0]);
    assert.deepEqual(activeChildren(), []);
  });

  it("currentProcess: the current thread", async () => {
    assert.equal(currentProcess(), threading.currentThread());
    const child = new Process({ target: () => dummy.currentProcess().name, name: "weaver" });
    child.start();
    assert.equal(await child, "weaver");
  });

  it("the other names are those of threads", () => {
    const { Barrier, BoundedSemaphore, Condition, RLock, Semaphore } = threading;
    assert.deepEqual(
      [dummy.Barrier, dummy.BoundedSemaphore, dummy.Condition, dummy.RLock, dummy.Semaphore],
      [Barrier, BoundedSemaphore, Condition, RLock, Semaphore],
    );
    assert.deepEqual(
      [Event, Lock, Queue, JoinableQueue],
      [threading.Event, threading.Lock, queue.Queue, queue.Queue],
    );
    assert.equal(dummy.Pool, ThreadPool);
  });

  it("Pipe: between threads, as between processes", async () => {
    const [ours, theirs] = dummy.Pipe();
    const child = new Process({ target: echoSync, args: [theirs] });
    child.start();
    ours.sendSync("warp");
    assert.equal(ours.recvSync(), "warp");
    await ours.send({ weft: 1 });
    assert.deepEqual(await ours.recv(), { weft: 1 });
    await ours.send(null);
    await child.join();
    ours.close();
    theirs.close();
  });

  it("has the names of multiprocessing that threads can have", () => {
    const common = [
      "Connection",
      "Pipe",
      "Pool",
      "Process",
      "activeChildren",
      "currentProcess",
      "freezeSupport",
    ];
    for (const name of common) assert.ok(name in processes && name in dummy, name);
  });

  for (const [name, { Pool, Process: Child }] of Object.entries({ processes, dummy })) {
    it(`one program for both: ${name}`, async () => {
      const pool = new Pool({ processes: 2 });
      assert.deepEqual(await pool.map((n: number) => n * n, [1, 2, 3]), [1, 4, 9]);
      pool.close();
      await pool.join();
      const child = new Child({ target: (text: string) => text.length, args: ["warp"] });
      child.start();
      await child.join();
      assert.deepEqual([child.exitcode, await child], [0, 4]);
    });
  }

  it("a pool of workers over queues", async () => {
    const [tasks, results, lock] = [new JoinableQueue<number>(), new Queue<number>(), new Lock()];
    const work = (
      from: queue.Queue<number>,
      to: queue.Queue<number>,
      printing: threading.Lock,
    ): void => {
      for (let n = from.getSync(); n >= 0; n = from.getSync()) {
        printing.acquireSync();
        to.putSync(n * n);
        printing.release();
        from.taskDone();
      }
      from.taskDone();
    };
    const workers = [1, 2, 3].map(
      () => new Process({ target: work, args: [tasks, results, lock] }),
    );
    for (const worker of workers) worker.start();
    for (let n = 0; n < 30; n++) await tasks.put(n);
    for (const _ of workers) await tasks.put(-1);
    await tasks.join();
    for (const worker of workers) await worker.join();
    let sum = 0;
    while (!results.empty()) sum += await results.get();
    assert.equal(sum, 8555);
  });
});
