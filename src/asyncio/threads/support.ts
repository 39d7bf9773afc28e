/**
 * Provides what loops need of threads; see asyncio/engine/thread-support.ts.
 * The pool is loaded for the first call that needs it.
 */
import { loopOf } from "../engine/classes.ts";
import { noteThread } from "../../program/shared-object.ts";
import { addressOf } from "../../wire/handles.ts";
import type { Exposure, LoopCore } from "../engine/loop-core.ts";
import { provideThreads } from "../engine/thread-support.ts";
import { LoopMail } from "./loop-mail.ts";
import { RemoteLoop } from "./remote-loop.ts";

export function installThreads(): void {
  provideThreads({
    expose: (loop) => new ExposedLoop(loop),
    makeExecutor: async () => (await import("./default-pool.ts")).makePool(),
    noteLoop: noteThread,
  });
}

/** A loop that other threads may have. */
class ExposedLoop implements Exposure {
  /** What they have in its place. It keeps the block at the address in use. */
  readonly #handle: RemoteLoop;
  readonly #mail: LoopMail;

  constructor(loop: LoopCore) {
    this.#handle = new RemoteLoop();
    this.#mail = new LoopMail(loopOf(loop), this.#handle.mail);
  }

  get address(): number {
    return addressOf(this.#handle) as number;
  }

  close(): void {
    this.#mail.close();
  }
}
