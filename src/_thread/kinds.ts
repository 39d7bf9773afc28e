/** Which of this folder's classes are shared objects. */
import { fillKind, LOCK, RLOCK } from "../program/kinds.ts";
import { Lock } from "./lock.ts";
import { RLock } from "./rlock.ts";

export function fillLockKinds(): void {
  fillKind(LOCK, () => new Lock());
  fillKind(RLOCK, () => new RLock());
}
