/** Which release of heddle this is, and what to say where two meet. */

/** The same as in package.json, which a test compares. */
export const RELEASE = "0.1.0";

/** Why an agent that the given release has started must not begin, as the end of a sentence; undefined if it may. */
export function mismatch(creators: unknown): string | undefined {
  if (creators === RELEASE) return undefined;
  const theirs = typeof creators === "string" ? `heddle ${creators}` : "another release";
  return (
    `it runs heddle ${RELEASE}, and ${theirs} started it. Both must be the same release: ` +
    "start the program again if heddle was updated while it ran, and deploy all of heddle's files together"
  );
}
