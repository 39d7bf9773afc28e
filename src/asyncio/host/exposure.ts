/** Sending a loop to another thread, which can then call its functions. */
import { HANDLE } from "../../wire/handles.ts";
import { threadSupport } from "../engine/calls.ts";
import type { Exposure, LoopCore } from "../engine/loop-core.ts";

/** Gives loops the handle that is asked for when one is sent to another thread. */
export function defineHandle<L extends object>(prototype: L, coreOf: (loop: L) => LoopCore): void {
  Object.defineProperty(prototype, HANDLE, {
    get(this: L): number {
      return exposureOf(coreOf(this)).address;
    },
  });
}

/** By what other threads reach the loop, from its first use on. */
function exposureOf(loop: LoopCore): Exposure {
  if (loop.exposure !== undefined) return loop.exposure;
  loop.exposure = threadSupport("send the event loop").expose(loop);
  // What will be sent to it is refused, too.
  if (loop.isClosed) loop.exposure.close();
  return loop.exposure;
}
