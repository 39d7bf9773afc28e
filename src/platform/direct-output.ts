/**
 * Output of workers that goes straight to the program's own, as Deno's does.
 *
 * Otherwise it travels through the event loop of the thread that made the worker:
 * it would come late while that thread blocks, and not at all if the program ended
 * meanwhile.
 */
import { fs } from "./builtins.ts";

type WriteCallback = (error?: Error | null) => void;

/** Makes this worker write to standard output and standard error by itself, whole and in order. */
export function writeOutputDirectly(): void {
  redirect(process.stdout, 1);
  redirect(process.stderr, 2);
}

function redirect(stream: NodeJS.WriteStream, descriptor: number): void {
  stream.write = (
    chunk: string | Uint8Array,
    encodingOrCallback?: BufferEncoding | WriteCallback,
    callback?: WriteCallback,
  ): boolean => {
    const isEncoded = typeof encodingOrCallback === "string";
    writeWhole(
      descriptor,
      typeof chunk === "string"
        ? Buffer.from(chunk, isEncoded ? encodingOrCallback : "utf8")
        : chunk,
    );
    const done = isEncoded ? callback : (encodingOrCallback ?? callback);
    if (done !== undefined) queueMicrotask(done);
    return true;
  };
}

function writeWhole(descriptor: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length;) {
    try {
      at += fs().writeSync(descriptor, bytes, at);
    } catch (error) {
      const { code } = error as { code?: unknown };
      if (code === "EPIPE") return; // the reader has gone
      if (code !== "EAGAIN") throw error;
      // The reader of a pipe is slow: try again.
    }
  }
}
