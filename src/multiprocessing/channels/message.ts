/**
 * Messages as bytes: a first byte that says what the others are.
 *
 *   RAW       the bytes of the user's, as they are
 *   HAND      what the hand codec has written
 *   CLONED    what the runtime has written
 *   PACKED    likewise, of a value that has been packed (wire/pack.ts)
 */
import { server } from "#platform";
import { CALLERS_CODE } from "../../shipping/code-lookup.ts";
import { ByteCodec } from "../../wire/byte-codec.ts";
import { reports } from "../../wire/channel.ts";
import { collectLent } from "../../wire/lent.ts";
import { detach } from "../../wire/transfer.ts";

const RAW = 0;
const HAND = 1;
const CLONED = 2;
const PACKED = 3;

let codec: ByteCodec | undefined;

function ownCodec(): ByteCodec {
  return (codec ??= new ByteCodec({
    channel: reports(CALLERS_CODE),
    serialize: (value) => server.serialize(value),
    deserialize: (bytes) => server.deserialize(bytes),
  }));
}

/** A message that may have to wait before it is sent. */
export interface Outgoing {
  readonly bytes: Uint8Array;
  /** Buffers that the sender is left without once it has been sent. */
  readonly moved: readonly object[];
}

/** @throws {SendError} Something in the value cannot be sent. */
export function encodeMessage(value: unknown, root: string): Outgoing {
  let moved: readonly object[] = [];
  const leave = (buffers: readonly object[]): void => {
    moved = buffers;
  };
  const [encoded] = collectLent(() => ownCodec().write(value, root, leave));
  if (encoded instanceof Uint8Array) return { bytes: withKind(HAND, encoded), moved };
  const [bytes, isPacked] = encoded as readonly [Uint8Array, boolean | undefined];
  return { bytes: withKind(isPacked === true ? PACKED : CLONED, bytes), moved };
}

export function rawMessage(bytes: Uint8Array): Outgoing {
  return { bytes: withKind(RAW, bytes), moved: [] };
}

/** Sends a message by an end of a lane that has a slot for it. */
export function sendBy(end: { put(bytes: Uint8Array): void }, { bytes, moved }: Outgoing): void {
  end.put(bytes);
  if (moved.length > 0) detach(moved);
}

function withKind(kind: number, bytes: Uint8Array): Uint8Array {
  const message = new Uint8Array(1 + bytes.length);
  message[0] = kind;
  message.set(bytes, 1);
  return message;
}

export function isRaw(message: Uint8Array): boolean {
  return message[0] === RAW;
}

export function bytesOf(message: Uint8Array): Uint8Array {
  return message.slice(1);
}

/** @throws {NotLoaded} It takes waiting to load code that is in it. */
export function decodeNow(message: Uint8Array): unknown {
  const bytes = message.subarray(1);
  switch (message[0]) {
    case HAND:
      return ownCodec().decode(bytes);
    case CLONED:
      return ownCodec().decode([bytes]);
    case PACKED:
      return ownCodec().decode([bytes, true]);
    default:
      return bytesOf(message);
  }
}
