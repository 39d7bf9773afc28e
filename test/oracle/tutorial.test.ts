/**
 * The programs of the tutorial pages of Python's asyncio, each written once and run in both
 * styles; what they print is what the pages say, with shorter times and streams of our own.
 */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { TimeoutError } from "heddle";
import {
  createSubprocessShell,
  createTask,
  gather,
  openConnection,
  Queue,
  QueueShutDown,
  run,
  sleep,
  startServer,
  type StreamReader,
  type StreamWriter,
  subprocess,
  taskGroup,
  type TaskGroup,
  timeout,
  waitFor,
} from "heddle/asyncio";
import { inStyle, runVirtual, type Steps, STYLES } from "../support/asyncio/both-styles.ts";

/** A program of a page, and what the page says that it prints. */
type Program = (print: (line: string) => void, style: ReturnType<typeof inStyle>) => Steps<void>;

const decoder = new TextDecoder();

function* sayAfter(print: (line: string) => void, delayMs: number, what: string): Steps<void> {
  yield sleep(delayMs);
  print(what);
}

const ON_VIRTUAL_TIME: Readonly<Record<string, readonly [Program, readonly string[]]>> = {
  "hello world": [
    function* (print) {
      print("hello");
      yield sleep(1000);
      print("world");
    },
    ["hello", "world"],
  ],
  tasks: [
    function* (print, { spawn }) {
      const task1 = spawn(() => sayAfter(print, 1000, "hello"));
      const task2 = spawn(() => sayAfter(print, 2000, "world"));
      yield task1;
      yield task2;
      print("finished");
    },
    ["hello", "world", "finished"],
  ],
  "task group": [
    function* (print, { co }) {
      const body = co(function* (): Steps<void> {
        yield sleep(0);
      });
      yield taskGroup((group: TaskGroup) => {
        group.createTask(co(() => sayAfter(print, 2000, "world")));
        group.createTask(co(() => sayAfter(print, 1000, "hello")));
        return body();
      });
      print("Both tasks have completed now.");
    },
    ["hello", "world", "Both tasks have completed now."],
  ],
  gather: [
    function* (print, { co }) {
      const factorial = (name: string, number: number) =>
        co(function* (): Steps<number> {
          let f = 1;
          for (let i = 2; i <= number; i++) {
            print(`Task ${name}: Compute factorial(${number}), currently i=${i}...`);
            yield sleep(1000);
            f *= i;
          }
          print(`Task ${name}: factorial(${number}) = ${f}`);
          return f;
        });
      const results: number[] = yield gather([
        factorial("A", 2),
        factorial("B", 3),
        factorial("C", 4),
      ]);
      print(`[${results.join(", ")}]`);
    },
    [
      "Task A: Compute factorial(2), currently i=2...",
      "Task B: Compute factorial(3), currently i=2...",
      "Task C: Compute factorial(4), currently i=2...",
      "Task A: factorial(2) = 2",
      "Task B: Compute factorial(3), currently i=3...",
      "Task C: Compute factorial(4), currently i=3...",
      "Task B: factorial(3) = 6",
      "Task C: Compute factorial(4), currently i=4...",
      "Task C: factorial(4) = 24",
      "[2, 6, 24]",
    ],
  ],
  timeouts: [
    function* (print, { co }) {
      const eternity = co(() => sayAfter(print, 3_600_000, "yay!"));
      for (const limited of [() => timeout(1000, eternity), () => waitFor(eternity, 1000)]) {
        try {
          yield limited();
        } catch (error) {
          if (error instanceof TimeoutError) print("timeout!");
        }
      }
    },
    ["timeout!", "timeout!"],
  ],
  cancellation: [
    function* (print, { spawn }) {
      const task = spawn(function* () {
        print("cancel_me(): before sleep");
        try {
          yield sleep(3_600_000);
        } catch (error) {
          print("cancel_me(): cancel sleep");
          throw error;
        } finally {
          print("cancel_me(): after sleep");
        }
      });
      yield sleep(1000);
      task.cancel();
      try {
        yield task;
      } catch {
        print("main(): cancel_me is cancelled now");
      }
    },
    [
      "cancel_me(): before sleep",
      "cancel_me(): cancel sleep",
      "cancel_me(): after sleep",
      "main(): cancel_me is cancelled now",
    ],
  ],
  "workers of a queue": [
    function* (print, { spawn }) {
      const queue = new Queue<number>();
      for (const ms of [50, 20, 30, 10]) queue.putNowait(ms);
      const workers = ["worker-0", "worker-1"].map((name) =>
        spawn(function* () {
          for (;;) {
            const ms: number = yield queue.get();
            yield sleep(ms);
            queue.taskDone();
            print(`${name} has slept for ${ms}`);
          }
        }),
      );
      yield queue.join();
      for (const worker of workers) worker.cancel();
      yield gather(workers, { returnExceptions: true });
      print("====");
    },
    [
      "worker-1 has slept for 20",
      "worker-0 has slept for 50",
      "worker-1 has slept for 30",
      "worker-0 has slept for 10",
      "====",
    ],
  ],
  "producer and consumer": [
    function* (print, { spawn }) {
      const queue = new Queue<number>(1);
      const consumer = spawn(function* () {
        for (;;) {
          try {
            print(`got ${String(yield queue.get())}`);
          } catch (error) {
            if (error instanceof QueueShutDown) return;
            throw error;
          }
        }
      });
      for (let n = 0; n < 3; n++) {
        yield queue.put(n);
        print(`put ${n}`);
      }
      queue.shutdown();
      yield consumer;
      print("done");
    },
    ["put 0", "got 0", "put 1", "got 1", "put 2", "got 2", "done"],
  ],
};

for (const style of STYLES) {
  const inThis = inStyle(style);
  const { co } = inThis;

  describe(`the programs of Python's tutorial, ${style.name}`, () => {
    for (const [name, [program, expected]] of Object.entries(ON_VIRTUAL_TIME)) {
      it(name, async () => {
        const lines: string[] = [];
        await runVirtual(co(() => program((line) => lines.push(line), inThis)));
        assert.deepEqual(lines, expected);
      });
    }

    it("echo server and client", async () => {
      const lines: string[] = [];
      const handleEcho = (reader: StreamReader, writer: StreamWriter) =>
        co(function* (): Steps<void> {
          const data: Uint8Array = yield reader.read(100);
          lines.push(`Received '${decoder.decode(data)}'`);
          writer.write(data);
          yield writer.drain();
          lines.push("Close the connection");
          writer.close();
          yield writer.waitClosed();
        })();
      await run(
        co(function* () {
          const server: { readonly port: number; close(): void } = yield startServer(
            handleEcho,
            "127.0.0.1",
            0,
          );
          const [reader, writer]: [StreamReader, StreamWriter] = yield openConnection(
            "127.0.0.1",
            server.port,
          );
          lines.push("Send: 'Hello World!'");
          writer.write("Hello World!");
          yield writer.drain();
          lines.push(`Received: '${decoder.decode(yield reader.read(100))}'`);
          writer.close();
          yield writer.waitClosed();
          server.close();
        }),
      );
      assert.deepEqual(lines.slice(0, 2), ["Send: 'Hello World!'", "Received 'Hello World!'"]);
      assert.deepEqual(lines.slice(2).sort(), ["Close the connection", "Received: 'Hello World!'"]);
    });

    it("subprocess", async () => {
      const { PIPE } = subprocess;
      const lines: string[] = [];
      await run(
        co(function* () {
          const command = "echo to whom; echo it may concern >&2; exit 3";
          const proc: subprocess.Process = yield createSubprocessShell(command, {
            stdout: PIPE,
            stderr: PIPE,
          });
          const [stdout, stderr]: [Uint8Array, Uint8Array] = yield proc.communicate();
          lines.push(`exited with ${proc.returncode}`);
          lines.push(decoder.decode(stdout).trim(), decoder.decode(stderr).trim());
        }),
      );
      assert.deepEqual(lines, ["exited with 3", "to whom", "it may concern"]);
    });
  });
}

it("a program's tasks are gone when it is over", async () => {
  const task = await run(async () => ({ left: createTask(sleep(60_000)) }));
  assert.equal(task.left.cancelled(), true);
});
