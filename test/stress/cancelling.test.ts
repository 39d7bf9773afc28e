/**
 * Random cancellations of calls that run, or do not run yet, and short time limits, while workers exit:
 * every future settles once, a call that was let alone is run once, and no call is run twice.
 *
 * HEDDLE_STRESS_CALLS says how many calls each pool gets; HEDDLE_STRESS_SEED repeats a run that has failed.
 */
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { describe, it } from "node:test";
import { CancelledError, TimeoutError } from "heddle";
import {
  BrokenExecutor,
  type Future,
  type PoolExecutor,
  ProcessPoolExecutor,
  ThreadPoolExecutor,
} from "heddle/concurrent/futures";
import { Dice } from "../support/dice.ts";
import {
  exitAfterNote,
  ignoreAndAwait,
  ignoreRequests,
  noteAndReturn,
  pollUntilAsked,
  throwOnceAsked,
} from "../support/stop-tasks.ts";

const CALLS = Number(process.env["HEDDLE_STRESS_CALLS"] ?? 300);
const SEEDS = process.env["HEDDLE_STRESS_SEED"]?.split(",").map(Number) ?? [1, 2, 3];
/** There a thread that computes cannot be stopped: it runs on until its file is removed. */
const isDeno = "deno" in process.versions;

interface Submitted {
  readonly future: Future<unknown>;
  readonly number: number;
  /** Whether it runs until it is cancelled. */
  readonly isEndless: boolean;
  readonly exits: boolean;
  readonly isLimited: boolean;
  settled: number;
  isCancelRequested: boolean;
}

/** Requests, at random, that one of the calls be cancelled; or every one that would not end. */
function cancelSome(calls: readonly Submitted[], dice: Dice, isLast: boolean): void {
  const chosen = isLast
    ? calls.filter(({ isEndless, future }) => isEndless && !future.done())
    : [calls[dice.roll(calls.length)] as Submitted];
  for (const call of chosen) {
    const grace = [0, 1, 5, 30][dice.roll(4)] as number;
    if (call.future.cancel({ running: true, grace })) call.isCancelRequested = true;
  }
}

async function usePool(
  pool: PoolExecutor,
  dice: Dice,
  { abandons, isExact }: { readonly abandons: boolean; readonly isExact: boolean },
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "heddle-"));
  const notes = join(folder, "notes");
  const calls: Submitted[] = [];
  const isOrdered = dice.roll(2) === 0;
  let spinners = 0;
  for (let number = 0; number < CALLS; number++) {
    const kind = dice.roll(100);
    // On two processors, more threads that run on would leave nothing to the others.
    const spins = kind >= 8 && kind < 10 && (!abandons || spinners < 2);
    if (spins) spinners++;
    const isLimited = dice.roll(12) === 0;
    const executor = isLimited
      ? pool.with({ timeout: 1 + dice.roll(20), grace: [0, 1, 20][dice.roll(3)] })
      : isOrdered
        ? pool.with({ priority: dice.roll(3) })
        : pool;
    const submit = (): Future<unknown> => {
      if (kind < 4) return executor.submit(pollUntilAsked, notes, number);
      if (kind < 6) return executor.submit(throwOnceAsked, notes, number);
      if (kind < 8) return executor.submit(ignoreAndAwait, notes, number);
      if (spins) return executor.submit(ignoreRequests, notes, number);
      if (kind === 10 || kind === 11) return executor.submit(exitAfterNote, notes, number);
      return executor.submit(noteAndReturn, notes, number);
    };
    const isEndless = kind < 8 || spins;
    const exits = kind === 10 || kind === 11;
    const call = {
      future: submit(),
      number,
      isEndless,
      exits,
      isLimited,
      settled: 0,
      isCancelRequested: false,
    };
    call.future.addDoneCallback(() => call.settled++);
    calls.push(call);
    if (dice.roll(5) === 0) cancelSome(calls, dice, false);
    if (dice.roll(40) === 0) await new Promise((resolve) => setTimeout(resolve, dice.roll(20)));
  }
  const ended = Promise.allSettled(calls.map(({ future }) => future));
  for (let isOver = false; !isOver;) {
    cancelSome(calls, dice, true);
    const late = new Promise<boolean>((resolve) => setTimeout(resolve, 5, false));
    isOver = await Promise.race([ended.then(() => true), late]);
  }
  await pool.shutdown();
  assert.match(String(pool), /workers: 0 of/);
  const begun = existsSync(notes) ? readFileSync(notes, "utf8").split("\n") : [];
  for (const call of calls) {
    const { future, number, isEndless, exits, isLimited, settled, isCancelRequested } = call;
    assert.equal(settled, 1, `call ${number} settled ${settled} times`);
    const runs = begun.filter((line) => line === String(number)).length;
    assert.ok(runs <= 1, `call ${number} was run ${runs} times`);
    const outcome = await future.result().catch((error: unknown) => error);
    if (outcome === number) assert.equal(runs, 1, `call ${number} was not run, and has a result`);
    else if (outcome instanceof TimeoutError) assert.ok(isLimited, `call ${number}`);
    else if (outcome instanceof CancelledError) assert.ok(isCancelRequested, `call ${number}`);
    else assert.ok(outcome instanceof BrokenExecutor, `call ${number}: ${String(outcome)}`);
    // Where calls travel together, one that exits costs others.
    if (outcome instanceof BrokenExecutor && isExact)
      assert.ok(exits, `call ${number} was lost: ${outcome.message}`);
    assert.ok(!isEndless || isLimited || isCancelRequested || outcome instanceof BrokenExecutor);
  }
  rmSync(folder, { recursive: true, force: true });
}

const POOLS: Record<string, (maxWorkers: number) => PoolExecutor> = {
  threads: (maxWorkers) => new ThreadPoolExecutor({ maxWorkers }),
  "threads by message": (maxWorkers) => new ThreadPoolExecutor({ maxWorkers, sharedMemory: false }),
  processes: (maxWorkers) => new ProcessPoolExecutor({ maxWorkers }),
};

for (const [name, make] of Object.entries(POOLS)) {
  describe(`${name} under random cancellations`, () => {
    for (const seed of SEEDS) {
      it(`seed ${seed}`, async () => {
        const dice = new Dice(seed);
        await usePool(make(1 + dice.roll(3)), dice, {
          abandons: isDeno && name !== "processes",
          isExact: name === "threads",
        });
      });
    }
  });
}
