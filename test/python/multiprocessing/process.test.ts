import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync, readlinkSync } from "node:fs";
import process from "node:process";
import { before as beforeAll, describe, it } from "node:test";
import { ProcessDiedError, RuntimeError, SystemExit } from "heddle";
import { run, timeout } from "heddle/asyncio";
import {
  activeChildren,
  cpuCount,
  currentProcess,
  getAllStartMethods,
  getContext,
  getStartMethod,
  parentProcess,
  Process,
  setStartMethod,
  SpawnContext,
} from "heddle/multiprocessing";
import * as module from "heddle/multiprocessing";
import { captureErrorOutputWhile } from "../../support/error-output.ts";
import { Steps } from "../../support/process-classes.ts";
import { compute, exitHandled, untilGone } from "../../support/processes.ts";
import { commandFor, runProgram } from "../../support/program.ts";

/** Ends only when it is ended. */
const forever = (): Promise<never> => new Promise(() => setInterval(() => undefined, 60_000));

function start(options: { daemon?: boolean; name?: string } = {}): Process<Promise<never>> {
  const child = new Process({ target: forever, ...options });
  child.start();
  return child;
}

async function end(child: Process): Promise<void> {
  child.kill();
  await child.join();
}

/** What a child sees of itself. */
interface Seen {
  readonly own: object;
  readonly parent: readonly unknown[];
  readonly daemonOfOwnChild: boolean;
  readonly given: readonly unknown[];
}

const self = (...given: readonly unknown[]): Seen => {
  const { name, pid, daemon } = currentProcess();
  const parent = parentProcess();
  return {
    own: { name, daemon, hasOwnPid: pid === process.pid, isAlive: currentProcess().isAlive() },
    parent: [parent?.pid, parent?.name, parent?.isAlive(), parent === parentProcess()],
    daemonOfOwnChild: new Process().daemon,
    given,
  };
};

/** All that a process can read on standard input, as text. */
const readAll = async (): Promise<string> => {
  let text = "";
  for await (const chunk of process.stdin.setEncoding("utf8")) text += String(chunk);
  return text;
};

/** Sockets and pipes that a process has and its parent, too, but for what it prints to. */
const sharedFiles = (parent: number): string[] => {
  const filesOf = (pid: string): string[] => {
    const folder = `/proc/${pid}/fd`;
    return readdirSync(folder)
      .filter((number) => Number(number) > 2)
      .map((number) => readLink(`${folder}/${number}`))
      .filter((link) => /^(?:socket|pipe):/.test(link));
  };
  const ofParent = filesOf(String(parent));
  return filesOf("self").filter((file) => ofParent.includes(file));
};

/** Where a link leads; empty if it has gone. */
function readLink(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return "";
  }
}

describe("multiprocessing.Process", () => {
  /** It is asked by several tests. */
  const weaver = new Process({
    target: self,
    name: "weaver",
    daemon: true,
    args: [1, "two"],
    kwargs: { three: 3 },
  });
  beforeAll(() => weaver.start());

  it("MP-001 Process: the current process is alive, not a daemon, has a pid equal to its ident and no exit code", () => {
    const own = currentProcess();
    assert.equal(own, currentProcess());
    assert.deepEqual([own.name, own.isAlive(), own.daemon], ["MainProcess", true, false]);
    assert.deepEqual([own.pid, own.ident], [process.pid, process.pid]);
    assert.equal(own.exitcode, undefined);
    assert.throws(() => own.start(), RuntimeError);
    assert.throws(() => own.kill(), RuntimeError);
  });

  it("MP-003 Process: the daemon flag defaults to the creator's and can be given", async () => {
    assert.equal(new Process().daemon, false);
    assert.equal(new Process({ daemon: true }).daemon, true);
    assert.throws(() => (weaver.daemon = false), RuntimeError);
    assert.equal((await weaver).daemonOfOwnChild, true);
  });

  it("MP-004 Process: the parent is undefined in the main process, and in a child has the parent's pid and name", async () => {
    assert.equal(parentProcess(), undefined);
    assert.deepEqual((await weaver).parent, [process.pid, "MainProcess", true, true]);
  });

  it("MP-007 Process: a child sees its own name and pid, and its arguments arrive", async () => {
    const { own, given } = await weaver;
    assert.deepEqual(own, { name: "weaver", daemon: true, hasOwnPid: true, isAlive: true });
    assert.deepEqual(given, [1, "two", { three: 3 }]);
    assert.equal(typeof weaver.pid, "number");
  });

  it("MP-008 Process: a join without any time to wait returns at once", async () => {
    const child = start();
    await child.join({ timeout: 0 });
    assert.equal(child.isAlive(), true);
    child.joinSync({ timeout: 0 });
    await end(child);
  });

  it("MP-009 Process: terminate ends a process with exit code -15, kill with -9, interrupt with -2", async () => {
    for (const [way, code, target] of [
      ["terminate", -15, compute],
      ["kill", -9, forever],
      ["interrupt", -2, forever],
    ] as const) {
      const child = new Process<Promise<never> | undefined>({ target });
      child.start();
      child[way]();
      await child.join();
      assert.equal(child.exitcode, code);
      child[way](); // which does nothing any more
    }
  });

  it("MP-011 Process: the number of processors is an integer of at least 1", () => {
    assert.ok(Number.isInteger(cpuCount()) && cpuCount() >= 1);
  });

  it("MP-012 Process: the active children are those that have been started and have not ended", async () => {
    const before = activeChildren();
    const child = new Process({ target: forever });
    assert.deepEqual(activeChildren(), before);
    child.start();
    assert.deepEqual(activeChildren(), [...before, child]);
    await end(child);
    assert.deepEqual(activeChildren(), before);
  });

  it("MP-014 Process: there is no sentinel before the start, and then one that resolves at the end", async () => {
    const child = new Process({ target: forever });
    assert.throws(() => child.sentinel, RuntimeError);
    child.start();
    const { sentinel } = child;
    assert.equal(sentinel, child.sentinel);
    const limited = run(async () => timeout(20, async () => child.sentinel));
    await assert.rejects(limited, { name: "TimeoutError" });
    child.kill();
    await sentinel;
    assert.equal(child.isAlive(), false);
    await child.sentinel;
  });

  it("MP-015 Process: a running process cannot be closed; after join it can, twice, and nothing can be asked then", async () => {
    const child = start({ name: "closing" });
    assert.throws(() => child.close(), /^RuntimeError: Cannot close .*closing.*: it has not ended/);
    await end(child);
    child.close();
    child.close();
    assert.throws(() => child.isAlive(), /it has been closed/);
    assert.throws(() => child.terminate(), RuntimeError);
    assert.throws(() => child.exitcode, RuntimeError);
    await assert.rejects(child.join(), RuntimeError);
    assert.match(String(child), /closing, closed/);
  });

  it("MP-016 Process: many processes all end with exit code 0, and a crowd that is killed with the signal's", async () => {
    const many = Array.from(
      { length: 3 },
      (_, n) => new Process({ target: (x: number) => x, args: [n] }),
    );
    for (const child of many) child.start();
    assert.deepEqual(await Promise.all(many), [0, 1, 2]);
    assert.deepEqual(
      many.map((child) => child.exitcode),
      [0, 0, 0],
    );
    const crowd = [start(), start()];
    for (const child of crowd) child.terminate();
    await Promise.all(crowd.map((child) => child.join()));
    assert.deepEqual(
      crowd.map((child) => child.exitcode),
      [-15, -15],
    );
  });

  it("MP-017 Process: what a child has of its parent's open files does not grow with its siblings", async (t) => {
    if (process.platform !== "linux") return t.skip("needs /proc");
    const shared = async (): Promise<string[]> => {
      const child = new Process({ target: sharedFiles, args: [process.pid] });
      child.start();
      return child;
    };
    const without = await shared();
    const files = (): number => readdirSync("/proc/self/fd").length;
    const before = files();
    const sibling = start();
    assert.equal(typeof sibling.pid, "number");
    assert.ok(files() > before);
    assert.deepEqual(await shared(), without);
    await end(sibling);
  });

  it("MP-019 Process: an error of the target is thrown by join, whole; one that nothing waits for is printed; the exit code is 1", async () => {
    const fail = (): never => {
      throw Object.assign(new RangeError("too far", { cause: "why" }), { code: "E_FAR" });
    };
    const child = new Process({ target: fail });
    child.start();
    const error = await child.join().then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    assert.ok(error instanceof RangeError);
    assert.deepEqual([error.message, error.cause], ["too far", "why"]);
    assert.equal((error as { code?: string }).code, "E_FAR");
    assert.match(error.stack ?? "", /--- process "Process-\d+" ---\n.*multiprocessing/);
    assert.equal(child.exitcode, 1);

    const unread = new Process({ target: fail, name: "unread" });
    const printed = await captureErrorOutputWhile(async () => {
      unread.start();
      await unread.sentinel;
    });
    assert.match(printed, /^Exception in process unread:\nRangeError: too far\n/);
    await assert.rejects(unread.join(), RangeError); // collected: the exit code stays 0
  });

  it("MP-020 Process: a subclass runs its own run, with its fields, and stops by a means of its own", async () => {
    const child = new Steps(3);
    child.start();
    assert.deepEqual(await child, { steps: [0, 1, 2], name: child.name, isCurrent: true });
    const called = new Steps(1, (n: number) => n + 1);
    called.start();
    assert.deepEqual(await called, { steps: [1], name: called.name, isCurrent: true });
  });

  it("MP-021 Process: SystemExit ends it with its code; a text or a list is printed and gives 1, true 1, false 0, none 0", async () => {
    const leave = (code: unknown): never => {
      throw new SystemExit(code);
    };
    for (const [given, code, printed] of [
      [["a", "list"], 1, /list/],
      ["a text", 1, /^a text\n$/],
      [true, 1, /^$/],
      [false, 0, /^$/],
      [8, 8, /^$/],
      [undefined, 0, /^$/],
    ] as const) {
      const child = new Process({ target: leave, args: [given], stderr: "pipe" });
      child.start();
      let text = "";
      const decoder = new TextDecoder();
      for await (const chunk of child.stderr) text += decoder.decode(chunk, { stream: true });
      await child.join();
      assert.equal(child.exitcode, code, String(given));
      assert.match(text, printed);
    }
  });

  it("MP-023 Process: exit handlers that the child has registered run before it ends", async () => {
    const child = new Process({ target: exitHandled, stdout: "pipe" });
    child.start();
    const chunks = child.stdout[Symbol.asyncIterator]();
    let [text, cancelled] = ["", 0];
    // Tasks that are cancelled as they read lose nothing of it.
    for (let isOver = false; !isOver;) {
      const reading = run(async () => timeout(1, async () => chunks.next()));
      const next = await reading.catch(() => cancelled++);
      if (typeof next === "number") continue;
      isOver = next.done === true;
      if (!isOver) text += new TextDecoder().decode(next.value);
    }
    assert.equal(text, "target\nthread\nhandler\n");
    assert.ok(cancelled > 0);
    await child.join();
    assert.equal(child.exitcode, 5); // which the target has set
  });

  it("MP-136 mp misc: starting a process while a module is being loaded fails in the child in place of going on for ever", () => {
    const url = new URL("../programs/process-at-import.ts", import.meta.url);
    const { status, stdout } = runProgram(url);
    assert.match(
      stdout,
      /^RuntimeError: .*: Cannot start a process for starts-process.* in a worker: .*\. Start it in a function.*\n2\n$/,
    );
    assert.equal(status, 0);
  });

  it("MP-005 Process: a process that is killed takes its own children along", async () => {
    const child = new Process({
      target: async (report: string) => {
        const grandchild = new Process({ target: compute });
        grandchild.start();
        while (grandchild.pid === undefined) await new Promise((resolve) => setTimeout(resolve, 1));
        console.log(report, grandchild.pid);
        await grandchild;
      },
      args: ["grandchild"],
      stdout: "pipe",
    });
    child.start();
    let text = "";
    for await (const chunk of child.stdout) {
      text += new TextDecoder().decode(chunk);
      if (text.includes("\n")) break;
    }
    await end(child);
    await untilGone([Number(text.split(" ")[1])]);
  });

  it("a process ends whose parent dies as it starts, and has read nothing of it", async () => {
    const url = new URL("../programs/parent-that-is-killed.ts", import.meta.url);
    const { stdout, stderr } = runProgram(url);
    assert.equal(stderr, "");
    const pid = Number(stdout);
    assert.ok(pid > 0);
    await untilGone([pid]);
  });
});

describe("multiprocessing.Process: how it ends", () => {
  it("a process that exits by itself is joined without an error, and has no result", async () => {
    const child = new Process({ target: () => process.exit(3) });
    child.start();
    await child.join();
    assert.equal(child.exitcode, 3);
    await assert.rejects(
      child.then(() => undefined),
      (error) => error instanceof ProcessDiedError && error.exitCode === 3,
    );
  });

  it("a process that something else ends is a ProcessDiedError of join", async () => {
    const child = start({ name: "victim" });
    process.kill(child.pid as number, "SIGTERM");
    const error = await child.join().then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    assert.ok(error instanceof ProcessDiedError);
    assert.equal(error.message, 'Process "victim" died: it was killed by SIGTERM');
    assert.deepEqual([error.process, error.pid, error.signal], ["victim", child.pid, "SIGTERM"]);
    assert.equal(child.exitcode, -15);
  });

  it("an error that nothing in the child catches is the cause", async () => {
    const child = new Process({
      target: () =>
        new Promise(() => {
          setTimeout(() => {
            throw new TypeError("late");
          }, 1);
        }),
      stderr: "ignore",
    });
    child.start();
    const error = await child.join().then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    assert.ok(error instanceof ProcessDiedError && error.cause instanceof TypeError);
    assert.equal(error.exitCode, 1);
  });

  it("one that cannot be started says why in join", async () => {
    const child = new Process({ target: self, cwd: "/no/such/directory" });
    child.start();
    await assert.rejects(child.join(), {
      name: "ProcessDiedError",
      message: /could not be started: there is no directory "\/no\/such\/directory"$/,
    });
    assert.deepEqual([child.exitcode, child.pid, child.isAlive()], [undefined, undefined, false]);
  });

  it("has a working directory, an environment and flags of its own", async () => {
    const child = new Process({
      target: () => [process.cwd(), process.env["HEDDLE_TEST"], process.env["HOME"]],
      cwd: "/",
      env: { ...process.env, HEDDLE_TEST: "yes", HOME: undefined },
    });
    child.start();
    assert.deepEqual(await child, ["/", "yes", undefined]);
  });

  it("what it prints arrives whole and in order, also when it exits at once", async () => {
    const child = new Process({
      target: () => {
        for (let n = 0; n < 3000; n++) console.log(String(n).padStart(200, "."));
        process.exit(0);
      },
      stdout: "pipe",
    });
    child.start();
    let text = "";
    const decoder = new TextDecoder();
    for await (const chunk of child.stdout) text += decoder.decode(chunk, { stream: true });
    const lines = text.trimEnd().split("\n");
    assert.deepEqual(
      lines.map((line) => Number(line.replace(/^\.+/, ""))),
      Array.from({ length: 3000 }, (_, n) => n),
    );
    await child.join();
  });

  it("reads what is written to it, in order, while it is taken; one that has ended reads no more", async () => {
    const child = new Process({ target: readAll, stdin: "pipe" });
    assert.throws(() => child.stdin, { message: /has not been started/ });
    child.start();
    const chunk = new Uint8Array(2 ** 18).fill(65);
    const writes = [child.stdin.write("ä"), child.stdin.write(chunk), child.stdin.write(chunk)];
    chunk.fill(66); // what was given has been copied
    await Promise.all(writes);
    await assert.rejects(child.stdin.write(5 as never), TypeError);
    await child.stdin.end();
    assert.equal(await child, `ä${"A".repeat(2 ** 19)}`);
    await assert.rejects(child.stdin.write("late"), { name: "BrokenPipeError" });

    const other = new Process({ target: forever, stdin: "pipe" });
    other.start();
    const write = other.stdin.write(new Uint8Array(2 ** 22));
    const stuck = assert.rejects(write, { name: "BrokenPipeError" });
    const limited = run(async () => timeout(20, async () => other.stdin.write("more")));
    await assert.rejects(limited, { name: "TimeoutError" });
    await end(other);
    await stuck;
  });

  it("a daemon does not keep the program, which ends it; another does", () => {
    const url = new URL("../programs/process-daemons.ts", import.meta.url);
    const { status, stdout } = runProgram(url);
    assert.equal(stdout, "main has ended\nchild has ended\n");
    assert.equal(status, 0);
  });

  it("a daemon cannot have children", async () => {
    const child = new Process({
      target: () => {
        const own = new Process({ target: () => undefined });
        try {
          own.start();
          return "started";
        } catch (error) {
          return String(error);
        }
      },
      daemon: true,
    });
    child.start();
    assert.match(await child, /^RuntimeError: Cannot start .*: a process that is a daemon/);
  });

  it("is refused where it makes no sense", async () => {
    const child = new Process({ target: self });
    await assert.rejects(child.join(), /^RuntimeError: Cannot join .*: it has not been started$/);
    assert.throws(() => child.terminate(), /Cannot terminate .*: it has not been started/);
    assert.throws(() => child.stdout, /make the process with \{ stdout: "pipe" \}/);
    child.start();
    assert.throws(() => child.start(), /processes can only be started once/);
    assert.throws(() => child.stdin, { message: /make the process with \{ stdin: "pipe" \}/ });
    child.joinSync();
    await child;
    for (const [options, message] of [
      [{ stdout: "file" }, /"stdout" must be "inherit", "pipe" or "ignore", got "file"/],
      [{ env: { A: 1 } }, /"env\.A" must be a string, got number/],
      [{ execArgv: "--flag" }, /"execArgv" must be an array, got string/],
      [{ cwd: 1 }, /"cwd" must be a string/],
      [{ nmae: "x" }, /nmae/],
    ] as const) {
      assert.throws(() => new Process(options as object), message);
    }
  });
});

describe("multiprocessing: how processes start", () => {
  it("MP-134 mp misc: the start method can be set once, and again by force", () => {
    assert.deepEqual(getAllStartMethods(), ["spawn"]);
    assert.equal(getStartMethod({ allowNone: true }), undefined);
    setStartMethod("spawn");
    assert.equal(getStartMethod({ allowNone: true }), "spawn");
    assert.throws(() => setStartMethod("spawn"), /^RuntimeError: .*it has been set/);
    setStartMethod(undefined, { force: true });
    assert.deepEqual([getStartMethod(), getStartMethod({ allowNone: true })], ["spawn", undefined]);
  });

  it("MP-135 mp misc: an unknown start method is refused, and one of Python's with the reason", () => {
    assert.throws(
      () => getContext("thread"),
      /^RangeError: getContext: method must be "spawn", got "thread"$/,
    );
    assert.throws(
      () => setStartMethod("fork"),
      /^RangeError: .*got "fork": a runtime of JavaScript/,
    );
    assert.throws(() => getContext("forkserver"), /there is no fork to serve/);
    assert.throws(() => getContext(1 as never), TypeError);
  });

  it("a context has the names of the module", async () => {
    const context = getContext("spawn");
    assert.equal(context, getContext());
    assert.ok(context instanceof SpawnContext);
    assert.equal(context.cpuCount(), cpuCount());
    assert.equal(context.currentProcess(), currentProcess());
    const child = new context.Process({ target: (n: number) => n + 1, args: [1] });
    child.start();
    assert.deepEqual(context.activeChildren(), [child]);
    assert.equal(await child, 2);
    const { JoinableQueue, Pipe, Pool, Queue, SimpleQueue, TimeoutError } = module;
    assert.deepEqual(
      [context.JoinableQueue, context.Pipe, context.Pool, context.Queue, context.SimpleQueue],
      [JoinableQueue, Pipe, Pool, Queue, SimpleQueue],
    );
    const queue = new context.SimpleQueue<number>();
    queue.putSync(3);
    assert.equal(await queue.get(), 3);
    assert.equal(TimeoutError.name, "TimeoutError");
  });

  it("reads what the program would read, if it is told so, and else nothing", () => {
    for (const [stdin, expected] of [
      ["inherit", "given"],
      ["ignore", ""],
    ] as const) {
      const { args, env } = commandFor(new URL("../programs/read-stdin.ts", import.meta.url));
      const input = "given";
      const printed = spawnSync(process.execPath, [...args, stdin], {
        input,
        env,
        encoding: "utf8",
      });
      assert.equal(printed.stdout.trim(), `read: ${expected}`.trim(), printed.stderr);
    }
  });
});
