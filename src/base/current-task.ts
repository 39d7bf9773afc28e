/** Which task the calling code belongs to, for what is owned by tasks rather than threads. */
import { threadRegistry } from "./registry.ts";

interface Provider {
  /** Number of the task that runs now, unlike that of any other in this thread; 0 outside any. */
  current(): number;
}

function provider(): Provider {
  return threadRegistry("current task@1", () => ({ current: () => 0 }));
}

/** The number of the task that the calling code belongs to; 0 outside any. */
export function currentTaskId(): number {
  return provider().current();
}

/** Has tasks known of another kind: of asyncio, in each copy of heddle. 0 means none of them. */
export function addTaskProvider(current: () => number): void {
  const known = provider();
  const others = known.current.bind(known);
  known.current = () => current() || others();
}
