import assert from "node:assert/strict";
import { describe, it } from "node:test";

import * as errors from "../../build/src/errors.js";
import * as processErrors from "../../build/src/process-errors.js";

/** Every class, made as its users make it, with the class it extends. */
const CASES = [
  [new errors.RuntimeError("m"), "RuntimeError", Error],
  [new errors.LookupError("m"), "LookupError", Error],
  [new errors.KeyError("m"), "KeyError", errors.LookupError],
  [new errors.TimeoutError("m"), "TimeoutError", Error],
  [new errors.CancelledError("m"), "CancelledError", Error],
  [new errors.InvalidStateError("m"), "InvalidStateError", Error],
  [new errors.BrokenExecutor("m"), "BrokenExecutor", errors.RuntimeError],
  [new errors.BrokenThreadPool("m"), "BrokenThreadPool", errors.BrokenExecutor],
  [new errors.BrokenProcessPool("m"), "BrokenProcessPool", errors.BrokenExecutor],
  [new errors.CannotBlockError("m"), "CannotBlockError", errors.RuntimeError],
  [
    new errors.UnsupportedError("m", { capability: "sharedMemory", runtime: "bun" }),
    "UnsupportedError",
    errors.RuntimeError,
  ],
  [new errors.SendError("m", { path: "args[0].save" }), "SendError", TypeError],
  [new errors.NotShippableError("m", { functionName: "scale" }), "NotShippableError", TypeError],
  [new errors.Empty("m"), "Empty", Error],
  [new errors.Full("m"), "Full", Error],
  [new errors.ShutDown("m"), "ShutDown", Error],
  [
    new errors.BrokenBarrierError("m", { reason: "timeout" }),
    "BrokenBarrierError",
    errors.RuntimeError,
  ],
  [new errors.DeadlockError("m"), "DeadlockError", errors.RuntimeError],
  [new processErrors.SystemExit("m"), "SystemExit", Error],
  [new errors.ThreadDiedError("m", { thread: "t" }), "ThreadDiedError", errors.RuntimeError],
  [
    new processErrors.ProcessDiedError("m", { process: "p" }),
    "ProcessDiedError",
    errors.RuntimeError,
  ],
  [new processErrors.BufferTooShort("m", { bytes: new Uint8Array(0) }), "BufferTooShort", Error],
  [new errors.KeyboardInterrupt("m"), "KeyboardInterrupt", Error],
  [new errors.QueueEmpty("m"), "QueueEmpty", Error],
  [new errors.QueueFull("m"), "QueueFull", Error],
  [new errors.QueueShutDown("m"), "QueueShutDown", Error],
  [new errors.ExceptionGroup("m", [new Error("e")]), "ExceptionGroup", AggregateError],
  [new errors.RemoteError("m", { remoteName: "ZodError" }), "RemoteError", Error],
  [new errors.OSError("m"), "OSError", Error],
  [new errors.ConnectionError("m"), "ConnectionError", errors.OSError],
  [new errors.ConnectionResetError("m"), "ConnectionResetError", errors.ConnectionError],
  [new errors.ConnectionRefusedError("m"), "ConnectionRefusedError", errors.ConnectionError],
  [new errors.ConnectionAbortedError("m"), "ConnectionAbortedError", errors.ConnectionError],
  [new errors.BrokenPipeError("m"), "BrokenPipeError", errors.ConnectionError],
  [new errors.FileNotFoundError("m"), "FileNotFoundError", errors.OSError],
  [new errors.PermissionError("m"), "PermissionError", errors.OSError],
  [new errors.ProcessLookupError("m"), "ProcessLookupError", errors.OSError],
  [new errors.EOFError("m"), "EOFError", Error],
  [
    new errors.IncompleteReadError("m", { partial: new Uint8Array(0) }),
    "IncompleteReadError",
    errors.EOFError,
  ],
  [new errors.LimitOverrunError("m", { consumed: 0 }), "LimitOverrunError", Error],
] as const;

describe("errors", () => {
  for (const [error, name, parent] of CASES) {
    it(`${name} has its name, its message and its parent class`, () => {
      assert.equal(error.name, name);
      assert.equal(error.constructor.name, name);
      assert.equal(error.message, "m");
      assert.equal(Object.getPrototypeOf(error.constructor), parent);
      assert.ok(String(error.stack).includes("errors.test"));
    });
  }

  it("every exported class is covered here", () => {
    const covered = new Set<string>([...CASES.map(([, name]) => name), "InternalError"]);
    assert.deepEqual(new Set(Object.keys({ ...errors, ...processErrors })), covered);
  });

  it("BrokenThreadPool says which worker died, how, and whether the task had started", () => {
    const cause = new Error("out of memory");
    const death = { worker: "ThreadPoolExecutor-0_1", exitCode: 7, started: true };
    const error = new errors.BrokenThreadPool("m", { ...death, cause });
    assert.equal(error.worker, death.worker);
    assert.equal(error.exitCode, 7);
    assert.equal(error.started, true);
    assert.equal(error.cause, cause);
  });

  it("BrokenThreadPool without details knows no worker, and has no cause", () => {
    const error = new errors.BrokenThreadPool("m");
    assert.equal(error.worker, undefined);
    assert.equal(error.exitCode, undefined);
    assert.equal(error.started, false);
    assert.equal("cause" in error, false);
  });

  it("UnsupportedError says what is missing and where", () => {
    const error = new errors.UnsupportedError("m", { capability: "sharedMemory", runtime: "bun" });
    assert.equal(error.capability, "sharedMemory");
    assert.equal(error.runtime, "bun");
  });

  it("SendError says which part could not cross, and why", () => {
    const cause = new Error("could not be cloned");
    const error = new errors.SendError("m", { path: "args[0].user.save", cause });
    assert.equal(error.path, "args[0].user.save");
    assert.equal(error.cause, cause);
  });

  it("NotShippableError names the function and its free variables", () => {
    const freeVariables = ["factor", "K (imported)"];
    const error = new errors.NotShippableError("m", { functionName: "scale", freeVariables });
    assert.equal(error.functionName, "scale");
    assert.deepEqual(error.freeVariables, freeVariables);
    assert.deepEqual(new errors.NotShippableError("m", { functionName: "" }).freeVariables, []);
  });

  it("RemoteError keeps the name that the error had in its own thread", () => {
    const cause = new Error("inner");
    const error = new errors.RemoteError("m", { remoteName: "ZodError", cause });
    assert.equal(error.remoteName, "ZodError");
    assert.equal(error.cause, cause);
  });

  it("InternalError asks for a bug report", () => {
    const error = new errors.InternalError("The ring lost a slot");
    assert.equal(error.name, "InternalError");
    assert.match(error.message, /^The ring lost a slot \(.*report it\)$/);
  });
});
