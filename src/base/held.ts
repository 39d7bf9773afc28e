import { checkedFunction } from "./functions.ts";
import { addDispose } from "./dispose.ts";
import { showAsText } from "./text.ts";

/**
 * Something acquired, until it is released: at the end of a `using` block, or by hand.
 *
 * Python: none
 *
 * @example
 * ```ts
 * import { Lock } from "heddle/threading";
 *
 * const lock = new Lock();
 * const held = lock.holdSync();
 * console.log(lock.locked()); // true
 * held.release();
 * console.log(lock.locked()); // false
 * ```
 */
export class Held {
  #undo: (() => void) | undefined;
  /** Releases what is held, at the end of a `using` block. Python: `threading.Lock.__exit__` */
  declare readonly [Symbol.dispose]: () => void;

  static {
    addDispose(this.prototype, (held) => held.release());
    showAsText(this.prototype, (held) => `<Held${held.#undo === undefined ? " released" : ""}>`);
  }

  /** @param undo Called once, at the release. */
  constructor(undo: () => void) {
    this.#undo = checkedFunction(undo, "Held: undo");
  }

  /** Releases what is held; does nothing the second time. Python: `threading.Lock.__exit__` */
  release(): void {
    const undo = this.#undo;
    this.#undo = undefined;
    undo?.();
  }
}
