/** Errors of streams, thrown in another thread. */
import { IncompleteReadError, LimitOverrunError } from "heddle";

export function throwIncompleteRead(): never {
  throw new IncompleteReadError("m", { partial: new Uint8Array([1, 2]), expected: 5 });
}

export function throwLimitOverrun(): never {
  throw new LimitOverrunError("m", { consumed: 7 });
}
