/** The two ways of waiting for asyncio's operations: facts that make sense in both are tested in both. */
import { type Awaitable, type Coroutine, createTask } from "heddle/asyncio";

interface Style {
  readonly style: string;
  /** Waits for an operation, from an async function that is part of a task. */
  readonly wait: <T>(operation: Awaitable<T>) => Promise<T>;
}

function* waiting<T>(operation: Awaitable<T>): Coroutine<T> {
  return yield* operation;
}

export const STYLES: readonly Style[] = [
  { style: "async functions", wait: async (operation) => await operation },
  { style: "generators", wait: async (operation) => await createTask(waiting(operation)) },
];
