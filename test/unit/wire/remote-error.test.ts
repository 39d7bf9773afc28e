import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { BrokenThreadPool, RemoteError } from "heddle";

import * as errors from "../../../build/src/errors.js";
import {
  decodeThrown,
  encodeThrown,
  type ThrownValue,
} from "../../../build/src/wire/remote-error.js";
import { channelOf, type ClassReference } from "../../support/channels.ts";

class HttpError extends Error {
  override name = "HttpError";
  readonly status: number;

  constructor(status: number, options?: ErrorOptions) {
    super(`status ${status}`, options);
    this.status = status;
  }
}

const REFERENCE: ClassReference = { url: "file:///http.ts", exportName: "HttpError" };
const locate = (constructor: Function): ClassReference | undefined =>
  constructor === HttpError ? REFERENCE : undefined;
const load = ({ exportName }: ClassReference): unknown =>
  exportName === "HttpError" ? HttpError : undefined;

/** Sends a thrown value as it would be sent: as a copy. */
function send(thrown: unknown, loadClass = load): unknown {
  return decodeThrown(
    structuredClone(encodeThrown(thrown, channelOf(locate))),
    channelOf(locate, loadClass),
  );
}

describe("errors on their way to another thread", () => {
  it("a class that can be imported arrives as itself, with fields, cause and stack", () => {
    const sent = new HttpError(404, { cause: new RangeError("no such page") });
    const error = send(sent) as HttpError;
    assert.ok(error instanceof HttpError);
    assert.deepEqual([error.name, error.message, error.status], ["HttpError", "status 404", 404]);
    assert.ok(error.cause instanceof RangeError);
    assert.equal(error.cause.message, "no such page");
    assert.equal(Object.keys(error).includes("cause"), false);
    assert.match(error.stack ?? "", /status 404/);
  });

  it("built-in classes and heddle's own arrive as themselves", () => {
    for (const sent of [
      new TypeError("t"),
      new SyntaxError("s"),
      new URIError("u"),
      new Error("e"),
    ]) {
      assert.equal((send(sent) as Error).constructor, sent.constructor);
    }
    const broken = send(
      new BrokenThreadPool("b", { worker: "w", exitCode: 3, started: true }),
    ) as BrokenThreadPool;
    assert.ok(broken instanceof BrokenThreadPool);
    assert.deepEqual([broken.worker, broken.exitCode, broken.started], ["w", 3, true]);
  });

  it("every class of heddle's arrives as itself", () => {
    for (const Class of Object.values(errors)) {
      const error: unknown = Object.setPrototypeOf(new Error("m"), Class.prototype);
      const arrived = send(error) as Error;
      assert.equal(arrived.constructor, Class);
      assert.equal(arrived.message, "m");
    }
  });

  it("a DOMException keeps its name and code", () => {
    const error = send(new DOMException("stopped", "AbortError")) as DOMException;
    assert.deepEqual([error.name, error.message, error.code], ["AbortError", "stopped", 20]);
  });

  it("an unknown class arrives as RemoteError, with its name, fields and code", () => {
    class Secret extends Error {
      override name = "SecretError";
      code = "E_SECRET";
    }
    const error = send(new Secret("psst")) as RemoteError & { code: string };
    assert.ok(error instanceof RemoteError);
    assert.deepEqual(
      [error.remoteName, error.message, error.code],
      ["SecretError", "psst", "E_SECRET"],
    );
    assert.ok(send(new HttpError(500), () => undefined) instanceof RemoteError);
    assert.ok(send(new HttpError(500), () => Date) instanceof RemoteError);
  });

  it("an AggregateError keeps its errors", () => {
    const error = send(new AggregateError([new HttpError(1), "text"], "both")) as AggregateError;
    assert.ok(error instanceof AggregateError);
    assert.ok(error.errors[0] instanceof HttpError);
    assert.equal(error.errors[1], "text");
  });

  it("fields that cannot be copied arrive as text", () => {
    const error = send(
      Object.assign(new Error("e"), { retry: () => 1, at: new Date(0) }),
    ) as Error & {
      retry: string;
      at: Date;
    };
    assert.equal(error.retry, "[function retry]");
    assert.equal(error.at.getTime(), 0);
  });

  it("what is thrown need not be an error", () => {
    for (const thrown of [undefined, null, 0, "text", { code: 1 }])
      assert.deepEqual(send(thrown), thrown);
    assert.equal(send(Symbol("s")), "Symbol(s)");
  });

  it("an error that leads back to itself arrives so, by whatever field", () => {
    const error = Object.assign(new Error("loop"), {
      context: { origin: undefined as Error | undefined },
    });
    error.cause = error;
    error.context.origin = error;
    const arrived = send(error) as typeof error;
    assert.equal(arrived.cause, arrived);
    assert.equal(arrived.context.origin, arrived);
  });

  it("every cause of 100 000 arrives", () => {
    let error = new Error("0");
    error.stack = "Error: 0";
    for (let i = 1; i < 100_000; i++) {
      error = new Error(`${i}`, { cause: error });
      error.stack = "";
    }
    let causes = 0;
    for (let next: unknown = send(error); next instanceof Error; next = next.cause) causes++;
    assert.equal(causes, 100_000);
  });

  it("a part that cannot be sent is text, and its neighbours are themselves", () => {
    const sent = Object.assign(new Error("e"), {
      good: { inner: new RangeError("r") },
      bad: { at: 1, retry() {} },
      map: new WeakMap(),
    });
    const error = send(sent) as Error & Record<string, unknown>;
    assert.ok((error["good"] as { inner: unknown }).inner instanceof RangeError);
    assert.equal(error["bad"], '{"at":1}');
    assert.equal(error["map"], "[object WeakMap]");
  });

  it("errors that lead to each other in many ways do not multiply without end", () => {
    const whole = new AggregateError([], "whole");
    whole.errors = Array.from({ length: 40 }, (_, n) => new Error(`part ${n}`, { cause: whole }));
    const error = send(whole) as AggregateError;
    assert.equal(error.errors.length, 40);
    assert.equal((error.errors[39] as Error).cause, error);
  });

  it("getters that throw lose nothing but themselves", () => {
    const error = Object.defineProperty(new Error("e"), "trap", {
      enumerable: true,
      get: () => {
        throw new Error("gotcha");
      },
    });
    assert.match(String((send(error) as Error & { trap: string }).trap), /gotcha/);
  });

  it("the stack is joined under a line that names the agent", () => {
    const thrown: ThrownValue = encodeThrown(new TypeError("t"), channelOf(locate));
    const error = decodeThrown(thrown, channelOf(locate, load), {
      agent: 'thread "pool_1"',
      submitFrames: "    at submit (a.ts:1:2)",
    });
    assert.match(
      (error as Error).stack ?? "",
      /^TypeError: t\n[^]*\n {4}--- thread "pool_1" ---\n {4}at submit/,
    );
  });
});
