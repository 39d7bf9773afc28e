import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { RemoteError, SendError } from "heddle";
import { ProcessPoolExecutor } from "heddle/concurrent/futures";
import { failRichly } from "../../support/processes.ts";
import { fail, identity, ValidationError } from "../../support/tasks.ts";

describe("values between processes", () => {
  const pool = new ProcessPoolExecutor({ maxWorkers: 1 });
  after(() => pool.shutdown());

  it("that the runtimes' channels would damage arrive as they are", async () => {
    const sparse = [1];
    sparse.length = 3;
    const cycle: { self?: unknown } = {};
    cycle.self = cycle;
    const values = [
      Object(1n),
      Object("boxed"),
      Number.NaN,
      new Map([[Number.NaN, [undefined]]]),
      sparse,
      cycle,
      "lone \udfff surrogate",
      { ["__proto__"]: 1, toString: 2 },
      Object.assign([1], { named: true }),
      { text: "ä".repeat(100_000) },
    ];
    for (const value of values) assert.deepStrictEqual(await pool.submit(identity, value), value);
    assert.deepStrictEqual(await pool.submit(identity, values), values);
  });

  it("10 MiB arrive whole, and leave the caller's as they are", async () => {
    const bytes = new Uint8Array(10 * 2 ** 20).map((_, i) => i * 31);
    const back = await pool.submit(identity, bytes);
    assert.equal(Buffer.compare(back, bytes), 0);
    assert.notEqual(back.buffer, bytes.buffer);
  });

  it("a view on a large buffer has no more behind it than structured clone gives it", async () => {
    const whole = new Uint8Array(2 ** 20).fill(7);
    const view = whole.subarray(1000, 1004);
    const back = await pool.submit(identity, { view, text: "beside" });
    assert.deepEqual([...back.view], [7, 7, 7, 7]);
    assert.ok([4, whole.length].includes(back.view.buffer.byteLength));
    const inMap = await pool.submit(identity, new Map([["view", view]]));
    assert.deepEqual([...(inMap.get("view") ?? [])], [7, 7, 7, 7]);
  });

  it("errors inside them keep class, own fields and cause, wherever they are", async () => {
    const error = Object.assign(new ValidationError("inside", "E_IN"), {
      cause: new RangeError("why"),
    });
    for (const make of [
      () => ({ error }),
      () => new Map([["error", error]]),
      () => [{ error }, "x".repeat(20_000)],
    ]) {
      const back = JSON.stringify([...parts(await pool.submit(identity, make()))]);
      assert.match(back, /"ValidationError","E_IN","RangeError: why"/);
    }
    const both = await pool.submit(
      identity,
      new Map([
        ["a", error],
        ["b", error],
      ]),
    );
    assert.equal(both.get("a"), both.get("b"));
  });

  it("what a call throws comes home whole, and what cannot leave its process as text", async () => {
    const simple = await pool.submit(fail, "no").exception();
    assert.ok(simple instanceof ValidationError);
    assert.ok(simple.cause instanceof RangeError);

    const rich = (await pool.submit(failRichly).exception()) as ValidationError & {
      [key: string]: unknown;
    };
    assert.ok(rich instanceof ValidationError);
    assert.equal(rich.code, "E_RICH");
    assert.deepEqual(rich["when"], new Date(5));
    assert.equal(typeof rich["words"], "string");
    assert.equal((rich["save"] as () => unknown).name, "save");
    assert.equal(rich["secret"], "[function bound failRichly]");
    const cause = rich.cause as AggregateError;
    assert.ok(cause instanceof AggregateError);
    assert.ok(cause.errors[0] instanceof RangeError);
    assert.deepEqual(cause.errors[1], { plain: true });

    const own = await pool
      .submit(() => {
        class Local extends Error {
          override name = "Local";
        }
        throw new Local("of no module");
      })
      .exception();
    assert.ok(own instanceof RemoteError);
    assert.equal(own.remoteName, "Local");
  });

  it("shared memory is refused, and in an error's field it is text", async () => {
    const words = new SharedArrayBuffer(4);
    const refusal = await pool.submit(identity, [{ words }, new Map()]).exception();
    assert.ok(refusal instanceof SendError);
    assert.equal(refusal.path, "args[0][0].words");
    assert.match(refusal.message, /a SharedArrayBuffer, which cannot leave its process$/);

    const error = Object.assign(new Error("holder"), { words });
    const hidden = new RangeError("outer", { cause: error });
    for (const holder of [hidden, new Map([["hidden", hidden]])]) {
      const back: unknown = await pool.submit(identity, holder);
      const outer = (back instanceof Map ? back.get("hidden") : back) as RangeError;
      assert.ok(outer instanceof RangeError);
      assert.equal(typeof (outer.cause as { words?: unknown }).words, "string");
    }
  });
});

/** Class, code and cause of each error in a value. */
function* parts(value: unknown): Generator<readonly unknown[]> {
  if (value instanceof ValidationError) {
    yield [value.constructor.name, value.code, String(value.cause)];
  } else if (value instanceof Map) {
    for (const item of value.values()) yield* parts(item);
  } else if (typeof value === "object" && value !== null) {
    for (const item of Object.values(value)) yield* parts(item);
  }
}
