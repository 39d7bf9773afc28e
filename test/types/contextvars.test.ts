/** What the compiler knows of context variables. The assertions are types: `npm run check` tests them. */
import { describe, it } from "node:test";
import { expectTypeOf } from "expect-type";
import { Context, ContextVar, copyContext, Token } from "heddle/contextvars";

// Only compiled, never called.
export function variables(): void {
  const user = new ContextVar<string>("user");
  expectTypeOf(new ContextVar("user", { default: "nobody" })).toEqualTypeOf<ContextVar<string>>();
  expectTypeOf(user.get()).toEqualTypeOf<string>();
  expectTypeOf(user.get(undefined)).toEqualTypeOf<string | undefined>();
  expectTypeOf(user.get(0)).toEqualTypeOf<string | number>();

  // @ts-expect-error -- a name is needed
  void new ContextVar();
  // @ts-expect-error -- a value of the wrong type
  user.set(1);
  // @ts-expect-error -- a default of the wrong type
  void new ContextVar<string>("user", { default: 1 });
  // @ts-expect-error -- an unknown option
  void new ContextVar("user", { initial: 1 });
  // @ts-expect-error -- the name cannot be changed
  user.name = "other";
}

export function tokens(): void {
  const user = new ContextVar<string>("user");
  const token = user.set("ada");
  expectTypeOf(token).toEqualTypeOf<Token<string>>();
  expectTypeOf(token.var).toEqualTypeOf<ContextVar<string>>();
  expectTypeOf(token.oldValue).toEqualTypeOf<string | typeof Token.MISSING>();
  expectTypeOf(token).toExtend<Disposable>();
  // @ts-expect-error -- only variables make tokens
  void new Token();
  // @ts-expect-error -- the token of a variable of another type
  new ContextVar<number>("depth").reset(token);
}

export function contexts(): void {
  const user = new ContextVar<string>("user");
  const context = new Context();
  const add = (a: number, b: number): number => a + b;
  expectTypeOf(copyContext()).toEqualTypeOf<Context>();
  expectTypeOf(context.run(add, 1, 2)).toEqualTypeOf<number>();
  expectTypeOf(context.run(async () => "x")).toEqualTypeOf<Promise<string>>();
  expectTypeOf(context.get(user)).toEqualTypeOf<string | undefined>();
  expectTypeOf(context.get(user, 0)).toEqualTypeOf<string | number>();
  expectTypeOf(context.lookup(user)).toEqualTypeOf<string>();
  expectTypeOf([...context]).toEqualTypeOf<ContextVar<unknown>[]>();
  // @ts-expect-error -- no arguments
  void new Context(1);
  // @ts-expect-error -- an argument too few
  context.run(add, 1);
  // @ts-expect-error -- no variable
  context.has("user");
}

describe("types of contextvars", () => {
  it("are checked by the compiler; this test only says so", () => {
    expectTypeOf(variables).toBeFunction();
  });
});
