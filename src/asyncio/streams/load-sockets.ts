import type { Coroutine } from "../events.ts";
import { platform, server } from "#platform";
import { UnsupportedError } from "../../errors.ts";
import type { Sockets } from "../../platform/net/sockets.ts";
import { fromPromise } from "../combine/from-promise.ts";

/** @throws {UnsupportedError} There are no sockets here. */
export function* loadSockets(attempt: string): Coroutine<Sockets> {
  if (!server.capabilities.sockets) {
    throw new UnsupportedError(`Cannot ${attempt}: ${platform.name} has no sockets`, {
      capability: "sockets",
      runtime: platform.name,
    });
  }
  return yield* fromPromise(server.sockets());
}
