import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { runProgram as runWholeProgram } from "../../support/program.ts";
import { runProgram } from "./run-program.ts";

/** The lines that a program prints which uses heddle as users do. */
function linesOf(path: string): string[] {
  const { status, stdout, stderr } = runWholeProgram(
    new URL(`./programs/${path}`, import.meta.url),
  );
  assert.equal(status, 0, stderr);
  return stdout.trimEnd().split("\n");
}

interface EntryReport {
  readonly url: string;
  readonly entry: string;
  readonly early: readonly [{ kind: string }, Slice, Slice, { url: string }];
  readonly fromNowhere: { url: string };
  readonly late: readonly [Slice, { kind: string }];
}

interface Slice {
  readonly kind: string;
  readonly url: string;
  readonly name: string;
  readonly texts: Readonly<Record<string, string>>;
}

/** The slice of a function of the module at `url`, which holds nothing else of it. */
function assertSlice({ kind, url, name, texts }: Slice, from: string, own: string): void {
  assert.deepEqual([kind, url, name], ["slice", from, own]);
  const text = Object.values(texts).join("");
  assert.ok(text.includes(`function ${own}(`) && text.includes("import { K }"), text);
  assert.ok(!text.includes("resolveFunction") && !text.includes("setTimeout"), text);
}

describe("functions of the program's entry module", () => {
  it("ship as source, else with what they use of it; nothing is printed", async () => {
    const { printed, warnings } = await runProgram("entry");
    const { url, entry, fromNowhere, early, late } = printed as EntryReport;
    assert.equal(entry, url);
    const [alone, together, hidden, scale] = early;
    assert.equal(alone.kind, "source");
    assertSlice(together, url, "together");
    assertSlice(hidden, url, "hidden");
    assert.match(scale.url, /jobs\.[jt]s$/);
    assert.match(fromNowhere.url, /jobs\.[jt]s$/);
    assert.equal(late[1].kind, "source");
    assertSlice(late[0], url, "afterwards");
    assert.equal(warnings, "");
  });

  it("ship in the same way if the entry awaits at its top level", async () => {
    const { printed, warnings } = await runProgram("entry-awaiting");
    const { url, alone, together } = printed as { url: string; alone: Slice; together: Slice };
    assert.equal(alone.kind, "source");
    assertSlice(together, url, "together");
    assert.equal(warnings, "");
  });

  it("run, if they are marked, though not exported, where the entry awaits at its top level", () => {
    assert.deepEqual(linesOf("marked-awaiting.ts"), ["42"]);
  });

  it("run, if they are marked, in an entry that is CommonJS", () => {
    assert.deepEqual(linesOf("marked-common.cjs"), ["42"]);
  });

  it("make the worker load it again, if they are marked; it submits nothing, and may ask for the main thread", () => {
    assert.deepEqual(linesOf("loaded-again.ts").toSorted(), [
      "42 calls: 1",
      "in the main thread only",
      "loaded",
      "loaded",
    ]);
  });
});
