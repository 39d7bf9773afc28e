import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";

import { FakeClock } from "heddle/testing";

const START_MS = Date.UTC(2030, 0, 1);
const real = { setTimeout, clearTimeout, Date };

describe("FakeClock", () => {
  let clock: FakeClock;
  let said: string[];
  const say = (text: string) => () => void said.push(text);

  beforeEach(() => {
    said = [];
    clock = new FakeClock({ now: START_MS });
    clock.install();
  });
  afterEach(() => clock.uninstall());

  it("stands still until it is advanced", () => {
    const startMs = performance.now();
    assert.equal(Date.now(), START_MS);
    assert.equal(performance.now(), startMs);
    clock.advance(1.5);
    assert.equal(performance.now(), startMs + 1.5);
    assert.equal(Date.now(), START_MS + 1);
  });

  it("says the time to new Date() and Date(), and leaves the rest of Date as it is", () => {
    clock.advance(1000);
    assert.equal(new Date().toISOString(), "2030-01-01T00:00:01.000Z");
    assert.equal(Date(), new real.Date(START_MS + 1000).toString());
    assert.equal(new Date(5).getTime(), 5);
    assert.equal(new Date(2000, 1).getMonth(), 1);
    assert.equal(Date.UTC(1970, 0), 0);
    assert.ok(new Date() instanceof Date);
    assert.ok(new Date() instanceof real.Date);
    class Later extends Date {}
    assert.ok(new Later() instanceof Later);
    assert.equal(new Later().getTime(), START_MS + 1000);
  });

  it("begins at the present unless told otherwise", () => {
    clock.uninstall();
    const beforeMs = Date.now();
    clock = new FakeClock();
    clock.install();
    assert.ok(Date.now() >= beforeMs);
    assert.ok(Date.now() <= beforeMs + 60_000);
  });

  it("runs what is due in the order of its times, and of the calls where they are equal", () => {
    setTimeout(say("c"), 20);
    setTimeout(say("a"), 10);
    setTimeout(say("b"), 10);
    setTimeout(say("late"), 21);
    clock.advance(20);
    assert.deepEqual(said, ["a", "b", "c"]);
    assert.equal(clock.pending, 1);
  });

  it("runs each timer at its time, and those that timers set", () => {
    const startMs = performance.now();
    setTimeout(() => {
      said.push(`first at ${performance.now() - startMs}`);
      setTimeout(() => said.push(`second at ${performance.now() - startMs}`), 5);
      setTimeout(say("too late"), 15);
    }, 10);
    clock.advance(20);
    assert.deepEqual(said, ["first at 10", "second at 15"]);
  });

  it("repeats intervals, until they are cleared", () => {
    const interval = setInterval(() => {
      if (said.push("tick") === 3) clearInterval(interval);
    }, 10);
    clock.advance(100);
    assert.equal(said.length, 3);
    assert.equal(clock.pending, 0);
  });

  it("passes arguments, and does not run what was cleared", () => {
    setTimeout((...words: string[]) => said.push(...words), 1, "one", "two");
    clearTimeout(setTimeout(say("cleared"), 1));
    clearTimeout(Number(setTimeout(say("cleared by number"), 1)));
    clearTimeout(undefined);
    clock.advance(1);
    assert.deepEqual(said, ["one", "two"]);
  });

  it("makes 1 ms of no delay, so that a timer that sets itself again ends", () => {
    const again = (): void => {
      said.push("again");
      setTimeout(again);
    };
    setTimeout(again, 0);
    setTimeout(say("NaN"), NaN);
    setTimeout(say("too long"), 2 ** 31);
    clock.advance(0);
    assert.deepEqual(said, []);
    clock.advance(3);
    assert.deepEqual(said, ["again", "NaN", "too long", "again", "again"]);
  });

  it("gives timers that can be asked what Node's can", () => {
    const timer = setTimeout(say("ran"), 10);
    assert.equal(timer.hasRef(), true);
    assert.equal(timer.unref().hasRef(), false);
    assert.equal(timer.ref().hasRef(), true);
    clock.advance(9);
    timer.refresh();
    clock.advance(9);
    assert.deepEqual(said, []);
    clock.advance(1);
    assert.deepEqual(said, ["ran"]);
    timer.refresh();
    timer.close();
    clock.advance(10);
    assert.deepEqual(said, ["ran"]);
  });

  it("stops at a timer that throws, and goes on when told to", () => {
    setTimeout(() => {
      throw new Error("thrown by a timer");
    }, 10);
    setTimeout(say("after"), 20);
    assert.throws(() => clock.advance(30), /^Error: thrown by a timer$/);
    assert.equal(Date.now(), START_MS + 10);
    clock.advance(10);
    assert.deepEqual(said, ["after"]);
  });

  it("does not go back when a timer advances it", () => {
    setTimeout(() => clock.advance(100), 10);
    clock.advance(20);
    assert.equal(Date.now(), START_MS + 110);
  });

  it("advanceAsync() lets promise jobs run before, between and after timers", async () => {
    const sleep = async (ms: number): Promise<void> =>
      new Promise((resolve) => void setTimeout(resolve, ms));
    const work = async (): Promise<void> => {
      await Promise.resolve();
      for (const text of ["one", "two", "three"]) {
        await sleep(10);
        await Promise.resolve();
        said.push(text);
      }
    };
    const worked = work();
    await clock.advanceAsync(25);
    assert.deepEqual(said, ["one", "two"]);
    await clock.advanceAsync(5);
    assert.deepEqual(said, ["one", "two", "three"]);
    await worked;
  });

  it("clears timers of the time before it was installed", async () => {
    clock.uninstall();
    let isRun = false;
    const before = setTimeout(() => (isRun = true), 5);
    clock.install();
    clearTimeout(before);
    clock.uninstall();
    await new Promise((resolve) => setTimeout(resolve, 30));
    assert.equal(isRun, false);
  });

  it("puts everything back, and forgets its timers", () => {
    const own = Object.getOwnPropertyDescriptor(performance, "now");
    setTimeout(say("never"), 1);
    clock.uninstall();
    assert.equal(setTimeout, real.setTimeout);
    assert.equal(clearTimeout, real.clearTimeout);
    assert.equal(Date, real.Date);
    assert.notEqual(Object.getOwnPropertyDescriptor(performance, "now")?.value, own?.value);
    assert.equal(clock.pending, 0);
    clock.uninstall();
    clock.install();
    clock[Symbol.dispose]();
    assert.equal(setTimeout, real.setTimeout);
  });

  it("refuses a second installation, bad times, and to go on when it is not installed", () => {
    const error = (message: string): object => ({ name: "RuntimeError", message });
    assert.throws(
      () => clock.install(),
      error("Cannot install the clock: it is installed already"),
    );
    assert.throws(
      () => new FakeClock().install(),
      error("Cannot install the clock: another one is installed already"),
    );
    assert.throws(() => clock.advance(-1), {
      name: "RangeError",
      message: "FakeClock.advance: ms must be finite and at least 0, got -1",
    });
    assert.throws(() => clock.advance(Infinity), RangeError);
    assert.throws(() => clock.advance(NaN), RangeError);
    assert.throws(() => setTimeout("code" as unknown as () => void), {
      name: "TypeError",
      message: "Cannot set a timer: its callback is a string",
    });
    clock.uninstall();
    assert.throws(() => clock.advance(1), error("Cannot advance the clock: it is not installed"));
    assert.throws(() => new FakeClock({ now: NaN }), TypeError);
    assert.throws(() => new FakeClock({ at: 1 } as object), /unknown option "at"/);
  });

  it("refuses a bad time of advanceAsync()", async () => {
    await assert.rejects(clock.advanceAsync(-1), RangeError);
  });
});
