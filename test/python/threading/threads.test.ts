import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { RuntimeError } from "heddle";
import { ThreadPoolExecutor } from "heddle/concurrent/futures";
import { Context } from "heddle/contextvars";
import { startNewThread } from "heddle/_thread";
import {
  activeCount,
  BoundedSemaphore,
  currentThread,
  enumerate,
  Event,
  type ExceptHookArgs,
  Lock,
  mainThread,
  RLock,
  setExcepthook,
  stackSize,
  Thread,
  ThreadError,
  Timer,
} from "heddle/threading";

import { captureErrorOutputWhile } from "../../support/error-output.ts";
import { runProgram } from "../../support/program.ts";
import * as targets from "../../support/threads/thread-targets.ts";

const SHORT_MS = 30;

/** A thread that has begun, and waits. */
async function waiting(options: { name?: string; daemon?: boolean } = {}): Promise<{
  thread: Thread;
  gate: Event;
}> {
  const [begun, gate] = [new Event(), new Event()];
  const thread = new Thread({ target: targets.beginAndWait, args: [begun, gate], ...options });
  thread.start();
  await begun.wait();
  return { thread, gate };
}

async function end({ thread, gate }: { thread: Thread; gate: Event }): Promise<void> {
  gate.set();
  await thread.join();
}

describe("threading.Thread: names and identity", () => {
  it("TR-001 Thread: the name given is the thread's name", async () => {
    assert.equal(new Thread({ name: "weaver" }).name, "weaver");
    const thread = new Thread({ target: targets.who, name: "weaver" });
    thread.start();
    assert.equal((await thread).name, "weaver");
  });

  it("TR-002 Thread: a name that is no string is converted", () => {
    assert.equal(new Thread({ name: 123 }).name, "123");
    const thread = new Thread();
    thread.name = 7 as unknown as string;
    assert.equal(thread.name, "7");
  });

  it("TR-004 Thread: with an empty name the default is used, with the target's name where there is one", () => {
    assert.match(new Thread({ name: "" }).name, /^Thread-\d+$/);
    assert.match(new Thread({ target: targets.who }).name, /^Thread-\d+ \(who\)$/);
    assert.notEqual(new Thread().name, new Thread().name);
  });

  it("TR-006 Thread: args are spread into the call, whatever iterable they come in", async () => {
    const sum = (a: number, b: number): number => a + b;
    for (const args of [[1, 2], new Set([1, 2])]) {
      const thread = new Thread({ target: sum, args: args as [number, number] });
      thread.start();
      assert.equal(await thread, 3);
    }
    const named = new Thread({
      target: (a: number, o: { b: number }) => a + o.b,
      args: [1],
      kwargs: { b: 5 },
    });
    named.start();
    assert.equal(await named, 6);
  });

  it("TR-007 Thread: ident is undefined before the start, and kept after the end", async () => {
    const thread = new Thread({ target: targets.who });
    assert.equal(thread.ident, undefined);
    assert.equal(thread.nativeId, undefined);
    thread.start();
    const { ident } = thread;
    assert.ok(Number.isInteger(ident) && ident !== 0);
    assert.equal((await thread).ident, ident);
    assert.equal(thread.ident, ident);
  });

  it("TR-008 Thread: threads alive at the same time have distinct idents", async () => {
    const threads = await Promise.all([waiting(), waiting(), waiting()]);
    const idents = [...threads.map(({ thread }) => thread.ident), currentThread().ident];
    assert.equal(new Set(idents).size, 4);
    assert.equal(new Set(threads.map(({ thread }) => thread.nativeId)).size, 3);
    await Promise.all(threads.map(end));
  });

  it("TR-009 Thread: the string form says initial, started, stopped", async () => {
    assert.match(String(new Thread({ name: "n" })), /^<Thread\(n, initial\)>$/);
    const begun = await waiting({ name: "n", daemon: true });
    assert.match(String(begun.thread), /^<Thread\(n, started daemon \d+\)>$/);
    await end(begun);
    assert.match(String(begun.thread), /^<Thread\(n, stopped daemon \d+\)>$/);
  });

  it("TR-010 Thread: the string form becomes stopped without a join", async () => {
    const { thread, gate } = await waiting();
    gate.set();
    const endMs = performance.now() + 5000;
    while (!String(thread).includes("stopped") && performance.now() < endMs);
    assert.match(String(thread), /stopped/);
    assert.equal(thread.isAlive(), false);
  });

  it("TR-012 Thread: at most three of ten are inside a section guarded by a BoundedSemaphore(3)", async () => {
    const args = [
      new BoundedSemaphore(3),
      new RLock(),
      new Int32Array(new SharedArrayBuffer(4)),
    ] as const;
    const threads = Array.from({ length: 10 }, () => new Thread({ target: targets.crowd, args }));
    for (const thread of threads) thread.start();
    const most = Math.max(...(await Promise.all(threads)));
    assert.ok(most >= 1 && most <= 3, `${most} were inside`);
    assert.equal(args[2][0], 0);
  });

  it("TR-013 Thread: threads run with a small and with a large stack, or the size is refused", async () => {
    assert.equal(stackSize(), 0);
    for (const size of [1024 * 1024, 16 * 1024 * 1024]) {
      try {
        stackSize(size);
      } catch (error) {
        assert.ok(error instanceof ThreadError, String(error));
        continue;
      }
      assert.equal(stackSize(), size);
      const thread = new Thread({ target: targets.who });
      thread.start();
      assert.ok((await thread).isAlive);
    }
    stackSize(0);
    assert.throws(() => stackSize(4096), RangeError);
  });

  it("TR-014 Thread: currentThread().ident in a low-level thread is what startNewThread returned", async () => {
    const idents = new Int32Array(new SharedArrayBuffer(8));
    const done = new Event();
    const ident = startNewThread(targets.reportIdent, [idents, done]);
    await done.wait();
    assert.deepEqual([...idents], [ident, ident]);
  });

  it("TR-015 Thread: in a thread that is no Thread, currentThread() gives an object that is alive", async () => {
    const pool = new ThreadPoolExecutor({ maxWorkers: 1, threadNamePrefix: "other" });
    const found = await pool.submit(targets.who);
    assert.deepEqual([found.name, found.isAlive, found.isMain], ["other_0", true, false]);
    await pool.shutdown();
  });

  it("TR-017 Thread: such a thread is not listed once it has ended", async () => {
    const pool = new ThreadPoolExecutor({ maxWorkers: 1, threadNamePrefix: "brief" });
    await pool.submit(targets.who);
    assert.ok(enumerate().some(({ name }) => name === "brief_0"));
    await pool.shutdown();
    assert.ok(!enumerate().some(({ name }) => name === "brief_0"));
  });

  it("TR-019 Thread: inside another thread, mainThread() is not currentThread()", async () => {
    const thread = new Thread({ target: targets.who });
    thread.start();
    const { isMain, main } = await thread;
    assert.equal(isMain, false);
    assert.equal(main, "MainThread");
    assert.equal(mainThread(), currentThread());
  });
});

describe("threading.Thread: start and join", () => {
  it("TR-020 Thread: starting twice throws RuntimeError", async () => {
    const thread = new Thread({ target: targets.who });
    thread.start();
    assert.throws(() => thread.start(), RuntimeError);
    await thread.join();
    assert.throws(() => thread.start(), /only be started once/);
  });

  it("TR-021 Thread: joining the current thread throws RuntimeError", async () => {
    assert.throws(() => currentThread().joinSync(), RuntimeError);
    await assert.rejects(currentThread().join(), RuntimeError);
    const thread = new Thread({ target: targets.joinSelf });
    thread.start();
    assert.match(await thread, /^RuntimeError: .*current thread/);
  });

  it("TR-022 Thread: joining a thread that was never started throws RuntimeError", async () => {
    assert.throws(() => new Thread().joinSync(), /has not been started/);
    await assert.rejects(new Thread().join(), RuntimeError);
    await assert.rejects(async () => new Thread(), RuntimeError);
  });

  it("TR-023 Thread: a thread that cannot be started leaves no trace", async () => {
    const before = activeCount();
    const secret = { value: Math.random() };
    const thread = new Thread({ target: () => secret.value });
    assert.throws(() => thread.start(), { name: "NotShippableError" });
    const unsent = new Thread({ target: targets.readRequest, args: [Symbol("s")] as never });
    assert.throws(() => unsent.start(), { name: "SendError", path: "args[0]" });
    assert.equal(thread.isAlive(), false);
    assert.equal(activeCount(), before);
  });

  it("TR-025 Thread: join with a timeout returns while the thread is alive", async () => {
    const begun = await waiting();
    await begun.thread.join({ timeout: SHORT_MS });
    assert.equal(begun.thread.isAlive(), true);
    begun.thread.joinSync({ timeout: SHORT_MS });
    assert.equal(begun.thread.isAlive(), true);
    begun.gate.set();
    begun.thread.joinSync();
    assert.equal(begun.thread.isAlive(), false);
    await begun.thread.join();
  });

  it("TR-026 Thread: a joined thread is never listed", async () => {
    for (let i = 0; i < 10; i++) {
      const thread = new Thread({ target: targets.names });
      thread.start();
      assert.ok((await thread).includes(thread.name));
      assert.ok(!enumerate().includes(thread));
      assert.ok(!enumerate().some(({ name }) => name === thread.name));
    }
  });

  it("TR-028 Thread: a thread without a target runs and ends", async () => {
    const thread = new Thread();
    thread.start();
    assert.equal(await thread, undefined);
    assert.equal(thread.isAlive(), false);
  });

  it("TR-029 Thread: a thread that is never joined does no harm", () => {
    const { status, stdout, stderr } = runProgram(
      new URL("../programs/unjoined-thread.ts", import.meta.url),
    );
    const lines = stdout.split("\n").sort(); // whichever comes first
    assert.deepEqual([status, lines, stderr], [0, ["", "ran", "started"], ""]);
  });

  it("TR-030 Thread: daemon cannot be set after the start", async () => {
    const begun = await waiting();
    assert.throws(() => (begun.thread.daemon = true), RuntimeError);
    await end(begun);
  });

  it("TR-031 Thread: daemon is false by default, and what the constructor is told", async () => {
    assert.equal(new Thread().daemon, false);
    assert.equal(new Thread({ daemon: true }).daemon, true);
    const gate = new Event();
    gate.set();
    for (const daemon of [true, false]) {
      const parent = new Thread({ target: targets.startDaemonless, args: [gate], daemon });
      parent.start();
      assert.equal(await parent, daemon, "a thread inherits it");
    }
  });

  it("TR-033 Thread: runaway recursion is an error that can be caught", async () => {
    const thread = new Thread({ target: targets.recurse, args: [0] });
    thread.start();
    await assert.rejects(thread.join(), RangeError);
    const next = new Thread({ target: targets.who });
    next.start();
    assert.ok(await next);
  });

  it("TR-036 Thread: Lock takes no arguments", () => {
    assert.throws(() => Reflect.construct(Lock, [1]), TypeError);
  });

  it("TR-037 Thread: Lock cannot be subclassed", () => {
    class Sub extends Lock {}
    assert.throws(() => new Sub(), TypeError);
  });

  it("TR-038 Thread: Lock is a class that types can name", () => {
    const lock: Lock | undefined = new Lock();
    assert.ok(lock instanceof Lock);
  });
});

describe("threading: the end of the program", () => {
  const program = (name: string): ReturnType<typeof runProgram> =>
    runProgram(new URL(`../programs/${name}.ts`, import.meta.url));

  it("TR-042 exit: a thread that another one has started late still runs to its end", () => {
    const { status, stdout } = program("thread-of-a-thread");
    assert.deepEqual([status, stdout], [0, "parent ended\nchild ended\n"]);
  });

  it("TR-043 exit: starting a thread while the program ends is an error", () => {
    const { stdout } = program("thread-at-exit");
    assert.match(stdout, /^RuntimeError: Cannot start a new thread/m);
  });

  it("TR-044 exit: in an exit handler, the main thread is still the current one", () => {
    assert.match(program("thread-at-exit").stdout, /^MainThread is current: true$/m);
  });
});

describe("threading.excepthook", () => {
  it("TR-050 excepthook: SystemExit prints nothing", async () => {
    const output = await captureErrorOutputWhile(async () => {
      const thread = new Thread({ target: targets.exitQuietly });
      thread.start();
      assert.equal(await thread, undefined);
    });
    assert.equal(output, "");
  });

  it("TR-051 excepthook: a hook is told class, value and the very thread", async () => {
    const told = new Promise<ExceptHookArgs>((resolve) => setExcepthook(resolve));
    const thread = new Thread({ target: targets.failWith, args: [12] });
    thread.start();
    const { excType, excValue, thread: failed } = await told;
    setExcepthook(undefined);
    assert.equal(failed, thread);
    assert.equal(excType, targets.AgeError);
    assert.ok(excValue instanceof targets.AgeError && excValue.age === 12);
    await assert.rejects(thread.join(), { name: "AgeError" });
  });

  it("TR-052 excepthook: if the hook throws, its error is printed, and the thread's", async () => {
    const output = await captureErrorOutputWhile(async () => {
      const called = new Promise<void>((resolve) => {
        setExcepthook(() => {
          resolve();
          throw new TypeError("the hook itself");
        });
      });
      const thread = new Thread({ target: targets.failWith, args: [12], name: "young" });
      thread.start();
      await called;
      await new Promise(setImmediate);
      setExcepthook(undefined);
      await assert.rejects(thread.join());
    });
    assert.match(output, /^Exception in threading\.excepthook:\nTypeError: the hook itself/);
    assert.match(output, /thread young:\nAgeError: too young/);
  });
});

describe("threading.Timer", () => {
  it("TR-054 Timer: timers without args do not share their containers", async () => {
    const add = (list: number[]): number => list.push(1);
    const first = new Timer(1, add, [[]]);
    const second = new Timer(1, add, [[]]);
    for (const timer of [first, second]) timer.start();
    assert.deepEqual([await first, await second], [1, 1]);
  });

  it("TR-055 Timer: calls its function after the interval, unless it was cancelled", async () => {
    const startMs = performance.now();
    const timer = new Timer(SHORT_MS, (a: number, o: { b: number }) => a + o.b, [1], { b: 2 });
    timer.start();
    assert.equal(await timer, 3);
    assert.ok(performance.now() - startMs >= SHORT_MS - 1);
    assert.equal(timer.finished.isSet(), true);

    const counter = new Int32Array(new SharedArrayBuffer(4));
    const cancelled = new Timer(60_000, targets.countUp, [counter, new Lock()]);
    cancelled.start();
    cancelled.cancel();
    assert.equal(await cancelled, undefined);
    assert.equal(counter[0], 0);
    const never = new Timer(1, targets.countUp, [counter, new Lock()]);
    never.cancel();
    never.start();
    await never.join();
    assert.equal(counter[0], 0);
  });
});

describe("threading.Thread: context", () => {
  it("TR-058 Thread: begins in an empty context, or in the one it is given", async () => {
    targets.request.set("outer");
    const run = async (context?: Context): Promise<string> => {
      const thread = new Thread({ target: targets.readRequest, context });
      thread.start();
      return thread;
    };
    assert.equal(await run(), "none");
    assert.equal(await run(), "none", "what an earlier thread set is gone");
    const context = new Context();
    context.run(() => targets.request.set("given"));
    assert.equal(await run(context), "given");
    assert.equal(await run(undefined), "none");
    const later = new Thread({ target: targets.readRequestLater, context });
    later.start();
    assert.equal(await later, "given");
    assert.equal(targets.request.get(), "outer");
  });
});
