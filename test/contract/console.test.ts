/** What consoles show of an object of each public class: a state or a name, and never its parts. */
import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { inspect } from "node:util";
import * as asyncio from "heddle/asyncio";
import {
  asCompleted,
  Future,
  type Executor,
  ThreadPoolExecutor,
  wait,
} from "heddle/concurrent/futures";
import { ContextVar } from "heddle/contextvars";
import { getContext } from "heddle/multiprocessing";
import { ThreadPool } from "heddle/multiprocessing/pool";
import { PriorityQueue } from "heddle/queue";
import { Sequencer } from "heddle/testing";
import { dump, Lock, ThreadLocal } from "heddle/threading";
import { objectClasses } from "../support/api/classes.ts";
import { Boxed, endPools, MODULES, RECEIVERS } from "./wrong-arguments-places.ts";

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
  assert.ok(text.length > 5, `${name} is shown as ${text}`);
  assert.ok(text.length < 300 || name.endsWith("Dump"), `${name} is shown as ${text}`);
}

interface Maker {
  readonly make: () => unknown;
  readonly dispose?: (made: never) => unknown;
}

const graph = (): asyncio.FutureCallGraph => asyncio.captureCallGraph()!;

/** Objects of the classes of which nothing takes arguments. */
const MORE: Readonly<Record<string, Maker>> = {
  "threading Held": { make: async () => new Lock().hold() },
  "asyncio Held": { make: async () => new asyncio.Lock().hold() },
  "threading Dump": { make: () => dump() },
  "asyncio TaskDump": { make: () => asyncio.dumpTasks() },
  "asyncio Event": { make: () => new asyncio.Event() },
  "asyncio Server": {
    make: async () => asyncio.startServer(() => undefined, "127.0.0.1", 0),
    dispose: (server: asyncio.Server) => server.close(),
  },
  "contextvars Token": { make: () => new ContextVar("user").set("ada") },
  "multiprocessing SpawnContext": { make: () => getContext() },
  "multiprocessing.pool ThreadPool": {
    make: () => new ThreadPool({ processes: 1 }),
    dispose: (pool: ThreadPool) => pool.terminate(),
  },
  "queue PriorityQueue": { make: () => new PriorityQueue() },
};

/** Classes of which Python's show their fields, which say how they stand; and one that is a user's. */
const BY_FIELDS: Readonly<Record<string, () => unknown>> = {
  "concurrent.futures DoneAndNotDoneFutures": () => wait([]),
  "asyncio FrameCallGraphEntry": () => new asyncio.FrameCallGraphEntry({} as asyncio.StackFrame),
  "asyncio FutureCallGraph": graph,
  "testing Step": () => new Sequencer().stepSync(0),
  "threading ThreadLocal": () => new ThreadLocal(),
};

/** The names of each class in all modules that have it. */
const CLASSES = new Map<unknown, string[]>();
for (const [module, name] of objectClasses()) {
  const given = MODULES[module]![name];
  CLASSES.set(given, [...(CLASSES.get(given) ?? []), `${module} ${name}`]);
}

describe("a console shows the state or the name, and not the parts, of", () => {
  for (const names of CLASSES.values()) {
    it(names.join(", "), async () => {
      const makers: Readonly<Record<string, Maker>> = {
        ...RECEIVERS,
        ...MORE,
      };
      const name = names.find((each) => each in makers || each in BY_FIELDS);
      assert.ok(name !== undefined, "Say in this file how one is made");
      if (name in BY_FIELDS) return;
      await asyncio.run(async () => {
        const { make, dispose } = makers[name]!;
        const making = make();
        // A thread is not to be awaited.
        const made: unknown = making instanceof Promise ? await making : making;
        const object = made instanceof Boxed ? (made.value as unknown) : made;
        check(name, object);
        await dispose?.(object as never);
      });
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

describe("a console shows the fields, by name, of", () => {
  for (const [name, make] of Object.entries(BY_FIELDS)) {
    it(name, async () => {
      await asyncio.run(async () => {
        assert.ok(shown(await make()).startsWith(`${name.split(" ").at(-1)} {`));
      });
    });
  }

  it("what the calling thread keeps in a ThreadLocal", () => {
    const local = new ThreadLocal();
    local["user"] = "ada";
    assert.match(shown({ local }), /ThreadLocal \{\s*user: ["']ada["']/);
    class Counting extends ThreadLocal<{ count: number }> {
      override init(): { count: number } {
        return { count: 3 };
      }
    }
    assert.match(shown(new Counting()), /^Counting \{\s*count: 3/);
  });
});

describe("a class that users see", () => {
  it("has its name, which errors and consoles say", () => {
    const names = new Map<unknown, string[]>();
    for (const exported of Object.values(MODULES))
      for (const [name, value] of Object.entries(exported))
        if (/^[A-Z]/.test(name)) names.set(value, [...(names.get(value) ?? []), name]);
    for (const [value, known] of names)
      if (typeof value === "function")
        assert.ok(known.includes(value.name), `${known[0]}: ${value.name}`);
  });
});

after(endPools);
