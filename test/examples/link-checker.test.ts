import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { linksIn } from "../../examples/link-checker/page.ts";
import { interruptProgram, runProgram } from "../support/program.ts";

const example = new URL("../../examples/link-checker/main.ts", import.meta.url);

describe("the link checker", () => {
  it("finds in both styles what is missing and what is late, and keeps to its limit", () => {
    const { status, stdout, stderr } = runProgram(example, "--at-once", "3");
    assert.equal(stderr, "");
    const report = [
      "  27 pages, at most 3 at once",
      "  /missing: status 404, linked from /",
      "  /slow: no answer in 2000 ms, linked from /team",
    ];
    const lines = stdout.trim().split("\n");
    assert.deepEqual(
      lines.filter((line) => !line.startsWith("somebody")),
      ["Checked by async functions:", ...report, "Checked by generators:", ...report],
    );
    assert.equal(status, 0);
  });

  it("reports what it has when Ctrl-C ends it", async () => {
    const patience = ["--patience", "600000"];
    const { status, stdout, stderr } = await interruptProgram(
      example,
      "asks for /slow",
      ...patience,
    );
    assert.equal(stderr, "");
    assert.match(stdout, /^Interrupted; until then:\n {2}\d+ pages, at most [1-5] at once$/m);
    assert.doesNotMatch(stdout, /\/slow:/);
    assert.equal(status, 130);
  });

  it("reports a site that is not there", () => {
    const { status, stdout } = runProgram(example, "http://127.0.0.1:1/");
    assert.match(stdout, /^ {2}\/: no connection, linked from \/$/m);
    assert.equal(status, 0);
  });

  it("finds links, but no anchors, mail addresses or rubbish", () => {
    const html = `<a href="/one">1</a> <a class="x" href="two#part">2</a> <a href="#here">3</a>
      <a href="mailto:me@example.org">4</a> <a href="http://[bad">5</a> <a href="/one">6</a>`;
    assert.deepEqual(linksIn(html, "http://example.org/deep/page"), [
      "http://example.org/one",
      "http://example.org/deep/two",
      "http://example.org/deep/page",
    ]);
  });
});
