import { isOwnShare } from "../../support/shares.ts";

/**
 * Versions of Node that share programs by day: what is found out of a text does not depend on the
 * version. How each loads what it receives, slices.test.ts, resolve.test.ts and others test on all.
 */
const SHARING = ["node20", "node24"];

/** Whether this runtime runs the program, or the case of that name. */
export function isOwnProgram(name: string): boolean {
  return isOwnShare(name, SHARING);
}
