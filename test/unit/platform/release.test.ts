import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { checkRelease, OLDEST } from "../../../build/src/platform/release.js";

describe("the release of the runtime", () => {
  it("is refused below the oldest on which threads work", () => {
    for (const [runtime, release] of [
      ["deno", "2.8.9"],
      ["deno", "1.46.3"],
      ["bun", "1.4.2"],
      ["bun", "1.3.14"],
      ["node", "20.18.3"],
      ["node", "18.20.0"],
    ] as const) {
      assert.throws(() => checkRelease(runtime, release), {
        name: "UnsupportedError",
        capability: "threads",
        runtime,
        message: `Cannot start a worker: this is ${runtime[0]?.toUpperCase()}${runtime.slice(1)} ${release}, and heddle needs ${OLDEST[runtime]} or later`,
      });
    }
  });

  it("is taken from there on", () => {
    for (const [runtime, release] of [
      ["deno", "2.9.0"],
      ["deno", "2.10.0-rc.1"],
      ["deno", "3.0.0"],
      ["bun", "1.4.3"],
      ["bun", "1.10.0"],
      ["node", "20.19.0"],
      ["node", "26.0.0-nightly2026"],
    ] as const)
      checkRelease(runtime, release);
    for (const runtime of Object.keys(OLDEST)) checkRelease(runtime as keyof typeof OLDEST); // this one
  });
});
