import { Future } from "./future.ts";

/**
 * The end of an async function that is a part of a task, such as the body of a block.
 *
 * It is not what the task waits for: that is whatever is awaited within the function.
 */
export class PartOfTask<T> extends Future<T> {}
