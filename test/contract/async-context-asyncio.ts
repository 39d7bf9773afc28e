/** Functions that are handed to asyncio. */
import {
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
  run,
  shield,
  sleep,
  taskGroup,
  timeout,
  timeoutAt,
  waitFor,
} from "heddle/asyncio";
import type { Note } from "../support/async-context.ts";
import { callback, continuation, inRuns, type Place } from "./async-context-contract.ts";

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

/** A lock that another task has, and gives back in a moment. */
async function takenLock(): Promise<Lock> {
  const lock = new Lock();
  await lock.acquire();
  getRunningLoop().callLater(1, () => lock.release());
  return lock;
}

const TASKS: Readonly<Record<string, Place>> = {
  "createTask(async function)": callback(async (note) => createTask(() => lookingAsync(note))),
  "createTask(generator)": callback(async (note) => createTask(looking(note))),
  "createTask(generator function)": callback(async (note) => createTask(() => looking(note))),
  "createTask(function of an operation)": callback(async (note) =>
    createTask(() => timeout(1000, () => lookingAsync(note))),
  ),
  "createTask(eager)": callback(async (note) => createTask(looking(note), { eagerStart: true })),
  "createTask(eager async)": callback(async (note) =>
    createTask(() => lookingAsync(note), { eagerStart: true }),
  ),
  "eagerTaskFactory(coroutine)": callback(async (note) =>
    eagerTaskFactory(getRunningLoop(), () => looking(note)),
  ),
  "ensureFuture(coroutine)": callback(async (note) => ensureFuture(() => lookingAsync(note))),
  "gather(coroutines)": callback(async (note) => gather([looking(note), () => lookingAsync(note)])),
  "shield(coroutine)": callback(async (note) => shield(() => lookingAsync(note))),
  "TaskGroup.createTask(work)": callback(async (note) =>
    taskGroup((group) => {
      group.createTask(looking(note));
      group.createTask(() => lookingAsync(note));
    }),
  ),
};

const CALLBACKS: Readonly<Record<string, Place>> = {
  "Loop.callSoon(callback)": callback(async (note) => {
    getRunningLoop().callSoon(note);
    await sleep(1);
  }),
  "Loop.callSoonThreadsafe(callback)": callback(async (note) => {
    getRunningLoop().callSoonThreadsafe(note);
    await sleep(1);
  }),
  "Loop.callLater(callback)": callback(async (note) => {
    getRunningLoop().callLater(1, note);
    await sleep(3);
  }),
  "Loop.callAt(callback)": callback(async (note) => {
    getRunningLoop().callAt(getRunningLoop().time() + 1, note);
    await sleep(3);
  }),
  "Future.addDoneCallback(callback)": callback(async (note) => {
    const future = new Future<void>();
    future.addDoneCallback(note);
    getRunningLoop().callSoon(() => future.setResult());
    await sleep(1);
  }),
  "Task.addDoneCallback(callback), of a task that is done": callback(async (note) => {
    const task = createTask(sleep(0));
    await task;
    task.addDoneCallback(note);
    await sleep(1);
  }),
  "Future.then(onFulfilled)": continuation(async (note) => createTask(sleep(1)).then(note)),
};

const BODIES: Readonly<Record<string, Place>> = {
  "timeout(body)": continuation(async (note) => timeout(1000, () => lookingAsync(note))),
  "timeoutAt(body)": continuation(async (note) =>
    timeoutAt(getRunningLoop().time() + 1000, () => lookingAsync(note)),
  ),
  "timeout(generator body)": continuation(async (note) =>
    timeout(1000, function* () {
      yield* looking(note);
    }),
  ),
  "waitFor(function)": continuation(async (note) => waitFor(() => lookingAsync(note), 1000)),
  "taskGroup(body)": continuation(async (note) => taskGroup(() => lookingAsync(note))),
  "Lock.with(body), of a lock that is taken": continuation(async (note) =>
    (await takenLock()).with(() => lookingAsync(note)),
  ),
  "Lock.with(generator body), of a lock that is taken": continuation(async (note) =>
    (await takenLock()).with(function* () {
      yield* looking(note);
    }),
  ),
  "Condition.waitFor(predicate)": continuation(async (note) => {
    const condition = new Condition();
    let asked = 0;
    getRunningLoop().callLater(1, () => createTask(condition.with(() => condition.notifyAll())));
    await condition.with(() =>
      condition.waitFor(() => {
        note();
        return (asked += 1) > 1;
      }),
    );
  }),
  "each(body)": continuation(async (note) => each([sleep(1), sleep(1)], () => lookingAsync(note))),
  "each(items), an async generator": continuation(async (note) => {
    async function* items(): AsyncGenerator<number> {
      for (let i = 0; i < 3; i++) {
        note();
        yield i;
        await sleep(1);
      }
    }
    await each(items(), () => sleep(1));
  }),
  "fromPromise(function)": continuation(async (note) => fromPromise(async () => note())),
  "coroutine(function)": continuation(async (note) =>
    coroutine(function* () {
      yield* looking(note);
    })(),
  ),
};

export const ASYNCIO: Readonly<Record<string, Place>> = {
  "run(async function)": callback(async (note) => run(() => lookingAsync(note))),
  "run(generator)": callback(async (note) => run(looking(note))),
  ...inRuns({ ...TASKS, ...CALLBACKS, ...BODIES }, (body) => run(body)),
};
