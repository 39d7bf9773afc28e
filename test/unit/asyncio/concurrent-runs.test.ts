import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createTask, Event, Future, run, sleep, toThread } from "heddle/asyncio";

describe("runs that share a loop", () => {
  it("a task that a callback makes belongs to the run of the code that gave the callback", async () => {
    const [bothRun, wasMade, canEnd] = [new Event(), new Event(), new Event()];
    const first = run(async () => {
      const future = new Future<void>();
      let made: Future<string> | undefined;
      future.addDoneCallback(() => {
        made = createTask(async () => {
          await canEnd.wait();
          return "went on";
        });
        wasMade.set();
      });
      await bothRun.wait();
      future.setResult();
      await wasMade.wait();
      return await (made as Future<string>);
    });
    await run(async () => {
      bothRun.set();
      await wasMade.wait();
    });
    canEnd.set();
    assert.equal(await first, "went on");
  });

  it("what a run closes at its end is not cancelled by the end of another", async () => {
    const [bothRun, canEnd] = [new Event(), new Event()];
    const first = run(async () => {
      const result = await toThread((n: number) => n + 1, 1);
      await bothRun.wait();
      canEnd.set();
      return result;
    });
    // Ends while the first waits for the thread to end.
    await run(async () => {
      bothRun.set();
      await canEnd.wait();
      await sleep(1);
    });
    assert.equal(await first, 2);
  });
});
