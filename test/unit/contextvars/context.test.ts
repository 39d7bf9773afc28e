import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { RuntimeError } from "heddle";
import { Future } from "heddle/concurrent/futures";
import * as contextvars from "heddle/contextvars";

import { secondCopy } from "../../support/second-copy.ts";

const { Context, ContextVar, copyContext } = contextvars;

describe("asynchronous code in Context.run", () => {
  it("goes on in the context after awaits, timers, microtasks and thenables", async () => {
    const variable = new ContextVar<number>("variable");
    const context = new Context();
    const future = new Future<void>();
    const seen = await context.run(async () => {
      variable.set(0);
      const values: number[] = [];
      const step = (): void => {
        values.push(variable.get());
        variable.set(variable.get() + 1);
      };
      await Promise.resolve();
      step();
      await sleep(1);
      step();
      await new Promise<void>((resolve) => setTimeout(() => resolve(step()), 1));
      await new Promise<void>((resolve) => queueMicrotask(() => resolve(step())));
      setTimeout(() => future.setResult(undefined), 1);
      await future;
      step();
      return values;
    });
    assert.deepEqual(seen, [0, 1, 2, 3, 4]);
    assert.equal(context.lookup(variable), 5);
    assert.equal(variable.get(-1), -1);
  });

  it("sets variables of its own context only, however flows interleave", async () => {
    const variable = new ContextVar("variable", { default: "none" });
    const contexts = ["a", "b", "c"].map((name) => ({ name, context: new Context() }));
    const log: string[] = [];
    const flow = async (name: string): Promise<void> => {
      for (let step = 0; step < 3; step += 1) {
        variable.set(name + step);
        log.push(name);
        await Promise.resolve();
        assert.equal(variable.get(), name + step);
      }
    };
    await Promise.all(contexts.map(({ name, context }) => context.run(flow, name)));
    assert.deepEqual(log.join(""), "abcabcabc");
    for (const { name, context } of contexts) assert.equal(context.lookup(variable), `${name}2`);
    assert.equal(variable.get(), "none");
  });

  it("shares the context with other asynchronous code that runs in it", async () => {
    const variable = new ContextVar<string>("variable");
    const context = new Context();
    const turn = deferred();
    const reader = context.run(async () => {
      await turn.promise;
      return variable.get();
    });
    await context.run(async () => {
      await Promise.resolve();
      variable.set("from the other");
    });
    turn.resolve();
    assert.equal(await reader, "from the other");
  });

  it("leaves the caller's context as it was, after the call and after awaiting it", async () => {
    const variable = new ContextVar<string>("variable");
    await new Context().run(async () => {
      variable.set("caller");
      const pending = new Context().run(async () => {
        variable.set("callee");
        await sleep(1);
      });
      assert.equal(variable.get(), "caller");
      await pending;
      assert.equal(variable.get(), "caller");
      await assert.rejects(
        new Context().run(() => sleep(1).then(() => Promise.reject(new Error()))),
      );
      assert.equal(variable.get(), "caller");
    });
  });

  it("outside any run shares the thread's own context", async () => {
    const variable = new ContextVar<string>("variable");
    const setLater = async (): Promise<void> => {
      await sleep(1);
      variable.set("later");
    };
    await setLater();
    assert.equal(variable.get(), "later");
  });
});

describe("Context.run refuses a context that is entered", () => {
  it("also after an await in it, but not while it only waits", async () => {
    const context = new Context();
    const enter = (): void => context.run(() => {});
    const pending = context.run(async () => {
      await sleep(1);
      assert.throws(enter, RuntimeError);
      new Context().run(() => assert.throws(enter, RuntimeError));
      return "waited";
    });
    enter();
    assert.equal(await pending, "waited");
    enter();
  });

  it("from a timer that was set in it", async () => {
    const context = new Context();
    const error = await context.run(
      () =>
        new Promise((resolve) => {
          setTimeout(() => {
            try {
              resolve(context.run(() => "entered"));
            } catch (refusal) {
              resolve(refusal);
            }
          }, 1);
        }),
    );
    assert.ok(error instanceof RuntimeError);
  });

  it("but not one that was left by an error, nor after a refusal", () => {
    const context = new Context();
    const fail = (): never => {
      throw new SyntaxError("in the run");
    };
    assert.throws(() => context.run(() => new Context().run(fail)), SyntaxError);
    context.run(() => assert.throws(() => context.run(fail), RuntimeError));
    assert.equal(
      context.run(() => 1),
      1,
    );
  });

  it("but not a context whose code only started what runs now", async () => {
    const outer = new Context();
    const entered = await outer.run(() =>
      new Context().run(async () => {
        await sleep(1);
        return outer.run(() => "entered");
      }),
    );
    assert.equal(entered, "entered");
  });
});

describe("Context as a mapping", () => {
  it("iterates over what there was when the iteration began", () => {
    const variables = [1, 2, 3].map((n) => new ContextVar<number>(`variable ${n}`));
    const [first, second, third] = variables as [(typeof variables)[0], ...typeof variables];
    const context = new Context();
    context.run(() => {
      const token = first?.set(1);
      second?.set(2);
      const [keys, values, entries] = [context.keys(), context.values(), context.entries()];
      assert.ok(token !== undefined);
      first?.reset(token);
      second?.set(20);
      third?.set(30);
      assert.deepEqual([...keys], [first, second]);
      assert.deepEqual([...values], [1, 2]);
      assert.deepEqual(
        [...entries],
        [
          [first, 1],
          [second, 2],
        ],
      );
      assert.deepEqual([...context.values()], [20, 30]);
    });
  });

  it("tells undefined from no value", () => {
    const variable = new ContextVar<undefined>("variable");
    const context = new Context();
    context.run(() => variable.set(undefined));
    assert.equal(context.has(variable), true);
    assert.equal(context.lookup(variable), undefined);
    assert.equal(context.get(variable, "fallback"), undefined);
  });

  it("equals only a context with the same variables and values", () => {
    const variable = new ContextVar<unknown>("variable");
    const other = new ContextVar<unknown>("other");
    const holding = (key: typeof variable, value: unknown): InstanceType<typeof Context> => {
      const context = new Context();
      context.run(() => key.set(value));
      return context;
    };
    assert.ok(new Context().equals(new Context()));
    assert.ok(holding(variable, Number.NaN).equals(holding(variable, Number.NaN)));
    assert.ok(holding(variable, 0).equals(holding(variable, -0)));
    assert.ok(!holding(variable, 1).equals(holding(variable, 2)));
    assert.ok(!holding(variable, undefined).equals(holding(other, undefined)));
    assert.ok(!holding(variable, 1).equals(new Context()));
    assert.ok(!new Context().equals(holding(variable, 1)));
    assert.ok(!holding(variable, {}).equals(holding(variable, {})));
  });

  it("shows its size as a string", () => {
    const context = new Context();
    context.run(() => new ContextVar("variable").set(1));
    assert.equal(String(context), "<Context size=1>");
    assert.equal(Object.prototype.toString.call(context), "[object Context]");
  });
});

describe("two copies of heddle in one thread", () => {
  const copy = secondCopy("contextvars");
  after(copy.remove);

  it("agree on what is current, inside runs and outside", async () => {
    const second = (await copy.load("contextvars")) as typeof contextvars;
    assert.notEqual(second.Context, Context);

    const variable = new ContextVar<string>("variable");
    const others = new second.ContextVar<string>("variable");
    variable.set("outside");
    others.set("also outside");
    assert.equal(second.copyContext().lookup(variable), "outside");
    assert.equal(copyContext().lookup(others), "also outside");

    const context = new Context();
    await context.run(async () => {
      await Promise.resolve();
      others.set("inside");
      assert.equal(others.get(), "inside");
      assert.equal(
        new second.Context().run(() => others.get("none")),
        "none",
      );
    });
    assert.equal(context.lookup(others), "inside");
    assert.equal(others.get(), "also outside");
  });
});

function deferred(): { promise: Promise<void>; resolve: () => void } {
  let resolve = (): void => {};
  const promise = new Promise<void>((settle) => (resolve = settle));
  return { promise, resolve };
}
