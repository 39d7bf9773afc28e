import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import process from "node:process";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";

import { server } from "#platform";

const PROGRAM = fileURLToPath(new URL("./programs/located.mjs", import.meta.url));

describe("where the engine says that a function stands", () => {
  if ("deno" in process.versions || "bun" in process.versions) {
    it("is not asked on a runtime whose engine does not answer at once", () => {
      assert.equal(server.functionLocation, undefined);
    });
    return;
  }

  it("is known in a context with globals of its own", () => {
    const flags = ["--experimental-vm-modules", "--no-warnings"];
    const { stdout, stderr } = spawnSync(process.execPath, [...flags, PROGRAM], {
      encoding: "utf8",
    });
    assert.equal(stdout, '["in-context.js:2:3","in-context.js:2:3"]\n', stderr);
  });
});
