/**
 * The second lane between a process and its child (session.ts): a socket between a thread of the
 * parent, which does not block, and the thread of the child that watches its lifeline. Beside it is
 * another socket, for the requests that the lifeline carries otherwise (control-lines.ts).
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
      // A copy, whatever the chunks are: Deno 2.9.0 reads views from the start of their buffer.
      messages.push(v8().deserialize(new Uint8Array(bytes.subarray(4, wanted))));
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

/** What follows the token in a socket. */
export const FOR_MESSAGES = "m";
export const FOR_REQUESTS = "r";

/** What the child's thread runs besides (node-parent.ts), in whose scope are `parentPort` and `workerData`. */
export const DETOUR_THREAD: string = `
const { path, token } = workerData.detour;
const greeting = Buffer.from(token);
const pass = (chunk) => {
  const own = new Uint8Array(chunk);
  parentPort.postMessage(own, [own.buffer]);
};
let lanes = 0;
const server = require("node:net").createServer((socket) => {
  let known = Buffer.alloc(0);
  let receive = (chunk) => {
    known = Buffer.concat([known, chunk]);
    const own = known.subarray(0, greeting.length);
    if (!own.equals(greeting.subarray(0, own.length))) return socket.destroy();
    if (known.length === own.length) return;
    const isForMessages = known[own.length] === ${FOR_MESSAGES.charCodeAt(0)};
    if (isForMessages) carry(socket);
    receive = isForMessages ? pass : answering(socket);
    if (++lanes === 2) server.close();
    if (known.length > own.length + 1) receive(known.subarray(own.length + 1));
  };
  socket.on("error", () => {}).on("data", (chunk) => receive(chunk));
});
const carry = (socket) => {
  socket.on("close", () => process.kill(process.pid, "SIGKILL"));
  parentPort.on("message", (bytes) => socket.write(bytes, () => {
    Atomics.add(workerData.written, 0, 1);
    Atomics.notify(workerData.written, 0);
  }));
  parentPort.postMessage(null);
};
server.on("error", () => {});
server.listen(path);
`;
