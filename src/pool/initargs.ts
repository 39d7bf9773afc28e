/**
 * The arguments of an initializer, which every worker finds when it starts. A worker may die before
 * it has received them: the shared objects in them are given back then.
 */
import type { Agent } from "../agents/agent.ts";
import { Receipts } from "../memory/receipts.ts";
import { handleCodec } from "../program/kinds.ts";
import type { FunctionReference } from "../shipping/function-reference.ts";
import type { Channel } from "../wire/channel.ts";
import { asLongAs } from "../wire/handles.ts";
import { addressesIn, type Packed } from "../wire/pack.ts";
import { received, type Sent, toSend } from "../wire/send.ts";
import type { Receiver } from "../wire/unpack.ts";
import type { InitializerInit } from "./messages.ts";

/** What errors call the arguments of an initializer. */
export const INITARGS = "initargs";

/** What every worker runs first. */
export interface Initializer {
  readonly reference: FunctionReference;
  /** A copy, as the codec of the workers' kind makes it. */
  readonly args: readonly unknown[];
}

/** Arguments, packed for one worker. */
export interface PackedInitargs {
  readonly args: unknown;
  /** Takes back what the worker has not received; undefined if there is nothing to take back. */
  readonly takeBack: (() => void) | undefined;
}

/** What a thread finds. */
export interface ThreadInitargs {
  readonly sent: Sent;
  /** One receipt (memory/receipts.ts), if there are shared objects in them. */
  readonly receipt: Int32Array | undefined;
}

/** Owner: packs arguments for a thread. */
export function packForThread(copied: readonly unknown[], channel: Channel): PackedInitargs {
  const sent = toSend(copied, INITARGS, channel);
  const handles = sent.isPacked ? addressesIn(sent.value as Packed) : [];
  let args: ThreadInitargs = { sent, receipt: undefined };
  if (handles.length === 0) return { args, takeBack: undefined };
  const receipt = new Int32Array(new SharedArrayBuffer(4));
  args = { sent, receipt };
  const takeBack = (): void => {
    const taken = new Receipts(receipt).close(0);
    for (const address of handles.slice(taken)) handleCodec.unsend(address);
  };
  return { args, takeBack };
}

/** Worker: receives them, unless the owner has taken them back. */
export function receiveInThread(args: ThreadInitargs, receiver: Receiver): readonly unknown[] {
  const receipts = args.receipt && new Receipts(args.receipt);
  const handles = receipts ? asLongAs(() => receipts.takeNext(0), handleCodec) : receiver.handles;
  return received(args.sent, { ...receiver, handles }) as readonly unknown[];
}

/** The arguments that a pool has packed for its workers. */
export class InitargsOfWorkers<A extends Agent> {
  readonly #initializer: Initializer | undefined;
  readonly #pack: (copied: readonly unknown[]) => PackedInitargs;
  /** Take back what workers may not have received. */
  readonly #sent = new Map<A, () => void>();

  constructor(
    initializer: Initializer | undefined,
    pack: (copied: readonly unknown[]) => PackedInitargs,
  ) {
    this.#initializer = initializer;
    this.#pack = pack;
  }

  /** Starts a worker with what it runs first. */
  start(start: (initializer: InitializerInit | undefined) => A): A {
    if (this.#initializer === undefined) return start(undefined);
    const { reference, args: copied } = this.#initializer;
    const { args, takeBack } = this.#pack(copied);
    try {
      const worker = start({ reference, args });
      if (takeBack !== undefined) this.#sent.set(worker, takeBack);
      return worker;
    } catch (error) {
      takeBack?.();
      throw error;
    }
  }

  /** The worker has ended. */
  takeBack(worker: A): void {
    this.#sent.get(worker)?.();
    this.#sent.delete(worker);
  }

  /** All workers are being ended. */
  takeBackAll(): void {
    for (const takeBack of this.#sent.values()) takeBack();
    this.#sent.clear();
  }
}
