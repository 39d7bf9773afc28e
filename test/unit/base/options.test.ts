import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { runInNewContext } from "node:vm";
import { checkedOptions } from "../../../src/base/options.ts";
import { Queue } from "../../../src/queue/queue.ts";
import { Event } from "../../../src/threading/event.ts";
import { Lock } from "../../../src/_thread/lock.ts";
import { Thread } from "../../../src/threading/thread.ts";

class Settings {
  readonly timeout = 5;
}

function check(options: unknown): unknown {
  return checkedOptions(options as { timeout?: number }, ["timeout"], "f");
}

describe("an options argument", () => {
  it("is a plain object, of any realm, or one without a prototype", () => {
    for (const options of [
      { timeout: 5 },
      Object.freeze({ timeout: 5 }),
      Object.assign(Object.create(null), { timeout: 5 }),
      runInNewContext("({ timeout: 5 })"),
      new Proxy({ timeout: 5 }, {}),
    ])
      assert.deepEqual({ ...(check(options) as object) }, { timeout: 5 });
  });

  it("is refused where what it says is not in properties of its own, which would be ignored", () => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    const refused: [unknown, kind: string][] = [
      [AbortSignal.abort(), "AbortSignal"],
      [new Map([["timeout", 5]]), "Map"],
      [Promise.resolve({ timeout: 5 }), "Promise"],
      [new Date(), "Date"],
      [new Settings(), "Settings"],
      [Object.create({ timeout: 5 }), "object"],
      [[], "Array"],
      [() => 5, "function"],
      [null, "null"],
      ["5", "string"],
      [Symbol("timeout"), "symbol"],
      [proxy, "object"],
    ];
    for (const [options, kind] of refused)
      assert.throws(() => check(options), {
        name: "TypeError",
        message: `f: options must be a plain object, got ${kind}; pass { timeout }`,
      });
  });

  it("is not a signal: a wait that the signal cannot end does not begin", async () => {
    const signal = AbortSignal.abort() as never;
    const waits = {
      "Lock.acquire": () => new Lock().acquire(signal),
      "Queue.get": () => new Queue().get(signal),
      "Event.wait": () => new Event().wait(signal),
      "Thread.join": () => new Thread().join(signal),
    };
    for (const [name, wait] of Object.entries(waits)) {
      const message = `${name}: options must be a plain object, got AbortSignal; pass { signal }`;
      await assert.rejects(async () => wait(), { name: "TypeError", message });
    }
  });

  it("is not a time limit", () => {
    assert.throws(() => new Lock().acquireSync(50 as never), /got number; pass \{ timeout \}$/);
  });
});
