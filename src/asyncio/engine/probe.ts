/**
 * Reading the stack of a suspended generator, without disturbing it.
 *
 * A generator that waits is suspended in a chain of `yield*`, at whose end there is
 * an operation of heddle's. Resuming the chain with {@link PROBE} brings the operation
 * on top of a real call stack of all its generators. It notes the stack and yields
 * once more what it waits for: the chain is suspended again, as it was.
 */
import { withStackLimit } from "../../base/text.ts";
import { MOST_FRAMES } from "../../wire/stack.ts";

export const PROBE: unique symbol = /* @__PURE__ */ Symbol.for("heddle.asyncio.probe") as never;

let noted: string | undefined;

/** What an operation does when it is resumed with {@link PROBE}, before it yields again. */
export function answerProbe(): void {
  noted = new Error("probe").stack;
}

/** The call stack of an iterator that is suspended in a wait for something of heddle's. */
export function probe(iterator: Iterator<unknown, unknown, unknown>): string {
  noted = undefined;
  withStackLimit(MOST_FRAMES, () => iterator.next(PROBE));
  return noted ?? "";
}
