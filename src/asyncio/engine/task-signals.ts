import { CancelledError } from "../../errors.ts";
import type { WebAbortSignal } from "../../base/web-types.ts";
import type { Block, CancelScope } from "./parts.ts";

/** An AbortController, which declarations may not name: a program may have no type of it. */
interface Abortion {
  readonly signal: WebAbortSignal;
  abort(reason: unknown): void;
}

/** The signals of a task: one for each block in which code has asked for it, and one for the rest. */
export class TaskSignals {
  readonly #abortions = new Map<Block | undefined, Abortion>();

  signalIn(block: Block | undefined): WebAbortSignal {
    let abortion = this.#abortions.get(block);
    if (abortion === undefined) this.#abortions.set(block, (abortion = new AbortController()));
    return abortion.signal;
  }

  /** Aborts those of a scope that is cancelled: of a block and of those within, or all. There are new ones afterwards. */
  abort(scope: CancelScope | undefined, message: unknown): void {
    for (const [block, abortion] of this.#abortions) {
      if (scope !== undefined && block?.isWithin(scope) !== true) continue;
      this.#abortions.delete(block);
      abortion.abort(new CancelledError(message));
    }
  }
}
