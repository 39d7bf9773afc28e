import { type Future, addWaiter } from "../engine/future.ts";
import { Call, type Callback } from "../engine/handle.ts";

/** Whose waits end by a callback: a task that waits, or futures that others wait for. */
export type Beneficiaries = Future<unknown> | readonly Future<unknown>[];

/**
 * A callback by which something that others wait for learns that a part of it is done.
 *
 * Only such a callback knows who waits for the part: see awaited-by.ts.
 */
export class Relay extends Call {
  readonly to: Beneficiaries;

  constructor(future: Future<unknown>, callback: Callback, to: Beneficiaries) {
    super(future.getLoop(), callback, [future]);
    this.to = to;
  }
}

/** Does what `addDoneCallback` does, and notes for whom. */
export function addRelay<F extends Future<unknown>>(
  future: F,
  callback: (future: F) => unknown,
  to: Beneficiaries,
): void {
  addWaiter(future, new Relay(future, callback, to));
}
