/** Functions for tests to run in workers that use heddle there. */
import { Lock } from "heddle/threading";

export function makeLockInside(): { inside: Lock } {
  return { inside: new Lock() };
}

let kept: Lock | undefined;

/** For an initializer. */
export function keepLock({ lock }: { readonly lock: Lock }): void {
  kept = lock;
}

export function isKeptLocked(): boolean | undefined {
  return kept?.locked();
}
