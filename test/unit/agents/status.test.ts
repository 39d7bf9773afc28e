import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { AgentStatus } from "../../../build/src/agents/status.js";
import { channelOf } from "../../support/channels.ts";
import {
  decodeThrown,
  encodeThrown,
  type ThrownValue,
} from "../../../build/src/wire/remote-error.js";

const encode = (error: unknown): ThrownValue => encodeThrown(error, channelOf());
const decode = (thrown: ThrownValue | undefined): Error => {
  assert.ok(thrown);
  return decodeThrown(thrown, channelOf()) as Error;
};

describe("AgentStatus", () => {
  it("has no report of a worker that has left none", () => {
    const status = AgentStatus.create(true);
    assert.equal(status.exitReport(), undefined);
    assert.equal(status.initializerFailure(), undefined);
  });

  it("tells what ended a worker from what its initializer threw", () => {
    const ended = AgentStatus.create(true);
    ended.writeExitReport(encode(new RangeError("no room")));
    assert.equal(decode(ended.exitReport()).message, "no room");
    assert.equal(ended.initializerFailure(), undefined);
    const unready = AgentStatus.create(true);
    unready.writeInitializerFailure(encode(new RangeError("no licence")));
    assert.equal(decode(unready.initializerFailure()).message, "no licence");
    assert.equal(unready.exitReport(), undefined);
  });

  it("keeps fields that only structured clone can copy", () => {
    const status = AgentStatus.create(true);
    const fields = { when: new Date(5), seats: new Map([["a", new Set([1n])]]) };
    status.writeInitializerFailure(encode(Object.assign(new TypeError("odd"), fields)));
    const error = decode(status.initializerFailure());
    assert.ok(error instanceof TypeError);
    assert.deepEqual(Object.entries(error), Object.entries(fields));
  });

  it("shortens what an initializer threw, where there is no room for all of it", () => {
    const status = AgentStatus.create(true);
    const long = "Zu lang für jeden Bericht: ∞ ".repeat(5000);
    const error = new RangeError(long, { cause: new Error(long) });
    status.writeInitializerFailure(encode(Object.assign(error, { detail: long })));
    const shortened = decode(status.initializerFailure());
    assert.ok(shortened instanceof RangeError);
    assert.ok(shortened.message.length >= 1000 && long.startsWith(shortened.message));
    const text = AgentStatus.create(true);
    text.writeInitializerFailure(encode(long));
    const thrown = text.initializerFailure();
    assert.ok(thrown?.kind === "value" && long.startsWith(thrown.value as string));
  });
});
