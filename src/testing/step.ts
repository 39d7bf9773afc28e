import { addDispose } from "../base/dispose.ts";
/**
 * A step of a {@link Sequencer} that is under way. Python: none
 */
export class Step {
  /** Which step it is, counted from 0. Python: none */
  readonly number: number;
  readonly #onEnd: () => void;
  #isOver = false;
  /** Ends the step. Python: none */
  declare readonly [Symbol.dispose]: () => void;

  static {
    addDispose(this.prototype, (step) => step.end());
  }

  /**
   * @param number Which step it is.
   * @param onEnd Called once, at its end.
   */
  constructor(number: number, onEnd: () => void) {
    this.number = number;
    this.#onEnd = onEnd;
  }

  /**
   * Ends the step, so that the next one may begin. Never waits; does nothing the second time.
   *
   * Python: none
   *
   * @example
   * ```ts
   * import { Sequencer } from "heddle/testing";
   *
   * const order = new Sequencer();
   * const step = order.stepSync(0);
   * console.log(step.number, order.current); // 0 0
   * step.end();
   * console.log(order.current); // 1
   * ```
   */
  end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#onEnd();
  }
}
