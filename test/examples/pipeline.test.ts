import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { runProgram } from "../support/program.ts";

const example = new URL("../../examples/pipeline/main.ts", import.meta.url);

describe("the pipeline", () => {
  for (const style of ["--async", "--generators"]) {
    it(`takes every page through tasks, pool and thread: ${style}`, () => {
      const { status, stdout, stderr } = runProgram(example, style);
      assert.equal(stderr, "");
      assert.equal(stdout, '60 pages, 120000 words, most often "heddle"\n');
      assert.equal(status, 0);
    });
  }
});
