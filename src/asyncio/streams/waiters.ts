import type { Future, Loop } from "../engine/classes.ts";
import type { Coroutine } from "../events.ts";
/** Tasks that wait for the same thing, each with a future of its own, so that one can be cancelled alone. */

export class Waiters {
  readonly #loop: Loop;
  readonly #futures = new Set<Future<void>>();

  constructor(loop: Loop) {
    this.#loop = loop;
  }

  *wait(): Coroutine<void> {
    const future = this.#loop.createFuture<void>();
    this.#futures.add(future);
    try {
      yield* future;
    } finally {
      this.#futures.delete(future);
    }
  }

  wake(): void {
    for (const future of this.#futures) {
      if (!future.done()) future.setResult(undefined);
    }
  }

  fail(error: unknown): void {
    for (const future of this.#futures) {
      if (!future.done()) future.setException(error);
    }
  }
}
