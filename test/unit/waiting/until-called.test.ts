import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { NEVER } from "../../../build/src/memory/deadline.js";
import { agentPump } from "../../../build/src/waiting/pump.js";
import { untilCalled } from "../../../build/src/waiting/until-called.js";

describe("untilCalled()", () => {
  // Otherwise the pump would not watch for what another wait is for, which then has no end.
  const HOW = {
    "called back twice": async (done: () => void): Promise<void> => {
      done();
      done();
    },
    "called back after it was aborted": async (done: () => void, abort: () => void) => {
      abort();
      done();
    },
    "aborted after it was called back": async (done: () => void, abort: () => void) => {
      done();
      abort();
    },
  };
  for (const [title, end] of Object.entries(HOW)) {
    it(`leaves other waits alone if it is ${title}`, async () => {
      const pump = agentPump();
      let doneOther = (): void => undefined;
      const other = untilCalled(
        (done) => {
          doneOther = done;
          return () => undefined;
        },
        NEVER,
        undefined,
      );
      const abortion = new AbortController();
      let doneOnce = (): void => undefined;
      const once = untilCalled(
        (done) => {
          doneOnce = done;
          return () => undefined;
        },
        NEVER,
        abortion.signal,
      ).catch(() => false);
      await end(doneOnce, () => abortion.abort());
      await once;
      assert.equal(pump.hasWorkInFlight, true);
      assert.equal(pump.isKeptAlive, true);
      doneOther();
      assert.equal(await other, true);
      assert.equal(pump.hasWorkInFlight, false);
    });
  }
});
