/**
 * Where users hand functions to heddle, each is called in the async context of the code that
 * handed it over, and with its context variables. The list is that of the public names: where
 * a function can be given and no test says in which context it is called, the first test fails.
 */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { functionPlaces } from "../support/api/functions.ts";
import { type Places, seesItsOwn } from "../support/async-context.ts";
import { ASYNCIO } from "./async-context-asyncio.ts";
import { FUTURES } from "./async-context-futures.ts";
import { PROCESSES } from "./async-context-processes.ts";
import { TESTING } from "./async-context-testing.ts";
import { THREADS } from "./async-context-threads.ts";

const PLACES: Places = { ...FUTURES, ...THREADS, ...PROCESSES, ...ASYNCIO, ...TESTING };

const SHIPPED = "it runs in another thread or process, which has an async context of its own";
const GIVEN = "heddle calls it with a function of its own";
const HEDDLES = "heddle makes the object";
const SAME = "one class, tested for another module";

/** Where no function of the user's is kept and called in this thread, and why. */
const UNTESTED: Readonly<Record<string, string>> = {
  "_thread Acquirable.with(body)": SAME,
  "_thread Acquirable.withSync(body)": SAME,
  "_thread Held.constructor(undo)": HEDDLES,
  "_thread UnraisableHookArgs.excType": HEDDLES,
  "_thread startJoinableThread(fn)": SHIPPED,
  "_thread startNewThread(fn)": SHIPPED,
  "asyncio CallExecutor.submit(fn)": GIVEN,
  "asyncio Context.run(fn)": SAME,
  "asyncio ExecutorFuture.addDoneCallback(callback)": GIVEN,
  "asyncio Future.removeDoneCallback(callback)": "it is compared, and never called",
  "asyncio Held.constructor(undo)": HEDDLES,
  "asyncio Loop.runInExecutor(fn)": SHIPPED,
  "asyncio LoopClock.wakeAt(wake)": GIVEN,
  "asyncio LoopHandle.callSoonThreadsafe(fn)": SHIPPED,
  "asyncio startUnixServer(clientConnected)": "as startServer",
  "asyncio toThread(fn)": SHIPPED,
  "concurrent.futures Executor.map(fn)": SHIPPED,
  "concurrent.futures Executor.mapSync(fn)": SHIPPED,
  "concurrent.futures PoolExecutor.submit(fn)": SHIPPED,
  "concurrent.futures ProcessPoolExecutorOptions.initializer": SHIPPED,
  "concurrent.futures ThreadPoolExecutorOptions.initializer": SHIPPED,
  "heddle task(fn)": "it is marked, and returned",
  "multiprocessing CommonOptions.target": SHIPPED,
  "multiprocessing Pool.apply(fn)": SHIPPED,
  "multiprocessing Pool.applyAsync(fn)": SHIPPED,
  "multiprocessing Pool.imap(fn)": SHIPPED,
  "multiprocessing Pool.imapUnordered(fn)": SHIPPED,
  "multiprocessing Pool.map(fn)": SHIPPED,
  "multiprocessing Pool.mapAsync(fn)": SHIPPED,
  "multiprocessing Pool.starmap(fn)": SHIPPED,
  "multiprocessing Pool.starmapAsync(fn)": SHIPPED,
  "multiprocessing.dummy TargetOptions.target": SHIPPED,
  "multiprocessing.pool AsyncResult.catch(onRejected)": SAME,
  "multiprocessing.pool AsyncResult.finally(onFinally)": SAME,
  "multiprocessing.pool AsyncResult.then(onFulfilled)": SAME,
  "multiprocessing.pool AsyncResult.then(onRejected)": SAME,
  "multiprocessing.pool Pool.apply(fn)": SAME,
  "multiprocessing.pool Pool.applyAsync(fn)": SAME,
  "multiprocessing.pool Pool.imap(fn)": SAME,
  "multiprocessing.pool Pool.imapUnordered(fn)": SAME,
  "multiprocessing.pool Pool.map(fn)": SAME,
  "multiprocessing.pool Pool.mapAsync(fn)": SAME,
  "multiprocessing.pool Pool.starmap(fn)": SAME,
  "multiprocessing.pool Pool.starmapAsync(fn)": SAME,
  "multiprocessing.pool PoolCallOptions.callback": SAME,
  "multiprocessing.pool PoolCallOptions.errorCallback": SAME,
  "multiprocessing.pool ThreadPoolOptions.initializer": SHIPPED,
  "testing ScenarioParts.afterDeath": SHIPPED,
  "testing ScenarioParts.agents": SHIPPED,
  "testing ScenarioParts.check": SHIPPED,
  "testing ScenarioParts.setup": SHIPPED,
  "testing Step.constructor(onEnd)": HEDDLES,
  "testing VirtualClock.wakeAt(wake)": GIVEN,
  "threading CommonOptions.target": SHIPPED,
  "threading ExceptHookArgs.excType": HEDDLES,
  "threading Held.constructor(undo)": HEDDLES,
  "threading Timer.constructor(fn)": SHIPPED,
};

describe("the public names", () => {
  it("have no place for a function of which no test says in which context it is called", () => {
    const tested = new Set(Object.keys(PLACES).map((name) => name.replace(/,.*/, "")));
    const untested = functionPlaces().filter((place) => !tested.has(place));
    assert.deepEqual(untested, Object.keys(UNTESTED));
  });
});

describe("the async context of the code that hands over a function", () => {
  for (const [name, place] of Object.entries(PLACES)) {
    it(`is there in that of ${name}`, () => seesItsOwn(place));
  }
});
