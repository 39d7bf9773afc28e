import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { KeyError, LookupError, RuntimeError } from "heddle";
import { ThreadPoolExecutor } from "heddle/concurrent/futures";
import { Context, ContextVar, copyContext, Token } from "heddle/contextvars";
import { setAndReread } from "../support/context-tasks.ts";

/** What only JavaScript can pass. */
function wrong(value: unknown): never {
  return value as never;
}

/** What `using _ = token` around the body does; Node 22 cannot read that. */
function leaveWith(token: Token<unknown>, body: () => void): void {
  try {
    body();
  } finally {
    token[Symbol.dispose]();
  }
}

describe("contextvars", () => {
  it("CT-001 ContextVar: a name is needed", () => {
    const make = ContextVar as unknown as new () => unknown;
    assert.throws(() => new make(), TypeError);
  });

  it("CT-002 ContextVar: a name that is no string throws TypeError", () => {
    for (const name of [1, null, Symbol("name"), ["name"]]) {
      assert.throws(
        () => new ContextVar(wrong(name)),
        /^TypeError: ContextVar: name must be a string/,
      );
    }
  });

  it("CT-004 ContextVar: the string form shows the name, and the default if there is one", () => {
    assert.equal(String(new ContextVar("a")), '<ContextVar name="a">');
    assert.equal(
      String(new ContextVar("a", { default: 123 })),
      '<ContextVar name="a" default=123>',
    );
  });

  it("CT-006 Context: new Context() takes no arguments", () => {
    const make = Context as unknown as new (...args: unknown[]) => Context;
    assert.throws(() => new make(1), TypeError);
    assert.throws(() => new make(undefined), TypeError);
    assert.equal(new make().size, 0);
  });

  it("CT-007 Context: lookup, has and get throw TypeError for a key that is no ContextVar", () => {
    const context = new Context();
    for (const key of [1, "name", null, undefined, {}, context]) {
      assert.throws(() => context.lookup(wrong(key)), TypeError);
      assert.throws(() => context.has(wrong(key)), TypeError);
      assert.throws(() => context.get(wrong(key)), TypeError);
    }
  });

  it("CT-008 Context: copyContext() returns a Context", () => {
    assert.ok(copyContext() instanceof Context);
  });

  it("CT-009 Context: run without a function throws TypeError", () => {
    const context = new Context();
    for (const fn of [undefined, "fn", {}])
      assert.throws(
        () => context.run(wrong(fn)),
        /^TypeError: Context\.run: fn must be a function, got /,
      );
  });

  it("CT-010 Context: run passes its arguments, an options object among them, and returns the result", () => {
    const context = new Context();
    const fn = (...args: unknown[]): unknown[] => args;
    assert.deepEqual(context.run(fn), []);
    assert.deepEqual(context.run(fn, "foo"), ["foo"]);
    assert.deepEqual(context.run(fn, 1, 2, { spam: "bar" }), [1, 2, { spam: "bar" }]);
    const error = new RangeError("foo");
    const fail = (): never => {
      throw error;
    };
    assert.throws(() => context.run(fail), error);
  });

  it("CT-012 Context: a value set in the outer of two nested runs is invisible in the inner, and intact afterwards", () => {
    const variable = new ContextVar<string>("variable");
    const inner = new Context();
    new Context().run(() => {
      variable.set("outer");
      inner.run(() => {
        assert.equal(variable.get("none"), "none");
        variable.set("inner");
      });
      assert.equal(variable.get(), "outer");
    });
    assert.equal(inner.lookup(variable), "inner");
  });

  it("CT-013 Context: what copyContext() returns inside run equals the running context, and has the variable", () => {
    const variable = new ContextVar<number>("variable");
    const context = new Context();
    context.run(() => {
      variable.set(10);
      const copy = copyContext();
      assert.equal(copy.equals(context), true);
      assert.equal(context.equals(copy), true);
      assert.equal(copy.has(variable), true);
      variable.set(11);
      assert.equal(copy.equals(context), false);
      assert.equal(context.equals(new Map()), false);
    });
  });

  it("CT-015 Context: inside run the context object shows what is set at once", () => {
    const variable = new ContextVar<string>("variable");
    const context = new Context();
    context.run(() => {
      assert.equal(context.has(variable), false);
      const token = variable.set("spam");
      assert.equal(context.lookup(variable), "spam");
      variable.reset(token);
      assert.equal(context.has(variable), false);
    });
  });

  it("CT-016 Context: entering a context that is entered throws RuntimeError", () => {
    const context = new Context();
    const enterAgain = (): void => context.run(() => {});
    const refusal = (error: unknown): boolean =>
      error instanceof RuntimeError && /already entered/.test(error.message);
    context.run(() => {
      assert.throws(enterAgain, refusal);
      new Context().run(() => assert.throws(enterAgain, refusal));
    });
    enterAgain();
  });

  it("CT-017 ContextVar: get() without value or default throws LookupError; get(fallback) returns the fallback", () => {
    const variable = new ContextVar<string>("variable");
    assert.throws(() => variable.get(), LookupError);
    assert.equal(variable.get("spam"), "spam");
    assert.equal(variable.get(undefined), undefined);
    const withDefault = new ContextVar("variable", { default: "eggs" });
    assert.equal(withDefault.get(), "eggs");
    assert.equal(withDefault.get("spam"), "spam");
  });

  it("CT-018 Token: oldValue is MISSING if there was no value, else the former value", () => {
    new Context().run(() => {
      const variable = new ContextVar("variable", { default: 0 });
      const first = variable.set(1);
      const second = variable.set(2);
      assert.equal(first.oldValue, Token.MISSING);
      assert.equal(second.oldValue, 1);
      assert.equal(second.var, variable);
      variable.reset(second);
      assert.equal(variable.get(), 1);
      variable.reset(first);
      assert.equal(variable.get(), 0);
    });
  });

  it("CT-020 ContextVar: resetting twice with one token throws RuntimeError and does not change the value", () => {
    new Context().run(() => {
      const variable = new ContextVar<number>("variable");
      variable.set(1);
      const token = variable.set(2);
      variable.reset(token);
      variable.set(3);
      assert.throws(() => variable.reset(token), RuntimeError);
      assert.equal(variable.get(), 3);
    });
  });

  it("CT-022 Context: has a size, iterates over variables, and offers keys, values, entries, has, lookup and get", () => {
    const first = new ContextVar<number>("first");
    const second = new ContextVar<string>("second");
    const absent = new ContextVar("absent", { default: 1 });
    const context = new Context();
    context.run(() => {
      first.set(10);
      second.set("eggs");
    });
    assert.equal(context.size, 2);
    assert.deepEqual(new Set(context), new Set([first, second]));
    assert.deepEqual(new Set(context.keys()), new Set([first, second]));
    assert.deepEqual(new Set(context.values()), new Set([10, "eggs"]));
    assert.deepEqual(
      new Map(context.entries()),
      new Map<unknown, unknown>([
        [first, 10],
        [second, "eggs"],
      ]),
    );
    assert.equal(context.has(first), true);
    assert.equal(context.has(absent), false);
    assert.equal(context.lookup(second), "eggs");
    assert.throws(() => context.lookup(absent), KeyError);
    assert.equal(context.get(first), 10);
    assert.equal(context.get(first, 20), 10);
    assert.equal(context.get(absent), undefined);
    assert.equal(context.get(absent, 20), 20);
  });

  it("CT-023 ContextVar: resetting with another variable's token throws RangeError", () => {
    new Context().run(() => {
      const variable = new ContextVar<number>("variable");
      const other = new ContextVar<number>("other");
      variable.set(1);
      const token = other.set(2);
      assert.throws(
        () => variable.reset(token),
        /^RangeError: Cannot reset <ContextVar name="variable">: the token belongs to <ContextVar name="other">$/,
      );
      assert.equal(variable.get(), 1);
      other.reset(token);
      assert.equal(other.get(0), 0);
    });
  });

  it("CT-024 ContextVar: resetting with a token created in a different context throws RangeError", () => {
    const variable = new ContextVar<number>("variable");
    const context = new Context();
    const token = context.run(() => variable.set(1));
    const reset = (): void => variable.reset(token);
    assert.throws(reset, /^RangeError: .*the token was created in a different context$/);
    context.run(() => copyContext().run(() => assert.throws(reset, RangeError)));
    assert.equal(context.lookup(variable), 1);
    context.run(reset);
    assert.equal(context.has(variable), false);
  });

  it("CT-025 Context: a variable's default is no entry of the context", () => {
    const variable = new ContextVar("variable", { default: 42 });
    new Context().run(() => {
      assert.equal(variable.get(), 42);
      const context = copyContext();
      assert.equal(context.has(variable), false);
      assert.equal(context.get(variable), undefined);
      assert.deepEqual([...context], []);
      variable.set(42);
      assert.deepEqual([...copyContext()], [variable]);
    });
  });

  it("CT-027 Context: what is set in a copy does not show in the original, nor the other way round", () => {
    const variable = new ContextVar<string>("variable");
    const original = new Context();
    const set = (value: string): unknown => variable.set(value);
    original.run(set, "before");
    const copy = original.copy();
    assert.equal(copy.lookup(variable), "before");
    copy.run(set, "in the copy");
    assert.equal(original.lookup(variable), "before");
    original.run(set, "in the original");
    assert.equal(copy.lookup(variable), "in the copy");
    const second = copy.copy();
    copy.run(set, "again");
    assert.equal(second.lookup(variable), "in the copy");
  });

  it("CT-028 ContextVar: ten pool threads that set and read one variable never see each other's values", async () => {
    const pool = new ThreadPoolExecutor({ maxWorkers: 10 });
    const arrived = new Int32Array(new SharedArrayBuffer(4));
    const ten = Array.from({ length: 10 }, (_, own) => own);
    const seen = await Promise.all(ten.map((own) => pool.submit(setAndReread, arrived, 10, own)));
    await pool.shutdown();
    assert.deepEqual(
      seen,
      ten.map((own) => [own * 100 + 1, own * 100 + 2, own * 100 + 3]),
    );
  });

  it("CT-029 Token: used as a scoped resource, resets the variable at the end, also when the body throws", () => {
    new Context().run(() => {
      const variable = new ContextVar("variable", { default: 1 });
      leaveWith(variable.set(2), () => assert.equal(variable.get(), 2));
      assert.equal(variable.get(), 1);
      const fail = (): void =>
        leaveWith(variable.set(3), () => {
          throw new SyntaxError("in the body");
        });
      assert.throws(fail, SyntaxError);
      assert.equal(variable.get(), 1);
    });
  });

  it("CT-030 Token: leaving its scope twice, or after a reset with it, throws RuntimeError", () => {
    new Context().run(() => {
      const variable = new ContextVar("variable", { default: 1 });
      const twice = variable.set(2);
      leaveWith(twice, () => {});
      assert.throws(() => leaveWith(twice, () => {}), RuntimeError);
      const token = variable.set(3);
      assert.throws(() => leaveWith(token, () => variable.reset(token)), RuntimeError);
      assert.equal(variable.get(), 1);
    });
  });
});
