import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { callerUrls } from "../../../build/src/shipping/callers/caller.js";
import { calledBack } from "./fixtures/calls-back.ts";

describe("callerUrls", () => {
  it("lists the modules on the stack, innermost first", () => {
    const urls = calledBack(() => [...callerUrls()]);
    assert.equal(urls[0], import.meta.url);
    assert.match(urls[1] as string, /\/fixtures\/calls-back\.[jt]s$/);
    assert.equal(new Set(urls).size, urls.length);
  });

  it("sees through a hook and a limit of the program, and leaves both as they were", () => {
    const { stackTraceLimit } = Error;
    const hooks: { prepareStackTrace?: unknown } = Error;
    const before = hooks.prepareStackTrace;
    const hook = (): string => "hooked";
    try {
      Error.stackTraceLimit = 0;
      hooks.prepareStackTrace = hook;
      assert.equal(callerUrls()[0], import.meta.url);
      assert.equal(hooks.prepareStackTrace, hook);
      assert.equal(Error.stackTraceLimit, 0);
    } finally {
      Error.stackTraceLimit = stackTraceLimit;
      if (before === undefined) delete hooks.prepareStackTrace;
      else hooks.prepareStackTrace = before;
    }
  });

  it("leaves no hook where there was none", () => {
    const hooks: { prepareStackTrace?: unknown } = Error;
    const before = Object.getOwnPropertyDescriptor(Error, "prepareStackTrace");
    delete hooks.prepareStackTrace;
    callerUrls();
    const isThere = "prepareStackTrace" in Error;
    if (before !== undefined) Object.defineProperty(Error, "prepareStackTrace", before);
    assert.equal(isThere, false);
  });
});
