/** Programs as someone writes them who has not read the documentation: none meets a refusal. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { root } from "../../support/doc-examples.ts";
import { runProgram } from "../../support/program.ts";
import { isOnlyProgram, SHARING, SHARING_ALL } from "./shared.ts";

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
  "styles/cache.cjs": { printed: ["true,true,true,true,3,2", "true.cjs3"] },
  "styles/caching.mjs": { printed: ["12586269025", "loom at 3", "1,2,3"] },
  "styles/config.ts": { printed: ["true object", "x2"] },
  "csv-report.ts": {
    printed: [
      '[["north",11],["south",20]]',
      '[["north",5.5],["east, far",7]]',
      'no amount in "north,none" 7',
    ],
  },
  "styles/events.mjs": { printed: ["warp:1 loom:1", "weft:2 loom:1", "6 true"] },
  "hash-files.mjs": { printed: ["true true"] },
  "styles/helpers.mjs": {
    printed: ['[[["a",4],["b",2]],["warp+and","weft"],[[1,2],[3]],["a","bb"]]'],
  },
  "invoices.mjs": {
    printed: ["[log] starting 2", "[11.9,24.4]", '["1: 11.9 (19 %)","2: 24.4 (19 %)"]'],
  },
  "styles/levels.mjs": {
    printed: ["[info] n=1", "[info] n=3; [warn] large", "1536,2097152,3"],
  },
  "lookup.mjs": { printed: ["1", "55", "12586269025", "bad z z", "done true", "[0,1,1,2,3]"] },
  "styles/logging.mjs": { printed: ["[info] job n=1", "[info] job n=3; [warn] large"] },
  "styles/matrix.mjs": {
    printed: ["1,2,3,4,5,6,7,8,9", "60,72,84,132,162,192,204,252,300", "1,2,4,8,16 2 2", "1,1"],
  },
  "styles/orders.ts": {
    printed: ['[{"text":"paid 3.00","stored":1},{"text":"paid 0.99","stored":2,"rate":true}]'],
  },
  "styles/plugins.mjs": { printed: ["a+b+c", "2", "text,lists", "chunk,flow,groupBy,sumBy"] },
  "primes.mjs": { printed: ["168 2880067194370816120n"] },
  "render.mjs": { printed: ["<p><em>hi</em></p>", "5", "1 8", "hello bob", "0"] },
  "styles/report.cjs": { printed: ["name:LOOM------.txt3", "title:X---------.txt3noneobject"] },
  "styles/routes.mjs": {
    printed: ["10", "1999000,11", "status 404 404 /none", "3", "10", "/sum 6"],
  },
  "styles/schema.mjs": { printed: ["ann", "false", "true 0.email is not /@/", "true,false"] },
  "server.mjs": { printed: ["610", '{"a":"1","b":"2"}', "not found"] },
  "simulation.ts": { printed: ["true", "4"] },
  "styles/statistics.ts": {
    printed: [
      '{"n":3,"mean":2,"deviation":0.816496580927726}',
      '{"n":3,"mean":4,"deviation":0}',
      "not numbers: 5 x",
      "1.75",
      "true",
    ],
  },
  "styles/streams.mjs": { printed: ["0,2,4", "0,1,4,9", "1,2,3", "a,b", "1,2,3", "1,4,9"] },
  "versions.mjs": { printed: ["7200000 1.10.0 true"] },
};

it("each program runs by day, on one of the runtimes that share them", async () => {
  const { dayPlaces } = (await import(String(new URL("scripts/test-places.mjs", root)))) as {
    dayPlaces(file: string): readonly string[];
  };
  assert.deepEqual(dayPlaces("unit/shipping/newcomers.test.ts"), SHARING_ALL);
  for (const name of ["refusals", "main-refusals", "same-or-refused"]) {
    const places = dayPlaces(`unit/shipping/${name}.test.ts`);
    assert.ok(SHARING.every((place) => places.includes(place)));
  }
});

describe("a program of someone who is new to heddle", () => {
  for (const [name, { printed, given = [] }] of Object.entries(PROGRAMS)) {
    if (!isOnlyProgram(name)) continue;
    const url = new URL(`./programs/newcomers/${name}`, import.meta.url);
    it(`runs: ${name}`, () => {
      const { stdout, stderr } = runProgram(url, ...given);
      assert.deepEqual(stdout.trimEnd().split("\n"), printed, stderr);
      assert.equal(stderr, "");
    });
  }
});
