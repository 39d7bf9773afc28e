import type { FutureCore } from "../engine/future-core.ts";
import { Call, type Callback } from "../engine/handle.ts";

/** Whose waits end by a callback: a task that waits, or futures that others wait for. */
export type Beneficiaries = FutureCore | readonly FutureCore[];

/**
 * A callback by which something that others wait for learns that a part of it is done.
 *
 * Only such a callback knows who waits for the part: see asyncio/inspect/awaited-by.ts.
 */
export class Relay extends Call {
  readonly to: Beneficiaries;

  constructor(future: FutureCore, callback: Callback, to: Beneficiaries) {
    super(future.loop.face, callback, [future]);
    this.to = to;
  }
}

/** Calls back with the future once it is done, for the sake of others. */
export function addRelay(
  future: FutureCore,
  callback: (future: FutureCore) => unknown,
  to: Beneficiaries,
): void {
  future.addWaiter(new Relay(future, callback, to));
}
