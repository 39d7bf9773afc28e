/** Functions for workers. What they make is of classes that the thread which asked has not loaded. */
export async function makeLock(): Promise<unknown> {
  const { Lock } = await import("heddle/threading");
  return new Lock();
}

export async function makeQueue(): Promise<unknown> {
  const { PriorityQueue } = await import("heddle/queue");
  return new PriorityQueue();
}

/** Puts an event, which it keeps, into the queue. */
export async function putEvent(queue: { put(item: unknown): Promise<void> }): Promise<void> {
  const { Event } = await import("heddle/threading");
  await queue.put(new Event());
}

/** Says what the argument is, in a module that imports nothing of heddle's. */
export function describe(argument: object): string {
  return `${argument.constructor.name} ${"acquireSync" in argument}`;
}
