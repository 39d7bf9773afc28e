import type { SharedLock } from "../waiting/shared-lock.ts";

/** What a condition needs of its lock. */
export interface LockForCondition {
  readonly shared: SharedLock;
  /** Whether the calling thread, or task, has it. */
  isOwned(): boolean;
  /** Frees it, however often it was acquired; what this returns is to be called once `shared` is taken again. */
  releaseAll(): () => void;
}
