import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { SendError } from "heddle";
import { sendError } from "../../../build/src/wire/send-error.js";

function pathOf(value: unknown): string {
  const error = sendError(value, "args", new Error("refused"));
  assert.ok(error instanceof SendError);
  return error.path;
}

describe("sendError", () => {
  it("names the part that cannot be sent", () => {
    const save = Symbol("save");
    assert.equal(pathOf([1, { user: { save } }]), "args[1].user.save");
    assert.equal(pathOf([{ "odd key": Symbol("s") }]), 'args[0]["odd key"]');
    assert.equal(pathOf([new Map([["k", save]])]), 'args[0].get("k")');
    assert.equal(pathOf([new Map([[save, 1]])]), "args[0].keys()[0]");
    assert.equal(pathOf([new Set([1, save])]), "args[0].values()[1]");
    assert.equal(pathOf([Promise.resolve()]), "args[0]");
    assert.equal(pathOf([[[new WeakMap()]]]), "args[0][0][0]");
  });

  it("says what it is, and keeps what structured clone said", () => {
    const refusal = new Error("refused");
    const error = sendError([{ f: Symbol("f") }], "args", refusal);
    assert.equal(
      error.message,
      "Cannot send args to another thread: args[0].f is a symbol, Symbol(f)",
    );
    assert.equal(error.cause, refusal);
  });

  it("survives cycles", () => {
    const cycle: Record<string, unknown> = {};
    cycle["self"] = cycle;
    cycle["bad"] = Symbol("bad");
    assert.equal(pathOf(cycle), "args.bad");
  });

  it("names the whole where no part is to blame", () => {
    assert.equal(pathOf([1, 2]), "args");
  });
});
