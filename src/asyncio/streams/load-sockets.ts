/** Getting at the platform's sockets and processes, which are loaded when first needed. */
import { platform } from "#platform";
import { UnsupportedError } from "../../errors.ts";
import type { Sockets } from "../../platform/sockets.ts";
import type { Coroutine } from "../coroutine-types.ts";
import type { Loop } from "../loop.ts";

/** Waits for what a promise of the platform's stands for. */
export function* loaded<T>(loop: Loop, promise: Promise<T>): Coroutine<T> {
  const outcome = loop.createFuture<T>();
  promise.then(
    (result) => {
      if (!outcome.done()) outcome.setResult(result);
    },
    (error: unknown) => {
      if (!outcome.done()) outcome.setException(error);
    },
  );
  return yield* outcome;
}

/** @throws {UnsupportedError} There are no sockets here. */
export function* loadSockets(loop: Loop, attempt: string): Coroutine<Sockets> {
  if (!platform.capabilities.sockets) {
    throw new UnsupportedError(`Cannot ${attempt}: ${platform.name} has no sockets`, {
      capability: "sockets",
      runtime: platform.name,
    });
  }
  return yield* loaded(loop, platform.sockets());
}
