import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { runProgram } from "../support/program.ts";

/** What a program of the folder prints, a line each. */
function linesOf(name: string): string[] {
  const example = new URL(`../../examples/multiprocessing/${name}.ts`, import.meta.url);
  const { status, stdout, stderr } = runProgram(example);
  assert.equal(stderr, "");
  assert.equal(status, 0);
  return stdout
    .trim()
    .split("\n")
    .map((line) => line.trim().replaceAll('"', "'"));
}

describe("the examples of Python's multiprocessing", () => {
  it("a pool maps a function over a list", () => {
    assert.deepEqual(linesOf("pool"), ["[ 1, 4, 9 ]"]);
  });

  it("a process has its own id, and its parent's", () => {
    const lines = linesOf("process");
    const ids = lines.flatMap((line) => /^(?:parent process|process id): (\d+)$/.exec(line)?.[1]);
    const [, main, parent, child] = ids.filter((id) => id !== undefined);
    assert.equal(parent, main);
    assert.notEqual(child, main);
    assert.deepEqual([lines[0], lines[3], lines[6]], ["main line", "function f", "hello bob"]);
  });

  it("a queue and a pipe carry objects, and bytes", () => {
    assert.deepEqual(linesOf("queue"), ["[ 42, null, 'hello' ]", "hello"]);
    const [object, answer, thanks, filled = ""] = linesOf("pipe")
      .join(" ")
      .split(/(?<=\]|you) /);
    assert.deepEqual([object, answer], ["[ 42, null, 'hello' ]", "[ 1, 'hello', null ]"]);
    assert.equal(thanks, "thank you");
    assert.match(filled, /^true \[\s*0,\s+1,\s+2,\s+3,\s+4,\s+0,/);
  });

  it("a pool of workers takes single tasks, many, and has a time limit", () => {
    const lines = linesOf("using-a-pool").join("\n");
    assert.match(lines, /0,\s+1,\s+4,\s+9,\s+16,\s+25,\s+36,\s+49,\s+64,\s+81/);
    assert.match(lines, /^0 1 4 9 16 25 36 49 64 81\n400\ntrue\n4 true\nWe lacked patience/m);
    assert.match(lines, /remains available for more work\nNow the pool is closed/);
  });

  it("wait takes from several processes until each has closed its pipe", () => {
    assert.deepEqual(
      linesOf("wait"),
      [1, 2, 3, 4].map((n) => `Process-${n} 10`),
    );
  });

  it("queues feed workers, and collect what they make", () => {
    const [title, ...results] = linesOf("feeding-workers");
    assert.equal(title, "Unordered results:");
    const expected = [
      ...Array.from({ length: 20 }, (_, n) => `mul(${n}, 7) = ${n * 7}`),
      ...Array.from({ length: 10 }, (_, n) => `plus(${n}, 8) = ${n + 8}`),
    ];
    const said = results.map((line) => line.replace(/^Process-[1-4] says that /, ""));
    assert.deepEqual(said.toSorted(), expected.toSorted());
  });
});
