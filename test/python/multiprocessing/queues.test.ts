import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { OSError, SendError, TimeoutError } from "heddle";
import { JoinableQueue, Pipe, Process, Queue, SimpleQueue } from "heddle/multiprocessing";
import { Empty, Full } from "heddle/multiprocessing/queues";
import { passOn, putRange, sendOwnQueue, work } from "../../support/channels-tasks.ts";

function started<A extends readonly unknown[]>(
  target: (...args: A) => unknown,
  ...args: A
): Process<unknown, A> {
  const child = new Process({ target, args });
  child.start();
  return child;
}

describe("multiprocessing queues", () => {
  it("MP-022 Process: a child may pass the queue that it has received on to its own child", async () => {
    const queue = new Queue();
    const child = started(passOn, queue);
    assert.deepEqual(await queue.get(), ["grandchild", 0]);
    await child.join();
  });

  it("MP-025 mp Queue: items come out in order; Empty is thrown at once without waiting, and after the timeout", async () => {
    const queue = new Queue<number>();
    for (const n of [1, 2, 3, 4]) await queue.put(n);
    assert.deepEqual(
      [await queue.get(), queue.getSync(), queue.getNowait(), await queue.get({ timeout: 0 })],
      [1, 2, 3, 4],
    );
    assert.throws(() => queue.getNowait(), Empty);
    assert.throws(() => queue.getSync({ timeout: 5 }), Empty);
    await assert.rejects(queue.get({ timeout: 0 }), Empty);
    await assert.rejects(queue.get({ timeout: 5 }), Empty);
  });

  it("MP-026 mp Queue: what several processes put arrives whole, in order for each", async () => {
    const queue = new Queue<readonly [string, number]>();
    const names = ["a", "b", "c"];
    const children = names.map((name) => started(putRange, queue as Queue, name, 50));
    const putting = putRange(queue, "own", 50);
    const got: (readonly [string, number])[] = [];
    while (got.length < 200) got.push(await queue.get());
    for (const name of [...names, "own"]) {
      const numbers = got.filter(([from]) => from === name).map(([, n]) => n);
      assert.deepEqual(
        numbers,
        Array.from({ length: 50 }, (_, n) => n),
      );
    }
    await putting;
    for (const child of children) await child.join();
    assert.equal(queue.empty(), true);
  });

  it("MP-026 mp Queue: small and large items keep their order, also more at once than its memory holds", async () => {
    const queue = new Queue<Uint8Array>();
    const lengths = Array.from({ length: 6000 }, (_, n) => (n % 97 === 0 ? 40_000 : n % 200));
    for (const [n, length] of lengths.entries()) {
      queue.putNowait(new Uint8Array(length).fill(n));
    }
    const child = started(putRange, queue as Queue, "child", 1);
    for (const [n, length] of lengths.entries()) {
      const item = n % 2 === 0 ? queue.getSync() : await queue.get();
      assert.deepEqual([item.length, item[0] ?? n % 256], [length, n % 256]);
    }
    assert.deepEqual(await queue.get(), ["child", 0]);
    await child.join();
  });

  it("MP-028 mp Queue: JoinableQueue.join returns once four workers have marked ten items done", async () => {
    const tasks = new JoinableQueue<number | null>();
    const results = new SimpleQueue<number>();
    const workers = [1, 2, 3, 4].map(() => started(work, tasks, results as SimpleQueue));
    for (let n = 0; n < 10; n++) await tasks.put(n);
    await tasks.join();
    let sum = 0;
    for (let n = 0; n < 10; n++) sum += await results.get();
    assert.equal(sum, 90);
    for (const _ of workers) await tasks.put(null);
    tasks.joinSync();
    for (const worker of workers) await worker.join();
    assert.throws(() => tasks.taskDone(), RangeError);
    await tasks.put(1);
    await assert.rejects(tasks.join({ timeout: 5 }), TimeoutError);
    assert.throws(() => tasks.joinSync({ timeout: 5 }), TimeoutError);
  });

  it("MP-029 mp Queue: a get with a timeout on an empty queue takes that time", async () => {
    const queue = new Queue();
    const startMs = performance.now();
    await assert.rejects(queue.get({ timeout: 200 }), Empty);
    assert.ok(performance.now() - startMs >= 199);
  });

  it("MP-030 mp Queue: an item that cannot be sent is refused; later ones still arrive, and its slot is free", async () => {
    const queue = new Queue(1);
    await assert.rejects(queue.put(new SharedArrayBuffer(4)), SendError);
    assert.throws(() => queue.putSync({ s: Symbol("s") }), SendError);
    await queue.put("fine");
    assert.equal(await queue.get(), "fine");
  });

  it("MP-034 mp Queue: SimpleQueue says across processes whether it is empty; closing it twice does no harm", async () => {
    const queue = new SimpleQueue();
    assert.equal(queue.empty(), true);
    await started(putRange, queue, "x", 1).join();
    assert.equal(queue.empty(), false);
    assert.deepEqual(queue.getSync(), ["x", 0]);
    assert.equal(queue.empty(), true);
    queue.close();
    queue.close();
  });

  it("MP-035 mp Queue: empty() of a closed SimpleQueue throws an OSError", () => {
    const queue = new SimpleQueue();
    queue.close();
    assert.throws(() => queue.empty(), { name: "OSError", message: /it is closed$/ });
    assert.throws(() => queue.putSync(1), OSError);
    const other = new Queue();
    other.close();
    assert.throws(() => other.getNowait(), OSError);
  });

  it("a limit holds for all processes, and a put that gives up has not put", async () => {
    const queue = new Queue(2);
    const child = started(putRange, queue, "child", 5);
    const size = async (): Promise<number> => {
      while (!queue.full()) await new Promise((resolve) => setTimeout(resolve, 5));
      return queue.qsize();
    };
    assert.equal(await size(), 2);
    assert.throws(() => queue.putNowait("more"), Full);
    await assert.rejects(queue.put("more", { timeout: 5 }), Full);
    const reason = new Error("enough");
    await assert.rejects(queue.put("more", { signal: AbortSignal.abort(reason) }), reason);
    for (let n = 0; n < 5; n++) assert.deepEqual(await queue.get(), ["child", n]);
    await child.join();
    queue.putNowait("now");
    assert.equal(queue.qsize(), 1);
  });

  it("a get that is given up takes nothing, also when it comes at the same moment", async () => {
    const queue = new Queue<number>();
    let got = 0;
    for (let round = 0; round < 30; round++) {
      const controller = new AbortController();
      const getting = queue.get({ signal: controller.signal }).then(
        () => 1,
        () => 0,
      );
      queue.putNowait(round);
      if (round % 2 === 0) await new Promise((resolve) => setTimeout(resolve, round % 3));
      controller.abort();
      got += await getting;
    }
    assert.equal(queue.qsize(), 30 - got);
  });

  it("a queue ends with the process that made it: nothing is lost in silence", async () => {
    const [ours, theirs] = Pipe();
    const child = started(sendOwnQueue, theirs);
    const queue = (await ours.recv()) as JoinableQueue<number>;
    await queue.put(1);
    assert.equal(queue.qsize(), 1);
    const joining = queue.join().catch((error: unknown) => error);
    await ours.send("end");
    await child.join();
    const gone = { name: "OSError", message: /the process or thread that made it has ended$/ };
    assert.ok((await joining) instanceof OSError);
    await assert.rejects(queue.get(), gone);
    await assert.rejects(queue.put(2), gone);
    assert.throws(() => queue.putSync(2), gone);
    assert.throws(() => queue.qsize(), gone);
    assert.throws(() => queue.taskDone(), gone);
    assert.throws(() => queue.joinSync(), gone);
  });

  it("joinThread waits until what was put has gone out", async () => {
    const queue = new Queue<number>();
    await queue.put(1);
    await queue.joinThread();
    assert.equal(queue.qsize(), 1);
  });

  it("what a queue carries keeps its class: other queues too", async () => {
    const outer = new Queue<Queue<string>>();
    const inner = new Queue<string>(3);
    await outer.put(inner);
    const same = await outer.get();
    await same.put("inside");
    assert.deepEqual([await inner.get(), String(same)], ["inside", "<Queue maxsize=3>"]);
    assert.throws(() => new Queue(1.5), TypeError);
  });
});
