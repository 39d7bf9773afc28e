/** Stacks of every engine, as text. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { framesOf as placesOf } from "../../../build/src/asyncio/engine/stack-frames.js";
import { framesOf, userFrames } from "../../../build/src/wire/stack.js";

// Bun up to 1.4.3 leaves the first column of a line out.
const STACKS = {
  "V8, Deno and Bun": [
    "Error: cannot reach 127.0.0.1:8080",
    "    at look (file:///app/a.ts:3:1)",
    "    at /app/b.ts:4:12",
  ],
  "Bun up to 1.4.3": [
    "Error: cannot reach 127.0.0.1:8080",
    "    at look (file:///app/a.ts:3)",
    "    at /app/b.ts:4:12",
  ],
  "Firefox and Safari": [
    "Error: cannot reach 127.0.0.1:8080",
    "look@file:///app/a.ts:3:1",
    "@/app/b.ts:4:12",
  ],
};

describe("the frames of a stack", () => {
  for (const [engines, lines] of Object.entries(STACKS)) {
    it(`are told from its message, as ${engines} write them`, () => {
      const frames = lines.slice(1);
      assert.deepEqual(
        framesOf(lines.join("\n")),
        frames.map((frame) => frame.trim()),
      );
      assert.equal(userFrames(lines.join("\n")), frames.join("\n"));
    });

    it(`name a file, a line and a column, as ${engines} write them`, () => {
      assert.deepEqual(placesOf(lines.slice(1).join("\n")), [
        { name: "look", file: "file:///app/a.ts", line: 3, column: 1 },
        { name: "(anonymous)", file: "/app/b.ts", line: 4, column: 12 },
      ]);
    });
  }
});
