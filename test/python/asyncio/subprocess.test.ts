import assert from "node:assert/strict";
import {
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  readFileSync,
  realpathSync,
  rmSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { after, describe, it } from "node:test";
import {
  BrokenPipeError,
  CancelledError,
  ConnectionResetError,
  FileNotFoundError,
  PermissionError,
  ProcessLookupError,
} from "heddle";
import {
  createSubprocessExec,
  createSubprocessShell,
  createTask,
  DEVNULL,
  PIPE,
  type Process,
  run,
  sleep,
  STDOUT,
  subprocess,
  type SubprocessOptions,
} from "heddle/asyncio";
import { MOMENTS, until } from "../../support/streams/moments.ts";
import { STYLES } from "../../support/asyncio/both-waits.ts";
import { text } from "../../support/streams/text.ts";

const folder = mkdtempSync(join(tmpdir(), "heddle-subprocess-"));
after(() => rmSync(folder, { recursive: true }));

/** Sends what it reads back, on the runtime that runs the test. */
const CAT = "process.stdin.pipe(process.stdout)";
const SIGNAL_KILL = 9;
const SIGNAL_TERMINATE = 15;

function wrong(value: unknown): never {
  return value as never;
}

/** Starts a script on the runtime that runs the test. */
function startScript(script: string, options: SubprocessOptions) {
  return createSubprocessExec(process.execPath, ["-e", script], options);
}

/** Whether the system knows a process of that number. */
function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function untilGone({ pid }: { readonly pid: number }): Promise<void> {
  for (let isThere = true; isThere; isThere = exists(pid)) await sleep(1);
}

for (const { style, wait } of STYLES) {
  describe(`asyncio subprocess, ${style}`, () => {
    it("SP-001 what is written to a program that copies comes back, and its exit code is 0", async () => {
      await run(async () => {
        const cat = await wait(startScript(CAT, { stdin: PIPE, stdout: PIPE }));
        assert.match(String(cat), /^<Process \d+>$/);
        cat.stdin!.write("some data");
        await wait(cat.stdin!.drain());
        cat.stdin!.close();
        assert.equal(text(await wait(cat.stdout!.read())), "some data");
        assert.equal(await wait(cat.wait()), 0);
      });
    });

    it("SP-002 communicate sends input and returns both outputs", async () => {
      await run(async () => {
        const cat = await wait(createSubprocessExec("cat", [], { stdin: PIPE, stdout: PIPE }));
        const [output, messages] = await wait(cat.communicate("some data"));
        assert.equal(text(output), "some data");
        assert.equal(messages, null);
        assert.equal(cat.returncode, 0);

        const options = { stdout: PIPE, stderr: PIPE };
        const shell = await wait(createSubprocessShell("echo out; echo err >&2; exit 7", options));
        assert.deepEqual((await wait(shell.communicate())).map(text), ["out\n", "err\n"]);
        assert.equal(shell.returncode, 7);
        assert.throws(() => shell.communicate("input"), /stdin is not a pipe/);
      });
    });

    it("SP-005 killing a shell with children ends the wait", async () => {
      await run(async () => {
        // The grandchild holds the pipe, and is left behind.
        const shell = await wait(
          createSubprocessShell("sleep 3 & echo $!; wait", { stdout: PIPE }),
        );
        const grandchild = Number(text(await wait(shell.stdout!.readline())));
        shell.kill();
        assert.equal(await wait(shell.wait()), -SIGNAL_KILL);
        process.kill(grandchild);
      });
    });

    it("SP-006 writing more than the pipe holds to a program that has ended throws in drain", async () => {
      await run(async () => {
        const shell = await wait(createSubprocessShell("exit 0", { stdin: PIPE }));
        const writeOn = async (): Promise<void> => {
          for (let times = 0; times < 100; times++) {
            shell.stdin!.write(new Uint8Array(2 ** 20));
            await wait(shell.stdin!.drain());
          }
        };
        await assert.rejects(
          writeOn(),
          (error) => error instanceof BrokenPipeError || error instanceof ConnectionResetError,
        );
        assert.equal(await wait(shell.wait()), 0);
      });
    });

    it("SP-007 communicate does not mind a broken pipe", async () => {
      await run(async () => {
        const shell = await wait(createSubprocessShell("exit 3", { stdin: PIPE, stdout: PIPE }));
        const [output] = await wait(shell.communicate(new Uint8Array(2 ** 20)));
        assert.equal(output?.length, 0);
        assert.equal(shell.returncode, 3);
      });
    });

    it("SP-008 output larger than the limit is held back, and communicate returns it all", async () => {
      await run(async () => {
        const size = 100_000;
        const script = `process.stdout.write("x".repeat(${size}))`;
        const child = await wait(startScript(script, { stdout: PIPE, limit: 1000 }));
        const [output] = await wait(child.communicate());
        assert.equal(output?.length, size);
        assert.equal(child.returncode, 0);
      });
    });

    it("SP-009 communicate closes the input, also with none", async () => {
      await run(async () => {
        for (const input of [undefined, "", new Uint8Array(0)]) {
          const cat = await wait(createSubprocessExec("cat", [], { stdin: PIPE, stdout: PIPE }));
          assert.equal(text((await wait(cat.communicate(input)))[0]), "");
          assert.equal(cat.returncode, 0);
        }
      });
    });

    it("SP-010 DEVNULL gives no stream, and no data", async () => {
      await run(async () => {
        const options = { stdin: DEVNULL, stdout: DEVNULL, stderr: DEVNULL };
        const cat = await wait(createSubprocessShell("cat; echo lost; echo lost >&2", options));
        assert.deepEqual([cat.stdin, cat.stdout, cat.stderr], [null, null, null]);
        assert.deepEqual(await wait(cat.communicate()), [null, null]);
      });
    });

    it("SP-013 disposing of a running process kills it, of a finished one does nothing", async () => {
      await run(async () => {
        const sleeper = await wait(createSubprocessExec("sleep", ["30"]));
        await sleeper[Symbol.asyncDispose]();
        assert.equal(sleeper.returncode, -SIGNAL_KILL);
        const finished = await wait(createSubprocessShell("exit 4"));
        await wait(finished.wait());
        await finished[Symbol.asyncDispose]();
        assert.equal(finished.returncode, 4);
      });
    });

    it("SP-014 a missing program throws FileNotFoundError, also with a pipe", async () => {
      await run(async () => {
        for (const options of [{}, { stdin: PIPE }, { stdout: PIPE, stderr: STDOUT }]) {
          for (const program of ["no-such-program", join(folder, "none")]) {
            const attempt = wait(createSubprocessExec(program, [], options));
            await assert.rejects(attempt, FileNotFoundError);
          }
        }
        const path = join(folder, "data");
        closeSync(openSync(path, "w"));
        await assert.rejects(wait(createSubprocessExec(path)), PermissionError);
      });
    });

    it("SP-015 output can be read after the process has ended", async () => {
      await run(async () => {
        const shell = await wait(createSubprocessShell("echo hello", { stdout: PIPE }));
        await wait(shell.wait());
        await sleep(5);
        assert.equal(text(await wait(shell.stdout!.read())), "hello\n");
      });
    });

    it("SP-016 options that make text of bytes throw RangeError, and so do shell and bufsize", async () => {
      await run(async () => {
        const refused = {
          text: true,
          encoding: "utf8",
          errors: "strict",
          universalNewlines: true,
          shell: true,
          bufsize: 4096,
        };
        for (const [name, value] of Object.entries(refused)) {
          const options = wrong({ [name]: value });
          assert.throws(() => createSubprocessExec("true", [], options), RangeError);
          assert.throws(() => createSubprocessShell("true", options), RangeError);
        }
        assert.throws(() => createSubprocessShell("true", wrong({ stdni: PIPE })), TypeError);
        assert.throws(() => createSubprocessShell("true", { stdin: STDOUT }), RangeError);
        const child = await wait(createSubprocessShell("true", { stdin: null }));
        assert.equal(await wait(child.wait()), 0);
      });
    });

    it("SP-018 env is the child's whole environment, cwd its folder", async () => {
      await run(async () => {
        const options = { stdout: PIPE, env: { FOO: "bar" }, cwd: folder };
        const shell = await wait(createSubprocessShell('echo "$FOO-$HOME"; pwd -P', options));
        const lines = text((await wait(shell.communicate()))[0]).split("\n");
        assert.deepEqual(lines.slice(0, 2), ["bar-", realpathSync(folder)]);
        const program = await wait(
          createSubprocessExec("/bin/sh", ["-c", 'echo "$FOO-$HOME"'], options),
        );
        assert.equal(text((await wait(program.communicate()))[0]), "bar-\n");
      });
    });

    it("SP-019 several tasks may wait for the same process", async () => {
      await run(async () => {
        const shell = await wait(createSubprocessShell("read x; exit 5", { stdin: PIPE }));
        const tasks = [1, 2, 3].map(() => createTask(() => wait(shell.wait())));
        await sleep(5);
        tasks[0]?.cancel();
        shell.stdin!.close();
        assert.deepEqual([await tasks[1], await tasks[2]], [5, 5]);
        await assert.rejects(async () => await tasks[0], CancelledError);
        assert.equal(await wait(shell.wait()), 5);
      });
    });

    it("SP-022 returncode is null while the process runs; signals reach it until it has ended", async () => {
      await run(async () => {
        const end = async (send: (child: Process) => void) => {
          const sleeper = await wait(createSubprocessExec("sleep", ["30"]));
          assert.equal(sleeper.returncode, null);
          assert.ok(exists(sleeper.pid));
          send(sleeper);
          await wait(sleeper.wait());
          assert.throws(() => sleeper.kill(), ProcessLookupError);
          return sleeper.returncode;
        };
        assert.equal(await end((child) => child.terminate()), -SIGNAL_TERMINATE);
        assert.equal(await end((child) => child.kill()), -SIGNAL_KILL);
        assert.equal(await end((child) => child.sendSignal("SIGHUP")), -1);
        assert.equal(await end((child) => child.sendSignal(SIGNAL_TERMINATE)), -SIGNAL_TERMINATE);
      });
    });
  });
}

describe("asyncio subprocess", () => {
  it("stderr: STDOUT keeps the order of what is printed", async () => {
    await run(async () => {
      const line = "for i in 1 2 3; do echo o$i; echo e$i >&2; done";
      const options = { stdout: PIPE, stderr: STDOUT };
      const shell = await createSubprocessShell(line, options);
      const program = await createSubprocessExec("sh", ["-c", line], options);
      for (const child of [shell, program]) {
        const [output, messages] = await child.communicate();
        assert.equal(text(output), "o1\ne1\no2\ne2\no3\ne3\n");
        assert.equal(messages, null);
        assert.equal(child.stderr, null);
      }
    });
  });

  it("arguments arrive as they are", async () => {
    await run(async () => {
      const args = ["a b", "$HOME", "'", '"', "*", ""];
      for (const stderr of [null, STDOUT]) {
        const options = { stdout: PIPE, stderr };
        const child = await createSubprocessExec("printf", ["%s\\n", ...args], options);
        assert.deepEqual(text((await child.communicate())[0]).split("\n"), [...args, ""]);
      }
    });
  });

  it("an open file can be the output", async () => {
    await run(async () => {
      const path = join(folder, "output");
      const file = openSync(path, "w");
      const child = await createSubprocessShell("echo hello", { stdout: file });
      await child.wait();
      closeSync(file);
      assert.equal(readFileSync(path, "utf8"), "hello\n");
    });
  });

  it("a cancelled start kills the program", async () => {
    await run(async () => {
      for (const moment of MOMENTS) {
        const path = join(folder, "pid");
        const task = createTask(createSubprocessShell(`echo $$ > ${path}; exec sleep 30`));
        await until(moment);
        if (!task.cancel()) {
          (await task).kill();
          continue;
        }
        await assert.rejects(async () => await task, CancelledError);
        const pid = existsSync(path) ? Number(readFileSync(path, "utf8")) : 0;
        if (pid !== 0) await untilGone({ pid });
        rmSync(path, { force: true });
      }
    });
  });

  it("a cancelled communicate leaves the process to the caller", async () => {
    await run(async () => {
      const cat = await createSubprocessExec("cat", [], { stdin: PIPE, stdout: PIPE });
      const task = createTask(cat.wait());
      const reading = createTask(cat.stdout!.read());
      await sleep(0);
      reading.cancel();
      await sleep(0);
      assert.equal(cat.returncode, null);
      assert.equal(text((await cat.communicate("later"))[0]), "later");
      assert.equal(await task, 0);

      const sleeper = await createSubprocessExec("sleep", ["30"], { stdin: PIPE, stdout: PIPE });
      const communicating = createTask(sleeper.communicate());
      await sleep(5);
      communicating.cancel();
      await assert.rejects(async () => await communicating, CancelledError);
      assert.equal(sleeper.returncode, null);
      assert.ok(exists(sleeper.pid));
      sleeper.kill();
      await sleeper.wait();
    });
  });

  it("a process that is left running is killed at the end of the run", async () => {
    const { child } = await run(async () => {
      const options = { stdin: PIPE, stdout: PIPE };
      return { child: await createSubprocessExec("sleep", ["30"], options) };
    });
    await run(async () => {
      await untilGone(child);
      assert.equal(await child.wait(), -SIGNAL_KILL);
    });
  });

  it("asyncio.subprocess has what Python's module has", () => {
    assert.deepEqual([subprocess.PIPE, subprocess.STDOUT, subprocess.DEVNULL], [-1, -2, -3]);
    assert.deepEqual([PIPE, STDOUT, DEVNULL], [-1, -2, -3]);
  });
});
