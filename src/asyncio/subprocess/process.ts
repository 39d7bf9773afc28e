/** Python's asyncio process: a program that runs as a child of this one. */
import type { Loop } from "../engine/classes.ts";
import { addAsyncDispose } from "../../base/dispose.ts";
import type { Awaitable, Coroutine } from "../events.ts";
import { BrokenPipeError, ConnectionResetError, ProcessLookupError } from "../../errors.ts";
import { showAsText } from "../../base/text.ts";
import type { Child } from "../../platform/process/processes.ts";
import { gather } from "../combine/gather.ts";
import { awaitable } from "../streams/awaitable.ts";
import { type Bytes, bytesFrom } from "../streams/bytes.ts";
import type { StreamReader } from "../streams/stream-reader.ts";
import type { StreamWriter } from "../streams/stream-writer.ts";
import { Waiters } from "../sync/waiters.ts";

/** What a process is made of. */
export interface ProcessParts {
  readonly loop: Loop;
  readonly child: Child;
  readonly stdin: StreamWriter | null;
  readonly stdout: StreamReader | null;
  readonly stderr: StreamReader | null;
  /** Closes the pipes now. */
  readonly closePipes: () => void;
}

/** Makes a process. Not public. */
export let processOf: (parts: ProcessParts) => Process;
/** Says that the process has ended. Not public. */
export let noteExit: (process: Process, returnCode: number) => void;
/** Ends a process that nobody wants any more. Not public. */
export let discardProcess: (process: Process) => void;

/**
 * A program that runs as a child of this one.
 *
 * Made by {@link createSubprocessExec} and {@link createSubprocessShell}. With
 * `await using`, it is killed at the end of the block if it still runs then. So it is
 * at the end of the `run()` in which it was started.
 *
 * Python: `asyncio.subprocess.Process`
 * Differs: the process is killed at the end of its `await using` block or of its run.
 */
export class Process implements AsyncDisposable {
  readonly #parts: ProcessParts;
  readonly #waiters = new Waiters(this);
  #returnCode: number | null = null;

  static {
    showAsText(this.prototype);
    const Constructor = this as unknown as new (parts: ProcessParts) => Process;
    processOf = (parts) => new Constructor(parts);
    noteExit = (process, returnCode) => {
      process.#returnCode = returnCode;
      process.#waiters.wakeAll();
    };
    discardProcess = (process) => process.#discard();
  }

  private constructor(parts: ProcessParts) {
    this.#parts = parts;
  }

  /** The system's number for the process. Python: `asyncio.subprocess.Process.pid` */
  get pid(): number {
    return this.#parts.child.pid;
  }

  /** What it reads from; null unless `stdin` is PIPE. Python: `asyncio.subprocess.Process.stdin` */
  get stdin(): StreamWriter | null {
    return this.#parts.stdin;
  }

  /** What it has printed; null unless `stdout` is PIPE. Python: `asyncio.subprocess.Process.stdout` */
  get stdout(): StreamReader | null {
    return this.#parts.stdout;
  }

  /** Its messages; null unless `stderr` is PIPE. Python: `asyncio.subprocess.Process.stderr` */
  get stderr(): StreamReader | null {
    return this.#parts.stderr;
  }

  /**
   * Its exit code; the negated number of the signal that ended it; null while it runs.
   *
   * Python: `asyncio.subprocess.Process.returncode`
   */
  get returncode(): number | null {
    return this.#returnCode;
  }

  /**
   * Waits until the process has ended. Any number of tasks may.
   *
   * With pipes, use {@link Process.communicate}: a process that fills a pipe which
   * nobody reads never ends. When it has ended, its output may not all have come yet.
   *
   * Python: `asyncio.subprocess.Process.wait`
   *
   * @returns Its exit code; the negated number of the signal that ended it.
   */
  wait(): Awaitable<number> {
    return awaitable(this.#wait());
  }

  /**
   * Sends the process input, closes it, reads all output, and waits for the end.
   *
   * If the wait is cancelled, the process goes on: kill it, or wait for it again.
   *
   * Python: `asyncio.subprocess.Process.communicate`
   *
   * @param input Bytes, or a text that is sent as UTF-8. Needs `stdin: PIPE`.
   * @returns What came from `stdout` and `stderr`; null for what is not a pipe.
   * @throws {TypeError} There is input, but `stdin` is not a pipe.
   *
   * @example
   * ```ts
   * import { createSubprocessExec, PIPE, run } from "heddle/asyncio";
   *
   * await run(async () => {
   *   const sort = await createSubprocessExec("sort", [], { stdin: PIPE, stdout: PIPE });
   *   const [output] = await sort.communicate("pear\napple\n");
   *   console.log(new TextDecoder().decode(output!).trim().replace("\n", ", ")); // apple, pear
   *   console.log(sort.returncode); // 0
   * });
   * ```
   */
  communicate(input?: Bytes): Awaitable<[stdout: Uint8Array | null, stderr: Uint8Array | null]> {
    const bytes = input === undefined ? undefined : bytesFrom(input, "send input to the process");
    if (bytes !== undefined && this.stdin === null) {
      throw new TypeError("Cannot send input to the process: its stdin is not a pipe");
    }
    return awaitable(communicate(this, bytes));
  }

  /**
   * Sends the process a signal, by its name or number.
   *
   * Python: `asyncio.subprocess.Process.send_signal`
   *
   * @throws {ProcessLookupError} The process has ended.
   * @throws {TypeError} There is no such signal.
   */
  sendSignal(signal: string | number): void {
    if (this.#returnCode !== null) {
      throw new ProcessLookupError(
        `Cannot send ${signal} to process ${this.pid}: it has ended with code ${this.#returnCode}`,
        { code: "ESRCH" },
      );
    }
    this.#parts.child.kill(signal);
  }

  /**
   * Asks the process to end, by SIGTERM.
   *
   * Python: `asyncio.subprocess.Process.terminate`
   *
   * @throws {ProcessLookupError} It has ended.
   */
  terminate(): void {
    this.sendSignal("SIGTERM");
  }

  /**
   * Ends the process, by SIGKILL.
   *
   * Python: `asyncio.subprocess.Process.kill`
   *
   * @throws {ProcessLookupError} It has ended.
   */
  kill(): void {
    this.sendSignal("SIGKILL");
  }

  /** Kills the process if it still runs, closes its pipes, and waits for its end. Python: none */
  declare readonly [Symbol.asyncDispose]: () => Promise<void>;

  static {
    addAsyncDispose(this.prototype, async (process) => {
      process.#discard();
      await process.wait();
    });
  }

  /** The process in words. Python: `asyncio.subprocess.Process.__repr__` */
  toString(): string {
    return `<Process ${this.pid}>`;
  }

  *#wait(): Coroutine<number> {
    while (this.#returnCode === null) yield* this.#waiters.wait();
    return this.#returnCode;
  }

  #discard(): void {
    if (this.#returnCode === null) this.#parts.child.kill("SIGKILL");
    this.#parts.closePipes();
  }
}

/** Sends the input, reads all output, and waits for the end. */
function* communicate(
  process: Process,
  input: Uint8Array | undefined,
): Coroutine<[stdout: Uint8Array | null, stderr: Uint8Array | null]> {
  const [, stdout, stderr] = yield* gather([
    feed(process.stdin, input),
    readAll(process.stdout),
    readAll(process.stderr),
  ]);
  yield* process.wait();
  return [stdout, stderr];
}

function* feed(stdin: StreamWriter | null, input: Uint8Array | undefined): Coroutine<void> {
  if (stdin === null) return;
  try {
    if (input !== undefined) stdin.write(input);
    yield* stdin.drain();
  } catch (error) {
    // It need not read what it is sent.
    if (!(error instanceof BrokenPipeError || error instanceof ConnectionResetError)) throw error;
  }
  stdin.close();
}

function* readAll(reader: StreamReader | null): Coroutine<Uint8Array | null> {
  return reader === null ? null : yield* reader.read();
}
