/** What a call has besides what lies in its pool's shared memory, while that is full and after. */
import type { Call } from "../calls/call.ts";
import { handleCodec } from "../program/kinds.ts";
import type { Channel } from "../wire/channel.ts";
import { DECLINED, type Encoder } from "../wire/encode.ts";
import type { SharedBufferNumbers } from "../wire/shared-buffers.ts";
import { hasMarks } from "../wire/transfer.ts";
import type { Receipts } from "../memory/receipts.ts";
import type { Port } from "../platform/platform.ts";
import type { PoolMemory } from "./pool-memory.ts";
import { MessagePayload } from "./message-payload.ts";

/** A copy of its arguments, encoded or in a message payload. Immutable ones are kept as they are. */
export interface Load {
  readonly args: Uint8Array | MessagePayload;
  /** Shared memory that they refer to. */
  readonly pinned: readonly SharedArrayBuffer[] | undefined;
  /** The shared objects in them, each as often as it has been counted. */
  readonly handles: readonly number[] | undefined;
}

export function isLoad(args: readonly unknown[] | Load): args is Load {
  return !Array.isArray(args);
}

/** Copies arguments, as bytes if they fit into `scratch`, which `encoder` writes to. */
export function copyArguments(
  args: readonly unknown[],
  encoder: Encoder,
  scratch: ArrayBuffer,
  channel: Channel,
  sharedBuffers: SharedBufferNumbers,
): Load {
  const written = hasMarks() ? DECLINED : encoder.writeList(args, 0, scratch.byteLength);
  const copy =
    written === DECLINED
      ? new MessagePayload(args, channel)
      : new Uint8Array(scratch.slice(0, written));
  const handles = copy instanceof MessagePayload ? copy.handles : encoder.takeHandles();
  return { args: copy, pinned: sharedBuffers.takeListed(), handles };
}

/**
 * Writes the arguments of a call into its record or block, or notes there that they go by message.
 *
 * @param load The arguments, or a copy of them.
 */
export function writeArguments(
  memory: PoolMemory,
  id: number,
  load: readonly unknown[] | Load,
  channel: Channel,
): { readonly payload: MessagePayload | undefined; readonly handles: Load["handles"] } {
  if (isLoad(load) && load.args instanceof Uint8Array) {
    memory.copyArguments(id, load.args);
    return { payload: undefined, handles: load.handles };
  }
  if (!isLoad(load) && !hasMarks() && memory.writeArguments(id, load)) {
    return { payload: undefined, handles: memory.takeHandles() };
  }
  const payload = isLoad(load) ? (load.args as MessagePayload) : new MessagePayload(load, channel);
  memory.sendArgumentsByMessage(id);
  return { payload, handles: payload.handles };
}

/** Lets go of the arguments of a call that will not be placed. */
export function discard(call: Call): void {
  const load = call.load as readonly unknown[] | Load | undefined;
  call.load = undefined;
  if (load === undefined || !isLoad(load)) return;
  if (load.args instanceof MessagePayload) load.args.close(true);
  for (const address of load.handles ?? []) handleCodec.unsend(address);
}

/** What calls in shared memory have outside it, by their ids, until they are over. */
export class OutsideParts {
  readonly #receipts: Receipts;
  readonly #payloads = new Map<number, MessagePayload>();
  /** Shared memory in the arguments: alive at least until the call is over. */
  readonly #pinned = new Map<number, readonly SharedArrayBuffer[]>();
  /** Shared objects in the arguments. */
  readonly #handles = new Map<number, readonly number[]>();

  constructor(receipts: Receipts) {
    this.#receipts = receipts;
  }

  /** Before the call is handed to the workers. */
  keep(
    id: number,
    payload: MessagePayload | undefined,
    pinned: Load["pinned"],
    handles: Load["handles"],
  ): void {
    if (payload !== undefined) this.#payloads.set(id, payload);
    if (pinned !== undefined) this.#pinned.set(id, pinned);
    if (handles === undefined || handles.length === 0) return;
    this.#handles.set(id, handles);
    this.#receipts.open(id);
  }

  /** Hands the arguments to the worker that has asked for them. */
  deliver(id: number, port: Port): void {
    this.#payloads.get(id)?.deliver(port, id);
  }

  /** The call is over, or no worker is going to finish it: then its arguments are lost. */
  release(id: number, isLost: boolean): void {
    if (this.#payloads.size > 0) {
      this.#payloads.get(id)?.close(isLost);
      this.#payloads.delete(id);
    }
    if (this.#pinned.size > 0) this.#pinned.delete(id);
    if (this.#handles.size > 0) this.#giveBack(id);
  }

  /** Gives back the shared objects that its worker has not received, if it had one. */
  #giveBack(id: number): void {
    const handles = this.#handles.get(id);
    if (handles === undefined) return;
    this.#handles.delete(id);
    const taken = this.#receipts.close(id);
    for (const address of handles.slice(taken)) handleCodec.unsend(address);
  }
}
