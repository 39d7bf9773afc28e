/** What a call carries with it while the shared memory of its pool is full. */
import type { Call } from "../calls/call.ts";
import { handleCodec } from "../program/kinds.ts";
import type { Channel } from "../wire/channel.ts";
import { DECLINED, type Encoder } from "../wire/encode.ts";
import { hasMarks } from "../wire/transfer.ts";
import { MessagePayload } from "./message-payload.ts";

/** A copy of its arguments, encoded or in a message payload. Immutable ones are kept as they are. */
export interface Load {
  readonly args: Uint8Array | MessagePayload;
  /** Shared memory that they refer to. */
  readonly pinned: readonly SharedArrayBuffer[] | undefined;
  /** The shared objects in them, if they are encoded. */
  readonly handles: readonly number[] | undefined;
}

export function isLoad(args: readonly unknown[] | Load): args is Load {
  return !Array.isArray(args);
}

/** Copies arguments as bytes if they fit into `scratch`, which `encoder` writes to. */
export function copyArguments(
  args: readonly unknown[],
  encoder: Encoder,
  scratch: ArrayBuffer,
  channel: Channel,
): Uint8Array | MessagePayload {
  if (hasMarks()) return new MessagePayload(args, channel);
  const written = encoder.writeList(args, 0, scratch.byteLength);
  return written === DECLINED
    ? new MessagePayload(args, channel)
    : new Uint8Array(scratch.slice(0, written));
}

/** Lets go of the arguments of a call that will not be placed. */
export function discard(call: Call): void {
  const load = call.load as readonly unknown[] | Load | undefined;
  call.load = undefined;
  if (load === undefined || !isLoad(load)) return;
  if (load.args instanceof MessagePayload) load.args.discard();
  for (const address of load.handles ?? []) handleCodec.unsend(address);
}
