/** Programs as someone writes them who has not read the documentation: none meets a refusal. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { runProgram } from "../../support/program.ts";

/** What each program prints, and what it is given. */
const PROGRAMS: Readonly<Record<string, { printed: readonly string[]; given?: string[] }>> = {
  "blur.mjs": {
    printed: ["179 76 14 0 0 0 0 0|62 103 62 14 0 0 0 0|14 62 103 62 14 0 0 0"],
  },
  "cancel.mjs": { printed: ["three", "true", "WARP", "WEFT"] },
  "cli.mjs": {
    printed: ["AA BB false", "--upper --times=2 a b"],
    given: ["--upper", "--times=2", "a", "b"],
  },
  "common.cjs": { printed: ["newcomers/hello-world_2.html newcomers/a-b-c_2.html", "x-y1"] },
  "compress.mjs": { printed: ["true"] },
  "csv-report.ts": {
    printed: [
      '[["north",11],["south",20]]',
      '[["north",5.5],["east, far",7]]',
      'no amount in "north,none" 7',
    ],
  },
  "hash-files.mjs": { printed: ["true true"] },
  "invoices.mjs": {
    printed: ["[log] starting 2", "[11.9,24.4]", '["1: 11.9 (19 %)","2: 24.4 (19 %)"]'],
  },
  "lookup.mjs": { printed: ["1", "55", "12586269025", "bad z z", "done true", "[0,1,1,2,3]"] },
  "primes.mjs": { printed: ["168 2880067194370816120n"] },
  "render.mjs": { printed: ["<p><em>hi</em></p>", "5", "1 8", "hello bob", "0"] },
  "server.mjs": { printed: ["610", '{"a":"1","b":"2"}', "not found"] },
  "simulation.ts": { printed: ["true", "4"] },
  "versions.mjs": { printed: ["7200000 1.10.0 true"] },
};

describe("a program of someone who is new to heddle", () => {
  for (const [name, { printed, given = [] }] of Object.entries(PROGRAMS)) {
    const url = new URL(`./programs/newcomers/${name}`, import.meta.url);
    it(`runs: ${name}`, () => {
      const { stdout, stderr } = runProgram(url, ...given);
      assert.deepEqual(stdout.trimEnd().split("\n"), printed, stderr);
      assert.equal(stderr, "");
    });
  }
});
