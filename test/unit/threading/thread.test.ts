import assert from "node:assert/strict";
import process from "node:process";
import { describe, it } from "node:test";
import { untilBlocked } from "heddle/testing";
import {
  __excepthook__,
  currentThread,
  enumerate,
  Event,
  getIdent,
  Lock,
  mainThread,
  Thread,
  Timer,
} from "heddle/threading";

import { captureErrorOutput } from "../../support/error-output.ts";
import * as targets from "../../support/threads/thread-targets.ts";

const isNode = process.versions["bun"] === undefined && process.versions["deno"] === undefined;

describe("Thread", () => {
  it("a subclass that overrides run takes its own fields along, and is itself over there", async () => {
    const thread = new targets.Squarer({ name: "four" });
    thread.number = 4;
    thread.note.text = "so";
    thread.start();
    assert.equal(await thread, "so 16 in four, true");
    assert.equal(thread.number, 4, "what the thread changes stays there");
  });

  it("run, called by hand, calls the target in this thread", () => {
    assert.deepEqual(new Thread({ target: currentThread }).run(), currentThread());
  });

  it("an async target keeps its thread alive until its promise settles", async () => {
    const [begun, gate] = [new Event(), new Event()];
    const thread = new Thread({ target: targets.beginAndAwait, args: [begun, gate] });
    thread.start();
    await begun.wait();
    await untilBlocked(gate, 1);
    assert.equal(thread.isAlive(), true);
    gate.set();
    await thread;
    assert.equal(thread.isAlive(), false);
  });

  it("two joins in another thread, of which one runs out of time: the other one ends", async () => {
    const [gate, hasGivenUp] = [new Event(), new Event()];
    const joined = new Thread({ target: targets.waitFor, args: [gate] });
    joined.start();
    const joiner = new Thread({ target: targets.joinTwice, args: [joined, hasGivenUp] });
    joiner.start();
    await hasGivenUp.wait();
    gate.set();
    assert.equal(await joiner, true);
    await joined;
  });

  it("a thread can be an argument: the other one sees its name and waits for its end", async () => {
    const [gate, hasLooked] = [new Event(), new Event()];
    const first = new Thread({ target: targets.waitFor, args: [gate], name: "first" });
    first.start();
    const second = new Thread({ target: targets.look, args: [first, hasLooked] });
    second.start();
    await hasLooked.wait();
    gate.set();
    const [name, isAlive, ident, isAliveAfterwards, result] = await second;
    assert.deepEqual([name, isAlive, ident], ["first", true, first.ident]);
    assert.equal(isAliveAfterwards, false);
    assert.match(
      String(result),
      /^RuntimeError: Cannot get the result .* it is available only in the thread that started it$/,
    );
  });

  it("one that has not been started cannot be an argument", () => {
    const thread = new Thread({ target: targets.look, args: [new Thread(), new Event()] });
    assert.throws(() => thread.start(), /Cannot send .*: it has not been started/);
  });

  it("kwargs come behind the arguments, as one object", async () => {
    const thread = new Thread({
      target: targets.nameAndTotal,
      args: ["sum"],
      kwargs: { total: 7 },
    });
    thread.start();
    assert.equal(await thread, "sum 7");
  });

  it("refuses options that it does not know, or of the wrong type", () => {
    assert.throws(() => new Thread({ taget: targets.who } as never), /unknown option "taget"/);
    assert.throws(() => new Thread({ target: 5 } as never), TypeError);
    assert.throws(() => new Thread({ args: 5 } as never), TypeError);
    assert.throws(() => new Thread({ kwargs: 5 } as never), TypeError);
    assert.throws(() => new Thread({ context: {} } as never), TypeError);
    assert.throws(() => mainThread().joinSync(), /current thread/);
  });

  it("super.run() in a subclass calls the target with its arguments", async () => {
    const thread = new targets.Wrapped({ target: targets.spell, args: ["a", "b"] } as never);
    thread.start();
    assert.equal(await thread, "<a-b>");
    const none = new targets.Wrapped();
    none.start();
    assert.equal(await none, "<undefined>");
    const outside = ["here"];
    const captured = new targets.Wrapped({ target: () => outside[0] } as never);
    captured.start();
    await assert.rejects(Promise.resolve(captured), {
      name: "NotShippableError",
      message: /^Cannot call the target of the thread\. .*it uses "outside"/,
    });
  });

  it("a thread that renames itself has the new name in the thread that started it, to its end and after it", async () => {
    const [renamed, go] = [new Event(), new Event()];
    const thread = new Thread({ target: targets.renameSelf, args: [renamed, go], name: "old" });
    assert.equal(thread.name, "old");
    thread.start();
    await renamed.wait();
    assert.equal(thread.name, "renamed");
    go.set();
    assert.equal(await thread, "renamed");
    assert.equal(thread.name, "renamed");
  });

  it("a timer says what it is going to call", () => {
    const fn = (a: number): number => a;
    const timer = new Timer(60_000, fn, [1], { b: 2 });
    assert.deepEqual([timer.function, timer.args, timer.kwargs], [fn, [1], { b: 2 }]);
    const plain = new Timer(60_000, fn);
    assert.deepEqual([plain.args, plain.kwargs], [[], {}]);
  });

  it("__excepthook__ without a thread prints the calling one's number", () => {
    const output = captureErrorOutput(() =>
      __excepthook__({ excType: RangeError, excValue: new RangeError("far") } as never),
    );
    assert.match(output, new RegExp(`^Exception in thread ${getIdent()}:\\nRangeError: far\\n`));
  });

  it("a thread may be renamed while it runs", async () => {
    const [begun, gate] = [new Event(), new Event()];
    const thread = new Thread({ target: targets.beginAndWait, args: [begun, gate] });
    thread.start();
    await begun.wait();
    thread.name = "renamed";
    assert.ok(enumerate().some(({ name }) => name === "renamed"));
    gate.set();
    await thread.join();
    assert.equal(thread.name, "renamed");
  });

  it("thirty threads run at once", async () => {
    const [lock, gate] = [new Lock(), new Event()];
    const counter = new Int32Array(new SharedArrayBuffer(4));
    const threads = Array.from(
      { length: 30 },
      () => new Thread({ target: targets.waitFor, args: [gate] }),
    );
    for (const thread of threads) thread.start();
    await untilBlocked(gate, 30);
    const counting = Array.from(
      { length: 3 },
      () => new Thread({ target: targets.countUp, args: [counter, lock] }),
    );
    for (const thread of counting) thread.start();
    await Promise.all(counting);
    assert.equal(counter[0], 3);
    gate.set();
    await Promise.all(threads);
  });

  it("one that begins when another has ended has its worker, and with it the variables of modules", async () => {
    const counts: number[] = [];
    for (let n = 0; n < 3; n++) {
      const thread = new Thread({ target: targets.countStarts });
      thread.start();
      counts.push(await thread);
    }
    const [first = 0] = counts;
    assert.deepEqual(counts, [first, first + 1, first + 2]);
    assert.equal(targets.countStarts(), 1, "this thread has variables of its own");
  });

  it("one that leaves a timer ends with its target all the same, and the timer goes on", async () => {
    const [ended, rang] = [new Event(), new Event()];
    const thread = new Thread({ target: targets.ringOnceEnded, args: [ended, rang] });
    thread.start();
    await thread;
    assert.equal(thread.isAlive(), false);
    assert.equal(rang.isSet(), false);
    ended.set();
    assert.equal(await rang.wait({ timeout: 20_000 }), true);
  });

  const remembers = isNode ? "is not used again" : "may be used again: nobody can tell";
  it(`a worker whose thread has left a timer ${remembers}`, async () => {
    const idents: (number | undefined)[] = [];
    for (const target of [targets.leaveTimer, targets.who]) {
      const thread = new Thread({ target });
      thread.start();
      await thread;
      idents.push(thread.ident);
    }
    const [left, next] = idents.map((ident) => ((ident ?? 0) - 1) % 512);
    if (isNode) assert.notEqual(left, next);
    else assert.ok(next !== undefined);
  });
});
