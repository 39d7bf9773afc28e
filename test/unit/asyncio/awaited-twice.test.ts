/** Whatever can be waited for gives the same outcome the second time, or refuses: never nothing. */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { RuntimeError } from "heddle";
import {
  asCompleted,
  type Awaitable,
  Barrier,
  BoundedSemaphore,
  Condition,
  coroutine,
  type Coroutine,
  createSubprocessExec,
  createSubprocessShell,
  createTask,
  each,
  ensureFuture,
  Event,
  fromPromise,
  gather,
  getRunningLoop,
  LifoQueue,
  Lock,
  openConnection,
  openUnixConnection,
  PriorityQueue,
  Queue,
  run,
  Semaphore,
  type Server,
  shield,
  sleep,
  startServer,
  startUnixServer,
  StreamReader,
  type StreamWriter,
  TaskGroup,
  taskGroup,
  Timeout,
  timeout,
  timeoutAt,
  toThread,
  wait,
  waitFor,
  wrapFuture,
} from "heddle/asyncio";
import { Future as ThreadFuture, wait as waitForThreads } from "heddle/concurrent/futures";
import { Queue as ThreadQueue } from "heddle/queue";
import { Event as ThreadEvent, Lock as ThreadLock } from "heddle/threading";
import { inStyle, type Steps, STYLES } from "../../support/asyncio/both-styles.ts";

const HOST = "127.0.0.1";
const folder = mkdtempSync(join(tmpdir(), "heddle-twice-"));
after(() => rmSync(folder, { recursive: true }));
let sockets = 0;
const newPath = (): string => join(folder, `${sockets++}.sock`);

const answer = (): number => 42;

/** What a test has open. */
class Surroundings {
  readonly #servers: Server[] = [];
  readonly #writers: StreamWriter[] = [];

  *server(): Steps<Server> {
    const server = (yield startServer((_, writer) => writer.close(), HOST, 0)) as Server;
    this.#servers.push(server);
    return server;
  }

  *writer(): Steps<StreamWriter> {
    const { port } = yield* this.server();
    const [, writer] = (yield openConnection(HOST, port)) as [StreamReader, StreamWriter];
    this.#writers.push(writer);
    return writer;
  }

  keep(server: Server): void {
    this.#servers.push(server);
  }

  *close(): Steps<void> {
    for (const writer of this.#writers) writer.close();
    for (const server of this.#servers) server.close();
    yield sleep(0);
  }
}

function reader(text: string): StreamReader {
  const made = new StreamReader();
  made.feedData(text);
  made.feedEof();
  return made;
}

function filled<Q extends Queue<number>>(queue: Q): Q {
  queue.putNowait(1);
  return queue;
}

type Make = (around: Surroundings) => Steps<Awaitable<unknown>>;

/** Waits for nothing itself. */
function at(make: () => Awaitable<unknown>): Make {
  return function* () {
    return make();
  };
}

const notified = (): Condition => {
  const condition = new Condition();
  void condition.acquire();
  return condition;
};

/** By the names of the API report, and of what other modules give to tasks. */
const MAKES: Readonly<Record<string, Make>> = {
  "Acquirable.hold": at(() => new Lock().hold()),
  "Acquirable.with": at(() => new Lock().with(() => 42)),
  "Acquirable.acquire": at(() => new Lock().acquire()),
  "Barrier.abort": at(() => new Barrier(1).abort()),
  "Barrier.reset": at(() => new Barrier(1).reset()),
  "Barrier.wait": at(() => new Barrier(1).wait()),
  "Barrier.with": at(() => new Barrier(1).with(() => 42)),
  "CompletedFutures.next": at(() => {
    const completed = asCompleted([sleep(1, 42)]);
    return completed[Symbol.asyncIterator]().next();
  }),
  "Completions.next": at(() => asCompleted([sleep(1, 42)]).next().value as Awaitable<number>),
  "Condition.acquire": at(() => new Condition().acquire()),
  "Condition.wait": at(() => notified().wait()),
  "Condition.waitFor": at(() => new Condition().waitFor(() => 42)),
  "Event.wait": at(() => {
    const event = new Event();
    event.set();
    return event.wait();
  }),
  "Lock.acquire": at(() => new Lock().acquire()),
  *"Process.communicate"() {
    const process = (yield createSubprocessShell("exit 3")) as { communicate(): never };
    return process.communicate();
  },
  *"Process.wait"() {
    const process = (yield createSubprocessShell("exit 3")) as { wait(): Awaitable<number> };
    return process.wait();
  },
  "Queue.get": at(() => filled(new Queue<number>()).get()),
  "Queue.join": at(() => new Queue<number>().join()),
  "Queue.put": at(() => new Queue<number>().put(1)),
  "LifoQueue.get": at(() => filled(new LifoQueue<number>()).get()),
  "PriorityQueue.get": at(() => filled(new PriorityQueue<number>()).get()),
  "Semaphore.acquire": at(() => new Semaphore(1).acquire()),
  "BoundedSemaphore.acquire": at(() => new BoundedSemaphore(1).acquire()),
  *"Server.serveForever"(around) {
    return (yield* around.server()).serveForever();
  },
  *"Server.startServing"(around) {
    return (yield* around.server()).startServing();
  },
  *"Server.waitClosed"(around) {
    const server = yield* around.server();
    server.close();
    return server.waitClosed();
  },
  "StreamReader.read": at(() => reader("abc\n").read()),
  "StreamReader.readexactly": at(() => reader("abc\n").readexactly(2)),
  "StreamReader.readline": at(() => reader("abc\n").readline()),
  "StreamReader.readuntil": at(() => reader("abc\n").readuntil()),
  *"StreamWriter.drain"(around) {
    return (yield* around.writer()).drain();
  },
  *"StreamWriter.startTls"(around) {
    const writer = yield* around.writer();
    writer.close();
    return writer.startTls(true);
  },
  *"StreamWriter.waitClosed"(around) {
    const writer = yield* around.writer();
    writer.close();
    return writer.waitClosed();
  },
  "TaskGroup.run": at(() => new TaskGroup().run(() => 42)),
  "Timeout.run": at(() => new Timeout(null).run(() => 42)),
  coroutine: at(() =>
    coroutine(function* (): Coroutine<number> {
      yield* sleep(0);
      return 42;
    })(),
  ),
  createSubprocessExec: at(() => createSubprocessExec("true")),
  createSubprocessShell: at(() => createSubprocessShell("true")),
  each: at(() => each([sleep(0)], () => undefined)),
  fromPromise: at(() => fromPromise(Promise.resolve(42))),
  *openConnection(around) {
    return openConnection(HOST, (yield* around.server()).port);
  },
  openUnixConnection: at(() => openUnixConnection(newPath())),
  sleep: at(() => sleep(1, 42)),
  "sleep, for one iteration": at(() => sleep(0, 42)),
  *startServer(around) {
    const starting = startServer(() => undefined, HOST, 0);
    yield* around.server();
    return starting;
  },
  startUnixServer: at(() => startUnixServer(() => undefined, newPath())),
  taskGroup: at(() => taskGroup((group) => [group.createTask(sleep(1, 42)).done()])),
  timeout: at(() => timeout(1000, () => sleep(1, 42))),
  "timeout, of one that expires": at(() => timeout(1, () => sleep(60_000))),
  timeoutAt: at(() => timeoutAt(null, () => 42)),
  toThread: at(() => toThread(answer)),
  wait: at(() => wait([createTask(sleep(1))])),
  waitFor: at(() => waitFor(sleep(1, 42), 1000)),

  "a future: createTask": at(() => createTask(sleep(1, 42))),
  "a future: ensureFuture": at(() => ensureFuture(sleep(1, 42))),
  "a future: gather": at(() => gather([sleep(1, 42)])),
  "a future: shield": at(() => shield(sleep(1, 42))),
  "a future: runInExecutor": at(() => getRunningLoop().runInExecutor(null, answer)),
  "a future: wrapFuture": at(() => wrapFuture(settled())),
  "a cancelled future": at(() => {
    const task = createTask(sleep(1000));
    task.cancel();
    return task;
  }),
  "threads: Lock.acquire": at(() => new ThreadLock().acquire()),
  "threads: Event.wait": at(() => new ThreadEvent().wait({ timeout: 1 })),
  "threads: Queue.get": at(() => {
    const queue = new ThreadQueue<number>();
    queue.putNowait(42);
    return queue.get();
  }),
  "threads: Future": at(() => settled()),
  "threads: Future.result": at(() => settled().result()),
  "threads: wait": at(() => waitForThreads([settled()])),
};

function settled(): ThreadFuture<number> {
  const future = new ThreadFuture<number>();
  future.setResult(42);
  return future;
}

/** Those that the report says return an `Awaitable`, by class and method. */
function reportedAwaitables(): string[] {
  const report = readFileSync("api/heddle.asyncio.api.md", "utf8");
  const names: string[] = [];
  let owner = "";
  for (const line of report.split("\n")) {
    const type = /^(?:export )?(?:abstract )?(?:class|interface) (\w+)/.exec(line)?.[1];
    if (type !== undefined) owner = `${type.replace(/_\d+$/, "")}.`;
    else if (line.startsWith("}")) owner = "";
    if (!/(?:\): |IteratorResult<)Awaitable</.test(line)) continue;
    const name = /^\s*(?:export function )?(?:abstract )?(\w+)[<(]/.exec(line)?.[1];
    names.push(`${line.startsWith("export function") ? "" : owner}${name}`);
  }
  return [...new Set(names)];
}

describe("the table of what can be awaited", () => {
  it("has everything that the API report says returns an Awaitable", () => {
    const reported = reportedAwaitables();
    assert.ok(reported.length > 40, `only ${reported.length} were found`);
    assert.deepEqual(
      reported.filter((name) => !(name in MAKES)),
      [],
    );
  });
});

/** What waiting for it comes to, for those that never end within a while. */
function* outcomeOf(awaitable: Awaitable<unknown>): Steps<readonly [string, unknown]> {
  try {
    return ["gave", yield awaitable];
  } catch (error) {
    return ["threw", error];
  }
}

function checkSame(first: readonly [string, unknown], second: readonly [string, unknown]): void {
  const [kind, value] = second;
  if (value instanceof RuntimeError && value.message.includes("reuse already awaited")) return;
  assert.equal(kind, first[0]);
  if (kind === "threw") assert.equal((value as Error).name, (first[1] as Error).name);
  else assert.deepEqual(value, first[1]);
}

for (const style of STYLES) {
  const { co } = inStyle(style);
  describe(`awaited twice, ${style.name}`, () => {
    for (const [name, make] of Object.entries(MAKES)) {
      it(name, async () => {
        await run(
          co(function* () {
            const around = new Surroundings();
            const awaitable = yield* make(around);
            // One never ends: waiting for it is given up.
            const isEndless = name === "Server.serveForever";
            const first = yield* outcomeOf(isEndless ? waitFor(awaitable, 1) : awaitable);
            checkSame(first, yield* outcomeOf(awaitable));
            yield* around.close();
          }),
        );
      });
    }

    it("at the same time, by Promise.all, or by a task and its maker", async () => {
      await run(async () => {
        const slept = sleep(1, "v");
        await assert.rejects(async () => Promise.all([slept, slept]), RuntimeError);
        const queue = new Queue<number>();
        const got = queue.get();
        const task = createTask(got);
        await sleep(0);
        await assert.rejects(async () => got, RuntimeError);
        queue.putNowait(42);
        assert.equal(await task, 42);
      });
    });
  });
}

describe("a coroutine that has run", () => {
  it("is refused by createTask, and by yield* after a task ran it", async () => {
    function* work(): Coroutine<number> {
      yield* sleep(0);
      return 42;
    }
    await run(
      (function* (): Coroutine<void> {
        const ran = work();
        assert.equal(yield* createTask(ran), 42);
        assert.throws(() => createTask(ran), RuntimeError);
        assert.throws(() => ran[Symbol.iterator](), RuntimeError);
      })(),
    );
  });

  it("is refused by code that runs in no task", async () => {
    const slept = sleep(1, "v");
    assert.equal(await slept, "v");
    await assert.rejects(async () => slept, RuntimeError);
    await assert.rejects(async () => slept.then((value) => value), RuntimeError);
  });

  it("is refused where a group or a closed loop had refused it", async () => {
    const late = sleep(1, "v");
    await run(async () => {
      const group = new TaskGroup();
      await group.run(() => undefined);
      assert.throws(() => group.createTask(late), RuntimeError);
      await assert.rejects(async () => late, RuntimeError);
    });
  });
});
