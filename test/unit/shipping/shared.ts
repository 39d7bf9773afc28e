import { isOwnShare } from "../../support/shares.ts";

/**
 * Versions of Node that share programs by day: what is found out of a text does not depend on the
 * version. How each loads what it receives, slices.test.ts, resolve.test.ts and others test on all.
 */
export const SHARING: readonly string[] = ["node20", "node24"];

/** Whether this runtime runs the program, or the case of that name. */
export function isOwnProgram(name: string): boolean {
  return isOwnShare(name, SHARING);
}

/** Those that share what hardly depends on the engine either: each starts a program sooner than Node 20. */
export const SHARING_ALL: readonly string[] = ["node24", "deno", "bun"];

/** Whether this runtime runs the program of that name, which one of {@link SHARING_ALL} does by day. */
export function isOnlyProgram(name: string): boolean {
  return isOwnShare(name, SHARING_ALL);
}
