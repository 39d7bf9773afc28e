/** What a loop's own objects give to be taken by waits that are cancelled. */
import assert from "node:assert/strict";
import {
  type Awaitable,
  Barrier,
  BoundedSemaphore,
  Condition,
  type Coroutine,
  coroutine,
  createSubprocessExec,
  createTask,
  each,
  Event,
  Future,
  gather,
  LifoQueue,
  Lock,
  openConnection,
  PriorityQueue,
  type Process,
  Queue,
  Semaphore,
  shield,
  startServer,
  StreamReader,
  type Streams,
  type Task,
  taskGroup,
  timeout,
  wait,
  waitFor,
} from "heddle/asyncio";
import { getting, holding, joiningQueue, notified, putting } from "./taking-kinds.ts";
import type { Provided, Takings } from "./taking-contract.ts";

interface AnyLock {
  acquire(): Awaitable<true>;
  hold(): Awaitable<unknown>;
  locked(): boolean;
  release(): void;
}

function acquiring(how: "acquire" | "hold", make: () => AnyLock): () => Promise<Provided> {
  return async () => {
    const lock = make();
    await lock.acquire();
    return {
      wait: () => lock[how](),
      provide: () => lock.release(),
      check: (hasTaken) => assert.equal(lock.locked(), hasTaken),
    };
  };
}

const LOCKS: Takings = {
  "asyncio Lock.acquire": { make: acquiring("acquire", () => new Lock()) },
  "asyncio Condition.acquire": { make: acquiring("acquire", () => new Condition()) },
  "asyncio Semaphore.acquire": { make: acquiring("acquire", () => new Semaphore()) },
  "asyncio Semaphore.acquire, of a BoundedSemaphore": {
    make: acquiring("acquire", () => new BoundedSemaphore()),
  },
  "asyncio Acquirable.hold, of a Lock": { make: acquiring("hold", () => new Lock()) },
  "asyncio Acquirable.hold, of a Condition": {
    tries: "few",
    make: acquiring("hold", () => new Condition()),
  },
  "asyncio Acquirable.hold, of a Semaphore": {
    tries: "few",
    make: acquiring("hold", () => new Semaphore()),
  },
  "asyncio Acquirable.with": {
    make: holding(async () => {
      const lock = new Lock();
      await lock.acquire();
      return lock;
    }),
  },
};

/** A party that is cancelled leaves; the barrier can be used as before. */
function passing(): Provided {
  const barrier = new Barrier(2);
  let other: Task<number> | undefined;
  return {
    wait: () => barrier.wait(),
    provide: () => void (other = createTask(barrier.wait())),
    check: async (hasTaken) => {
      if (!hasTaken && other?.done() !== true) await barrier.wait();
      await other;
      assert.equal(barrier.nWaiting, 0);
      assert.equal(barrier.broken, false);
      const again = createTask(barrier.wait());
      assert.equal((await barrier.wait()) + (await again), 1);
    },
  };
}

function waitingForEvent(): Provided {
  const event = new Event();
  return {
    wait: () => event.wait(),
    provide: () => event.set(),
    check: async () => assert.equal(await event.wait(), true),
  };
}

/** What the wait has not read is read by the next. */
function reading(read: (reader: StreamReader) => Awaitable<Uint8Array>): () => Provided {
  return () => {
    const reader = new StreamReader();
    return {
      wait: () => read(reader),
      provide: () => reader.feedData("ab\n"),
      check: async (hasTaken, result) => {
        const bytes = (hasTaken ? result : await reader.readline()) as Uint8Array;
        assert.equal(new TextDecoder().decode(bytes), "ab\n");
        reader.feedEof();
        assert.equal((await reader.read()).length, 0);
      },
    };
  };
}

async function first<T>(items: AsyncIterable<T>): Promise<T | undefined> {
  for await (const item of items) return item;
  return undefined;
}

/** A task cannot be made of a future, only of what awaits one. */
const awaiting = coroutine(function* <T>(make: () => Future<T>): Coroutine<T> {
  return yield* make();
});

/** What is shielded goes on. */
function shielding(): Provided {
  const future = new Future<number>();
  return {
    wait: () => awaiting(() => shield(future)),
    provide: () => future.setResult(7),
    check: (hasTaken, result) => {
      if (hasTaken) assert.equal(result, 7);
      assert.equal(future.result(), 7);
    },
  };
}

/** Whatever runs other waits, to the end: what those have taken is in the queue, or with their task. */
function combining(combine: (getting: Task<number>) => Awaitable<unknown>): () => Provided {
  return () => {
    const queue = new Queue<number>();
    const tasks: Task<number>[] = [];
    return {
      wait: () => {
        const task = createTask(queue.get());
        tasks.push(task);
        return combine(task);
      },
      provide: () => queue.putNowait(1),
      check: async () => {
        for (const task of tasks) if (!task.done()) task.cancel();
        await Promise.allSettled(tasks);
        const taken = tasks.filter((task) => !task.cancelled()).map((task) => task.result());
        if (!queue.empty()) taken.push(queue.getNowait());
        assert.deepEqual(taken, [1]);
      },
    };
  };
}

/** The same, where no one but the wait has the task. */
function wrapping(wrap: (get: () => Awaitable<number>) => Awaitable<unknown>): () => Provided {
  return getting(
    () => new Queue<number>(),
    (queue: Queue<number>) => wrap(() => queue.get()),
  );
}

/** An item that the body has not got is the next to be taken. */
function goingOver(): Provided {
  const queue = new Queue<number>();
  const got: number[] = [];
  return {
    wait: () =>
      each(queue, (item) => {
        got.push(item);
        queue.shutdown(); // which ends the loop
      }),
    provide: () => queue.putNowait(1),
    check: () => {
      if (got.length === 0) got.push(queue.getNowait());
      assert.deepEqual(got, [1]);
    },
  };
}

/** A connection that was opened is closed: the server ends only when all are. */
async function connecting(): Promise<Provided> {
  const server = await startServer(
    async (reader, writer) => {
      await reader.read();
      writer.close();
    },
    "127.0.0.1",
    0,
  );
  return {
    wait: () => openConnection("127.0.0.1", server.port),
    provide: () => undefined,
    check: async (hasTaken, result) => {
      if (hasTaken) (result as Streams)[1].close();
      server.close();
      await server.waitClosed();
    },
  };
}

/** A process that was started is ended: the file fails if it leaves one behind. */
function startingProcess(): Provided {
  return {
    wait: () => createSubprocessExec("sleep", ["60"]),
    provide: () => undefined,
    check: async (hasTaken, result) => {
      if (!hasTaken) return;
      (result as Process).kill();
      await (result as Process).wait();
    },
  };
}

const TAKINGS: Takings = {
  "asyncio Queue.get": { make: getting(() => new Queue<number>()) },
  "asyncio Queue.get, of a LifoQueue": { make: getting(() => new LifoQueue<number>()) },
  "asyncio Queue.get, of a PriorityQueue": { make: getting(() => new PriorityQueue<number>()) },
  "asyncio Queue.put": { make: putting((most) => new Queue<number>(most)) },
  "asyncio Queue.join": { make: joiningQueue(() => new Queue<number>()) },
  "asyncio Queue.[Symbol.asyncIterator]": {
    make: getting(() => new Queue<number>(), first as never),
    isPromise: true,
  },
  ...LOCKS,
  "asyncio Barrier.wait": { make: passing },
  "asyncio Condition.wait": {
    make: notified(
      () => new Condition(),
      (condition) => condition.wait(),
    ),
  },
  "asyncio Condition.waitFor": {
    make: notified(
      () => new Condition(),
      (condition, isTrue) => condition.waitFor(isTrue),
    ),
  },
  "asyncio Event.wait": { make: waitingForEvent },
  "asyncio StreamReader.read": { make: reading((reader) => reader.read(10)) },
  "asyncio StreamReader.readexactly": {
    tries: "few",
    make: reading((reader) => reader.readexactly(3)),
  },
  "asyncio StreamReader.readline": { tries: "few", make: reading((reader) => reader.readline()) },
  "asyncio StreamReader.readuntil": {
    tries: "few",
    make: reading((reader) => reader.readuntil("\n")),
  },
  "asyncio StreamReader.[Symbol.asyncIterator]": {
    make: reading(first as never),
    isPromise: true,
  },
  "asyncio shield": { make: shielding },
  "asyncio gather": { tries: "few", make: combining((task) => awaiting(() => gather([task]))) },
  "asyncio taskGroup": {
    make: combining((task) => taskGroup((group) => void group.createTask(() => task))),
  },
  "asyncio wait": { tries: "few", make: combining((task) => wait([task])) },
  "asyncio timeout": { make: wrapping((get) => timeout(60_000, () => get())) },
  "asyncio waitFor": { make: wrapping((get) => waitFor(get(), 60_000)) },
  "asyncio openConnection": { make: connecting, tries: "few" },
  "asyncio createSubprocessExec": { make: startingProcess, tries: "few" },
  "asyncio each": { make: goingOver },
};

export const ASYNCIO: Takings = Object.fromEntries(
  Object.entries(TAKINGS).map(([name, taking]) => [name, { ...taking, takesSignal: false }]),
);
