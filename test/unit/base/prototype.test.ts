import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { runProgram } from "../../support/program.ts";

const MODULES = fileURLToPath(new URL("../../../build/src", import.meta.url));
const PEM = ["cert", "key"].map((name) =>
  fileURLToPath(new URL(`../../support/streams/tls/${name}.pem`, import.meta.url)),
);

/** Names that the language itself reads, or that are read of values that are not heddle's. */
const OF_OTHERS = new Set([
  "value",
  "get",
  "set",
  "done",
  "next",
  "return",
  "throw",
  "then",
  "cause",
  "code",
  "message",
  "name",
  "stack",
]);

/** Every property that an object of heddle's may lack, options and internal records alike. */
function optionalNames(): string[] {
  const names = new Set<string>();
  for (const file of readdirSync(MODULES, { recursive: true, encoding: "utf8" })) {
    if (!file.endsWith(".d.ts")) continue;
    const text = readFileSync(join(MODULES, file), "utf8");
    for (const [, name = ""] of text.matchAll(/\b(\w+)\?:/g)) names.add(name);
  }
  return [...names].filter((name) => !OF_OTHERS.has(name));
}

describe("Object.prototype", () => {
  it("what another part of the program puts there is read by nothing of heddle's", () => {
    const names = optionalNames();
    assert.ok(names.includes("timeout") && names.includes("initializer"), "the names are found");
    const program = new URL("./programs/traces-prototype.ts", import.meta.url);
    const { stdout, stderr } = runProgram(program, names.join(","), ...PEM);
    const lines = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as unknown);
    assert.deepEqual(lines, [{ reads: [] }], stderr);
  });

  it("what stands there does not change what the runtime is asked to do", () => {
    const { stdout, stderr } = runProgram(
      new URL("./programs/polluted.ts", import.meta.url),
      ...PEM,
    );
    assert.deepEqual(
      stdout && (JSON.parse(stdout) as unknown),
      {
        program: "hello $HOME",
        bothOutputs: "hello",
        clear: "hello",
        tls: "hello",
        untrusted: "refused",
        squares: [null, 16],
      },
      stderr,
    );
  });
});
