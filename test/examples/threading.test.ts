import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { RLock, Barrier, Thread } from "heddle/threading";
import { greedy } from "../../examples/dining-philosophers/philosopher.ts";
import { readText } from "../support/doc-examples.ts";
import { runProgram } from "../support/program.ts";

const example = (path: string): URL => new URL(`../../examples/${path}/main.ts`, import.meta.url);

/** A report with the names, numbers and places that any report of two threads has. */
function likeAnyOther(report: string): string {
  const names = new Map<string, string>();
  return report
    .replaceAll(/waits at .*$/gm, "waits at a place")
    .replaceAll(/RLock-\d+|"\w+"/g, (name) => {
      if (!names.has(name)) names.set(name, `name ${names.size}`);
      return names.get(name) ?? name;
    });
}

describe("examples of threading", () => {
  it("polite philosophers all eat", () => {
    const { status, stdout, stderr } = runProgram(example("dining-philosophers"));
    assert.equal(stderr, "");
    assert.equal(stdout.match(/ ate 1000 times$/gm)?.length, 5);
    assert.equal(status, 0);
  });

  it("greedy philosophers learn who waits for whom, and all but one eat", () => {
    const { status, stdout } = runProgram(example("dining-philosophers"), "--greedy");
    assert.equal(stdout.match(/ ate 1 times$/gm)?.length, 4);
    assert.equal(stdout.match(/ ate 0 times$/gm)?.length, 1);
    const circle = [
      ...stdout.matchAll(/thread "(\w+)" waits to acquire (RLock-\d), which thread "(\w+)" holds/g),
    ];
    const waiters = new Set(circle.map(([, waiter]) => waiter));
    const holders = new Set(circle.map(([, , , holder]) => holder));
    assert.equal(waiters.size, 5, stdout);
    assert.deepEqual(holders, waiters);
    assert.equal(
      stdout.match(/holds, taken .*philosopher.*; waits .*philosopher/g)?.length,
      5,
      stdout,
    );
    assert.equal(status, 0);
  });

  it("two greedy philosophers get the report that the README shows", async () => {
    const forks = [new RLock(), new RLock()];
    const [everybody, eaten] = [new Barrier(2), new Int32Array(new SharedArrayBuffer(8))];
    const threads = ["Plato", "Zeno"].map((name, number) => {
      const [left, right] = [forks[number]!, forks[1 - number]!];
      const seat = { left, right, eaten, number, meals: 1 };
      return new Thread({ target: greedy, args: [seat, everybody], name });
    });
    for (const thread of threads) thread.start();
    const outcomes = await Promise.allSettled(threads.map(async (thread) => thread.join()));
    const [failed] = outcomes.filter(({ status }) => status === "rejected");
    const [shown = ""] = /^DeadlockError: [^]*?(?=\n```)/m.exec(readText("README.md")) ?? [];
    assert.equal(
      likeAnyOther(String((failed as PromiseRejectedResult).reason)),
      likeAnyOther(shown),
    );

    const [, line] = /philosopher\.ts:(\d+)/.exec(shown) ?? [];
    const source = readText("examples/dining-philosophers/philosopher.ts").split("\n");
    assert.match(source[Number(line) - 1] ?? "", /right\.withSync/);
  });

  it("the bounded buffer loses nothing", () => {
    const { status, stdout, stderr } = runProgram(example("bounded-buffer"));
    assert.equal(stderr, "");
    assert.equal(stdout, "10000 items taken, sum 49995000\n");
    assert.equal(status, 0);
  });

  it("readers never see what a writer has half done", () => {
    const { status, stdout, stderr } = runProgram(example("readers-writers"));
    assert.equal(stderr, "");
    assert.equal(stdout, "6000 of 6000 audits were right\n");
    assert.equal(status, 0);
  });
});
