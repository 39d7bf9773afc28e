/**
 * Provides what loops need of threads; see asyncio/engine/calls.ts.
 */
import { provideKindsByImport } from "#asyncio-host";
import { advised } from "../../base/advice.ts";
import { provideThreads } from "../engine/calls.ts";
import { loopOf } from "../engine/classes.ts";
import { addressOf } from "../../wire/handles.ts";
import type { Exposure, LoopCore } from "../engine/loop-core.ts";
import { callByDefault } from "./default-calls.ts";
import { fillLoopKinds } from "./kinds.ts";
import { LoopInbox } from "./loop-inbox.ts";
import { RemoteLoop } from "./remote-loop.ts";

export function installThreads(): void {
  fillLoopKinds();
  provideKindsByImport();
  provideThreads({
    expose: (loop) => new ExposedLoop(loop),
    call: callByDefault,
    advised,
  });
}

/** A loop that other threads may have. */
class ExposedLoop implements Exposure {
  /** What they have in its place. It keeps the block at the address in use. */
  readonly #handle: RemoteLoop;
  readonly #inbox: LoopInbox;

  constructor(loop: LoopCore) {
    this.#handle = new RemoteLoop();
    this.#inbox = new LoopInbox(loopOf(loop), this.#handle.inbox);
  }

  get address(): number {
    return addressOf(this.#handle) as number;
  }

  close(): void {
    this.#inbox.close();
  }
}
