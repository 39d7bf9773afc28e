/**
 * Threads that are ended in the middle of what they do with channels. On Deno such a thread goes on
 * sleeping, and what carries its messages must end all the same.
 */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { BrokenThreadPool, type Future, ThreadPoolExecutor } from "heddle/concurrent/futures";
import { type Connection, JoinableQueue, Pipe, Queue } from "heddle/multiprocessing";
import { wait } from "heddle/multiprocessing/connection";
import { Semaphore } from "heddle/threading";
import { exit } from "../../support/tasks.ts";

/** Longest wait, in milliseconds, for what must happen. */
const LONG = 30_000;

/** What a thread does with its end of a pipe until it is ended. */
type Wait = (end: Connection, begun: Semaphore) => void;

const receives: Wait = (end, begun) => {
  begun.release();
  end.recvSync();
};

const waits: Wait = (end, begun) => {
  begun.release();
  wait([end]).catch(() => undefined);
  end.recvSync();
};

const fillsThePipe: Wait = (end, begun) => {
  for (let n = 0; ; n++) {
    if (n === 200) begun.release();
    end.sendSync(n);
  }
};

const computes: Wait = (_end, begun) => {
  begun.release();
  for (;;);
};

/** Makes a queue, sends it away, and waits for an item. */
const makesQueue: Wait = (end, begun) => {
  const queue = new Queue();
  end.sendSync(queue);
  begun.release();
  queue.getSync();
};

const getsOne = (end: Connection, begun: Semaphore, queue: Queue<string>): void => {
  begun.release();
  queue.getSync();
  end.close();
};

const joins = (end: Connection, begun: Semaphore, queue: JoinableQueue<string>): void => {
  begun.release();
  queue.joinSync();
  end.close();
};

/** Ends the thread that runs each call, in whatever it is. */
async function endAll(
  submit: (pool: ThreadPoolExecutor, begun: Semaphore) => readonly Future<unknown>[],
): Promise<void> {
  const pool = new ThreadPoolExecutor({ maxWorkers: 5, onWorkerDeath: "break" });
  const begun = new Semaphore(0);
  const calls = submit(pool, begun);
  for (const _ of calls) assert.ok(await begun.acquire({ timeout: LONG }));
  // A pool that breaks terminates its other workers.
  await pool.submit(exit, 1).exception();
  for (const call of calls) assert.ok((await call.exception()) instanceof BrokenThreadPool);
  await pool.shutdown();
}

describe("a thread that is ended", () => {
  it("ends the waits of those at the other end of its pipes, whatever it does", async () => {
    const ways = [receives, waits, fillsThePipe, computes];
    const pipes = ways.map(() => Pipe());
    await endAll((pool, begun) =>
      ways.map((way, i) => pool.submit(way, pipes[i]?.[1] as Connection, begun)),
    );
    for (const [i, [ours, theirs]] of pipes.entries()) {
      theirs.close();
      const received = async (): Promise<void> => {
        for (;;) await ours.recv({ timeout: LONG });
      };
      await assert.rejects(received, { name: "EOFError" }, ways[i]?.name);
      ours.close();
    }
  });

  it("leaves the queues that it has waited for usable, and ends those that it has made", async () => {
    const pipes = [Pipe(), Pipe(), Pipe()] as const;
    const [[ours, makers], [, getters], [, joiners]] = pipes;
    const [items, tasks] = [new Queue<string>(), new JoinableQueue<string>()];
    await tasks.put("task");
    await endAll((pool, begun) => [
      pool.submit(makesQueue, makers, begun),
      pool.submit(getsOne, getters, begun, items),
      pool.submit(joins, joiners, begun, tasks),
    ]);
    const made = (await ours.recv({ timeout: LONG })) as Queue;
    await assert.rejects(made.get({ timeout: LONG }), { name: "OSError" });
    assert.equal(await tasks.get({ timeout: LONG }), "task");
    tasks.taskDone();
    await tasks.join({ timeout: LONG });
    // So the end of each is known: until then an item may be handed to the one that asked first.
    for (const [our, their] of pipes) {
      their.close();
      await assert.rejects(our.recv({ timeout: LONG }), { name: "EOFError" });
    }
    await items.put("item");
    assert.equal(await items.get({ timeout: LONG }), "item");
  });
});
