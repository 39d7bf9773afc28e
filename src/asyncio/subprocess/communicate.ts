/** Talking to a process: all its pipes at the same time, so that none of them blocks the others. */
import { BrokenPipeError, ConnectionResetError } from "../../errors.ts";
import type { Coroutine } from "../coroutine-types.ts";
import { createTask } from "../create-task.ts";
import type { StreamReader } from "../streams/stream-reader.ts";
import type { StreamWriter } from "../streams/stream-writer.ts";
import type { Process } from "./process.ts";

/** Sends the input, reads all output, and waits for the end. */
export function* communicate(
  process: Process,
  input: Uint8Array | undefined,
): Coroutine<[stdout: Uint8Array | null, stderr: Uint8Array | null]> {
  const parts = [createTask(readAll(process.stdout)), createTask(readAll(process.stderr))] as const;
  try {
    yield* feed(process.stdin, input);
    const outputs = [yield* parts[0], yield* parts[1]] as const;
    yield* process.wait();
    return [...outputs];
  } finally {
    for (const part of parts) part.cancel();
  }
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
