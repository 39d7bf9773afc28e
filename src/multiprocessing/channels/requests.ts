/**
 * What an agent says to its courier, and the courier to its agent about children: frames and other
 * messages, in order, without waiting.
 *
 * Small frames lie in a ring of shared memory (memory/record-ring.ts); a large
 * one, whose bytes are moved, all other messages, and what finds the ring full go by a port. Either
 * way the writer then rings the reader's bell, which costs nothing while that is awake.
 *
 *   who                    what ends its wait
 *   the reader, asleep     the bell, which is rung after every request
 *   the writer             it never waits: what does not fit goes by the port
 *
 * A writer that dies leaves whole requests or none.
 */
import { server } from "#platform";
import { RecordRing } from "../../memory/record-ring.ts";
import type { Port } from "../../platform/platform.ts";
import { agentPump } from "../../waiting/pump.ts";
import type { Flight, Source } from "../../waiting/source.ts";
import type { Frame } from "./frames.ts";

const RING_BYTES = 256 * 1024;
/** Of a ring that stays empty, since nothing that is written is a frame. */
const LEAST_BYTES = 256;
/** From here on bytes are moved and not copied. */
const LARGE = 16 * 1024;

/** By the port. */
interface Beside {
  /** Its number among the requests. */
  readonly at: number;
  readonly request: unknown;
}

/** The memory of requests; without frames among them, a small one. */
export function requestMemory(hasFrames: boolean): Int32Array {
  const words = RecordRing.words(hasFrames ? RING_BYTES : LEAST_BYTES);
  return new Int32Array(new SharedArrayBuffer(words * 4));
}

export class RequestWriter {
  readonly #ring: RecordRing;
  readonly #port: Port;
  readonly #wake: () => void;

  /** @param wake Rings the reader's bell. */
  constructor(words: Int32Array, port: Port, wake: () => void) {
    this.#ring = new RecordRing(words);
    this.#port = port;
    this.#wake = wake;
  }

  /** @param wakes Whether to wake the reader: not if another frame follows at once. */
  frame(frame: Frame, wakes = true): void {
    const { kind, lane, bits, number, bytes } = frame;
    const isSmall = bytes.length < LARGE;
    if (!isSmall || !this.#ring.tryWrite(kind, lane, bits, number, bytes))
      this.#beside(frame, isSmall ? [] : ownBuffer(bytes));
    else if (wakes) this.#wake();
  }

  /** What structured clone can copy. */
  message(message: object): void {
    this.#beside(message, []);
  }

  #beside(request: object, transfer: readonly object[]): void {
    const message: Beside = { at: this.#ring.count, request };
    this.#port.postMessage(message, transfer);
    this.#ring.sentBeside();
    this.#wake();
  }
}

/** The buffer of bytes that are the only ones in it. */
function ownBuffer({ buffer, byteLength }: Uint8Array): readonly object[] {
  return buffer.byteLength === byteLength ? [buffer] : [];
}

/** A request may come at any time. */
const OPEN: Flight = {
  keepsAlive: false,
  runsCode: false,
  mayEnd: false,
  comesFromOutside: true,
};

/** Hands on what comes, from the agent's pump. */
export class RequestReader<R> implements Source {
  readonly #ring: RecordRing;
  readonly #port: Port;
  readonly #onRequest: (request: R) => void;
  /** How many have been taken out of the port. */
  #taken = 0;
  /** One of those, whose turn has not come. */
  #next: Beside | undefined;
  readonly isAwaited = false;

  /** @param port No listener may have it. */
  constructor(words: Int32Array, port: Port, onRequest: (request: R) => void) {
    this.#ring = new RecordRing(words);
    this.#port = port;
    this.#onRequest = onRequest;
    const pump = agentPump();
    pump.add(this);
    pump.begin(OPEN);
  }

  drain(limit: number): number {
    const horizon = this.#ring.look();
    let handled = 0;
    for (; handled < limit; handled++) {
      if (this.#next === undefined && this.#taken !== horizon.beside) {
        const message = server.takeMessage?.(this.#port)?.message;
        if (message === undefined) break; // not there yet, on some runtimes
        this.#next = message as Beside;
        this.#taken = (this.#taken + 1) | 0;
      }
      if (this.#next?.at === this.#ring.count) {
        const { request } = this.#next;
        this.#next = undefined;
        this.#ring.tookBeside();
        this.#onRequest(request as R);
      } else {
        const record = this.#ring.read(horizon);
        if (record === undefined) break;
        this.#onRequest(record as R);
      }
    }
    return handled;
  }

  hasNews(): boolean {
    const horizon = this.#ring.look();
    return this.#taken !== horizon.beside || this.#next !== undefined || this.#ring.has(horizon);
  }

  mayGoOn(): boolean {
    return false;
  }

  watchWhileBlocked(): void {}
}
