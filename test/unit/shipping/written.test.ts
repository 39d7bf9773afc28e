/** Functions of files as editors and compilers write them: line ends, byte order marks, syntax that not all take. */
import assert from "node:assert/strict";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import process from "node:process";
import { after, before, describe, it } from "node:test";

import { runProgram } from "../../support/program.ts";

const folder = new URL(`../../../build/written-${process.pid}/`, import.meta.url);
before(() => mkdirSync(folder, { recursive: true }));
after(() => rmSync(folder, { recursive: true }));

/** Runs a program that is written as it is. */
function printed(name: string, text: string): string {
  writeFileSync(new URL(name, folder), text);
  const { stdout, stderr } = runProgram(new URL(name, folder));
  return stdout.trimEnd() || stderr;
}

const POOL = `import { ThreadPoolExecutor } from "heddle/concurrent/futures";
const pool = new ThreadPoolExecutor({ maxWorkers: 1 });
`;

const FACTOR = `import { basename } from "node:path";
${POOL}const FACTOR = Number("3");
function failing() {
  throw new RangeError(\`\${FACTOR}
lines\`);
}
const name = (path) => basename(path).length * FACTOR;
console.log(await pool.submit(name, "/a/bc"), await pool.submit(() => FACTOR + 1));
const error = await pool.submit(failing).exception();
console.log(JSON.stringify(error.message), /(\\w+\\.mjs):(\\d+):\\d+/.exec(error.stack).slice(1).join(":"));
await pool.shutdown();
`;

describe("a function of a file", () => {
  it("with the line ends of Windows", () => {
    const expected = '6 4\n"3\\nlines" windows.mjs:6';
    assert.equal(printed("windows.mjs", FACTOR.replaceAll("\n", "\r\n")), expected);
  });

  it("with a byte order mark", () => {
    assert.equal(printed("marked.mjs", `\uFEFF${FACTOR}`), '6 4\n"3\\nlines" marked.mjs:6');
  });
});

describe("a function of a module", () => {
  it("may call others that call others, deeper than the stack", () => {
    const chain = Array.from(
      { length: 2000 },
      (_, i) => `function f${i + 1}(n) { return f${i}(n); }`,
    );
    const text = `${POOL}const FACTOR = Number("3");
function f0(n) { return n * FACTOR; }
${chain.join("\n")}
console.log(await pool.submit((n) => f2000(n) + 1, 2));
await pool.shutdown();
`;
    assert.equal(printed("chain.mjs", text), "7");
  });
});

/** Whether the runtime takes a syntax. */
function takes(text: string): boolean {
  try {
    // oxlint-disable-next-line typescript/no-implied-eval -- to ask
    return typeof new Function(text) === "function";
  } catch {
    return false;
  }
}

if (takes("using a = null;")) {
  describe("a function of a file with using", () => {
    it("takes along what is used until the end, which ends in no worker", () => {
      const text = `
        import { ThreadPoolExecutor } from "heddle/concurrent/futures";
        await using pool = new ThreadPoolExecutor({ maxWorkers: 1 });
        using rate = { now: Number("4"), [Symbol.dispose]() { this.now = 0; } };
        function ended(log) {
          {
            using inner = { [Symbol.dispose]() { log.push("ended"); } };
            log.push("used");
          }
          return [...log, rate.now].join();
        }
        console.log(await pool.submit(ended, []), await pool.submit((x) => x * rate.now, 2));
      `;
      assert.equal(printed("using.mjs", text), "used,ended,4 8");
    });
  });
}

if (process.versions["bun"] !== undefined || process.versions["deno"] !== undefined) {
  describe("a function in TypeScript that is more than types", () => {
    it("takes along enums, namespaces and classes with parameter properties", () => {
      const text = `
        ${POOL}
        enum Level { Low = 1, High = 5 }
        const enum Fast { A = 2 }
        namespace Geo { export const unit = Number("3"); export const area = (x: number) => x * unit; }
        class Box { constructor(private readonly w: number, public h: number) {} get size() { return this.w * this.h; } }
        function generic<T extends number>(x: T): T { return (x * Level.High) as T; }
        console.log(
          [
            await pool.submit(() => Level[Level.High]),
            await pool.submit(() => Fast.A + 1),
            await pool.submit(() => Geo.area(2)),
            await pool.submit(() => new Box(2, 3).size),
            await pool.submit(generic, 3),
            await pool.submit((box: Box) => box.size, new Box(4, 2)),
          ].join(),
        );
        await pool.shutdown();
      `;
      assert.equal(printed("more.mts", text), "High,3,6,6,15,8");
    });

    it("is imported from the module that exports it, if it has JSX in it", () => {
      const elements = `
        /** @jsxRuntime classic */
        /** @jsx h */
        export const h = (name: string, props: object | null, ...inner: string[]): string =>
          \`<\${name} \${Object.keys(props ?? {})}>\${inner.join("")}</>\`;
        export const Bold = (text: string) => <b a="x">{text}!</b>;
      `;
      writeFileSync(new URL("elements.tsx", folder), elements);
      const text = `
        import { Bold } from "./elements.tsx";
        ${POOL}
        console.log(await pool.submit(Bold, "hi"), await pool.submit((t: string) => Bold(t) + "?", "ho"));
        await pool.shutdown();
      `;
      assert.equal(printed("jsx.tsx", text), "<b a>hi!</> <b a>ho!</>?");
    });
  });
}
