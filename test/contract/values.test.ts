/** What becomes of every kind of value in every place from which it goes to another agent. */
import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { SendError } from "heddle";
import { type Executor, ProcessPoolExecutor, ThreadPoolExecutor } from "heddle/concurrent/futures";
import { Queue } from "heddle/queue";
import { Thread } from "heddle/threading";
import { isOwnShare } from "../support/shares.ts";
import {
  check,
  checkArgument,
  type Fate,
  makeInside,
  makeValue,
  type Row,
  ROWS as ALL_ROWS,
  throwWith,
} from "../support/values.ts";

/** The value has arrived and was checked there. */
const CHECKED = Symbol("checked");

type Place = "fate" | "bytes" | "process";

/** Runtimes that share the rows: versions of Node clone alike, but for what came in between. */
const SHARING = [
  ["node20", "node22", "node24", "node26"],
  ["deno", "bun"],
];

/** The rows that are this runtime's, with their numbers, by which a worker finds them. */
const ROWS = [...ALL_ROWS.entries()].filter(([, { name }]) =>
  SHARING.every((sharing) => isOwnShare(name, sharing)),
);

describe("values", () => {
  it("are over 150 kinds, no two of one name", () => {
    const names = ALL_ROWS.map(({ name }) => name);
    assert.ok(names.length > 150, String(names.length));
    assert.equal(new Set(names).size, names.length);
  });
});

/** Waits for what has been sent, and checks that it is the row's value, or the refusal that names it. */
async function settles(row: Row, fate: Fate, path: RegExp, arriving: () => unknown): Promise<void> {
  let value: unknown;
  try {
    value = await arriving();
  } catch (error) {
    const isExpected = typeof fate === "object" && "refused" in fate;
    if (!isExpected && !row.mayBeRefused) throw error;
    assert.ok(error instanceof SendError, String(error));
    assert.match(error.path, path);
    assert.match(
      error.message,
      /^Cannot send [^]* to another (?:thread|process): [^]+ is (?:an?|the) [^]+/,
    );
    if (isExpected) assert.match(error.message, fate.refused);
    return;
  }
  if (value !== CHECKED) check(row, fate, value);
  else if (typeof fate === "object" && "refused" in fate) assert.fail("it arrived");
}

for (const [name, make, place] of [
  ["ThreadPoolExecutor", () => new ThreadPoolExecutor({ maxWorkers: 1 }), "fate"],
  [
    "ThreadPoolExecutor without shared memory",
    () => new ThreadPoolExecutor({ maxWorkers: 1, sharedMemory: false }),
    "fate",
  ],
  ["ProcessPoolExecutor", () => new ProcessPoolExecutor({ maxWorkers: 1 }), "process"],
] as const satisfies readonly (readonly [string, () => Executor, Place])[]) {
  describe(`values: ${name}`, () => {
    const pool = make();
    after(async () => pool.shutdown());

    for (const [index, row] of ROWS) {
      // Without shared memory, a thread has no locks, as a process has none.
      const isIsolated = name.endsWith("without shared memory") && row.process !== row.bytes;
      const fate = isIsolated
        ? { refused: /which only threads that share memory can have$/ }
        : row[place];

      it(`${row.name}, as an argument`, async () => {
        await settles(row, fate, /^args\[2\]/, async () => {
          const wrong = await pool.submit(
            checkArgument,
            index,
            isIsolated ? "fate" : place,
            row.make(),
          );
          assert.equal(wrong, "");
          return CHECKED;
        });
      });

      it(`${row.name}, as a result`, async () => {
        await settles(row, fate, /^result/, () => pool.submit(makeValue, index));
        await settles(row, fate, /^result\.inside\[0\]/, async () => {
          const { inside } = await pool.submit(makeInside, index);
          return inside[0];
        });
      });

      it(`${row.name}, in the field of an error`, async () => {
        const error = await pool.submit(throwWith, index).exception();
        assert.ok(error instanceof Error);
        assert.equal(error.message, "holder");
        const { field } = error as { field?: unknown };
        const isText = typeof fate === "object" && "refused" in fate;
        if (isText || (row.mayBeRefused && typeof field === "string")) {
          assert.equal(typeof field, "string");
        } else check(row, fate, field);
      });
    }
  });
}

describe("values: Queue", () => {
  for (const [, row] of ROWS) {
    it(`${row.name}, as an item`, async () => {
      const queue = new Queue();
      await settles(row, row.bytes, /^item/, () => {
        queue.putNowait(row.make());
        return queue.getNowait();
      });
      await settles(row, row.bytes, /^item\[1\]\.inside/, () => {
        queue.putNowait([new Date(0), { inside: row.make() }]);
        return (queue.getNowait() as [Date, { inside: unknown }])[1].inside;
      });
      assert.ok(queue.empty());
    });
  }
});

describe("values: Thread", () => {
  for (const [index, row] of ROWS) {
    it(`${row.name}, as the argument and the result of a thread`, async () => {
      await settles(row, row.fate, /^args\[2\]/, async () => {
        const args = [index, "fate", row.make()] as const;
        const thread = new Thread({ target: checkArgument, args });
        thread.start();
        assert.equal(await thread, "");
        return CHECKED;
      });
      await settles(row, row.fate, /^result/, async () => {
        const thread = new Thread({ target: makeValue, args: [index] });
        thread.start();
        return thread;
      });
    });
  }
});
