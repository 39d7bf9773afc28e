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
  readonly early: readonly [{ kind: string }, object, string, { url: string }];
  readonly fromNowhere: { url: string };
  readonly late: readonly [object, { kind: string }];
  readonly text: { readonly together: string; readonly afterwards: string };
}

describe("functions of the program's entry module", () => {
  it("ship as source, else by name with their text; nothing is printed", async () => {
    const { printed, warnings } = await runProgram("entry");
    const { url, entry, fromNowhere, early, late, text } = printed as EntryReport;
    assert.equal(entry, url);
    const [alone, together, hidden, scale] = early;
    assert.equal(alone.kind, "source");
    const byName = { kind: "module", url, exportName: "together" };
    // Bun lets a module that is being evaluated be compared, and needs no text.
    const sourceText = "bun" in process.versions ? {} : { sourceText: text.together };
    assert.deepEqual(together, { ...byName, ...sourceText });
    assert.match(hidden, /^NotShippableError: Cannot ship the function "hidden".*K \(imported\)/);
    assert.match(scale.url, /jobs\.[jt]s$/);
    assert.match(fromNowhere.url, /jobs\.[jt]s$/);
    assert.equal(late[1].kind, "source");
    assert.deepEqual(late[0], { kind: "module", url, exportName: "afterwards" });
    assert.equal(warnings, "");
  });

  it("ship only as source if the entry awaits at its top level", async () => {
    const { printed, warnings } = await runProgram("entry-awaiting");
    const { kind, message } = printed as { kind: string; message: string };
    assert.equal(kind, "source");
    assert.match(
      message,
      /^NotShippableError: Cannot ship the function "together".*: it uses K \(imported\), and its module awaits at its top level, so no worker can import it\. Move "together" to its own file, or wrap it in task\(import\.meta\.url, fn\)$/,
    );
    assert.equal(warnings, "");
  });

  it("run, if they are marked, though not exported, where the entry awaits at its top level", () => {
    assert.deepEqual(linesOf("marked-awaiting.ts"), ["42"]);
  });

  it("run, if they are marked, in an entry that is CommonJS", () => {
    assert.deepEqual(linesOf("marked-common.cjs"), ["42"]);
  });

  it("make the worker load it again, which submits nothing and may ask for the main thread", () => {
    assert.deepEqual(linesOf("loaded-again.ts").toSorted(), [
      "42 calls: 1",
      "in the main thread only",
      "loaded",
      "loaded",
    ]);
  });
});
