/** Connections between couriers: from an agent to the hub of another one. */
import { platform, server } from "#platform";
import { errorText } from "../../base/text.ts";
import type { SocketStream } from "../../platform/net/sockets.ts";
import {
  AHEAD,
  ANSWER,
  DELIVER,
  END,
  type Frame,
  FrameReader,
  FrameWriter,
  HELLO,
  NO_BYTES,
  RECALL,
  REOPEN,
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

/** How long what no agent waits for may lie here for the next to go out with it, in milliseconds. */
const LONGEST_DELAY_MS = 1;
/** Frames that no agent waits for: with so many, they go out. */
const MOST_DELAYED = 16;

/** Writes frames to a socket; those of one turn go out together. */
class Outbox {
  #stream: SocketStream | undefined;
  readonly #writer = new FrameWriter();
  #isDue = false;
  #delayed = 0;
  #hasTimer = false;

  open(stream: SocketStream): void {
    this.#stream = stream;
    this.#flush();
  }

  /** @param isUrgent Whether an agent waits for it. */
  push({ kind, lane, bits, number, bytes }: Frame, isUrgent = true): void {
    this.#writer.push(kind, lane, bits, number, bytes);
    if (this.#isDue) return;
    if (isUrgent || ++this.#delayed >= MOST_DELAYED) {
      this.#isDue = true;
      queueMicrotask(this.#flush);
    } else if (!this.#hasTimer) {
      this.#hasTimer = true;
      server.backgroundTimer(() => {
        this.#hasTimer = false;
        if (this.#delayed > 0) this.#flush();
      }, LONGEST_DELAY_MS);
    }
  }

  readonly #flush = (): void => {
    this.#isDue = false;
    if (this.#stream === undefined || this.#writer.isEmpty) return;
    this.#delayed = 0;
    for (const chunk of this.#writer.take()) this.#stream.write(chunk);
  };
}

function frame(kind: number, lane: number, bits = 0, number = 0, bytes = NO_BYTES): Frame {
  return { kind, lane, bits, number, bytes };
}

/** The first frame that a hub receives of an agent. */
function greeting(token: string): Frame {
  return frame(HELLO, 0, 0, 0, new TextEncoder().encode(token));
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

  send(sent: Frame, isUrgent: boolean): void {
    if (!this.#isClosed) this.#outbox.push(sent, isUrgent);
  }

  async #open(path: string, client: Client): Promise<void> {
    const sockets = await server.sockets();
    sockets.connect({ kind: "path", path }, undefined, {
      opened: (stream) => {
        const reader = new FrameReader((received) => hand(received, client));
        stream.start({
          bytes: (chunk) => reader.push(chunk),
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
      client.deliver(lane, number, bytes, { isAwaited: true, isFed: (bits & AHEAD) !== 0 });
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
    let isKnown = false;
    const reader = new FrameReader((received) => {
      if (isKnown) this.#hub.receive(client, received);
      isKnown = true;
    });
    stream.start({
      bytes: (chunk) => {
        // Any process of this machine may try. The first chunk holds the whole greeting.
        if (!isKnown && !this.#beginsWithGreeting(chunk)) return stream.abort();
        reader.push(chunk);
      },
      end: () => stream.abort(),
      written: () => undefined,
      closed: () => this.#hub.drop(client),
    });
    outbox.open(stream);
  }

  #beginsWithGreeting(chunk: Uint8Array): boolean {
    const writer = new FrameWriter();
    const { kind, lane, bits, number, bytes } = greeting(this.#token);
    writer.push(kind, lane, bits, number, bytes);
    const [expected = NO_BYTES] = writer.take();
    let difference = 0;
    for (const [i, byte] of expected.entries()) difference |= byte ^ (chunk[i] ?? 0);
    return difference === 0;
  }
}

/** Another agent, as the hub speaks to it. */
function clientAt(outbox: Outbox): Client {
  return {
    deliver: (lane, number, bytes, { isAwaited, isFed }) =>
      outbox.push(frame(DELIVER, lane, isFed ? AHEAD : 0, number, bytes), isAwaited),
    end: (lane) => outbox.push(frame(END, lane)),
    reopen: (lane) => outbox.push(frame(REOPEN, lane)),
    recall: (lane) => outbox.push(frame(RECALL, lane)),
    answer: (question, yes, count) => outbox.push(frame(ANSWER, count, yes ? 1 : 0, question)),
  };
}
