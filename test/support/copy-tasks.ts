/** What the workers of another copy of heddle run, with this program's own copy. */
import { CancelledError, move, RuntimeError, TimeoutError } from "heddle";
import { ContextVar } from "heddle/contextvars";
import { Condition, currentThread, type Lock, type RLock } from "heddle/threading";

export const user = new ContextVar<string>("two copies test user", { default: "nobody" });

export class Late extends TimeoutError {
  override name = "Late";
}

export function throwOwn(name: string): never {
  if (name === "Late") throw new Late("late", { cause: new CancelledError("inside") });
  throw new TimeoutError("late");
}

/** What the worker's own code throws is caught by the program's classes. */
export function catchTheirs(lock: { release(): void }): boolean[] {
  try {
    lock.release();
    return [];
  } catch (error) {
    return [error instanceof RuntimeError, error instanceof TimeoutError];
  }
}

export function waitForNotice(lock: Lock | RLock, condition: Condition): string {
  return condition.withSync(() => {
    const own = new Condition(lock);
    const wasNotified = own.waitSync({ timeout: 1 });
    return `${lock.locked()} ${wasNotified}`;
  });
}

let kept = new Uint8Array();

export function moved(size: number): Uint8Array {
  kept = new Uint8Array(size);
  return move(kept);
}

export function keptBytes(): number {
  return kept.length;
}

export function describeThread(): string {
  return `${currentThread().name} ${user.get()}`;
}
