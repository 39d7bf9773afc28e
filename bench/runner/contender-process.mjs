/** One contender, in a process of its own, at one case. */

import { spawn } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createInterface } from "node:readline";

const BENCH = fileURLToPath(new URL("..", import.meta.url));

/** A contender that says nothing for so long hangs. */
const PATIENCE_MS = 30_000;

/** What to pass to a runtime before the program. */
const RUNTIME_FLAGS = { deno: ["run", "--allow-all", "--no-lock"] };

/** Those that live, by the process that leads each. @type {Set<number>} */
const groups = new Set();

function killGroup(leader) {
  try {
    process.kill(-leader, "SIGKILL");
  } catch {
    // All of it has ended.
  }
}

process.on("exit", () => {
  for (const leader of groups) killGroup(leader);
});
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => process.exit(1));

export class ContenderProcess {
  #child;
  #replies = [];
  #waiting;
  #errors = "";
  #startedMs = performance.now();

  /**
   * @param {import("./contenders.mjs").Entry} entry
   * @param {{ name: string, program: string, python: string }} runtime
   */
  constructor(entry, runtime, suite, kase) {
    const [program, args] = entry.pythonKind
      ? [runtime.python, [`contenders/${entry.file}`, entry.pythonKind, suite, kase]]
      : [
          runtime.program,
          [...(RUNTIME_FLAGS[runtime.name] ?? []), "runner/serve.mjs", entry.file, suite, kase],
        ];
    const cwd = entry.folder === undefined ? BENCH : join(entry.folder, "bench");
    // The leader of a group: what it starts may not end with it, and would hold its output open.
    this.#child = spawn(program, args, { cwd, detached: true, stdio: ["pipe", "pipe", "pipe"] });
    if (this.#child.pid !== undefined) groups.add(this.#child.pid);
    this.#child.stdin.on("error", () => {}); // it has ended; its exit says why
    this.#child.on("error", (error) => this.#receive({ kind: "failed", reason: error.message }));
    this.#child.on("close", (code, signal) =>
      this.#receive({ kind: "failed", reason: this.#describeEnd(code ?? signal) }),
    );
    this.#child.stderr.setEncoding("utf8").on("data", (text) => {
      this.#errors = (this.#errors + text).slice(-2000);
    });
    createInterface({ input: this.#child.stdout }).on("line", (line) => {
      if (line.startsWith("@bench ")) this.#receive(JSON.parse(line.slice("@bench ".length)));
    });
  }

  #describeEnd(code) {
    const said = this.#errors.split("\n").find((line) => /error|cannot/i.test(line)) ?? "";
    return `its process ended (${code}) ${said}`.trim();
  }

  #receive(reply) {
    reply.sinceStartMs = performance.now() - this.#startedMs;
    if (this.#waiting) this.#waiting(reply);
    else this.#replies.push(reply);
  }

  /** The next thing it says. */
  async reply() {
    if (this.#replies.length > 0) return this.#replies.shift();
    let timer;
    const reply = await new Promise((resolve) => {
      this.#waiting = resolve;
      timer = setTimeout(resolve, PATIENCE_MS, {
        kind: "failed",
        reason: `gave no answer for ${PATIENCE_MS / 1000} s`,
      });
    });
    clearTimeout(timer);
    this.#waiting = undefined;
    return reply;
  }

  measure() {
    this.#child.stdin.write("measure\n");
    return this.reply();
  }

  /** Ends the process and what it has started; resolves once it is gone. */
  async end() {
    const { pid } = this.#child;
    if (pid === undefined) return;
    const isGone = this.#child.exitCode !== null || this.#child.signalCode !== null;
    const gone = isGone ? undefined : new Promise((resolve) => this.#child.once("exit", resolve));
    killGroup(pid);
    groups.delete(pid);
    await gone;
  }
}
