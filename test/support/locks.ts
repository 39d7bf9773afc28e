/** Functions for tests to run in workers that use heddle there. */
import { Lock } from "heddle/threading";

export function makeLockInside(): { inside: Lock } {
  return { inside: new Lock() };
}
