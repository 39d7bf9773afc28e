/** What consoles show of heddle's objects: state and name, not parts. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { inspect } from "node:util";
import * as _thread from "heddle/_thread";
import * as asyncio from "heddle/asyncio";
import { ProcessPoolExecutor, ThreadPoolExecutor } from "heddle/concurrent/futures";
import * as contextvars from "heddle/contextvars";
import * as queue from "heddle/queue";
import * as threading from "heddle/threading";
import { untilBlocked } from "heddle/testing";

interface Inspecting {
  readonly inspect?: (value: unknown) => string;
}

/** What `console.log` shows. */
function shown(value: unknown): string {
  const { Deno: deno, Bun: bun } = globalThis as { Deno?: Inspecting; Bun?: Inspecting };
  return (deno?.inspect ?? bun?.inspect ?? inspect)(value);
}

function waitFor(event: threading.Event): void {
  event.waitSync();
}

describe("a console shows", () => {
  it("what threads share", () => {
    const objects: Readonly<Record<string, object>> = {
      "<Lock-# unlocked>": new threading.Lock(),
      "<RLock-# unlocked>": new threading.RLock(),
      "<Semaphore-# value=2>": new threading.Semaphore(2),
      "<BoundedSemaphore-# value=3/3>": new threading.BoundedSemaphore(3),
      "<Event-# unset>": new threading.Event(),
      "<Condition-#(<RLock-# unlocked>, 0)>": new threading.Condition(),
      "<Barrier-# waiters=0/2>": new threading.Barrier(2),
      "<Thread(Thread-# (waitFor), initial)>": new threading.Thread({ target: waitFor }),
      "<Timer(Thread-# (waitFor), initial)>": new threading.Timer(10, waitFor),
      "<Queue-# size=0/3>": new queue.Queue(3),
      "<LifoQueue-# size=0>": new queue.LifoQueue(),
      "<PriorityQueue-# size=0>": new queue.PriorityQueue(),
      "<SimpleQueue-# size=0>": new queue.SimpleQueue(),
      "<ThreadHandle not started>": new _thread.ThreadHandle(),
    };
    for (const [text, object] of Object.entries(objects)) {
      assert.equal(shown(object).replaceAll(/(?<=-)\d+/g, "#"), text);
      // oxlint-disable-next-line typescript/no-base-to-string -- that is what is tested
      assert.equal(shown(object), String(object));
    }
  });

  it("context variables", () => {
    assert.equal(shown(new contextvars.ContextVar("user")), '<ContextVar name="user">');
    assert.match(shown(contextvars.copyContext()), /^<Context size=\d+>$/);
  });

  it("what belongs to a loop", async () => {
    await asyncio.run(async () => {
      const task = asyncio.createTask(() => asyncio.sleep(1), { name: "nap" });
      const pause = asyncio.sleep(0);
      const objects: Readonly<Record<string, object>> = {
        '<Task pending name="nap">': task,
        "<Future pending>": new asyncio.Future(),
        "<Loop running=true closed=false debug=false>": asyncio.getRunningLoop(),
        "<Lock unlocked>": new asyncio.Lock(),
        "<Event unset>": new asyncio.Event(),
        "<Condition unlocked>": new asyncio.Condition(),
        "<Semaphore unlocked, value:1>": new asyncio.Semaphore(1),
        "<Barrier filling, waiters:0/2>": new asyncio.Barrier(2),
        "<Queue maxsize=0 size=0 getters=0 putters=0 tasks=0>": new asyncio.Queue(),
        "<Runner new>": new asyncio.Runner(),
        "<Coroutine not yet awaited>": pause,
      };
      for (const [text, object] of Object.entries(objects)) assert.equal(shown(object), text);
      await pause;
      assert.equal(shown(pause), "<Coroutine awaited>");
      await asyncio.taskGroup(async (group) => assert.match(shown(group), /^<TaskGroup /));
      await asyncio.timeout(1000, async (limit) => assert.match(shown(limit), /^<Timeout /));
      await task;
      assert.equal(shown(task), '<Task finished name="nap" result=undefined>');
    });
  });

  it("how it stands with a connection", () =>
    asyncio.run(async () => {
      const serve = async (reader: asyncio.StreamReader, writer: asyncio.StreamWriter) => {
        await reader.read().catch(() => undefined);
        writer.close();
      };
      const server = await asyncio.startServer(serve, "127.0.0.1", 0);
      const [, writer] = await asyncio.openConnection("127.0.0.1", server.port);
      assert.equal(shown(writer.transport), "<Transport open reading, 0 bytes to write>");
      writer.transport.abort();
      assert.match(shown(writer.transport), /^<Transport closing, /);
      server.close();
      await server.waitClosed();
    }));

  it("how busy an executor is", async () => {
    const pool = new ThreadPoolExecutor({ maxWorkers: 1, threadNamePrefix: "loom" });
    assert.equal(shown(pool), "loom { workers: 0 of 1, running: 0, queued: 0 }");
    const event = new threading.Event();
    const first = pool.submit(waitFor, event);
    const map = pool.map((n: number) => n, [1, 2, 3]);
    await untilBlocked(event);
    assert.equal(shown(pool), "loom { workers: 1 of 1, running: 1, queued: 3 }");
    assert.equal(shown(first), "<Future running>");
    assert.equal(shown(map), "<map 0 of 3 done>");
    event.set();
    await map;
    assert.equal(shown(map), "<map over>");
    await pool.shutdown();
    assert.equal(shown(pool), "loom { shut down, workers: 0 of 1, running: 0, queued: 0 }");
    assert.equal(String(pool), shown(pool));
    const unnamed = new ProcessPoolExecutor({ maxWorkers: 3 });
    assert.match(
      shown(unnamed),
      /^ProcessPoolExecutor-\d+ \{ workers: 0 of 3, running: 0, queued: 0 \}$/,
    );
    await unnamed.shutdown();
  });
});
