import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import process from "node:process";
import { describe, it } from "node:test";
import { ProcessPoolExecutor } from "heddle/concurrent/futures";
import {
  hasClock,
  listedChildren,
  pid,
  squareInNestedPools,
  startIsMain,
  untilGone,
} from "../../support/processes.ts";
import { commandFor, runProgram } from "../../support/program.ts";
import { square } from "../../support/tasks.ts";

const isDeno = process.versions["deno"] !== undefined;
const isNode = !isDeno && process.versions["bun"] === undefined;

const program = (name: string): URL => new URL(`./programs/${name}.ts`, import.meta.url);

describe("the processes of a pool", () => {
  it("start at once: the first has been started when submit returns", async () => {
    const pool = new ProcessPoolExecutor({ maxWorkers: 1 });
    const future = pool.submit(pid);
    const children = listedChildren();
    assert.deepEqual(children, [await future]);
    await pool.shutdown();
  });

  if (isNode) {
    it("load no clock before their first result, which takes Node milliseconds", async () => {
      const pool = new ProcessPoolExecutor({ maxWorkers: 1 });
      assert.deepEqual([await pool.submit(hasClock), await pool.submit(hasClock)], [false, true]);
      await pool.shutdown();
    });
  }

  it("are gone when shutdown is over", async () => {
    const pool = new ProcessPoolExecutor({ maxWorkers: 2 });
    const pids = await pool.map(pid, Array.from({ length: 100 }));
    await pool.shutdown();
    await untilGone(new Set(pids));
  });

  it("end before they have begun, where the pool is shut down at once", async () => {
    const pool = new ProcessPoolExecutor({ maxWorkers: 2 });
    const futures = [pool.submit(pid), pool.submit(pid)];
    await pool.shutdown({ cancelFutures: true });
    const pids = futures.filter((future) => !future.cancelled()).map((future) => future.result());
    await untilGone(await Promise.all(pids));
  });

  for (const death of ["SIGKILL", "exit", "SIGKILL, blocked"]) {
    it(`end with their parent, whatever they are doing, when it ends by ${death}`, async () => {
      const { args, env } = commandFor(program("orphans"));
      const parent = spawn(process.execPath, [...args, death], {
        env,
        stdio: ["ignore", "pipe", "inherit"],
      });
      let printed = "";
      for await (const text of parent.stdout.setEncoding("utf8") as AsyncIterable<string>) {
        printed += text;
        if (printed.endsWith("\n")) break;
      }
      const pids = printed.trim().split(" ").map(Number);
      assert.equal(pids.length, 3);
      if (death !== "exit") parent.kill("SIGKILL");
      await untilGone(pids);
    });
  }

  it("do not keep the program alive, and end with it", async () => {
    const { status, stdout, stderr } = runProgram(program("forgotten-processes"));
    assert.equal(status, 0, stderr);
    const [, number] = /^25 (\d+)\ntrue\n$/.exec(stdout) ?? [];
    assert.notEqual(number, undefined, stdout);
    await untilGone([Number(number)]);
  });

  it("load the program only for functions that are in it, and never do its work", () => {
    const { status, stdout, stderr } = runProgram(program("main-in-process"));
    assert.equal(status, 0, stderr);
    assert.deepEqual(stdout.trim().split("\n"), [
      "loaded true true",
      "exported 9",
      "self-contained 2",
      "loaded false false",
      "marked 101",
    ]);
  });

  it("print where the program prints, whole", () => {
    const { status, stdout, stderr } = runProgram(program("printing-processes"));
    assert.equal(status, 0, stderr);
    assert.equal(stdout, `out ${"x".repeat(100_000)} end\n`);
    assert.match(stderr, /^err$/m);
  });

  it("are not interrupted by Ctrl-C, which is the program's", async () => {
    const pool = new ProcessPoolExecutor({ maxWorkers: 1 });
    const number = await pool.submit(pid);
    process.kill(number, "SIGINT");
    assert.equal(await pool.submit(pid), number);
    await pool.shutdown();
  });

  it("can have pools of their own, of threads and of processes", async () => {
    const pool = new ProcessPoolExecutor({ maxWorkers: 1 });
    assert.equal(await pool.submit(startIsMain), false);
    assert.equal(await pool.submit(squareInNestedPools, 7), 49);
    await pool.shutdown();
  });

  if (isNode) {
    it("are loaded when first needed", () => {
      assert.equal(runProgram(program("lazy-processes")).stdout, "none\n");
    });

    it("do not get the program's own text, nor its debugger", () => {
      const text = `
        import { ProcessPoolExecutor } from "heddle/concurrent/futures";
        const pool = new ProcessPoolExecutor({ maxWorkers: 1 });
        console.log(await pool.submit(() => process.execArgv.join(" ")));
        await pool.shutdown();`;
      const flags = ["--inspect=0", "--input-type=module", "--stack-size=900", "-e", text];
      const { stdout, stderr } = spawnSync(process.execPath, flags, {
        encoding: "utf8",
        cwd: new URL(".", import.meta.url),
      });
      assert.equal(stdout, "--stack-size=900\n", stderr);
      assert.equal(stderr.match(/Debugger listening/g)?.length, 1);
    });
  }

  if (isDeno) {
    const outcome = (...permissions: string[]): string => {
      const { args, env } = commandFor(program("permissions"));
      const flags = args.slice(0, -1).filter((flag) => flag !== "-A");
      const command = [...flags, "--no-prompt", ...permissions, args.at(-1) as string];
      return spawnSync(process.execPath, command, { encoding: "utf8", env }).stdout;
    };

    it("have the permissions that the program has without restriction, and no others", () => {
      const needed = ["--allow-read", "--allow-net", "--allow-run"];
      assert.equal(outcome(...needed, "--allow-env"), "read net env run\n");
      assert.equal(outcome(...needed, "--allow-env", "--allow-write=/tmp"), "read net env run\n");
    });

    it("are refused where they could not be ended with the program", () => {
      const text = outcome("--allow-read", "--allow-net", "--allow-env", "--allow-run=/bin/true");
      assert.match(text, /^BrokenProcessPool: .* Deno must run with --allow-run, without a list/);
    });
  }

  it("are started again after the pool had none", async () => {
    const pool = new ProcessPoolExecutor({ maxWorkers: 3 });
    assert.equal(await pool.submit(square, 3), 9);
    await pool.shutdown();
    const other = new ProcessPoolExecutor({ maxWorkers: 1 });
    assert.equal(await other.submit(square, 4), 16);
    await other.shutdown();
  });
});
