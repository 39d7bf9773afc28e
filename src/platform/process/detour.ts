/**
 * The second lane between a process and its child (session.ts): a socket between a thread of the
 * parent, which does not block, and the thread of the child that watches its lifeline.
 */
import { v8 } from "../builtins.ts";

/** A message as it goes through the socket: its length, and its bytes. */
export function framed(message: unknown): Uint8Array {
  const bytes = v8().serialize(message);
  const frame = new Uint8Array(4 + bytes.length);
  new DataView(frame.buffer).setUint32(0, bytes.length);
  frame.set(bytes, 4);
  return frame;
}

/** Makes messages of chunks. */
export class FramesIn {
  #chunks: Uint8Array[] = [];
  #length = 0;

  push(chunk: Uint8Array): unknown[] {
    this.#chunks.push(chunk);
    this.#length += chunk.length;
    const messages: unknown[] = [];
    for (;;) {
      if (this.#length < 4) return messages;
      const wanted = 4 + this.#lengthOfNext();
      if (this.#length < wanted) return messages;
      const bytes = this.#joined();
      messages.push(v8().deserialize(bytes.slice(4, wanted)));
      this.#length -= wanted;
      this.#chunks = this.#length > 0 ? [bytes.subarray(wanted)] : [];
    }
  }

  #lengthOfNext(): number {
    const first = this.#chunks[0] as Uint8Array;
    const { buffer, byteOffset } = first.length >= 4 ? first : this.#joined();
    return new DataView(buffer, byteOffset, 4).getUint32(0);
  }

  #joined(): Uint8Array {
    const [only, second] = this.#chunks;
    if (only !== undefined && second === undefined) return only;
    const all = new Uint8Array(this.#length);
    let at = 0;
    for (const chunk of this.#chunks) {
      all.set(chunk, at);
      at += chunk.length;
    }
    this.#chunks = [all];
    return all;
  }
}

/** What the child's thread runs besides (node-ipc.ts), in whose scope are `parentPort` and `workerData`. */
export const DETOUR_THREAD = `
const { path, token } = workerData.detour;
let peer;
const server = require("node:net").createServer((socket) => {
  const greeting = Buffer.from(token);
  let known = 0;
  const pass = (chunk) => {
    const own = new Uint8Array(chunk);
    parentPort.postMessage(own, [own.buffer]);
  };
  socket.on("error", () => {});
  socket.on("data", (chunk) => {
    if (socket === peer) return pass(chunk);
    const own = chunk.subarray(0, greeting.length - known);
    if (peer || !own.equals(greeting.subarray(known, known + own.length))) return socket.destroy();
    known += own.length;
    if (known < greeting.length) return;
    peer = socket;
    server.close();
    socket.on("close", () => process.kill(process.pid, "SIGKILL"));
    parentPort.on("message", (bytes) => socket.write(bytes, () => {
      Atomics.add(workerData.written, 0, 1);
      Atomics.notify(workerData.written, 0);
    }));
    parentPort.postMessage(null);
    if (chunk.length > own.length) pass(chunk.subarray(own.length));
  });
});
server.on("error", () => {});
server.listen(path);
`;
