/** The streams of a process that are pipes. */
import { wrongType } from "../base/text.ts";
import { BrokenPipeError } from "../errors.ts";
import { type TaskSignal, type Waiting, waiting, waitingOn } from "../waiting/task-waits.ts";
import type { RunningProcess } from "./process-host.ts";

/** What a process reads on standard input. Python: none */
export interface ProcessInput {
  /**
   * Writes bytes, or text in UTF-8. Resolves when the system has taken them: wait for that before
   * more is written, or what the process does not read takes up memory. A task that is cancelled
   * waits no more; what it has written is.
   *
   * Python: none
   *
   * @throws {BrokenPipeError} The process reads no more, or has ended.
   */
  write(chunk: string | Uint8Array): Waiting<void>;
  /** Says, behind all that was written, that no more will come. Python: none */
  end(): Waiting<void>;
}

/** @param describe Gives what errors call the process. */
export function inputTo(running: RunningProcess, describe: () => string): ProcessInput {
  const write = async (chunk: Uint8Array | undefined): Promise<void> => {
    const why = await running.write(chunk);
    if (why === undefined) return;
    throw new BrokenPipeError(`Cannot write to the stdin of ${describe()}: ${why}`);
  };
  return {
    write: (chunk) => waitingOn(async () => write(checkedChunk(chunk))),
    end: () => waitingOn(async () => write(undefined)),
  };
}

export function outputOf(
  running: RunningProcess,
  stream: "stdout" | "stderr",
): AsyncIterable<Uint8Array> {
  return { [Symbol.asyncIterator]: () => read(chunksOf(running, stream)) };
}

async function* chunksOf(
  running: RunningProcess,
  stream: "stdout" | "stderr",
): AsyncGenerator<Uint8Array, undefined> {
  yield* (await running.output(stream)) ?? [];
}

type Next = Promise<IteratorResult<Uint8Array, undefined>>;

/** Reads what `chunks` gives. What a task that is cancelled has waited for is the next to be read. */
function read(chunks: AsyncGenerator<Uint8Array, undefined>): AsyncIterator<Uint8Array, undefined> {
  const left: Next[] = [];
  const next = (): Next => {
    let asked: Next | undefined;
    const giveBack = (): boolean => left.unshift(asked as Next) > 0;
    const start = (taskSignal?: TaskSignal): Next => {
      const chunk = (asked = left.shift() ?? chunks.next());
      if (taskSignal === undefined) return chunk;
      const signal = taskSignal();
      return new Promise((resolve, reject) => {
        const abort = (): void => {
          giveBack();
          reject(signal.reason);
        };
        signal.addEventListener("abort", abort, { once: true });
        const over = (): void => signal.removeEventListener("abort", abort);
        chunk.then(resolve, reject).finally(over);
      });
    };
    return waiting(start, { deliver: undefined, giveBack });
  };
  return { next, return: () => chunks.return(undefined) };
}

/** What is written to a process: bytes that no other code has. */
function checkedChunk(chunk: unknown): Uint8Array {
  if (typeof chunk === "string") return new TextEncoder().encode(chunk);
  if (chunk instanceof Uint8Array) return Uint8Array.from(chunk);
  throw wrongType("Process.stdin.write: chunk", "a string or a Uint8Array", chunk);
}
