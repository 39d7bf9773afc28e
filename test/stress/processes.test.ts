/**
 * Processes that are killed, stopped, blocked for and misused at random moments: every future is done, with the
 * outcome of its own call or the death of a worker, and nothing is left.
 *
 * A second for each seed; HEDDLE_STRESS_SECONDS makes it longer, and
 * HEDDLE_STRESS_SEED repeats a run that has failed.
 */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import process from "node:process";
import { describe, it } from "node:test";
import {
  BrokenProcessPool,
  type Future,
  ProcessPoolExecutor,
  wait,
} from "heddle/concurrent/futures";
import { Process } from "heddle/multiprocessing";
import { SendError } from "heddle";
import { Dice } from "../support/dice.ts";
import {
  largeThenExit,
  listedChildren,
  printLots,
  untilCollected,
  untilGone,
  untransferable,
} from "../support/processes.ts";
import { commandFor } from "../support/program.ts";
import { fail, identity, later, ValidationError } from "../support/tasks.ts";

const SECONDS = Number(process.env["HEDDLE_STRESS_SECONDS"] ?? 1);
const SEEDS = process.env["HEDDLE_STRESS_SEED"]?.split(",").map(Number) ?? [1, 2];

const isLinux = process.platform === "linux";

/** More than a pipe holds, and more than one message. */
const LARGE = new Uint8Array(2 ** 20).fill(7);

/** What must have come of a call, unless a worker has died. */
type Expected = { readonly result: unknown } | { readonly error: (error: unknown) => boolean };

interface Call {
  readonly future: Future<unknown>;
  readonly expected: Expected;
  readonly index: number;
}

const isSendError = (error: unknown): boolean => error instanceof SendError;

function submitSomething(pool: ProcessPoolExecutor, dice: Dice, index: number): Call {
  const call = (future: Future<unknown>, expected: Expected): Call => ({ future, expected, index });
  const kind = dice.roll(100);
  if (kind < 55) return call(pool.submit(identity, index), { result: index });
  if (kind < 65) return call(pool.submit(later, index), { result: index * 2 });
  if (kind < 72) {
    const message = `on purpose, ${index}`;
    const isIt = (error: unknown): boolean =>
      error instanceof ValidationError && error.message === message;
    return call(pool.submit(fail, message), { error: isIt });
  }
  if (kind < 78) return call(pool.submit(untransferable, index), { error: isSendError });
  if (kind < 84) {
    const unsendable = [index, new SharedArrayBuffer(4)];
    return call(pool.submit(identity<unknown>, unsendable), { error: isSendError });
  }
  if (kind < 94) return call(pool.submit(identity, LARGE), { result: LARGE });
  return call(pool.submit(largeThenExit, 2 ** 20), { result: LARGE });
}

/** Sends a process of the pool a signal; one that is stopped is killed, or goes on, a little later. */
function disturb(dice: Dice): void {
  const children = listedChildren();
  const chosen = children[dice.roll(Math.max(1, children.length))];
  if (chosen === undefined) return;
  const send = (signal: string): void => {
    try {
      process.kill(chosen, signal);
    } catch {
      // it has ended meanwhile
    }
  };
  if (dice.roll(3) > 0) return send("SIGKILL");
  send("SIGSTOP");
  const then = dice.roll(2) === 0 ? "SIGCONT" : "SIGKILL";
  setTimeout(() => send(then), dice.roll(100));
}

/**
 * Blocks for one of the calls. The first time, the messages of the processes change over to another
 * thread, which also starts those that follow. With a limit: only this thread lets stopped ones go on.
 */
function blockForOne(calls: readonly Call[], dice: Dice): void {
  const call = calls[dice.roll(Math.max(1, calls.length))];
  try {
    call?.future.resultSync({ timeout: dice.roll(60) });
  } catch {
    // what comes of it is looked at later
  }
}

async function usePool(dice: Dice): Promise<void> {
  const onWorkerDeath = dice.roll(4) === 0 ? "break" : "replace";
  const maxTasksPerChild = dice.roll(3) === 0 ? 8 + dice.roll(40) : undefined;
  const pool = new ProcessPoolExecutor({
    maxWorkers: 1 + dice.roll(3),
    onWorkerDeath,
    maxTasksPerChild,
  });
  const calls: Call[] = [];
  let isBroken = false;
  const count = dice.roll(300);
  const blocksFrom = dice.roll(2) === 0 ? dice.roll(count + 1) : count;
  for (let index = 0; index < count && !isBroken; index++) {
    try {
      calls.push(submitSomething(pool, dice, index));
    } catch (error) {
      assert.ok(error instanceof BrokenProcessPool, String(error));
      isBroken = true;
    }
    if (dice.roll(40) === 0) disturb(dice);
    if (index === blocksFrom || (index > blocksFrom && dice.roll(20) === 0))
      blockForOne(calls, dice);
    if (dice.roll(30) === 0) await new Promise((resolve) => setTimeout(resolve, dice.roll(20)));
  }
  const ending = dice.roll(4);
  if (ending === 0) {
    pool.killWorkers();
  } else if (ending === 1) {
    await pool.shutdown({ cancelFutures: true });
  }
  await wait(calls.map(({ future }) => future));
  await pool.shutdown();
  for (const call of calls) assertOutcome(call, ending < 2);
  await untilCollected(listedChildren());
}

function assertOutcome({ future, expected, index }: Call, mayBeCancelled: boolean): void {
  assert.ok(future.done(), String(future));
  if (future.cancelled()) return assert.ok(mayBeCancelled, `call ${index} was cancelled unasked`);
  const error = future.exceptionSync();
  if (error instanceof BrokenProcessPool) return;
  if ("error" in expected)
    return assert.ok(expected.error(error), `call ${index}: ${String(error)}`);
  assert.equal(error, undefined, `call ${index}`);
  const result = future.resultSync();
  // A comparison of large arrays takes long.
  if (expected.result !== LARGE) return assert.deepEqual(result, expected.result);
  assert.ok(result instanceof Uint8Array && Buffer.from(result).equals(LARGE), `call ${index}`);
}

describe("pools of processes that die", { skip: isLinux ? false : "needs /proc" }, () => {
  for (const seed of SEEDS) {
    it(`seed ${seed}`, async () => {
      const dice = new Dice(seed);
      const endMs = performance.now() + SECONDS * 1000;
      do await usePool(dice);
      while (performance.now() < endMs);
    });
  }
});

describe("a process that prints more than its pipe holds", () => {
  it("prints all of it once it is read", async () => {
    const child = new Process({ target: printLots, args: [LARGE.length * 4], stdout: "pipe" });
    child.start();
    let length = 0;
    for await (const chunk of child.stdout) length += chunk.length;
    await child.join();
    assert.equal(length, LARGE.length * 4 + 1);
    assert.equal(child.exitcode, 0);
  });

  it("can be killed while nothing reads it", async () => {
    const child = new Process({ target: printLots, args: [LARGE.length * 4], stdout: "pipe" });
    child.start();
    await new Promise((resolve) => setTimeout(resolve, 200));
    child.kill();
    await child.join();
    assert.equal(child.exitcode, -9);
    await untilCollected(isLinux ? listedChildren() : []);
  });
});

describe("eight busy processes", () => {
  it("end when their parent is killed", async () => {
    const { args, env } = commandFor(new URL("./programs/busy-parent.ts", import.meta.url));
    const stdio = ["ignore", "pipe", "inherit"] as const;
    const parent = spawn(process.execPath, args, { env, stdio: [...stdio] });
    let printed = "";
    for await (const text of parent.stdout?.setEncoding("utf8") ?? []) {
      printed += String(text);
      if (printed.endsWith("\n")) break;
    }
    const pids = printed.trim().split(" ").map(Number);
    assert.equal(new Set(pids).size, 8);
    parent.kill("SIGKILL");
    await untilGone(pids);
  });
});
