/** Talking to a process: all its pipes at the same time, so that none of them blocks the others. */
import { BrokenPipeError, ConnectionResetError } from "../../errors.ts";
import type { Coroutine } from "../engine/coroutine-types.ts";
import { gather } from "../combine/gather.ts";
import type { StreamReader } from "../streams/stream-reader.ts";
import type { StreamWriter } from "../streams/stream-writer.ts";
import type { Process } from "./process.ts";

/** Sends the input, reads all output, and waits for the end. */
export function* communicate(
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
