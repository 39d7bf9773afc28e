/** Connections between couriers: from an agent to the hub of another one. */
import { platform, server } from "#platform";
import { errorText } from "../../base/text.ts";
import type { SocketStream } from "../../platform/net/sockets.ts";
import {
  ANSWER,
  DELIVER,
  END,
  type Frame,
  FrameReader,
  HELLO,
  joined,
  RECALL,
  REOPEN,
  written,
} from "./frames.ts";
import type { Hub } from "./hub.ts";
import type { Client } from "./lane.ts";

/** Where a hub is reached. */
export interface HubAddress {
  /** The path of its socket. */
  readonly path: string;
  /** What shows that one may connect. */
  readonly token: string;
}

/** Writes frames to a socket; those of one turn go out together. */
class Outbox {
  #stream: SocketStream | undefined;
  #frames: Uint8Array[] = [];
  #isDue = false;

  open(stream: SocketStream): void {
    this.#stream = stream;
    this.#flush();
  }

  push(frame: Uint8Array): void {
    this.#frames.push(frame);
    if (this.#isDue) return;
    this.#isDue = true;
    queueMicrotask(() => {
      this.#isDue = false;
      this.#flush();
    });
  }

  #flush(): void {
    if (this.#stream === undefined || this.#frames.length === 0) return;
    this.#stream.write(joined(this.#frames));
    this.#frames = [];
  }
}

/** The first frame that a hub receives of an agent. */
function greeting(token: string): Uint8Array {
  return written(HELLO, 0, 0, 0, new TextEncoder().encode(token));
}

/** An agent's way to the hub of another one. */
export class HubConnection {
  readonly #outbox = new Outbox();
  readonly #onClose: () => void;
  #isClosed = false;

  /**
   * @param client Gets what the hub says.
   * @param onClose Called once, when the hub is gone, or cannot be reached.
   */
  constructor({ path, token }: HubAddress, client: Client, onClose: () => void) {
    this.#onClose = onClose;
    this.#outbox.push(greeting(token));
    void this.#open(path, client);
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  send(frame: Uint8Array): void {
    if (!this.#isClosed) this.#outbox.push(frame);
  }

  async #open(path: string, client: Client): Promise<void> {
    const sockets = await server.sockets();
    sockets.connect({ kind: "path", path }, undefined, {
      opened: (stream) => {
        const reader = new FrameReader();
        stream.start({
          bytes: (chunk) => {
            for (const frame of reader.push(chunk)) hand(frame, client);
          },
          end: () => stream.abort(),
          written: () => undefined,
          closed: () => this.#close(),
        });
        this.#outbox.open(stream);
      },
      failed: () => this.#close(),
    });
  }

  #close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#onClose();
  }
}

function hand({ kind, lane, bits, number, bytes }: Frame, client: Client): void {
  switch (kind) {
    case DELIVER:
      client.deliver(lane, number, bytes);
      break;
    case END:
      client.end(lane);
      break;
    case REOPEN:
      client.reopen(lane);
      break;
    case RECALL:
      client.recall(lane);
      break;
    case ANSWER:
      client.answer(number, bits === 1, lane);
      break;
    default:
  }
}

/** Lets other agents connect to a hub. */
export class HubListener {
  readonly #hub: Hub;
  readonly #token: string;
  readonly #listening: Promise<string>;

  constructor(hub: Hub, token: string) {
    this.#hub = hub;
    this.#token = token;
    this.#listening = this.#listen();
  }

  /** Calls back with the path of the socket; or with why there is none. */
  whenListening(listener: (path: string | undefined, why: string | undefined) => void): void {
    this.#listening.then(
      (path) => listener(path, undefined),
      (error: unknown) => listener(undefined, errorText(error)),
    );
  }

  async #listen(): Promise<string> {
    const sockets = await server.sockets();
    const path = sockets.localPath(`heddle-${crypto.randomUUID()}`);
    return new Promise((resolve, reject) => {
      const target = { kind: "path", path, backlog: 128, removeFile: true } as const;
      const listener = sockets.listen(target, undefined, {
        listening: () => resolve(path),
        failed: reject,
        accepted: (stream) => this.#accept(stream),
      });
      platform.onExit(() => listener.close());
    });
  }

  #accept(stream: SocketStream): void {
    const outbox = new Outbox();
    const client = clientAt(outbox);
    const reader = new FrameReader();
    let isKnown = false;
    stream.start({
      bytes: (chunk) => {
        // Any process of this machine may try. The first chunk holds the whole greeting.
        if (!isKnown && !this.#beginsWithGreeting(chunk)) return stream.abort();
        for (const frame of reader.push(chunk)) {
          if (isKnown) this.#hub.receive(client, frame);
          isKnown = true;
        }
      },
      end: () => stream.abort(),
      written: () => undefined,
      closed: () => this.#hub.drop(client),
    });
    outbox.open(stream);
  }

  #beginsWithGreeting(chunk: Uint8Array): boolean {
    const expected = greeting(this.#token);
    let difference = 0;
    for (const [i, byte] of expected.entries()) difference |= byte ^ (chunk[i] ?? 0);
    return difference === 0;
  }
}

/** Another agent, as the hub speaks to it. */
function clientAt(outbox: Outbox): Client {
  return {
    deliver: (lane, number, bytes) => outbox.push(written(DELIVER, lane, 0, number, bytes)),
    end: (lane) => outbox.push(written(END, lane)),
    reopen: (lane) => outbox.push(written(REOPEN, lane)),
    recall: (lane) => outbox.push(written(RECALL, lane)),
    answer: (question, yes, count) => outbox.push(written(ANSWER, count, yes ? 1 : 0, question)),
  };
}
