/** The streams of a process that are pipes. */
import { wrongType } from "../base/text.ts";
import { BrokenPipeError } from "../errors.ts";
import { type Waiting, waitingOn } from "../waiting/task-waits.ts";
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
  return {
    async *[Symbol.asyncIterator]() {
      yield* (await running.output(stream)) ?? [];
    },
  };
}

/** What is written to a process: bytes that no other code has. */
function checkedChunk(chunk: unknown): Uint8Array {
  if (typeof chunk === "string") return new TextEncoder().encode(chunk);
  if (chunk instanceof Uint8Array) return Uint8Array.from(chunk);
  throw wrongType("Process.stdin.write: chunk", "a string or a Uint8Array", chunk);
}
