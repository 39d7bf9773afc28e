/** What code sets of the loop is its run's: the next run, and others beside it, begin without, as in Python. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  createTask,
  eagerTaskFactory,
  Event,
  getRunningLoop,
  Loop,
  run,
  Runner,
  sleep,
} from "heddle/asyncio";
import { STYLES } from "../../support/asyncio/both-styles.ts";

interface Settings {
  readonly handler: unknown;
  readonly factory: unknown;
  readonly isDebug: boolean;
}

const DEFAULTS: Settings = { handler: null, factory: null, isDebug: false };
const CHANGED: Settings = {
  handler: () => undefined,
  factory: eagerTaskFactory,
  isDebug: true,
};

function settings(loop: Loop = getRunningLoop()): Settings {
  return {
    handler: loop.getExceptionHandler(),
    factory: loop.getTaskFactory(),
    isDebug: loop.getDebug(),
  };
}

function change(loop: Loop = getRunningLoop()): void {
  loop.setExceptionHandler(CHANGED.handler as () => void);
  loop.setTaskFactory(CHANGED.factory as typeof eagerTaskFactory);
  loop.setDebug(CHANGED.isDebug);
  assert.deepEqual(settings(loop), CHANGED);
}

for (const { name, co } of STYLES) {
  describe(`what a run sets of its loop, ${name}`, () => {
    it("is not set in the next run", async () => {
      await run(
        co(function* () {
          yield sleep(0);
          change();
        }),
      );
      await run(
        co(function* () {
          yield sleep(0);
          assert.deepEqual(settings(), DEFAULTS);
        }),
      );
    });

    it("holds for its tasks and callbacks", async () => {
      await run(
        co(function* () {
          change();
          let seen: Settings | undefined;
          getRunningLoop().callSoon(() => (seen = settings()));
          yield createTask(async () => assert.deepEqual(settings(), CHANGED));
          yield sleep(0);
          assert.deepEqual(seen, CHANGED);
        }),
      );
    });

    it("is not set in a run that is under way beside it", async () => {
      const [changed, looked] = [new Event(), new Event()];
      const first = run(
        co(function* () {
          change();
          changed.set();
          yield looked.wait();
        }),
      );
      const second = run(
        co(function* () {
          yield changed.wait();
          assert.deepEqual(settings(), DEFAULTS);
          looked.set();
        }),
      );
      await Promise.all([first, second]);
    });
  });
}

describe("the settings of runs", () => {
  it("include from when on callbacks are slow", async () => {
    await run(async () => {
      getRunningLoop().slowCallbackDuration = 5;
    });
    await run(async () => assert.equal(getRunningLoop().slowCallbackDuration, 100));
  });

  it("are kept by a Runner from run to run, and end with it", async () => {
    const runner = new Runner();
    await runner.run(async () => change());
    await runner.run(async () => assert.deepEqual(settings(), CHANGED));
    assert.deepEqual(settings(runner.getLoop()), CHANGED);
    await runner.close();
    await run(async () => assert.deepEqual(settings(), DEFAULTS));
  });

  it("are kept by a loop of one's own", async () => {
    const loop = new Loop();
    await loop.runUntilComplete(async () => change());
    await loop.runUntilComplete(async () => assert.deepEqual(settings(), CHANGED));
    assert.deepEqual(settings(loop), CHANGED);
    loop.close();
  });

  it("send each run's errors to its own handler", async () => {
    const told: string[] = [];
    const failing = async (name: string): Promise<void> => {
      const loop = getRunningLoop();
      loop.setExceptionHandler((_, { exception }) => {
        told.push(`${name}: ${(exception as Error).message}`);
      });
      await sleep(1);
      loop.callSoon(() => {
        throw new Error(`callback of ${name}`);
      });
      createTask(async () => {
        try {
          await sleep(60_000);
        } finally {
          // Cancelled at the end of the run, and fails then.
          // oxlint-disable-next-line no-unsafe-finally -- that is what it tests
          throw new Error(`task of ${name}`);
        }
      });
      await sleep(1);
    };
    await Promise.all([run(() => failing("A")), run(() => failing("B"))]);
    assert.deepEqual(told.toSorted(), [
      "A: callback of A",
      "A: task of A",
      "B: callback of B",
      "B: task of B",
    ]);
  });

  it("leave no debug mode behind, whichever run ends first", async () => {
    const debugged = async (delayMs: number): Promise<void> =>
      run(
        async () => {
          await sleep(delayMs);
          assert.equal(getRunningLoop().getDebug(), true);
        },
        { debug: true },
      );
    await Promise.all([debugged(1), debugged(5)]);
    await Promise.all([debugged(5), debugged(1)]);
    await run(async () => assert.equal(getRunningLoop().getDebug(), false));
  });
});
