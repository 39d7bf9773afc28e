import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { inspect } from "node:util";
import { Context, ContextVar } from "heddle/contextvars";

describe("ContextVar", () => {
  it("has a name that cannot be changed", () => {
    const variable = new ContextVar("user");
    assert.equal(variable.name, "user");
    assert.throws(() => {
      (variable as { name: string }).name = "other";
    }, TypeError);
    assert.equal(new ContextVar("").name, "");
  });

  it("takes undefined as a default, if the option is there", () => {
    assert.equal(new ContextVar("variable", { default: undefined }).get(), undefined);
    assert.throws(() => new ContextVar("variable", {}).get(), { name: "LookupError" });
  });

  it("tells undefined from no value", () => {
    new Context().run(() => {
      const variable = new ContextVar<number | undefined>("variable", { default: 1 });
      const outer = variable.set(undefined);
      assert.equal(variable.get(2), undefined);
      const inner = variable.set(3);
      assert.equal(inner.oldValue, undefined);
      variable.reset(inner);
      assert.equal(variable.get(), undefined);
      variable.reset(outer);
      assert.equal(variable.get(), 1);
    });
  });

  it("refuses options that are none, or unknown, or inherited", () => {
    const make = (options: unknown): unknown => new ContextVar("variable", options as object);
    assert.throws(
      () => make(null),
      /^TypeError: ContextVar: options must be a plain object, got null; pass \{ default \}$/,
    );
    assert.throws(() => make(1), TypeError);
    assert.throws(() => make({ defualt: 1 }), /^TypeError: ContextVar: unknown option "defualt"/);
    assert.throws(() => make(Object.create({ default: 1 })), TypeError);
  });

  it("refuses what is no token", () => {
    const variable = new ContextVar<number>("variable");
    for (const token of [undefined, null, 1, {}, variable])
      assert.throws(
        () => variable.reset(token as never),
        /^TypeError: ContextVar\.reset: token must be a Token, got /,
      );
  });

  it("says in an error which variable has no value", () => {
    assert.throws(() => new ContextVar("user").get(), {
      message:
        'Cannot get the value of <ContextVar name="user">: it has no value in the current context and no default',
    });
  });

  it("shows defaults of every kind as a string", () => {
    const shown = (value: unknown): string => String(new ContextVar("v", { default: value }));
    const kinds = [
      "a",
      null,
      undefined,
      true,
      10n,
      Symbol("s"),
      new Map(),
      Object.create(null),
      Math.max,
    ];
    assert.deepEqual(
      kinds.map((value) => shown(value).replace(/^<ContextVar name="v" default=(.*)>$/, "$1")),
      ['"a"', "null", "undefined", "true", "10", "Symbol(s)", "Map", "object", "function"],
    );
  });

  it("shows its string form on consoles", () => {
    const variable = new ContextVar("user");
    const custom = Symbol.for("nodejs.util.inspect.custom");
    const shown = (variable as unknown as Record<symbol, () => string>)[custom];
    assert.equal(shown?.call(variable), '<ContextVar name="user">');
    assert.match(inspect(variable), /ContextVar/);
    assert.equal(Object.prototype.toString.call(variable), "[object ContextVar]");
  });
});
