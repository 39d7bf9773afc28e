/** How large the stacks of new threads are. */
import { platform } from "#platform";
import { UnsupportedError } from "../errors.ts";
import { threadRegistry } from "../base/registry.ts";

/** Less, and the runtime could not load the thread's modules. */
const SMALLEST_BYTES = 1024 * 1024;

function setting(): { bytes: number } {
  return threadRegistry("stack size@1", () => ({ bytes: 0 }));
}

/** The stack size of threads that this agent starts, in bytes; undefined for the runtime's own. */
export function stackSizeForNewThreads(): number | undefined {
  const { bytes } = setting();
  return bytes === 0 ? undefined : bytes;
}

/**
 * Sets the stack size of threads that the calling thread starts from now on, and
 * returns what it was before. Without an argument it only returns it.
 *
 * Python: `threading.stack_size`
 *
 * Differs: applies to the threads that the calling thread starts, not to all threads.
 *
 * @param size In bytes; 0 for what the runtime gives by itself.
 * @throws {RangeError} `size` is not an integer, or neither 0 nor at least 1048576.
 * @throws {UnsupportedError} The runtime does not let programs choose (Deno, Bun).
 *
 * @example
 * ```ts
 * import { stackSize } from "heddle/threading";
 *
 * console.log(stackSize()); // 0
 * ```
 */
export function stackSize(size?: number): number {
  const current = setting();
  const before = current.bytes;
  if (size === undefined) return before;
  if (!Number.isInteger(size) || (size !== 0 && size < SMALLEST_BYTES)) {
    throw new RangeError(
      `stackSize: size must be 0 or at least ${SMALLEST_BYTES} bytes, got ${size}`,
    );
  }
  if (size !== 0 && !platform.capabilities.stackSize) {
    throw new UnsupportedError(
      "Cannot set the stack size of new threads: not supported on this runtime",
      { capability: "stackSize", runtime: platform.name },
    );
  }
  current.bytes = size;
  return before;
}
