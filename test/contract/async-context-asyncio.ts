/** Functions that are handed to asyncio. */
import process from "node:process";
import {
  asCompleted,
  type Awaitable,
  Barrier,
  Condition,
  type Coroutine,
  coroutine,
  createTask,
  each,
  eagerTaskFactory,
  ensureFuture,
  fromPromise,
  Future,
  gather,
  getRunningLoop,
  Lock,
  Loop,
  openConnection,
  run,
  runCoroutineThreadsafe,
  Runner,
  shield,
  sleep,
  startServer,
  TaskGroup,
  taskGroup,
  timeout,
  timeoutAt,
  Timeout,
  waitFor,
} from "heddle/asyncio";
import { Context } from "heddle/contextvars";
import {
  asAnother,
  callback,
  called,
  continuation,
  inRuns,
  kept,
  type Note,
  type Place,
  type Places,
} from "../support/async-context.ts";

/** Looks at its context at the beginning, after a wait, and at the end. */
function* looking(note: Note): Coroutine<void> {
  note();
  yield* sleep(1);
  note();
  yield* sleep(0);
  note();
}

async function lookingAsync(note: Note): Promise<void> {
  note();
  await sleep(1);
  note();
  await sleep(0);
  note();
}

/** A lock that is taken, and given back in a moment by code that is no request's. */
function taken(): Lock {
  const lock = new Lock();
  const holder = asAnother(() =>
    createTask(
      async () => {
        await lock.acquire();
        await sleep(1);
        lock.release();
      },
      { eagerStart: true },
    ),
  );
  void holder;
  return lock;
}

const TASKS: Places = {
  "asyncio createTask(coroutine), an async function": callback(async (note) =>
    createTask(() => lookingAsync(note)),
  ),
  "asyncio createTask(coroutine), a generator": callback(async (note) => createTask(looking(note))),
  "asyncio createTask(coroutine), a function of a generator": callback(async (note) =>
    createTask(() => looking(note)),
  ),
  "asyncio createTask(coroutine), a function of an operation": callback(async (note) =>
    createTask(() => timeout(1000, () => lookingAsync(note))),
  ),
  "asyncio createTask(coroutine), a generator that starts at once": callback(async (note) =>
    createTask(looking(note), { eagerStart: true }),
  ),
  "asyncio createTask(coroutine), an async function that starts at once": callback(async (note) =>
    createTask(() => lookingAsync(note), { eagerStart: true }),
  ),
  "asyncio Loop.createTask(coroutine)": callback(async (note) =>
    getRunningLoop().createTask(() => lookingAsync(note)),
  ),
  "asyncio eagerTaskFactory(coroutine)": callback(async (note) =>
    eagerTaskFactory(getRunningLoop(), () => looking(note)),
  ),
  "asyncio ensureFuture(awaitable)": callback(async (note) =>
    ensureFuture(() => lookingAsync(note)),
  ),
  "asyncio gather(coroutines)": callback(async (note) =>
    gather([looking(note), () => lookingAsync(note)]),
  ),
  "asyncio asCompleted(coroutines)": callback(async (note) => {
    for await (const task of asCompleted([looking(note), () => lookingAsync(note)])) void task;
  }),
  "asyncio shield(coroutine)": callback(async (note) => shield(() => lookingAsync(note))),
  "asyncio TaskGroup.createTask(work)": callback(async (note) =>
    taskGroup((group) => {
      group.createTask(looking(note));
      group.createTask(() => lookingAsync(note));
    }),
  ),
  "asyncio runCoroutineThreadsafe(fn), to the thread's own loop": callback(async (note) =>
    runCoroutineThreadsafe(() => lookingAsync(note), [], getRunningLoop()),
  ),
};

/** Hands over a function that notes its context, and waits until it was called. */
async function untilCalled(note: Note, handOver: (fn: () => void) => void): Promise<void> {
  const wasCalled = new Future<void>();
  handOver(() => {
    note();
    wasCalled.setResult();
  });
  await wasCalled;
}

/** Lets a client connect, and waits until the server's function is through. */
async function serve(
  make: (ended: () => void) => Parameters<typeof startServer>[0],
): Promise<void> {
  const ended = new Future<void>();
  const server = await startServer(
    make(() => ended.setResult()),
    "127.0.0.1",
    0,
  );
  const [, writer] = await asAnother(() => openConnection("127.0.0.1", server.port));
  await ended;
  writer.close();
  server.close();
}

const CALLBACKS: Places = {
  "asyncio Loop.callSoon(callback)": callback((note) =>
    untilCalled(note, (fn) => getRunningLoop().callSoon(fn)),
  ),
  "asyncio Loop.callSoon(callback), an async function": callback((note) =>
    untilCalled(note, (fn) =>
      getRunningLoop().callSoon(async () => {
        note();
        await Promise.resolve();
        fn();
      }),
    ),
  ),
  "asyncio Loop.callSoonThreadsafe(callback)": callback((note) =>
    untilCalled(note, (fn) => getRunningLoop().callSoonThreadsafe(fn)),
  ),
  "asyncio Loop.callLater(callback)": callback((note) =>
    untilCalled(note, (fn) => getRunningLoop().callLater(1, fn)),
  ),
  "asyncio Loop.callAt(callback)": callback((note) =>
    untilCalled(note, (fn) => getRunningLoop().callAt(getRunningLoop().time() + 1, fn)),
  ),
  "asyncio Future.addDoneCallback(callback)": callback((note) =>
    untilCalled(note, (fn) => {
      const future = new Future<void>();
      future.addDoneCallback(fn);
      asAnother(() => future.setResult());
    }),
  ),
  "asyncio Future.addDoneCallback(callback), of one that is done": callback((note) =>
    untilCalled(note, (fn) => {
      const future = new Future<void>();
      future.setResult();
      future.addDoneCallback(fn);
    }),
  ),
  "asyncio Future.then(onFulfilled)": continuation(async (note) => createTask(sleep(1)).then(note)),
  "asyncio Future.then(onFulfilled), in a generator": callback(async (note) => {
    const reacted = new Future<void>();
    function* waiting(): Coroutine<void> {
      void createTask(sleep(1)).then(() => {
        note();
        reacted.setResult();
      });
      yield* reacted;
    }
    await createTask(waiting());
  }),
  "asyncio Future.then(onRejected)": continuation(async (note) => {
    const future = new Future<void>();
    getRunningLoop().callLater(1, () => future.setException(new Error("no")));
    await future.then(undefined, note);
  }),
  "asyncio Future.catch(onRejected)": continuation(async (note) => {
    const future = new Future<void>();
    getRunningLoop().callLater(1, () => future.setException(new Error("no")));
    await future.catch(note);
  }),
  "asyncio Future.finally(onFinally)": continuation(async (note) =>
    createTask(sleep(1)).finally(note),
  ),
  "asyncio Awaitable.then(onFulfilled)": continuation(async (note) => sleep(1).then(note)),
  "asyncio Awaitable.catch(onRejected)": continuation(async (note) =>
    timeout(1, () => sleep(3_600_000)).catch(note),
  ),
  "asyncio Awaitable.finally(onFinally)": continuation(async (note) => sleep(1).finally(note)),
  "asyncio Loop.addSignalHandler(callback)": kept(async (note) => {
    const keepAlive = setInterval(() => undefined, 1000);
    await untilCalled(note, (fn) => {
      getRunningLoop().addSignalHandler("SIGWINCH", fn);
      asAnother(() => process.kill(process.pid, "SIGWINCH"));
    });
    clearInterval(keepAlive);
    getRunningLoop().removeSignalHandler("SIGWINCH");
  }),
  "asyncio Loop.setExceptionHandler(handler), for no task's error": kept(async (note) => {
    getRunningLoop().setExceptionHandler(note);
    asAnother(() => getRunningLoop().callExceptionHandler({ message: "none" }));
    getRunningLoop().setExceptionHandler(null);
  }, "any"),
  "asyncio Loop.setExceptionHandler(handler), for a callback's error": kept(async (note) => {
    await untilCalled(note, (fn) => {
      asAnother(() => getRunningLoop().setExceptionHandler(fn));
      getRunningLoop().callSoon(() => {
        throw new Error("no");
      });
    });
    getRunningLoop().setExceptionHandler(null);
  }, "any"),
  "asyncio Loop.setExceptionHandler(handler), for a task's error": kept(async (note) => {
    asAnother(() => getRunningLoop().setExceptionHandler(note));
    const task = createTask(sleep(0));
    asAnother(() => getRunningLoop().callExceptionHandler({ message: "late", task }));
    await task;
    getRunningLoop().setExceptionHandler(null);
  }, "any"),
  "asyncio startServer(clientConnected), an async function": callback((note) =>
    serve((ended) => async () => {
      await lookingAsync(note);
      ended();
    }),
  ),
  "asyncio startServer(clientConnected), of a server that another starts": callback(
    async (note) => {
      const ended = new Future<void>();
      const connected = async (): Promise<void> => {
        await lookingAsync(note);
        ended.setResult();
      };
      const server = await startServer(connected, "127.0.0.1", 0, { startServing: false });
      await asAnother(() => server.startServing());
      const [, writer] = await asAnother(() => openConnection("127.0.0.1", server.port));
      await ended;
      writer.close();
      server.close();
    },
  ),
  "asyncio startServer(clientConnected), a generator function": callback((note) =>
    serve(
      (ended) =>
        function* () {
          yield* looking(note);
          ended();
        },
    ),
  ),
};

/** Operations that call a function when they get there, which may be late. */
const OPERATIONS: Readonly<Record<string, (note: Note) => Awaitable<unknown>>> = {
  "asyncio timeout(body)": (note) => timeout(1000, () => lookingAsync(note)),
  "asyncio timeoutAt(body)": (note) =>
    timeoutAt(getRunningLoop().time() + 1000, () => lookingAsync(note)),
  "asyncio Timeout.run(body)": (note) => new Timeout(null).run(() => lookingAsync(note)),
  "asyncio waitFor(work)": (note) => waitFor(() => lookingAsync(note), 1000),
  "asyncio taskGroup(body)": (note) => taskGroup(() => lookingAsync(note)),
  "asyncio TaskGroup.run(body)": (note) => new TaskGroup().run(() => lookingAsync(note)),
  "asyncio Acquirable.with(body), of a lock that is free": (note) =>
    new Lock().with(() => lookingAsync(note)),
  "asyncio Acquirable.with(body), of a lock that is taken": (note) =>
    taken().with(() => lookingAsync(note)),
  "asyncio Barrier.with(body)": (note) => {
    const barrier = new Barrier(2);
    asAnother(() => createTask(barrier.wait()));
    return barrier.with(() => lookingAsync(note));
  },
  "asyncio each(body)": (note) => each([sleep(1), sleep(1)], () => lookingAsync(note)),
  "asyncio fromPromise(external)": (note) => fromPromise(async () => note()),
};

function* waitingFor(condition: Condition, note: Note): Coroutine<void> {
  let asked = 0;
  yield* condition.acquire();
  const wait = condition.waitFor(() => {
    note();
    return ++asked > 1;
  });
  yield* wait;
  condition.release();
}

const DRIVEN: Places = {
  "asyncio timeout(body), a generator function": continuation(async (note) =>
    timeout(1000, function* () {
      yield* looking(note);
    }),
  ),
  "asyncio Acquirable.with(body), a generator function, of a lock that is taken": continuation(
    async (note) =>
      taken().with(function* () {
        yield* looking(note);
      }),
  ),
  "asyncio Condition.waitFor(predicate)": callback(async (note) => {
    const condition = new Condition();
    const waiting = createTask(waitingFor(condition, note));
    await sleep(1);
    await asAnother(() => createTask(condition.with(() => condition.notifyAll())));
    await waiting;
  }),
  "asyncio each(items), an async generator": continuation(async (note) => {
    async function* items(): AsyncGenerator<number> {
      for (let i = 0; i < 3; i++) {
        note();
        yield i;
        await sleep(1);
      }
    }
    await each(items(), () => sleep(1));
  }),
  "asyncio coroutine(fn)": continuation(async (note) =>
    coroutine(function* () {
      yield* looking(note);
    })(),
  ),
  "asyncio Loop.setTaskFactory(factory)": called(async (note) => {
    const loop = getRunningLoop();
    loop.setTaskFactory((of, work, options) => {
      note();
      return eagerTaskFactory(of, work, options);
    });
    const task = createTask(sleep(0));
    loop.setTaskFactory(null);
    await task;
  }),
};

/** The operation is made in the request, and waited for elsewhere. */
function madeInRequest(make: (note: Note) => Awaitable<unknown>): Place {
  return {
    variables: "any",
    isAround: true,
    register: async (note, here) => {
      const operation = here(() => [make(note)]);
      await operation[0];
    },
  };
}

const OPERATION_PLACES: Places = Object.fromEntries(
  Object.entries(OPERATIONS).flatMap(([name, make]) => [
    [name, continuation(async (note) => make(note))],
    [`${name}, waited for elsewhere`, madeInRequest(make)],
  ]),
);

export const ASYNCIO: Places = {
  "asyncio run(main), an async function": callback(async (note) => run(() => lookingAsync(note))),
  "asyncio run(main), a generator": callback(async (note) => run(looking(note))),
  "asyncio Runner.run(main)": called(async (note) => {
    const runner = new Runner();
    await runner.run(() => lookingAsync(note));
    await runner.close();
  }),
  "asyncio RunOptions.loopFactory": called(async (note) =>
    run(sleep(0), {
      loopFactory: () => {
        note();
        return new Loop();
      },
    }),
  ),
  "asyncio Loop.runUntilComplete(future)": callback(async (note) => {
    const loop = new Loop();
    await loop.runUntilComplete(() => lookingAsync(note));
    loop.close();
  }),
  "contextvars Context.run(fn)": called(async (note) =>
    new Context().run(() => lookingAlone(note)),
  ),
  ...inRuns({ ...TASKS, ...CALLBACKS, ...OPERATION_PLACES, ...DRIVEN }, (body) => run(body)),
};

/** The same where there is no task. */
async function lookingAlone(note: Note): Promise<void> {
  note();
  await new Promise((resolve) => {
    setTimeout(resolve, 1);
  });
  note();
}
