import assert from "node:assert/strict";
import { it } from "node:test";
import { runProgram } from "../../support/program.ts";

it("a lock where there is no SharedArrayBuffer says which headers the page needs", () => {
  const { stdout, stderr } = runProgram(new URL("./programs/no-shared-memory.ts", import.meta.url));
  assert.match(
    stdout,
    /^UnsupportedError: Cannot make what threads share: this page has no SharedArrayBuffer\. Serve it with the headers Cross-Origin-Opener-Policy: same-origin/,
    stderr,
  );
});
