/** What consoles show of an object of each public class: a state or a name, and never its parts. */
import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { inspect } from "node:util";
import { asCompleted, Future, type Executor, ThreadPoolExecutor } from "heddle/concurrent/futures";
import { Boxed, endPools, RECEIVERS } from "./wrong-arguments-places.ts";

interface Inspecting {
  readonly inspect?: (value: unknown) => string;
}

/** What `console.log` shows. */
function shown(value: unknown): string {
  const { Deno: deno, Bun: bun } = globalThis as { Deno?: Inspecting; Bun?: Inspecting };
  return (deno?.inspect ?? bun?.inspect ?? inspect)(value);
}

/** Shown by its fields, or by nothing. */
const BY_PARTS = /^(?:class )?[\w ]*(?:<[^>]*> )?\{[^]*\}$/;
const STATES = /^[\w-]+ \{ (?:shut down, |broken, )?workers: /;

function check(name: string, object: unknown): void {
  const text = shown(object);
  assert.ok(STATES.test(text) || !BY_PARTS.test(text), `${name} is shown as ${text}`);
  assert.ok(text.length > 5 && text.length < 300, `${name} is shown as ${text}`);
}

/**
 * Of each class once: those by `module Class.member` are of the same. Those of asyncio are in
 * test/unit/console.test.ts, in their states; tools for tests have none.
 */
const CLASSES = Object.entries(RECEIVERS).filter(
  ([name]) => !name.includes(".", name.indexOf(" ")) && !/^(?:asyncio|testing) /.test(name),
);

describe("a console shows the state or the name, and not the parts, of", () => {
  for (const [name, { make, dispose }] of CLASSES) {
    it(name, async () => {
      const making: unknown = make();
      // A thread is not to be awaited.
      const made: unknown = making instanceof Promise ? await making : making;
      const object = made instanceof Boxed ? (made.value as unknown) : made;
      check(name, object);
      await dispose?.(object as never);
    });
  }

  it("what iterates over results", async () => {
    const pool: Executor = new ThreadPoolExecutor({ maxWorkers: 1 });
    const future = new Future<number>();
    check(
      "map",
      pool.map((n: number) => n, [1]),
    );
    assert.equal(shown(asCompleted([future])), "<asCompleted 0 ready, 1 pending>");
    future.setResult(1);
    assert.equal(shown(asCompleted([future])), "<asCompleted 1 ready, 0 pending>");
    await pool.shutdown();
  });
});

after(endPools);
