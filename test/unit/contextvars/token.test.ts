import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { RuntimeError } from "heddle";
import { Context, ContextVar, Token } from "heddle/contextvars";

describe("Token", () => {
  it("cannot be made by a program", () => {
    const make = Token as unknown as new () => unknown;
    assert.throws(() => new make(), RuntimeError);
  });

  it("shows its variable, and whether it was used, as a string", () => {
    new Context().run(() => {
      const variable = new ContextVar<number>("user");
      const token = variable.set(1);
      assert.equal(String(token), '<Token var=<ContextVar name="user">>');
      variable.reset(token);
      assert.equal(String(token), '<Token used var=<ContextVar name="user">>');
      assert.equal(Object.prototype.toString.call(token), "[object Token]");
    });
  });

  it("is not used up by a reset that is refused", () => {
    const variable = new ContextVar<number>("variable");
    new Context().run(() => {
      const token = variable.set(1);
      assert.throws(() => new Context().run(() => variable.reset(token)), RangeError);
      assert.throws(() => new ContextVar<number>("other").reset(token), RangeError);
      variable.reset(token);
      assert.equal(variable.get(0), 0);
    });
  });

  it("resets in a later step of asynchronous code, too", async () => {
    const variable = new ContextVar("variable", { default: 0 });
    await new Context().run(async () => {
      const token = variable.set(1);
      await Promise.resolve();
      token[Symbol.dispose]();
      assert.equal(variable.get(), 0);
    });
  });
});
