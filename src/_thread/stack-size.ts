/** How large the stacks of new threads are. */
import { checkedInteger } from "../base/options.ts";
import { platform, server } from "#platform";
import { UnsupportedError } from "../errors.ts";
import { threadRegistry } from "../base/registry.ts";

/** Less, and the runtime could not load the thread's modules. */
const SMALLEST_BYTES = 1024 * 1024;

/** Node cannot start threads with much more, and crashes with very much more. */
const LARGEST_BYTES = 2 ** 30;

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
 * @throws {RangeError} `size` is neither 0 nor between 1048576 and 1073741824.
 * @throws {TypeError} `size` is not an integer.
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
  if (size !== 0) checkedInteger(size, SMALLEST_BYTES, LARGEST_BYTES, "stackSize: size");
  if (size !== 0 && !server.capabilities.stackSize) {
    throw new UnsupportedError(
      "Cannot set the stack size of new threads: not supported on this runtime",
      { capability: "stackSize", runtime: platform.name },
    );
  }
  current.bytes = size;
  return before;
}
